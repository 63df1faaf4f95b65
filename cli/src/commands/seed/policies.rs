//! Keeps the policies away from invented orders: their leases are ours while the orders are made, and their checkpoints
//! move past the events in the end.

use anyhow::Context as _;
use process_managers::{fulfilment::Fulfilment, payments::Payments};
use projections::Projector;
use sqlx::PgPool;

use super::story::MARK;

/// Every policy of the product: a new one belongs here too.
const POLICIES: [(&str, i32); 2] =
    [(Fulfilment::NAME, <Fulfilment as Projector>::VERSION), (Payments::NAME, <Payments as Projector>::VERSION)];

/// The leases of all policies.
pub(super) struct Policies {
    pool: PgPool,
    /// Name, version, fence.
    held: Vec<(&'static str, i32, i64)>,
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
        let mut positions = Vec::new();
        for (name, version) in POLICIES {
            let lease: Option<(i64, i64)> =
                sqlx::query_as("SELECT fence, position FROM es.take_lease($1, $2, 0, 'seed')")
                    .bind(name)
                    .bind(version)
                    .fetch_optional(&self.pool)
                    .await?;
            let (fence, position) = lease.with_context(|| {
                format!(
                    "somebody else runs the policy {name}: stop `lobster serve` and `lobster worker` first (after a kill, \
                     wait 15 seconds)"
                )
            })?;
            self.held.push((name, version, fence));
            positions.push((name, position));
        }
        // Events that wait for their seal may be real orders too.
        let (waiting, head): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM es.unsealed), (SELECT coalesce(max(last_pos), 0) FROM es.seal)",
        )
        .fetch_one(&self.pool)
        .await?;
        self.from = head;
        let real = self.real_after(positions.iter().map(|(_, position)| *position).min().unwrap_or(0)).await?;
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
        for (name, version, fence) in &self.held {
            let kept: bool = sqlx::query_scalar(
                "SELECT es.advance($1, $2, 0, $3, position, position) FROM es.checkpoint
                WHERE projector = $1 AND version = $2 AND shard = 0",
            )
            .bind(name)
            .bind(version)
            .bind(fence)
            .fetch_one(&self.pool)
            .await?;
            anyhow::ensure!(kept, "the lease of the policy {name} was lost: is somebody else at work?");
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
        for (name, version, fence) in &self.held {
            let moved: bool = sqlx::query_scalar(
                "SELECT es.advance($1, $2, 0, $3, position, $4) FROM es.checkpoint
                WHERE projector = $1 AND version = $2 AND shard = 0",
            )
            .bind(name)
            .bind(version)
            .bind(fence)
            .bind(head)
            .fetch_one(&self.pool)
            .await?;
            anyhow::ensure!(
                moved,
                "the lease of the policy {name} was lost before it was moved past the invented orders"
            );
        }
        Ok(head - self.from)
    }

    async fn release(&self) -> sqlx::Result<()> {
        for (name, version, fence) in &self.held {
            sqlx::query("SELECT es.release_lease($1, $2, 0, $3)")
                .bind(name)
                .bind(version)
                .bind(fence)
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }
}
