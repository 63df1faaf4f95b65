//! Working off jobs for as long as the process lives, though the database goes away and comes back.
//!
//! The library's worker ends when it cannot write down what became of a job. Worse, it may live on: jobs that were claimed
//! for it while the answer got lost would stay its own for ever, because it still shows signs of life. So one connection
//! watches the server, and when that breaks the worker ends and another begins under a name of its own; what the former
//! one held goes to whoever is free, like the jobs of a dead worker.

use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{GRACE, Handler, JobsError, Schedule, run_worker};
use crate::http::Backoff;

/// From a restart that takes a second to an outage of hours.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(250), factor: 2, cap: Duration::from_secs(10) };
/// A worker that lasted so long has overcome what ended the one before.
const WELL: Duration = Duration::from_secs(30);
/// How long a worker whose database is away may try to give its jobs back, beyond the jobs in hand.
const FAREWELL: Duration = Duration::from_secs(5);

/// Works off jobs as [`run_worker`] does, and begins again whenever the database was away. `working` says whether jobs are
/// taken now.
///
/// # Errors
/// Only what no waiting mends: an address or a schedule that cannot be.
pub async fn keep_working(
    url: &str,
    handler: Handler,
    schedules: &[Schedule],
    concurrency: usize,
    working: &watch::Sender<bool>,
    stop: CancellationToken,
) -> Result<(), JobsError> {
    let mut failures = 0;
    loop {
        let began = Instant::now();
        let worked = work(url, &handler, schedules, concurrency, working, &stop).await;
        working.send_replace(false);
        if stop.is_cancelled() {
            return worked;
        }
        match worked {
            Ok(()) => tracing::warn!("the job queue lost its database and begins again"),
            Err(error) if error.is_lasting() => return Err(error),
            Err(error) => tracing::warn!(%error, "the job queue paused: {error}"),
        }
        metrics::counter!("lobster_job_queue_restarts_total").increment(1);
        failures = if began.elapsed() > WELL { 1 } else { failures + 1 };
        stop.run_until_cancelled(sleep(BACKOFF.wait(failures))).await;
    }
}

/// Works until `stop`, or until the server was away.
async fn work(
    url: &str,
    handler: &Handler,
    schedules: &[Schedule],
    concurrency: usize,
    working: &watch::Sender<bool>,
    stop: &CancellationToken,
) -> Result<(), JobsError> {
    let Some(server) = stop.run_until_cancelled(PgListener::connect(url)).await else { return Ok(()) };
    let mut server = server?;
    server.eager_reconnect(false);
    let leave = stop.child_token();
    let worker = run_worker(url, handler.clone(), schedules, concurrency, leave.clone());
    tokio::pin!(worker);
    working.send_replace(true);
    tokio::select! {
        ended = &mut worker => return ended,
        () = away(&mut server) => {}
        () = stop.cancelled() => {}
    }
    working.send_replace(false);
    leave.cancel();
    // Nothing is lost with a worker that is left behind: it no longer takes jobs, and others miss it.
    timeout(GRACE + FAREWELL, worker).await.unwrap_or(Ok(()))
}

/// Returns when the connection breaks; nothing is ever announced on it.
async fn away(server: &mut PgListener) {
    while let Ok(Some(_)) = server.try_recv().await {}
}
