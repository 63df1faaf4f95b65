//! The end of a rebuild: both sets of rows are compared, and the new one takes the place of the living one.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::PgConnection;

use super::pace::Pace;
use super::place::{self, SHADOW};
use super::rebuild::Rebuilt;
use super::shadow::{CATCH_UP, Shadow};
use super::{dead_letter, enrol, rollback};

/// How often the swap is tried again while readers or shards are in the way, and the pause between.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

impl Shadow<'_> {
    /// Compares and swaps, trying again while the shards stand apart or a long reader holds a table.
    pub(super) async fn finish(&mut self, swap: bool) -> anyhow::Result<Rebuilt> {
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
        let mut tx = place::begin_in(self.pool, SHADOW).await?;
        sqlx::query("SET LOCAL lock_timeout = '2s'").execute(&mut *tx).await?;
        if self.pace == Pace::Gentle {
            // Two tables are read from end to end: by one core, not by all.
            sqlx::query("SET LOCAL max_parallel_workers_per_gather = 0").execute(&mut *tx).await?;
        }
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
            let batch = self.log.read_after(position, CATCH_UP.min(high - position)).await?;
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
                let compared = sqlx::query_as("SELECT * FROM es.compare_shadow($1, $2)").bind(tables).bind(!swap);
                Some(compared.fetch_all(&mut *tx).await?)
            }
            false => None,
        };
        let mine = self.release(&mut tx).await?;
        anyhow::ensure!(mine, "another rebuild of {} took over", self.projector.name());
        let reversible = match swap {
            true => self.swap(&mut tx, position).await?,
            false => {
                sqlx::query("SELECT es.drop_shadow($1)").bind(tables).execute(&mut *tx).await?;
                false
            }
        };
        tx.commit().await?;
        Ok(Some(Rebuilt { position, compared, reversible }))
    }

    /// Whether this version can go back to what was replaced.
    async fn swap(&self, tx: &mut PgConnection, position: i64) -> anyhow::Result<bool> {
        let kept = rollback::keep(tx, self.projector).await?;
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
        Ok(kept == Some(self.projector.version()))
    }
}

/// Whether somebody was in the way who will be gone in a moment: a lock not had in time, or a deadlock.
fn is_busy(error: &anyhow::Error) -> bool {
    let code = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>()?.as_database_error()?.code());
    matches!(code.as_deref(), Some("55P03" | "40P01"))
}
