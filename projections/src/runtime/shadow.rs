//! The tables that a rebuild fills while the living ones are read, one batch of the log after the other.

use std::borrow::Cow;
use std::collections::HashSet;

use anyhow::Context as _;
use domain::log::Recorded;
use domain::ports::Log;
use sqlx::{PgConnection, PgPool};
use tokio::time::Instant;

use super::dead_letter;
use super::pace::Pace;
use super::place::{self, SHADOW};
use super::rebuild::{Progress, Rebuilt};
use crate::DynProjector;

/// So near the head, the rest is applied in the transaction that swaps.
const NEAR: usize = 100;
/// Events at a time once it is near.
pub(super) const CATCH_UP: i64 = 1_000;

/// Tables being filled; nobody reads them.
pub(super) struct Shadow<'a> {
    pub pool: &'a PgPool,
    pub log: &'a dyn Log,
    pub projector: &'a dyn DynProjector,
    pub pace: Pace,
    fence: i64,
    /// Everything up to here is in them.
    pub position: i64,
    left_out: HashSet<i64>,
}

impl<'a> Shadow<'a> {
    pub async fn run(
        pool: &'a PgPool,
        log: &'a dyn Log,
        projector: &'a dyn DynProjector,
        pace: Pace,
        progress: impl FnMut(Progress) + Send,
        swap: bool,
    ) -> anyhow::Result<Rebuilt> {
        let mut shadow = Self::open(pool, log, projector, pace).await?;
        let rebuilt = match shadow.fill(swap, progress).await {
            Ok(()) => shadow.finish(swap).await,
            Err(error) => Err(error),
        };
        if rebuilt.is_err() {
            // Best effort: the next rebuild starts clean anyway.
            let _ = shadow.release(&mut *pool.acquire().await?).await;
        }
        rebuilt
    }

    async fn open(
        pool: &'a PgPool,
        log: &'a dyn Log,
        projector: &'a dyn DynProjector,
        pace: Pace,
    ) -> anyhow::Result<Self> {
        let name = projector.name();
        anyhow::ensure!(projector.is_rebuildable(), "{name} acts on the world and cannot be rebuilt");
        let mut tx = place::begin(pool).await?;
        let fence: Option<i64> = sqlx::query_scalar(
            "INSERT INTO es.rebuild AS known (projector, version, position, fence, lease_until, started_at)
             VALUES ($1, $2, 0, 1, clock_timestamp() + interval '30 seconds', now())
             ON CONFLICT (projector) DO UPDATE
               SET version = excluded.version, position = 0, fence = known.fence + 1, lease_until = excluded.lease_until,
                   started_at = excluded.started_at
               WHERE known.lease_until IS NULL OR known.lease_until < clock_timestamp()
             RETURNING fence",
        )
        .bind(name)
        .bind(projector.version())
        .fetch_optional(&mut *tx)
        .await?;
        let fence = fence.with_context(|| {
            format!("another rebuild of {name} is under way; if its process died, it is forgotten after 30 seconds")
        })?;
        sqlx::query("SELECT es.open_shadow($1)").bind(projector.tables()).execute(&mut *tx).await?;
        tx.commit().await?;
        let left_out = dead_letter::discarded(pool, name).await?;
        Ok(Self { pool, log, projector, pace, fence, position: 0, left_out })
    }

    /// Applies the log, up to near its head before a swap, else up to where the living rows stand.
    async fn fill(&mut self, swap: bool, mut progress: impl FnMut(Progress) + Send) -> anyhow::Result<()> {
        let question = match swap {
            true => "SELECT coalesce(max(last_pos), 0) FROM es.seal WHERE $1 <> ''",
            false => "SELECT coalesce(min(position), 0) FROM es.checkpoint WHERE projector = $1",
        };
        let head: i64 = sqlx::query_scalar(question).bind(self.projector.name()).fetch_one(self.pool).await?;
        let limit = |from: i64, size: i64| if swap { size } else { size.min(head - from) };
        let mut size = self.pace.first_batch();
        let mut batch = self.log.read_after(0, limit(0, size)).await?;
        while let Some(last) = batch.last() {
            let (to, began) = (last.position, Instant::now());
            let next = match self.pace {
                Pace::Full => {
                    let (applied, next) =
                        tokio::join!(self.commit(&batch, to), self.log.read_after(to, limit(to, size)));
                    applied?;
                    next?
                }
                Pace::Gentle => {
                    self.commit(&batch, to).await?;
                    self.log.read_after(to, limit(to, size)).await?
                }
            };
            self.position = to;
            progress(Progress { position: to, head: head.max(to) });
            if next.len() < NEAR.min(batch.len()) && to >= head {
                break;
            }
            let rest;
            (size, rest) = self.pace.next(i64::try_from(batch.len())?, began.elapsed());
            tokio::time::sleep(rest).await;
            batch = next;
        }
        Ok(())
    }

    async fn commit(&self, batch: &[Recorded], to: i64) -> anyhow::Result<()> {
        let mut tx = place::begin_in(self.pool, SHADOW).await?;
        // Lost rows and lost progress go together, and the swap is durable.
        sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *tx).await?;
        self.apply(&mut tx, batch, to).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Applies events to the shadow tables, unless another rebuild has taken them.
    pub async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded], to: i64) -> anyhow::Result<()> {
        let moved = sqlx::query(
            "UPDATE es.rebuild SET position = $3, lease_until = clock_timestamp() + interval '30 seconds'
             WHERE projector = $1 AND fence = $2",
        )
        .bind(self.projector.name())
        .bind(self.fence)
        .bind(to)
        .execute(&mut *tx)
        .await?;
        anyhow::ensure!(moved.rows_affected() > 0, "another rebuild of {} took over", self.projector.name());
        let wanted = self.wanted(batch);
        let Some(first) = wanted.first().map(|event| event.position) else { return Ok(()) };
        self.projector.apply(tx, &wanted).await.with_context(|| {
            format!("an event between positions {first} and {to} cannot be applied; the rows in use are untouched")
        })
    }

    /// What somebody discarded stays left out.
    fn wanted<'b>(&self, batch: &'b [Recorded]) -> Cow<'b, [Recorded]> {
        let out = |event: &Recorded| self.left_out.contains(&event.position);
        match batch.iter().any(out) {
            false => Cow::Borrowed(batch),
            true => batch.iter().filter(|event| !out(event)).cloned().collect::<Vec<_>>().into(),
        }
    }

    /// Gives the shadow tables up; false when another rebuild has taken them.
    pub async fn release(&self, connection: &mut PgConnection) -> sqlx::Result<bool> {
        let mine = sqlx::query(
            "UPDATE es.rebuild SET lease_until = NULL, fence = fence + 1 WHERE projector = $1 AND fence = $2",
        )
        .bind(self.projector.name())
        .bind(self.fence)
        .execute(connection)
        .await?;
        Ok(mine.rows_affected() > 0)
    }

    /// What was sealed since, so that the swap has little left to do.
    pub async fn catch_up(&mut self) -> anyhow::Result<()> {
        let batch = self.log.read_after(self.position, CATCH_UP).await?;
        if let Some(last) = batch.last() {
            let to = last.position;
            self.commit(&batch, to).await?;
            self.position = to;
        }
        Ok(())
    }
}
