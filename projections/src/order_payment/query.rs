//! Reading `read.order_payment` and `read.order_refund`.

use sqlx::{FromRow, PgPool};
use uuid::Uuid;

/// A payment of an order; amounts in cents of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OrderPayment {
    /// The vendor's id.
    pub payment: String,
    pub session: String,
    pub paid_cents: i64,
    pub currency: String,
    /// What went back of it, failed refunds left out.
    pub refunded_cents: i64,
}

/// The order that this payment of the vendor belongs to.
///
/// # Errors
/// When the database cannot answer.
pub async fn by_payment(pool: &PgPool, payment: &str) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar("SELECT order_id FROM read.order_payment WHERE payment = $1")
        .bind(payment)
        .fetch_optional(pool)
        .await
}

/// What went back of a payment, in cents; failed refunds left out.
///
/// # Errors
/// When the database cannot answer.
pub async fn refunded_cents(pool: &PgPool, payment: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT coalesce(sum(amount_cents), 0)::bigint FROM read.order_refund WHERE payment = $1 AND NOT failed",
    )
    .bind(payment)
    .fetch_one(pool)
    .await
}

/// Every payment of an order, in the order of the log.
///
/// # Errors
/// When the database cannot answer.
pub async fn of_order(pool: &PgPool, order: Uuid) -> sqlx::Result<Vec<OrderPayment>> {
    sqlx::query_as(
        "SELECT p.payment, p.session, p.paid_cents, p.currency,
                coalesce((SELECT sum(r.amount_cents) FROM read.order_refund r
                          WHERE r.payment = p.payment AND NOT r.failed), 0)::bigint AS refunded_cents
         FROM read.order_payment p WHERE p.order_id = $1 ORDER BY p.position",
    )
    .bind(order)
    .fetch_all(pool)
    .await
}
