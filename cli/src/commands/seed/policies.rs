//! Keeps the policies away from invented orders: their leases are ours while the orders are made, and their checkpoints
//! move past the events in the end.

use anyhow::Context as _;
use sqlx::PgPool;

use super::story::MARK;
use crate::serve::projectors;

/// The right to act on events: one shard of one policy.
struct Lease {
    policy: &'static str,
    version: i32,
    shard: i32,
    fence: i64,
}

/// The leases of all policies: of whatever follows the log and cannot be made again from it.
pub(super) struct Policies {
    pool: PgPool,
    held: Vec<Lease>,
    /// The head at the beginning, where every policy stands.
    from: i64,
}

impl Policies {
    /// Takes the leases; refuses while anybody else has one, or while a policy has something left to do.
    pub async fn hold(pool: &PgPool) -> anyhow::Result<Self> {
        let mut policies = Self { pool: pool.clone(), held: Vec::new(), from: 0 };
        let taken = policies.take().await;
        if let Err(error) = taken {
            policies.release().await?;
            return Err(error);
        }
        Ok(policies)
    }

    async fn take(&mut self) -> anyhow::Result<()> {
        let mut stands = Vec::new();
        for policy in projectors().iter().filter(|projector| !projector.is_rebuildable()) {
            for shard in 0..policy.shards() {
                let (policy, version) = (policy.name(), policy.version());
                let lease: Option<(i64, i64)> =
                    sqlx::query_as("SELECT fence, position FROM es.take_lease($1, $2, $3, 'seed')")
                        .bind(policy)
                        .bind(version)
                        .bind(shard)
                        .fetch_optional(&self.pool)
                        .await?;
                let (fence, position) = lease.with_context(|| {
                    format!(
                        "somebody else runs the policy {policy}: stop `lobster serve` and `lobster worker` first (after a \
                         kill, wait 15 seconds)"
                    )
                })?;
                self.held.push(Lease { policy, version, shard, fence });
                stands.push(position);
            }
        }
        // Events that wait for their seal may be real orders too.
        let (waiting, head): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM es.unsealed), (SELECT coalesce(max(last_pos), 0) FROM es.seal)",
        )
        .fetch_one(&self.pool)
        .await?;
        self.from = head;
        let real = self.real_after(stands.into_iter().min().unwrap_or(0)).await?;
        anyhow::ensure!(
            real == 0 && (waiting == 0 || self.only_ours_wait().await?),
            "the policies have {} events of real orders left to look at: let `lobster serve` finish them first",
            real + waiting
        );
        Ok(())
    }

    /// Sealed events after `position` that no seeding made.
    async fn real_after(&self, position: i64) -> sqlx::Result<i64> {
        sqlx::query_scalar(
            "SELECT count(*) FROM es.event_order o JOIN es.events e ON e.insert_pos = o.insert_pos
             WHERE o.position > $1 AND e.metadata ->> 'request_id' IS DISTINCT FROM $2",
        )
        .bind(position)
        .bind(MARK)
        .fetch_one(&self.pool)
        .await
    }

    async fn only_ours_wait(&self) -> sqlx::Result<bool> {
        sqlx::query_scalar(
            "SELECT coalesce(bool_and(e.metadata ->> 'request_id' IS NOT DISTINCT FROM $1), true)
             FROM es.unsealed u JOIN es.events e ON e.insert_pos = u.insert_pos",
        )
        .bind(MARK)
        .fetch_one(&self.pool)
        .await
    }

    /// Renews the leases.
    pub async fn keep(&self) -> anyhow::Result<()> {
        for lease in &self.held {
            lease.advance(&self.pool, None).await?;
        }
        Ok(())
    }

    /// Moves every policy past what was made and gives the leases back; how many events were passed.
    pub async fn move_past(self) -> anyhow::Result<i64> {
        let moved = self.advance().await;
        self.release().await?;
        moved
    }

    async fn advance(&self) -> anyhow::Result<i64> {
        let head: i64 =
            sqlx::query_scalar("SELECT coalesce(max(last_pos), 0) FROM es.seal").fetch_one(&self.pool).await?;
        let real = self.real_after(self.from).await?;
        anyhow::ensure!(
            real == 0,
            "{real} events of real orders came in meanwhile: the policies stay where they were and will look at the \
             invented orders too"
        );
        for lease in &self.held {
            lease.advance(&self.pool, Some(head)).await?;
        }
        Ok(head - self.from)
    }

    async fn release(&self) -> sqlx::Result<()> {
        for Lease { policy, version, shard, fence } in &self.held {
            sqlx::query("SELECT es.release_lease($1, $2, $3, $4)")
                .bind(policy)
                .bind(version)
                .bind(shard)
                .bind(fence)
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }
}

impl Lease {
    /// Renews the lease, and moves its checkpoint when told where to.
    async fn advance(&self, pool: &PgPool, to: Option<i64>) -> anyhow::Result<()> {
        let Self { policy, version, shard, fence } = self;
        let held: bool = sqlx::query_scalar(
            "SELECT es.advance($1, $2, $3, $4, position, coalesce($5, position)) FROM es.checkpoint
             WHERE projector = $1 AND version = $2 AND shard = $3",
        )
        .bind(policy)
        .bind(version)
        .bind(shard)
        .bind(fence)
        .bind(to)
        .fetch_one(pool)
        .await?;
        anyhow::ensure!(held, "the lease of the policy {policy} was lost: is somebody else at work?");
        Ok(())
    }
}
