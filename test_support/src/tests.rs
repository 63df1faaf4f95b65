//! The helper is tested like the rest: a database that is not what it says would spoil every other test.

use crate::database;

#[tokio::test]
async fn two_tests_never_share_a_database() {
    let (one, other) = (database().await, database().await);
    sqlx::query("CREATE TABLE mark (n int)").execute(&one.pool).await.unwrap();
    let seen = sqlx::query("SELECT n FROM mark").execute(&other.pool).await;
    assert!(seen.is_err(), "the table of one database was visible in the other");
}

#[tokio::test]
async fn a_database_disappears_with_its_test() {
    let kept = database().await;
    let gone = database().await;
    let name = gone.name.clone();
    drop(gone);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_database WHERE datname = $1")
        .bind(name)
        .fetch_one(&kept.pool)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn migrations_of_both_areas_are_applied() {
    let db = database().await;
    let applied: i64 =
        sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE success").fetch_one(&db.pool).await.unwrap();
    let files = ["core", "data"]
        .iter()
        .flat_map(|area| std::fs::read_dir(crate::workspace_root().join("migrations").join(area)).unwrap())
        .filter(|entry| entry.as_ref().is_ok_and(|e| e.path().extension().is_some_and(|x| x == "sql")))
        .count();
    assert_eq!(usize::try_from(applied).unwrap(), files);
}
