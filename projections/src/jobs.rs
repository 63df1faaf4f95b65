//! Enqueueing, for policies: the job and the checkpoint of the event that called for it are committed together.

use std::time::Duration;

use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;

/// The one task that workers know; what is to be done is in the payload.
pub const TASK: &str = "lobster";

/// A job to be done later, at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    pub task: &'static str,
    pub payload: serde_json::Value,
    /// Jobs of one named queue run one after the other.
    pub queue_name: Option<String>,
    /// A second job with the key of a waiting one replaces it.
    pub job_key: Option<String>,
    /// After as many failures the job is dead and stays for a person to look at.
    pub max_attempts: i32,
    /// Not before this long from now.
    pub run_after: Duration,
    /// Of the jobs that are due, the most urgent goes first, then the oldest.
    pub urgency: i32,
}

impl NewJob {
    /// A job for our workers, due at once, with 25 attempts, no more urgent than another.
    #[must_use]
    pub fn new(payload: serde_json::Value) -> Self {
        Self {
            task: TASK,
            payload,
            queue_name: None,
            job_key: None,
            max_attempts: 25,
            run_after: Duration::ZERO,
            urgency: 0,
        }
    }
}

/// Enqueues a job in the caller's transaction; returns its number.
///
/// # Errors
/// When the job schema is missing (`lobster migrate` makes it) or the database refuses.
pub async fn enqueue(tx: &mut PgConnection, job: &NewJob) -> sqlx::Result<i64> {
    let run_after = PgInterval::try_from(job.run_after).map_err(sqlx::Error::Encode)?;
    sqlx::query_scalar("SELECT app.enqueue_job($1, $2, $3, $4, $5, $6, $7)")
        .bind(job.task)
        .bind(sqlx::types::Json(&job.payload))
        .bind(&job.queue_name)
        .bind(&job.job_key)
        .bind(job.max_attempts)
        .bind(run_after)
        .bind(job.urgency)
        .fetch_one(tx)
        .await
}
