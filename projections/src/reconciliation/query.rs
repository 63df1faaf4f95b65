//! Reading `read.reconciliation` and the differences beside it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

/// One comparison of the sessions made in `[from_at, to_at)`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Run {
    pub run_id: Uuid,
    pub from_at: DateTime<Utc>,
    pub to_at: DateTime<Utc>,
    /// How many sessions the vendor had.
    pub sessions: i64,
    pub differences: i64,
    /// How many of them were put right.
    pub repaired: i64,
    pub recorded_at: DateTime<Utc>,
    /// Place in the log.
    pub position: i64,
}

/// One disagreement.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Difference {
    pub run_id: Uuid,
    /// From 1, in the order of the run.
    pub n: i32,
    /// As the event names it, e.g. `payment_unrecorded`.
    pub kind: String,
    pub session: String,
    pub order_id: Option<Uuid>,
    pub repaired: bool,
}

/// The latest runs, newest first.
///
/// # Errors
/// When the database cannot answer.
pub async fn latest(pool: &PgPool, limit: i64) -> sqlx::Result<Vec<Run>> {
    sqlx::query_as("SELECT * FROM read.reconciliation ORDER BY position DESC LIMIT $1")
        .bind(limit)
        .fetch_all(pool)
        .await
}

/// What a run found, in its order.
///
/// # Errors
/// When the database cannot answer.
pub async fn differences(pool: &PgPool, run: Uuid) -> sqlx::Result<Vec<Difference>> {
    sqlx::query_as("SELECT * FROM read.reconciliation_difference WHERE run_id = $1 ORDER BY n")
        .bind(run)
        .fetch_all(pool)
        .await
}
