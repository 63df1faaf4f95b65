//! Reading `read.report_status`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

/// A report on its way: the time of each step that is done, and what came out.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct ReportStatus {
    pub report_id: Uuid,
    pub order_id: Uuid,
    pub version: i32,
    pub study: String,
    pub commune: String,
    pub requested_at: DateTime<Utc>,
    pub collected_at: Option<DateTime<Utc>>,
    pub received_at: Option<DateTime<Utc>>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub rendered_at: Option<DateTime<Utc>>,
    pub stored_at: Option<DateTime<Utc>>,
    pub failed_at: Option<DateTime<Utc>>,
    /// `collect`, `write`, `print` or `store`.
    pub failed_step: Option<String>,
    /// Failed attempts so far, over all steps.
    pub attempts: i32,
    /// Number of facts collected.
    pub facts: Option<i32>,
    /// Whether any figure comes from generated data.
    pub specimen: Option<bool>,
    pub blocks_model: Option<i32>,
    pub blocks_rules: Option<i32>,
    /// Millionths of a dollar, over all answers of the model.
    pub cost_micro_usd: i64,
    pub pages: Option<i32>,
    pub bytes: Option<i64>,
    pub sha256: Option<String>,
    pub storage_key: Option<String>,
    pub filename: Option<String>,
    /// Place in the log of the latest event of this report.
    pub position: i64,
}

/// The report of an order with the highest version.
///
/// # Errors
/// When the database cannot answer.
pub async fn latest_of_order(pool: &PgPool, order: Uuid) -> sqlx::Result<Option<ReportStatus>> {
    sqlx::query_as("SELECT * FROM read.report_status WHERE order_id = $1 ORDER BY version DESC LIMIT 1")
        .bind(order)
        .fetch_optional(pool)
        .await
}

/// The rows that a batch is about to change.
pub(super) async fn of_reports(tx: &mut PgConnection, reports: &[Uuid]) -> sqlx::Result<Vec<ReportStatus>> {
    sqlx::query_as("SELECT * FROM report_status WHERE report_id = ANY($1)").bind(reports).fetch_all(tx).await
}
