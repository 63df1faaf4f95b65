//! Waiting until read models have caught up.

use std::time::Duration;

use sqlx::PgPool;

/// Returns when each of the named projectors has reached `position`, in whatever process it runs. It waits for ever when
/// one is not running: callers that cannot know set a limit of their own.
///
/// # Errors
/// When the database cannot answer.
pub async fn settle(pool: &PgPool, projectors: &[&str], position: i64) -> sqlx::Result<()> {
    while !reached(pool, projectors, position).await? {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// Whether every shard of each of the named projectors has reached `position`.
///
/// # Errors
/// When the database cannot answer.
pub async fn reached(pool: &PgPool, projectors: &[&str], position: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        // The older versions of a projector do not count: their rows are gone.
        "SELECT count(*) >= cardinality($1) FROM (
           SELECT projector FROM es.checkpoint c
           WHERE projector = ANY($1)
             AND version = (SELECT max(version) FROM es.checkpoint latest WHERE latest.projector = c.projector)
           GROUP BY projector HAVING min(position) >= $2) AS there",
    )
    .bind(projectors)
    .bind(position)
    .fetch_one(pool)
    .await
}
