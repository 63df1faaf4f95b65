//! One projector at work.

use std::sync::Arc;
use std::time::Duration;

use domain::log::Recorded;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Runtime;
use super::lease::Lease;
use crate::DynProjector;

/// Events per transaction; a rebuild is bound by it, a live projector never sees so many.
const BATCH: i64 = 1_000;
/// Tries of a single event before it is parked.
const TRIES: u32 = 5;
/// Pause after the first failure of a single event; doubled after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// How often the log is looked at when no wake-up comes, and how long an outage is waited out.
const LOOK: Duration = Duration::from_secs(1);
const RENEW: Duration = Duration::from_secs(5);

/// Follows the log for one projector.
pub(super) struct Runner {
    runtime: Arc<Runtime>,
    projector: Box<dyn DynProjector>,
    owner: String,
}

impl Runner {
    pub fn new(runtime: Arc<Runtime>, projector: Box<dyn DynProjector>) -> Self {
        Self { runtime, projector, owner: format!("process {}", std::process::id()) }
    }

    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.lead(&stop).await {
                tracing::warn!(projector = self.projector.name(), error = %format!("{error:#}"), "a projector paused");
                pause(LOOK, &stop).await;
            }
        }
    }

    /// Works as long as the lease lasts; returns when it is lost, not to be had, or no longer wanted.
    async fn lead(&self, stop: &CancellationToken) -> anyhow::Result<()> {
        let (name, version) = (self.projector.name(), self.projector.version());
        let Some(mut lease) = Lease::take(&self.runtime.pool, name, version, &self.owner).await? else {
            pause(LOOK, stop).await;
            return Ok(());
        };
        let followed = match self.begin(&lease).await {
            Ok(true) => self.follow(&mut lease, stop).await,
            Ok(false) => return Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = &followed {
            lease.note(&self.runtime.pool, &format!("{error:#}")).await?;
        }
        lease.release(&self.runtime.pool).await?;
        followed
    }

    /// Before its first event, a read model drops what an older version left and keeps that version from writing again;
    /// false when the lease was lost meanwhile.
    async fn begin(&self, lease: &Lease) -> anyhow::Result<bool> {
        if lease.position > 0 || !self.projector.is_rebuildable() {
            return Ok(true);
        }
        let mut tx = self.runtime.pool.begin().await?;
        if !lease.advance(&mut tx, 0).await? {
            return Ok(false);
        }
        if lease.retire_older(&mut tx).await? > 0 {
            let (projector, version) = (self.projector.name(), self.projector.version());
            tracing::info!(projector, version, "a new version of a read model starts from the first event");
        }
        self.projector.reset(&mut tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn follow(&self, lease: &mut Lease, stop: &CancellationToken) -> anyhow::Result<()> {
        let mut head = self.runtime.head.clone();
        let mut size = BATCH;
        let mut tries = 0;
        let mut renewed = Instant::now();
        while !stop.is_cancelled() {
            let seen = *head.borrow_and_update();
            let batch = self.runtime.log.read_after(lease.position, size).await?;
            self.measure(&batch, seen - lease.position);
            let Some(last) = batch.last() else {
                let due = renewed.elapsed() >= RENEW;
                let pool = &self.runtime.pool;
                if !(if due { lease.renew(pool).await? } else { lease.is_held(pool).await? }) {
                    return Ok(());
                }
                if due {
                    renewed = Instant::now();
                }
                tokio::select! {
                    Ok(()) = head.changed() => {}
                    () = pause(LOOK, stop) => {}
                }
                continue;
            };
            match self.apply(lease, &batch).await {
                Ok(true) => {
                    lease.position = last.position;
                    (size, tries, renewed) = ((size * 2).min(BATCH), 0, Instant::now());
                }
                Ok(false) => return Ok(()),
                Err(error) if is_outage(&error) => return Err(error),
                // Somewhere in this batch: look for it in the first half.
                Err(_) if batch.len() > 1 => size = i64::try_from(batch.len() / 2)?,
                Err(error) => {
                    tries += 1;
                    let reason = format!("{error:#}");
                    lease.note(&self.runtime.pool, &reason).await?;
                    if tries < TRIES {
                        pause(FIRST_PAUSE * 2_u32.pow(tries - 1), stop).await;
                    } else if self.park(lease, last, &reason).await? {
                        lease.position = last.position;
                        tries = 0;
                    } else {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// Rows and checkpoint in one transaction; false when the lease was lost, and then nothing is written.
    async fn apply(&self, lease: &Lease, batch: &[Recorded]) -> anyhow::Result<bool> {
        let mut tx = self.runtime.pool.begin().await?;
        let to = batch.last().map_or(lease.position, |last| last.position);
        // First, so that a successor waits here and not behind rows it cannot see.
        if !lease.advance(&mut tx, to).await? {
            return Ok(false);
        }
        self.projector.apply(&mut tx, batch).await?;
        tx.commit().await?;
        metrics::counter!("lobster_projection_events_total", "projector" => self.projector.name())
            .increment(batch.len() as u64);
        Ok(true)
    }

    async fn park(&self, lease: &Lease, event: &Recorded, reason: &str) -> anyhow::Result<bool> {
        let mut tx = self.runtime.pool.begin().await?;
        if !lease.advance(&mut tx, event.position).await? {
            return Ok(false);
        }
        lease.park(&mut tx, event.position, i32::try_from(TRIES)?, reason).await?;
        tx.commit().await?;
        let (projector, position) = (self.projector.name(), event.position);
        tracing::error!(projector, position, event_id = %event.event_id, reason, "an event was parked");
        metrics::counter!("lobster_projection_parked_total", "projector" => projector).increment(1);
        Ok(true)
    }

    /// How far behind: events to the head, and the age of the oldest event not yet applied.
    fn measure(&self, batch: &[Recorded], behind: i64) {
        let age = batch.first().map_or(0, |first| (self.runtime.clock.now() - first.recorded_at).num_milliseconds());
        let projector = self.projector.name();
        let events = if batch.is_empty() { 0 } else { behind.max(batch.len() as i64) };
        metrics::gauge!("lobster_projection_lag_events", "projector" => projector).set(events as f64);
        metrics::gauge!("lobster_projection_lag_seconds", "projector" => projector).set(age as f64 / 1_000.0);
    }
}

async fn pause(duration: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(duration) => {}
        () = stop.cancelled() => {}
    }
}

/// Whether the database was away rather than the event at fault: waiting helps, parking would lose the event.
fn is_outage(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<sqlx::Error>()).any(|cause| match cause {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // Connection exceptions, lack of resources, operator intervention, missing schema (not yet migrated).
        sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| {
            ["08", "53", "57", "3F"].iter().any(|class| code.starts_with(class)) || code == "42883"
        }),
        _ => false,
    })
}
