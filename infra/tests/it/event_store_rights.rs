//! History cannot be rewritten: refused by role, and by trigger even to the owner.

use infra::pools::{self, Role};
use sqlx::PgPool;

use crate::event_store_world::{World, order};

const REWRITES: [&str; 3] =
    ["UPDATE es.events SET event_type = 'Nothing'", "DELETE FROM es.events", "TRUNCATE es.events CASCADE"];

async fn refusal(pool: &PgPool, sql: &str) -> String {
    match sqlx::raw_sql(sql).execute(pool).await {
        Ok(_) => panic!("{sql} was accepted"),
        Err(error) => error.as_database_error().and_then(|e| e.code().map(Into::into)).unwrap_or_default(),
    }
}

#[tokio::test]
async fn no_role_may_rewrite_events() {
    let world = World::new().await;
    world.delivered(order(1)).await;
    for role in [Role::Api, Role::Worker, Role::Projector] {
        let pool = pools::connect(&world.db.url, role, 1).await.unwrap();
        for rewrite in REWRITES {
            assert_eq!(refusal(&pool, rewrite).await, "42501", "{role:?}: {rewrite}");
        }
    }
    assert_eq!(world.count("SELECT count(*) FROM es.events").await, 3);
}

#[tokio::test]
async fn the_owner_is_stopped_by_a_trigger() {
    let world = World::sealed().await;
    world.delivered(order(1)).await;
    infra::event_store::sealed_head(&world.projector).await.unwrap();
    for rewrite in REWRITES {
        assert_eq!(refusal(&world.db.pool, rewrite).await, "23000", "{rewrite}");
    }
    for table in ["es.event_order", "es.command_log", "es.seal"] {
        assert_eq!(refusal(&world.db.pool, &format!("DELETE FROM {table}")).await, "23000", "{table}");
        assert_eq!(refusal(&world.db.pool, &format!("TRUNCATE {table}")).await, "23000", "{table}");
    }
    assert_eq!(refusal(&world.db.pool, "UPDATE es.event_order SET position = position + 1").await, "23000");
    assert_eq!(refusal(&world.db.pool, "UPDATE es.command_log SET first_sequence = 9").await, "23000");
}

#[tokio::test]
async fn the_api_appends_and_reads_and_does_nothing_else_in_es() {
    let world = World::new().await;
    let api = pools::connect(&world.db.url, Role::Api, 1).await.unwrap();
    for sql in [
        "INSERT INTO es.event_order (position, insert_pos, leaf) VALUES (1, 1, decode(repeat('00', 32), 'hex'))",
        "DELETE FROM es.unsealed",
        "UPDATE es.checkpoint SET position = 7",
        "DELETE FROM es.command_log",
        "INSERT INTO read.catalogue (study) VALUES ('LOG-01')",
        "DELETE FROM app.inbox",
        "CREATE TABLE es.mine (n int)",
    ] {
        assert_eq!(refusal(&api, sql).await, "42501", "{sql}");
    }
}

#[tokio::test]
async fn the_projector_cannot_append_events_nor_move_sealed_ones() {
    let world = World::new().await;
    for sql in [
        "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         VALUES ('order', 'x', 1, 'OrderPaid', '1.0', '{}', '{}')",
        "UPDATE es.event_order SET position = 0",
        "UPDATE es.seal SET hash = prev_hash",
        "SELECT * FROM app.contacts",
    ] {
        assert_eq!(refusal(&world.projector, sql).await, "42501", "{sql}");
    }
}

#[tokio::test]
async fn the_embedded_migrations_are_the_files_that_tests_apply() {
    let db = test_support::database().await;
    let applied = "SELECT count(*) FROM _sqlx_migrations";
    let before: i64 = sqlx::query_scalar(applied).fetch_one(&db.pool).await.unwrap();
    // Checks the digest of each file against what the template applied, and finds nothing left to do.
    infra::migrate(&db.pool).await.unwrap();
    let after: i64 = sqlx::query_scalar(applied).fetch_one(&db.pool).await.unwrap();
    assert!(before > 0 && before == after, "{before} files were applied, then {after}");
}
