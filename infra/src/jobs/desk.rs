//! The queue as its operators see it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgPool};

/// A job that waits, runs, or has failed for good; what is done is gone.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct QueuedJob {
    pub job_id: i64,
    /// Jobs of one queue run one after the other.
    pub queue: Option<String>,
    pub payload: Value,
    /// `due`, `later`, `running`, `failing` (it will be tried again) or `dead`.
    pub state: String,
    pub attempts: i32,
    pub max_attempts: i32,
    pub run_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub last_error: Option<String>,
}

impl QueuedJob {
    /// Whether nobody tries again by itself.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.state == "dead"
    }

    /// Policy and job, or round of the clock, in a word or two.
    #[must_use]
    pub fn what(&self) -> String {
        let told = [&self.payload["do"], &self.payload["job"]["policy"], &self.payload["job"]["do"]];
        let words: Vec<_> = told.iter().filter_map(|word| word.as_str()).collect();
        if words.is_empty() { self.payload.to_string() } else { words.join(" ") }
    }
}

/// Everything in the queue, by the time it is to run. For the role of a worker.
///
/// # Errors
/// When the database cannot answer, or the schema of the queue is missing (`lobster migrate` makes it).
pub async fn queued(pool: &PgPool) -> sqlx::Result<Vec<QueuedJob>> {
    sqlx::query_as("SELECT * FROM app.list_jobs()").fetch_all(pool).await
}

/// Makes a job due now, with all its attempts; false when it runs at this moment, or there is none.
///
/// # Errors
/// As [`queued`].
pub async fn retry(pool: &PgPool, job: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT app.retry_job($1)").bind(job).fetch_one(pool).await
}
