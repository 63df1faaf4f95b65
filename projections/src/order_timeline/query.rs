//! Reading `read.order_timeline`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct Entry {
    /// Place in the log; a client that has seen it resumes after it.
    pub position: i64,
    pub event_id: Uuid,
    /// The event's stored type, e.g. `OrderPaid`.
    pub event_type: String,
    /// `customer`, `stripe`, `brevo`, `system:…` or `staff:…`.
    pub actor: String,
    /// The event or command that caused this one.
    pub caused_by: Option<String>,
    pub at: DateTime<Utc>,
    /// Amounts, counts and attempts that go with the type.
    pub detail: serde_json::Value,
}

/// The lines of an order after a position, in order; 0 gives them all.
///
/// # Errors
/// When the database cannot answer.
pub async fn of_order(pool: &PgPool, order: Uuid, after: i64) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as(
        "SELECT position, event_id, event_type, actor, caused_by, at, detail
         FROM read.order_timeline WHERE order_id = $1 AND position > $2 ORDER BY position",
    )
    .bind(order)
    .bind(after)
    .fetch_all(pool)
    .await
}
