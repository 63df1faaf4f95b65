//! One shard of one projector at work.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::log::Recorded;
use sqlx::PgPool;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::lease::Lease;
use super::node::Share;
use super::place::{self, LIVE};
use super::{Runtime, dead_letter, pause};
use crate::{DynProjector, Poison};

/// Events per transaction.
const BATCH: i64 = 1_000;
/// Tries of a single event before it is parked.
const TRIES: u32 = 5;
/// Pause after the first failure of a single event; doubled after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// How often the lease is looked at when no wake-up comes, and how long an outage is waited out.
const LOOK: Duration = Duration::from_secs(1);
/// How often an idle shard renews its lease, and reads the log even if nobody announced anything.
const RENEW: Duration = Duration::from_secs(5);

/// Follows the log for one shard.
pub(super) struct Runner {
    pub runtime: Arc<Runtime>,
    pub projector: Arc<dyn DynProjector>,
    pub shard: i32,
    pub share: Arc<Share>,
    pub owner: Arc<str>,
}

/// What one holder of the lease knows.
struct Hold {
    lease: Lease,
    /// Orders whose events wait behind one that cannot be applied.
    blocked: HashSet<String>,
}

impl Runner {
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
        if !self.share.claim() {
            pause(LOOK, stop).await;
            return Ok(());
        }
        let (pool, name) = (&self.runtime.pool, (self.projector.name(), self.projector.version()));
        let taken = Lease::take(pool, name, self.shard, &self.owner).await;
        let Ok(Some(lease)) = taken else {
            self.share.give_back();
            taken?;
            pause(LOOK, stop).await;
            return Ok(());
        };
        let followed = match dead_letter::blocked(pool, name.0, name.1).await {
            Ok(blocked) => {
                let mut hold = Hold { lease: lease.clone(), blocked };
                self.follow(&mut hold, stop).await
            }
            Err(error) => Err(error.into()),
        };
        if !matches!(followed, Ok(End::Shed)) {
            self.share.give_back();
        }
        let reason = followed.as_ref().err().map(|error| format!("{error:#}"));
        // A database that is away is waited for: else nobody would go on after its return until the lease has run out.
        while let Err(error) = hand_back(pool, &lease, reason.as_deref()).await {
            if stop.is_cancelled() {
                return Err(error.into());
            }
            tracing::warn!(projector = name.0, shard = self.shard, %error, "a projector stands still: the database is away");
            pause(LOOK, stop).await;
        }
        if matches!(followed, Ok(End::Shed)) {
            // Time for the newcomer to take it.
            pause(2 * LOOK, stop).await;
        }
        followed.map(|_| ())
    }

    async fn follow(&self, hold: &mut Hold, stop: &CancellationToken) -> anyhow::Result<End> {
        let mut head = self.runtime.head.clone();
        let mut size = BATCH;
        let mut tries = 0;
        let mut renewed = Instant::now();
        let mut look = true;
        while !stop.is_cancelled() {
            if self.share.shed() {
                return Ok(End::Shed);
            }
            let seen = *head.borrow_and_update();
            let position = hold.lease.position;
            let batch = match look || seen > position {
                true => self.runtime.log.read_after(position, size).await?,
                false => Vec::new(),
            };
            self.measure(&batch, seen - position);
            let Some(last) = batch.last() else {
                look = renewed.elapsed() >= RENEW;
                let pool = &self.runtime.pool;
                if !(if look { hold.lease.renew(pool).await? } else { hold.lease.is_held(pool).await? }) {
                    return Ok(End::Lost);
                }
                if look {
                    renewed = Instant::now();
                }
                tokio::select! {
                    Ok(()) = head.changed() => {}
                    () = pause(LOOK, stop) => {}
                }
                continue;
            };
            look = true;
            match self.apply(hold, &batch).await {
                Ok(true) => {
                    hold.lease.position = last.position;
                    (size, tries, renewed) = ((size * 2).min(BATCH), 0, Instant::now());
                }
                Ok(false) => return Ok(End::Lost),
                Err(error) if is_outage(&error) => return Err(error),
                // Somewhere in this batch: look for it in the first half.
                Err(_) if batch.len() > 1 => size = i64::try_from(batch.len() / 2)?,
                Err(error) => {
                    tries += 1;
                    let reason = format!("{error:#}");
                    hold.lease.note(&self.runtime.pool, &reason).await?;
                    if tries < TRIES {
                        pause(FIRST_PAUSE * 2_u32.pow(tries - 1), stop).await;
                    } else if self.park(hold, last, &reason).await? {
                        tries = 0;
                    } else {
                        return Ok(End::Lost);
                    }
                }
            }
        }
        Ok(End::Stopped)
    }

    /// Rows and checkpoint in one transaction; false when the lease was lost, and then nothing is written.
    async fn apply(&self, hold: &Hold, batch: &[Recorded]) -> anyhow::Result<bool> {
        let shards = self.projector.shards();
        let mine = |event: &&Recorded| place::shard(event, shards) == self.shard;
        let (behind, mine): (Vec<_>, Vec<_>) =
            batch.iter().filter(mine).cloned().partition(|event| hold.blocked.contains(place::stream(event)));
        let mut tx = place::begin_in(&self.runtime.pool, LIVE).await?;
        let to = batch.last().map_or(hold.lease.position, |last| last.position);
        // First, so that a successor waits here and not behind rows it cannot see.
        if !hold.lease.advance(&mut tx, to).await? {
            return Ok(false);
        }
        if !mine.is_empty() {
            self.projector.apply(&mut tx, &mine).await?;
        }
        for event in &behind {
            dead_letter::park(&mut tx, self.projector.as_ref(), event, 0, "waits behind an earlier event of its order")
                .await?;
        }
        let projector = self.projector.name();
        fail::fail_point!(&format!("before commit {projector}"));
        tx.commit().await?;
        fail::fail_point!(&format!("after commit {projector}"));
        metrics::counter!("lobster_projection_events_total", "projector" => projector).increment(mine.len() as u64);
        if !behind.is_empty() {
            metrics::counter!("lobster_projection_parked_total", "projector" => projector)
                .increment(behind.len() as u64);
        }
        Ok(true)
    }

    /// Puts an event aside, and goes on without its order or not at all; false when the lease was lost.
    async fn park(&self, hold: &mut Hold, event: &Recorded, reason: &str) -> anyhow::Result<bool> {
        let mut tx = place::begin(&self.runtime.pool).await?;
        let stands = self.projector.poison() == Poison::StopShard;
        let to = if stands { hold.lease.position } else { event.position };
        if !hold.lease.advance(&mut tx, to).await? {
            return Ok(false);
        }
        dead_letter::park(&mut tx, self.projector.as_ref(), event, i32::try_from(TRIES)?, reason).await?;
        if stands {
            hold.lease.stop(&mut tx, reason).await?;
        }
        tx.commit().await?;
        let (projector, position) = (self.projector.name(), event.position);
        tracing::error!(projector, position, event_id = %event.event_id, reason, stands, "an event was parked");
        metrics::counter!("lobster_projection_parked_total", "projector" => projector).increment(1);
        hold.lease.position = to;
        hold.blocked.insert(place::stream(event).to_owned());
        Ok(!stands)
    }

    /// How far behind: events to the head, and the age of the oldest event not yet applied.
    fn measure(&self, batch: &[Recorded], behind: i64) {
        let age = batch.first().map_or(0, |first| (self.runtime.clock.now() - first.recorded_at).num_milliseconds());
        let (projector, shard) = (self.projector.name(), self.shard.to_string());
        let events = if batch.is_empty() { 0 } else { behind.max(batch.len() as i64) };
        metrics::gauge!("lobster_projection_lag_events", "projector" => projector, "shard" => shard.clone())
            .set(events as f64);
        metrics::gauge!("lobster_projection_lag_seconds", "projector" => projector, "shard" => shard)
            .set(age as f64 / 1_000.0);
    }
}

/// Leaves the reason of a failure, and the lease to whoever is next.
async fn hand_back(pool: &PgPool, lease: &Lease, reason: Option<&str>) -> sqlx::Result<()> {
    if let Some(reason) = reason {
        lease.note(pool, reason).await?;
    }
    lease.release(pool).await
}

/// Why a shard is no longer followed.
enum End {
    Stopped,
    Lost,
    /// Another process is to have it.
    Shed,
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
