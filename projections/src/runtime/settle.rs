//! Waiting until read models have caught up.

use std::time::Duration;

use sqlx::PgPool;

/// Returns when each of the named projectors has reached `position`, in whatever process it runs. It waits for ever when
/// one is not running: callers that cannot know set a limit of their own.
///
/// # Errors
/// When the database cannot answer.
pub async fn settle(pool: &PgPool, projectors: &[&str], position: i64) -> sqlx::Result<()> {
    loop {
        let there: i64 = sqlx::query_scalar(
            // A paused checkpoint is an older version's: its rows are gone.
            "SELECT count(DISTINCT projector) FROM es.checkpoint
             WHERE projector = ANY($1) AND position >= $2 AND status = 'running'",
        )
        .bind(projectors)
        .bind(position)
        .fetch_one(pool)
        .await?;
        if usize::try_from(there).is_ok_and(|there| there >= projectors.len()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
