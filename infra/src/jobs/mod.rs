//! Jobs: what a policy or the clock asked for, done at least once, by whichever worker is free.
//!
//! graphile_worker holds the queue in a schema of its own. There is one task; what is to be done is in the payload, which
//! only the handler understands. Jobs of one named queue run one after the other. A worker that dies is missed after 20
//! seconds and its jobs go to another, so a handler may run twice for one job: its effects must be the same twice.

mod desk;
mod keep;
mod schedule;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use desk::{QueuedJob, queued, retry};
use futures::future::BoxFuture;
use graphile_worker::tokio_postgres::TokioPostgresDatabase;
use graphile_worker::{
    IntoTaskHandlerResult, LocalQueueConfig, RefetchDelayConfig, TaskHandler, WorkerContext, WorkerOptions,
    WorkerRecoveryConfig,
};
pub use keep::keep_working;
pub use schedule::{Every, Schedule};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

const HEARTBEAT: Duration = Duration::from_secs(5);
/// How long an idle worker waits before it looks again unasked; also what a notification can be late by, in a race.
const IDLE_PAUSE: Duration = Duration::from_millis(200);
/// A worker that was silent for so long is dead.
const THRESHOLD: Duration = Duration::from_secs(20);
/// A recovered or interrupted job waits this long; it was not at fault.
const AGAIN: Duration = Duration::from_secs(1);
/// How long running jobs may go on after the order to stop.
const GRACE: Duration = Duration::from_secs(10);

/// A job as its handler meets it.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRun {
    pub job_id: i64,
    pub payload: serde_json::Value,
    /// This attempt, from 1.
    pub attempt: i32,
    /// When this attempt fails and is the last, the job is dead: nobody tries again by itself.
    pub max_attempts: i32,
}

impl JobRun {
    /// Whether a failure now is final.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.attempt >= self.max_attempts
    }
}

/// An attempt that failed; it is repeated later, after e^attempt seconds, while attempts are left.
#[derive(Clone, PartialEq, Eq)]
pub struct JobFailure {
    /// For the operator; kept with the job. No personal data.
    pub reason: String,
}

// The queue keeps the debug form.
impl fmt::Debug for JobFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// What runs jobs.
pub type Handler = Arc<dyn Fn(JobRun) -> BoxFuture<'static, Result<(), JobFailure>> + Send + Sync>;

/// Why the queue is not running.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    #[error("the job queue cannot reach its database: {0}")]
    Address(#[from] graphile_worker::DbError),
    #[error("the schedule {name:?} cannot be: {reason}")]
    Schedule { name: &'static str, reason: String },
    #[error("the job queue cannot start: {0}")]
    Start(#[from] graphile_worker::WorkerBuildError),
    #[error("the job queue cannot watch its database: {0}")]
    Watch(#[from] sqlx::Error),
    #[error("the job queue stopped: {0}")]
    Run(#[from] graphile_worker::runner::WorkerRuntimeError),
}

impl JobsError {
    /// Whether no waiting mends it: an address or a schedule that cannot be.
    fn is_lasting(&self) -> bool {
        matches!(self, Self::Address(_) | Self::Schedule { .. } | Self::Watch(sqlx::Error::Configuration(_)))
    }
}

/// Makes or updates the schema of the queue; `url` logs in as the owner of everything.
///
/// # Errors
/// When the database cannot be reached or refuses.
pub async fn migrate(url: &str) -> Result<(), JobsError> {
    let database = TokioPostgresDatabase::from_url(url, 1)?;
    // A worker migrates when it is made; this one is never run.
    WorkerOptions::default().database(database).listen_os_shutdown_signals(false).init().await?;
    Ok(())
}

/// Works off jobs, `concurrency` at a time, until `stop`; running jobs then have ten seconds to end. It has a small pool
/// of its own, with one connection per running job and two more. `url` logs in as the owner of the queue's schema. Each
/// schedule asks for its job when its time comes, once, however many workers run. A process calls [`keep_working`], which
/// outlives its database.
///
/// # Errors
/// When the database cannot be reached, at the start or when a job has ended.
pub async fn run_worker(
    url: &str,
    handler: Handler,
    schedules: &[Schedule],
    concurrency: usize,
    stop: CancellationToken,
) -> Result<(), JobsError> {
    let crontabs = schedules.iter().map(Schedule::crontab).collect::<Result<Vec<_>, _>>()?;
    let recovery = WorkerRecoveryConfig::default()
        .enabled(true)
        .heartbeat_interval(HEARTBEAT)
        .sweep_interval(HEARTBEAT)
        .sweep_threshold(THRESHOLD)
        .recovery_delay(AGAIN);
    // Without a pause the library's local queue wakes itself after every empty look: 2,500 queries a second, idle. One
    // notification of a new job ends the pause.
    let pause = RefetchDelayConfig::default().with_duration(IDLE_PAUSE).with_max_abort_threshold(1);
    let worker = WorkerOptions::default()
        .database(TokioPostgresDatabase::from_url(url, concurrency + 2)?)
        .concurrency(concurrency)
        // No more than can be worked off: what one process holds, another cannot take.
        .local_queue(LocalQueueConfig::default().with_size(concurrency).with_ttl(THRESHOLD).with_refetch_delay(pause))
        .worker_recovery(recovery)
        .listen_os_shutdown_signals(false)
        .shutdown_signal(stop.cancelled_owned())
        .shutdown_grace_period(GRACE)
        .shutdown_interrupted_job_retry_delay(AGAIN)
        .add_extension(Shared(handler))
        .with_crons(crontabs)
        .define_job::<Task>()
        .init()
        .await?;
    Ok(worker.run().await?)
}

/// The handler, where the queue hands it back to a task.
#[derive(Clone)]
struct Shared(Handler);

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared(handler)")
    }
}

/// The one task: any payload.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Task(serde_json::Value);

impl TaskHandler for Task {
    const IDENTIFIER: &'static str = "lobster";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(Shared(handler)) = context.get_ext::<Shared>().cloned() else {
            return Err(JobFailure { reason: "the worker was started without a handler".to_owned() });
        };
        let job = context.job();
        let run = JobRun {
            job_id: *job.id(),
            payload: schedule::with_time(self.0),
            attempt: i32::from(*job.attempts()),
            max_attempts: i32::from(*job.max_attempts()),
        };
        let (job_id, attempt) = (run.job_id, run.attempt);
        let done = handler(run).await;
        if let Err(failure) = &done {
            tracing::warn!(job_id, attempt, reason = failure.reason, "an attempt of a job failed");
            metrics::counter!("lobster_job_failures_total").increment(1);
        }
        done
    }
}
