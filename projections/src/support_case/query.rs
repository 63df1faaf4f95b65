//! Reading `read.support_case`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

/// Something a person has to look at, or had to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct SupportCase {
    pub case_id: Uuid,
    /// None for money that names no order of ours.
    pub order_id: Option<Uuid>,
    /// `payment_held`, `order_failed`, `order_overdue`, `refund_failed`, `dispute`, `mail_bounced`, `mail_failed`,
    /// `mail_complained` or `reconciliation`.
    pub kind: String,
    /// The payment, dispute, mail or session, by the vendor's id.
    pub about: String,
    /// Amounts and reasons, as the event that opened it tells them.
    pub detail: serde_json::Value,
    /// The case closes itself when as much of the payment went back, in cents; 0: never.
    pub owed_cents: i64,
    pub returned_cents: i64,
    pub opened_at: DateTime<Utc>,
    /// Place in the log of the event that opened it.
    pub opened_position: i64,
    pub closed_at: Option<DateTime<Utc>>,
    /// Type of the event that closed it.
    pub closed_by: Option<String>,
    pub closed_position: Option<i64>,
}

impl SupportCase {
    /// Whether it still waits for somebody.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    pub(super) fn is(&self, kind: &str, about: &str) -> bool {
        self.kind == kind && self.about == about
    }

    pub(super) fn tells_of(&self, order: Uuid, kind: &str, session: &str) -> bool {
        self.order_id == Some(order) && self.kind == kind && self.detail["session"] == session
    }

    pub(super) fn is_lost_mail(&self) -> bool {
        self.kind == "mail_bounced" || self.kind == "mail_failed"
    }
}

/// The payment of an order.
#[derive(Debug, Clone, FromRow, Serialize)]
pub(super) struct Paid {
    pub order_id: Uuid,
    pub payment: String,
    pub paid_cents: i64,
    pub refunded_cents: i64,
}

/// Cases, oldest first; the closed ones too when `all`.
///
/// # Errors
/// When the database cannot answer.
pub async fn list(pool: &PgPool, all: bool) -> sqlx::Result<Vec<SupportCase>> {
    sqlx::query_as("SELECT * FROM read.support_case WHERE $1 OR closed_at IS NULL ORDER BY opened_position, case_id")
        .bind(all)
        .fetch_all(pool)
        .await
}

/// Every case of an order, oldest first.
///
/// # Errors
/// When the database cannot answer.
pub async fn of_order(pool: &PgPool, order: Uuid) -> sqlx::Result<Vec<SupportCase>> {
    sqlx::query_as("SELECT * FROM read.support_case WHERE order_id = $1 ORDER BY opened_position, case_id")
        .bind(order)
        .fetch_all(pool)
        .await
}

/// The case with this id.
///
/// # Errors
/// When the database cannot answer.
pub async fn find(pool: &PgPool, case: Uuid) -> sqlx::Result<Option<SupportCase>> {
    sqlx::query_as("SELECT * FROM read.support_case WHERE case_id = $1").bind(case).fetch_optional(pool).await
}

/// The open cases that a batch may change.
pub(super) async fn open_about(
    tx: &mut PgConnection,
    orders: &[Uuid],
    cases: &[Uuid],
    reconciled: bool,
) -> sqlx::Result<Vec<SupportCase>> {
    sqlx::query_as(
        "SELECT * FROM support_case
         WHERE closed_at IS NULL
           AND (order_id = ANY($1) OR case_id = ANY($2) OR ($3 AND kind = 'reconciliation'))",
    )
    .bind(orders)
    .bind(cases)
    .bind(reconciled)
    .fetch_all(tx)
    .await
}

pub(super) async fn payments_of(tx: &mut PgConnection, orders: &[Uuid]) -> sqlx::Result<Vec<Paid>> {
    sqlx::query_as("SELECT * FROM support_case_payment WHERE order_id = ANY($1)").bind(orders).fetch_all(tx).await
}
