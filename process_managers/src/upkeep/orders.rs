//! Which orders the upkeep looks at, from the read models.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

/// An order and its latest payment page.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(super) struct OrderPage {
    pub order_id: Uuid,
    pub session: String,
}

/// Orders placed in `[from, to)` that could still be paid, or whose payment takes days, oldest first.
pub(super) async fn unpaid(pool: &PgPool, from: DateTime<Utc>, to: DateTime<Utc>) -> sqlx::Result<Vec<OrderPage>> {
    sqlx::query_as(
        "SELECT order_id, session FROM read.order_summary
         WHERE status IN ('pending', 'awaiting') AND session IS NOT NULL AND placed_at >= $1 AND placed_at < $2
         ORDER BY placed_at",
    )
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await
}

/// Orders placed or paid in `[from, to)` that have a page.
pub(super) async fn with_page(pool: &PgPool, from: DateTime<Utc>, to: DateTime<Utc>) -> sqlx::Result<Vec<OrderPage>> {
    sqlx::query_as(
        "SELECT order_id, session FROM read.order_summary
         WHERE session IS NOT NULL AND ((placed_at >= $1 AND placed_at < $2) OR (paid_at >= $1 AND paid_at < $2))
         ORDER BY placed_at",
    )
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await
}
