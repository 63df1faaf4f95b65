//! Starting a read model again from the first event.

use sqlx::PgPool;

use crate::DynProjector;

/// Empties the rows and sets the checkpoint to zero in one transaction; whoever runs the projector loses its lease, takes
/// it again and applies the whole log. Until then the read model is incomplete.
///
/// # Errors
/// When the projector may not be rebuilt (a policy), or the database cannot answer.
pub async fn rebuild(pool: &PgPool, projector: &dyn DynProjector) -> anyhow::Result<()> {
    let (name, version) = (projector.name(), projector.version());
    anyhow::ensure!(projector.is_rebuildable(), "{name} acts on the world and cannot be rebuilt");
    let mut tx = pool.begin().await?;
    // First: it waits for a batch under way, and keeps the next one out.
    sqlx::query(
        "INSERT INTO es.checkpoint AS known (projector, version, shard) VALUES ($1, $2, 0)
         ON CONFLICT (projector, version, shard) DO UPDATE
           SET position = 0, fence = known.fence + 1, owner = NULL, lease_until = NULL, last_error = NULL,
               updated_at = now()",
    )
    .bind(name)
    .bind(version)
    .execute(&mut *tx)
    .await?;
    sqlx::query("DELETE FROM es.dead_letter WHERE projector = $1 AND version = $2")
        .bind(name)
        .bind(version)
        .execute(&mut *tx)
        .await?;
    projector.reset(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(projector = name, "a read model starts again from the first event");
    Ok(())
}
