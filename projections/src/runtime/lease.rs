//! The right to move a checkpoint, kept in its row; the protocol itself is in the functions of `migrations/core`.

use sqlx::{FromRow, PgConnection, PgPool};

/// A lease on the checkpoint of one projector.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Lease {
    projector: String,
    version: i32,
    shard: i32,
    fence: i64,
    /// Everything up to here is applied.
    pub position: i64,
}

impl Lease {
    /// Takes the lease when it is free, else `None`.
    pub async fn take(
        pool: &PgPool,
        (projector, version): (&str, i32),
        shard: i32,
        owner: &str,
    ) -> sqlx::Result<Option<Self>> {
        sqlx::query_as("SELECT projector, version, shard, fence, position FROM es.take_lease($1, $2, $3, $4)")
            .bind(projector)
            .bind(version)
            .bind(shard)
            .bind(owner)
            .fetch_optional(pool)
            .await
    }

    /// Moves the checkpoint within a transaction and keeps its row locked; false when the lease was lost.
    pub async fn advance(&self, tx: &mut PgConnection, to: i64) -> sqlx::Result<bool> {
        sqlx::query_scalar("SELECT es.advance($1, $2, $3, $4, $5, $6)")
            .bind(&self.projector)
            .bind(self.version)
            .bind(self.shard)
            .bind(self.fence)
            .bind(self.position)
            .bind(to)
            .fetch_one(tx)
            .await
    }

    /// Whether nobody else took the lease, and nobody set the checkpoint back.
    pub async fn is_held(&self, pool: &PgPool) -> sqlx::Result<bool> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM es.checkpoint
             WHERE projector = $1 AND version = $2 AND shard = $3 AND fence = $4 AND status = 'running')",
        )
        .bind(&self.projector)
        .bind(self.version)
        .bind(self.shard)
        .bind(self.fence)
        .fetch_one(pool)
        .await
    }

    /// Keeps the lease while there is nothing to do; false when it was lost.
    pub async fn renew(&self, pool: &PgPool) -> sqlx::Result<bool> {
        self.advance(&mut *pool.acquire().await?, self.position).await
    }

    /// Leaves the reason of a failure where an operator looks.
    pub async fn note(&self, pool: &PgPool, error: &str) -> sqlx::Result<()> {
        sqlx::query(
            "UPDATE es.checkpoint SET last_error = $5
             WHERE projector = $1 AND version = $2 AND shard = $3 AND fence = $4",
        )
        .bind(&self.projector)
        .bind(self.version)
        .bind(self.shard)
        .bind(self.fence)
        .bind(error)
        .execute(pool)
        .await?;
        Ok(())
    }

    /// Stands still before an event that cannot be applied, within the transaction that puts it aside.
    pub async fn stop(&self, tx: &mut PgConnection, error: &str) -> sqlx::Result<()> {
        sqlx::query(
            "UPDATE es.checkpoint SET status = 'stopped', owner = NULL, lease_until = NULL, last_error = $5,
               updated_at = clock_timestamp()
             WHERE projector = $1 AND version = $2 AND shard = $3 AND fence = $4",
        )
        .bind(&self.projector)
        .bind(self.version)
        .bind(self.shard)
        .bind(self.fence)
        .bind(error)
        .execute(tx)
        .await?;
        Ok(())
    }

    /// Gives the lease back, so that nobody waits for it to run out.
    pub async fn release(&self, pool: &PgPool) -> sqlx::Result<()> {
        sqlx::query("SELECT es.release_lease($1, $2, $3, $4)")
            .bind(&self.projector)
            .bind(self.version)
            .bind(self.shard)
            .bind(self.fence)
            .execute(pool)
            .await?;
        Ok(())
    }
}

/// Takes every lease, the sealer's too, from whoever holds it: for a process that knows it is alone, after a crash of
/// the one before. The fences make it harmless when it is wrong.
///
/// # Errors
/// When the database cannot answer.
pub async fn free_leases(pool: &PgPool) -> sqlx::Result<()> {
    sqlx::query("UPDATE es.checkpoint SET owner = NULL, lease_until = NULL, fence = fence + 1").execute(pool).await?;
    sqlx::query("UPDATE es.rebuild SET lease_until = NULL, fence = fence + 1").execute(pool).await?;
    sqlx::query("DELETE FROM es.node").execute(pool).await?;
    Ok(())
}
