//! What runs beside the API: the sealer, the read models, the policies, the worker.

use std::sync::Arc;

use infra::{
    event_store::{PgLog, Sealer, follow_head},
    ids::TimeIds,
    jobs::{self, Every, Handler, JobFailure, JobRun, Schedule},
};
use process_managers::{Attempt, Ports, Work, fulfilment::Fulfilment, payments::Payments, upkeep, watchdog::Watchdog};
use projections::{DynProjector, runtime::Runtime};
use serde_json::json;
use sqlx::PgPool;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::snapshots::Snapshots;
use crate::witness::Witness;

/// The tasks of this process beside the API.
pub struct Background {
    pub positions: watch::Receiver<i64>,
    /// Whether jobs are worked off at this moment; none when this process does not.
    pub working: Option<watch::Receiver<bool>>,
    tasks: JoinSet<anyhow::Result<()>>,
    stop: CancellationToken,
}

impl Background {
    /// Starts everything; `appended` is poked after each local append. With a concurrency of 0 jobs are left to others.
    pub fn start(
        projector: PgPool,
        url: String,
        appended: Arc<Notify>,
        ports: Ports,
        concurrency: usize,
        stop: CancellationToken,
    ) -> Self {
        let mut tasks = JoinSet::new();
        let positions = follow_head(projector.clone(), stop.clone());
        let sealer = Sealer::run(projector.clone(), appended, stop.clone());
        tasks.spawn(async move {
            sealer.await;
            Ok(())
        });
        let runtime = Runtime {
            log: Arc::new(PgLog::new(projector.clone())),
            pool: projector,
            head: positions.clone(),
            clock: Arc::clone(&ports.clock),
        };
        let following = runtime.run(projectors(), stop.clone());
        tasks.spawn(async move {
            following.await;
            Ok(())
        });
        let working = (concurrency > 0).then(|| {
            let (working, seen) = watch::channel(false);
            let stop = stop.clone();
            tasks.spawn(async move {
                Ok(jobs::keep_working(&url, handler(ports), &schedules(), concurrency, &working, stop).await?)
            });
            seen
        });
        Self { positions, working, tasks, stop }
    }

    /// Completes when one of the tasks ends by itself, which none should.
    pub async fn failure(&mut self) -> anyhow::Error {
        match self.tasks.join_next().await {
            Some(Ok(Err(error))) => error,
            Some(Err(error)) => anyhow::anyhow!("a background task panicked: {error}"),
            Some(Ok(Ok(()))) | None => anyhow::anyhow!("a background task ended by itself"),
        }
    }

    /// Stops everything and waits for it.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "a background task ended badly"),
                Err(error) => tracing::error!(%error, "a background task panicked"),
            }
        }
    }
}

/// Everything that follows the log: the read models, the policies, the keeper of snapshots.
#[must_use]
pub fn projectors() -> Vec<Box<dyn DynProjector>> {
    let mut projectors = projections::all();
    projectors.push(Box::new(Fulfilment));
    projectors.push(Box::new(Payments));
    projectors.push(Box::new(Watchdog));
    projectors.push(Box::new(Snapshots));
    projectors
}

/// What the clock calls for, in UTC: shops sleep at 03:17.
fn schedules() -> [Schedule; 3] {
    let round = |name, every, job: upkeep::Job, max_attempts| Schedule {
        name,
        every,
        payload: json!({"on": "clock", "do": job}),
        max_attempts,
    };
    [
        round("reread_notices", Every::Minutes(1), upkeep::Job::RereadNotices, 1),
        round("look_at_pending", Every::Minutes(10), upkeep::Job::LookAtPending, 2),
        // Sixteen hours of attempts; the next day's round looks at the same days again.
        round("reconcile", Every::Day { hour: 3, minute: 17 }, upkeep::Job::Reconcile, 12),
    ]
}

/// Hands a job of the queue to its policy.
fn handler(ports: Ports) -> Handler {
    let ports = Arc::new(ports);
    let witness = Witness { commands: Arc::clone(&ports.commands), ids: Arc::new(TimeIds) };
    Arc::new(move |run: JobRun| {
        let (ports, witness) = (Arc::clone(&ports), witness.clone());
        Box::pin(async move {
            let attempt = Attempt { number: run.attempt.unsigned_abs(), of: run.max_attempts.unsigned_abs() };
            let failed = |reason: String| JobFailure { reason };
            let work: Work = serde_json::from_value(run.payload)
                .map_err(|error| failed(format!("job {} cannot be read by this binary: {error}", run.job_id)))?;
            let running = process_managers::run(&ports, &work, attempt);
            let ran = match &work {
                Work::Event(task) => witness.over(task.order, running).await,
                Work::Clock(_) => running.await,
            };
            ran.map_err(|error| failed(error.to_string()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheduled_payload_is_read_once_the_clock_has_stamped_it() {
        for Schedule { name, mut payload, .. } in schedules() {
            payload["at"] = json!("2026-11-22T03:17:00+00:00");
            let Work::Clock(round) = serde_json::from_value(payload).unwrap() else { panic!("{name} is no round") };
            assert_eq!(round.name(), name);
        }
    }
}
