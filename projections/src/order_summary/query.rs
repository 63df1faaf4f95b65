//! Reading `read.order_summary`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

/// An order as its page shows it. Amounts are cents of `currency`, `vat_rate_bp` is in basis points.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct OrderSummary {
    pub order_id: Uuid,
    /// `pending`, `paid`, `held`, `delivered`, `failed` or `expired`.
    pub status: String,
    pub study: String,
    pub commune: String,
    /// `particulier`, `entreprise` or `collectivite`.
    pub recipient: String,
    pub ht_cents: i64,
    pub vat_cents: i64,
    pub ttc_cents: i64,
    pub vat_rate_bp: i32,
    pub currency: String,
    /// The latest Checkout Session.
    pub session: Option<String>,
    /// Where the customer may pay now.
    pub payment_url: Option<String>,
    /// Number of the latest Checkout Session, from 1; 0 before the first.
    pub attempt: i32,
    pub report_id: Option<Uuid>,
    pub report_version: Option<i32>,
    /// Number of the latest download link; 0 before the first.
    pub link_number: i32,
    pub mail_message: Option<String>,
    /// `sent` or `bounced`.
    pub mail_state: Option<String>,
    pub placed_at: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    /// Place in the log of the latest event of this order.
    pub position: i64,
}

impl OrderSummary {
    /// Whether no money has settled the order yet.
    #[must_use]
    pub fn can_still_be_paid(&self) -> bool {
        matches!(self.status.as_str(), "pending" | "expired")
    }
}

/// The order with this id.
///
/// # Errors
/// When the database cannot answer.
pub async fn find(pool: &PgPool, order: Uuid) -> sqlx::Result<Option<OrderSummary>> {
    sqlx::query_as("SELECT * FROM read.order_summary WHERE order_id = $1").bind(order).fetch_optional(pool).await
}

/// The order whose delivery mail has this vendor id, angle brackets included.
///
/// # Errors
/// When the database cannot answer.
pub async fn by_mail(pool: &PgPool, message_id: &str) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar("SELECT order_id FROM read.order_summary WHERE mail_message = $1")
        .bind(message_id)
        .fetch_optional(pool)
        .await
}

/// The order whose latest Checkout Session this is.
///
/// # Errors
/// When the database cannot answer.
pub async fn by_session(pool: &PgPool, session: &str) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar("SELECT order_id FROM read.order_summary WHERE session = $1")
        .bind(session)
        .fetch_optional(pool)
        .await
}

/// The rows that a batch is about to change.
pub(super) async fn of_orders(tx: &mut PgConnection, orders: &[Uuid]) -> sqlx::Result<Vec<OrderSummary>> {
    sqlx::query_as("SELECT * FROM read.order_summary WHERE order_id = ANY($1)").bind(orders).fetch_all(tx).await
}
