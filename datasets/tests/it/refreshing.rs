//! Materialised views follow their tables: only those concerned, each after those it reads.

use datasets::Options;
use sqlx::{Connection as _, PgPool};

use crate::support::{count, imported, scratch, with_communes};

/// A view of the vacancy, a view of that view, and one that has nothing to do with it.
const VIEWS: &str = "
    CREATE VIEW data.essai_simple AS SELECT code_insee, pp_total FROM data.lovac;
    CREATE MATERIALIZED VIEW data.essai_z_communes AS SELECT code_insee, pp_total FROM data.essai_simple;
    CREATE UNIQUE INDEX ON data.essai_z_communes (code_insee);
    CREATE MATERIALIZED VIEW data.essai_a_total AS SELECT sum(pp_total) AS total FROM data.essai_z_communes;
    CREATE MATERIALIZED VIEW data.essai_loyers AS SELECT count(*) AS n FROM data.anil_loyers";

async fn vacancy(pool: &PgPool, total: u32) {
    let path = scratch().join("lovac_2021.csv");
    std::fs::write(&path, format!("ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n2020;44109;;{total};20\n")).unwrap();
    imported(pool, "lovac", path, &Options::default()).await;
}

#[tokio::test]
async fn views_are_refreshed_in_order_and_only_where_something_changed() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    sqlx::raw_sql(VIEWS).execute(pool).await.unwrap();
    vacancy(pool, 148_622).await;
    let total = "SELECT coalesce(total, 0)::bigint FROM data.essai_a_total";
    assert_eq!(count(pool, total).await, 0, "an import alone refreshes nothing");

    let mut heard = Vec::new();
    let done = datasets::refresh(pool, Some(&["lovac"]), &mut |view| heard.push(view.to_owned())).await.unwrap();
    let ours: Vec<&str> = done.iter().filter(|view| view.contains("essai")).map(String::as_str).collect();
    assert_eq!(ours, ["data.essai_z_communes", "data.essai_a_total"], "the view of a view comes after it");
    assert_eq!(heard, done);
    assert_eq!(count(pool, total).await, 148_622);

    vacancy(pool, 150_000).await;
    let all = datasets::refresh(pool, None, &mut |_| {}).await.unwrap();
    assert!(all.contains(&"data.essai_loyers".to_owned()), "{all:?}");
    assert_eq!(count(pool, total).await, 150_000);
}

#[tokio::test]
async fn a_view_is_read_while_it_is_refreshed() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    sqlx::raw_sql(VIEWS).execute(pool).await.unwrap();
    vacancy(pool, 148_622).await;
    datasets::refresh(pool, Some(&["lovac"]), &mut |_| {}).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    let mut reader = connection.begin().await.unwrap();
    sqlx::query("SELECT FROM data.essai_z_communes").fetch_all(&mut *reader).await.unwrap();
    // A refresh that is not concurrent would wait for this reader for ever.
    let silent = &mut |_: &str| {};
    let refresh = datasets::refresh(pool, Some(&["lovac"]), silent);
    tokio::time::timeout(std::time::Duration::from_secs(60), refresh).await.unwrap().unwrap();
    reader.rollback().await.unwrap();
}
