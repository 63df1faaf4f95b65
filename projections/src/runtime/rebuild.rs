//! Making a read model again beside the living one, comparing the two, and letting the new one take its place.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::Context as _;
use domain::log::Recorded;
use domain::ports::Log;
use sqlx::{FromRow, PgConnection, PgPool};

use super::place::{self, SHADOW};
use super::{dead_letter, enrol, rollback};
use crate::DynProjector;

/// Events per transaction.
const BATCH: i64 = 5_000;
/// So near the head, the rest is applied in the transaction that swaps.
const NEAR: usize = 100;
/// How often the swap is tried again while readers or shards are in the way, and the pause between.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub position: i64,
    /// The last position of the log when the rebuild began.
    pub head: i64,
}

/// Living rows against rebuilt rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Compared {
    pub name: String,
    pub live_rows: i64,
    pub new_rows: i64,
    /// The same for the same rows, whatever their order.
    pub live_sum: i64,
    pub new_sum: i64,
    /// Rows that the other side does not have, field for field.
    pub only_live: i64,
    pub only_new: i64,
}

/// What a rebuild found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Everything up to here is in the new rows.
    pub position: i64,
    /// None when the living rows stand elsewhere in the log: then they cannot be compared.
    pub compared: Option<Vec<Compared>>,
}

impl Rebuilt {
    /// Whether living and rebuilt rows are the same; `None` when they could not be compared.
    #[must_use]
    pub fn is_same(&self) -> Option<bool> {
        let compared = self.compared.as_ref()?;
        Some(compared.iter().all(|table| table.only_live == 0 && table.only_new == 0))
    }
}

/// Builds the rows again from the first event while the living ones are served and kept up, then swaps them in one
/// transaction. The replaced rows are kept for [`super::rollback`]. A crash leaves the living rows as they are.
///
/// # Errors
/// When the projector is a policy, another rebuild of it is under way, or an event cannot be applied.
pub async fn rebuild(
    pool: &PgPool,
    log: &dyn Log,
    projector: &dyn DynProjector,
    progress: impl FnMut(Progress) + Send,
) -> anyhow::Result<Rebuilt> {
    Shadow::run(pool, log, projector, progress, true).await
}

/// Builds the rows again, compares them with the living ones and drops them.
///
/// # Errors
/// As [`rebuild`].
pub async fn compare(
    pool: &PgPool,
    log: &dyn Log,
    projector: &dyn DynProjector,
    progress: impl FnMut(Progress) + Send,
) -> anyhow::Result<Rebuilt> {
    Shadow::run(pool, log, projector, progress, false).await
}

/// Tables being filled; nobody reads them.
struct Shadow<'a> {
    pool: &'a PgPool,
    log: &'a dyn Log,
    projector: &'a dyn DynProjector,
    fence: i64,
    position: i64,
    left_out: HashSet<i64>,
}

impl<'a> Shadow<'a> {
    async fn run(
        pool: &'a PgPool,
        log: &'a dyn Log,
        projector: &'a dyn DynProjector,
        progress: impl FnMut(Progress) + Send,
        swap: bool,
    ) -> anyhow::Result<Rebuilt> {
        let mut shadow = Self::open(pool, log, projector).await?;
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

    async fn open(pool: &'a PgPool, log: &'a dyn Log, projector: &'a dyn DynProjector) -> anyhow::Result<Self> {
        let name = projector.name();
        anyhow::ensure!(projector.is_rebuildable(), "{name} acts on the world and cannot be rebuilt");
        let mut tx = pool.begin().await?;
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
        Ok(Self { pool, log, projector, fence, position: 0, left_out })
    }

    /// Applies the log, up to near its head before a swap, else up to where the living rows stand; reads the next batch
    /// while one is written.
    async fn fill(&mut self, swap: bool, mut progress: impl FnMut(Progress) + Send) -> anyhow::Result<()> {
        let question = match swap {
            true => "SELECT coalesce(max(last_pos), 0) FROM es.seal WHERE $1 <> ''",
            false => "SELECT coalesce(min(position), 0) FROM es.checkpoint WHERE projector = $1",
        };
        let head: i64 = sqlx::query_scalar(question).bind(self.projector.name()).fetch_one(self.pool).await?;
        let limit = |from: i64| if swap { BATCH } else { BATCH.min(head - from) };
        let mut batch = self.log.read_after(0, limit(0)).await?;
        while let Some(last) = batch.last() {
            let to = last.position;
            let (applied, next) = tokio::join!(self.commit(&batch, to), self.log.read_after(to, limit(to)));
            applied?;
            self.position = to;
            progress(Progress { position: to, head: head.max(to) });
            batch = next?;
            if batch.len() < NEAR && to >= head {
                break;
            }
        }
        Ok(())
    }

    async fn commit(&self, batch: &[Recorded], to: i64) -> anyhow::Result<()> {
        let mut tx = place::begin(self.pool, SHADOW).await?;
        // Lost rows and lost progress go together, and the swap is durable.
        sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *tx).await?;
        self.apply(&mut tx, batch, to).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded], to: i64) -> anyhow::Result<()> {
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
        let wanted: Vec<_> = batch.iter().filter(|event| !self.left_out.contains(&event.position)).cloned().collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let (first, last) = (wanted.first().map_or(to, |event| event.position), to);
        self.projector.apply(tx, &wanted).await.with_context(|| {
            format!("an event between positions {first} and {last} cannot be applied; the rows in use are untouched")
        })
    }

    /// Compares and swaps, trying again while the shards stand apart or a long reader holds a table.
    async fn finish(&mut self, swap: bool) -> anyhow::Result<Rebuilt> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.take_over(swap, tries == TRIES).await {
                Ok(Some(rebuilt)) => return Ok(rebuilt),
                Err(error) if tries == TRIES || !is_busy(&error) => return Err(error),
                Ok(None) | Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// One try; `None` when the shards stand at different positions and that is not to be accepted yet.
    async fn take_over(&mut self, swap: bool, apart: bool) -> anyhow::Result<Option<Rebuilt>> {
        let mut tx = place::begin(self.pool, SHADOW).await?;
        sqlx::query("SET LOCAL lock_timeout = '2s'").execute(&mut *tx).await?;
        dead_letter::hold(&mut tx, self.projector).await?;
        let (low, high, version): (i64, i64, Option<i32>) = sqlx::query_as(
            "SELECT coalesce(min(position), 0), coalesce(max(position), 0), max(version) FROM es.checkpoint
             WHERE projector = $1 AND version = (SELECT max(version) FROM es.checkpoint WHERE projector = $1)",
        )
        .bind(self.projector.name())
        .fetch_one(&mut *tx)
        .await?;
        // What screens have shown they go on showing.
        let mut position = self.position;
        while position < high {
            let batch = self.log.read_after(position, BATCH.min(high - position)).await?;
            position = batch.last().context("the log ends before its readers")?.position;
            self.apply(&mut tx, &batch, position).await?;
        }
        let comparable = low == position && version == Some(self.projector.version());
        if !comparable && !apart && version == Some(self.projector.version()) {
            tx.rollback().await?;
            if swap {
                self.catch_up().await?;
            }
            return Ok(None);
        }
        let tables = self.projector.tables();
        let compared = match comparable {
            true => {
                let compared = sqlx::query_as("SELECT * FROM es.compare_shadow($1)").bind(tables);
                Some(compared.fetch_all(&mut *tx).await?)
            }
            false => None,
        };
        let mine = self.release(&mut tx).await?;
        anyhow::ensure!(mine, "another rebuild of {} took over", self.projector.name());
        if swap {
            self.swap(&mut tx, position).await?;
        } else {
            sqlx::query("SELECT es.drop_shadow($1)").bind(tables).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(Some(Rebuilt { position, compared }))
    }

    async fn swap(&self, tx: &mut PgConnection, position: i64) -> anyhow::Result<()> {
        rollback::keep(tx, self.projector).await?;
        sqlx::query("SELECT es.swap_shadow($1)").bind(self.projector.tables()).execute(&mut *tx).await?;
        enrol::set_all(tx, self.projector, position, true).await?;
        enrol::retire_older(tx, self.projector).await?;
        sqlx::query(
            "UPDATE es.dead_letter SET resolved_at = now(), outcome = 'rebuilt'
             WHERE projector = $1 AND position <= $2 AND resolved_at IS NULL",
        )
        .bind(self.projector.name())
        .bind(position)
        .execute(&mut *tx)
        .await?;
        Ok(())
    }

    /// Gives the shadow tables up; false when another rebuild has taken them.
    async fn release(&self, connection: &mut PgConnection) -> sqlx::Result<bool> {
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
    async fn catch_up(&mut self) -> anyhow::Result<()> {
        let batch = self.log.read_after(self.position, BATCH).await?;
        if let Some(last) = batch.last() {
            let to = last.position;
            self.commit(&batch, to).await?;
            self.position = to;
        }
        Ok(())
    }
}

/// Whether somebody was in the way who will be gone in a moment: a lock not had in time, or a deadlock.
fn is_busy(error: &anyhow::Error) -> bool {
    let code = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>()?.as_database_error()?.code());
    matches!(code.as_deref(), Some("55P03" | "40P01"))
}
