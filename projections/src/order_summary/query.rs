//! Reading `read.order_summary`.

use chrono::{DateTime, Utc};
use domain::eligibility::DroppedPage;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::Ledger;

/// An order as its page shows it. Amounts are cents of `currency`, `vat_rate_bp` is in basis points.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct OrderSummary {
    pub order_id: Uuid,
    /// `pending`, `awaiting` (a payment that takes days is under way), `expired`, `paid`, `held`, `delivered`, `failed`,
    /// `cancelled` or `refunded` (the order's own payment went back whole).
    pub status: String,
    pub study: String,
    pub commune: String,
    /// What was announced before the payment: `full`, `reduced` or `epci_scope`. `None` in rows of an earlier version, which
    /// are shown until the present one is built.
    pub eligibility: Option<String>,
    /// The pages that were announced as missing.
    pub dropped_pages: Json<Vec<DroppedPage>>,
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
    /// Of the latest delivery mail: `sent`, `deferred`, `failed`, `delivered`, `unsubscribed`, `complained` or `bounced`.
    pub mail_state: Option<String>,
    pub placed_at: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    /// Place in the log of the latest event of this order.
    pub position: i64,
    /// The payment that pays the order, or is held for it, by the vendor's id.
    pub payment: Option<String>,
    /// 0 before any money moved.
    pub paid_cents: i64,
    /// What went back of that payment, failed refunds left out.
    pub refunded_cents: i64,
    /// `open` or `lost`: the bank of the customer took, or may take, the money back.
    pub disputed: Option<String>,
    /// When the latest download link was made.
    pub link_issued_at: Option<DateTime<Utc>>,
    pub link_expires_at: Option<DateTime<Utc>>,
    /// What the money columns are computed from.
    pub ledger: Json<Ledger>,
}

impl OrderSummary {
    /// Whether no money has settled the order yet.
    #[must_use]
    pub fn can_still_be_paid(&self) -> bool {
        matches!(self.status.as_str(), "pending" | "awaiting" | "expired")
    }

    /// Whether this is the payment that pays the order, or is held for it.
    #[must_use]
    pub fn payment_is(&self, payment: &str) -> bool {
        self.payment.as_deref() == Some(payment)
    }

    /// Whether the customer may have the report now: delivered, not refunded, not disputed.
    #[must_use]
    pub fn may_download(&self) -> bool {
        self.status == "delivered" && self.disputed.is_none()
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
    sqlx::query_as("SELECT * FROM order_summary WHERE order_id = ANY($1)").bind(orders).fetch_all(tx).await
}
