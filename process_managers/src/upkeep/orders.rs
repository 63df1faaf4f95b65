//! Which orders the upkeep looks at, from the read models.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ports::PortError;
use projections::{order_payment, order_summary};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

/// An order and its latest payment page.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OrderPage {
    pub order_id: Uuid,
    pub session: String,
}

/// The orders as the read models know them, a moment behind the log.
#[async_trait]
pub trait Orders: Send + Sync {
    /// Orders placed in `[from, to)` that could still be paid, or whose payment takes days, oldest first.
    ///
    /// # Errors
    /// When the read models cannot be read; so for all.
    async fn unpaid(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<OrderPage>, PortError>;

    /// Orders placed or paid in `[from, to)` that have a page, oldest first.
    ///
    /// # Errors
    /// As for [`Orders::unpaid`].
    async fn with_page(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<OrderPage>, PortError>;

    /// The order that this payment of the vendor belongs to.
    ///
    /// # Errors
    /// As for [`Orders::unpaid`].
    async fn by_payment(&self, payment: &str) -> Result<Option<Uuid>, PortError>;

    /// The order whose delivery mail has this vendor id, angle brackets included.
    ///
    /// # Errors
    /// As for [`Orders::unpaid`].
    async fn by_mail(&self, message_id: &str) -> Result<Option<Uuid>, PortError>;
}

/// [`Orders`] from the schema `read`.
pub struct ReadModels {
    pool: PgPool,
}

impl ReadModels {
    /// `pool` connects as `lobster_worker`.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }
}

#[async_trait]
impl Orders for ReadModels {
    async fn unpaid(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<OrderPage>, PortError> {
        sqlx::query_as(
            "SELECT order_id, session FROM read.order_summary
             WHERE status IN ('pending', 'awaiting') AND session IS NOT NULL AND placed_at >= $1 AND placed_at < $2
             ORDER BY placed_at",
        )
        .bind(from)
        .bind(to)
        .fetch_all(&self.pool)
        .await
        .map_err(|error| down(&error))
    }

    async fn with_page(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<OrderPage>, PortError> {
        sqlx::query_as(
            "SELECT order_id, session FROM read.order_summary
             WHERE session IS NOT NULL
               AND ((placed_at >= $1 AND placed_at < $2) OR (paid_at >= $1 AND paid_at < $2))
             ORDER BY placed_at",
        )
        .bind(from)
        .bind(to)
        .fetch_all(&self.pool)
        .await
        .map_err(|error| down(&error))
    }

    async fn by_payment(&self, payment: &str) -> Result<Option<Uuid>, PortError> {
        order_payment::query::by_payment(&self.pool, payment).await.map_err(|error| down(&error))
    }

    async fn by_mail(&self, message_id: &str) -> Result<Option<Uuid>, PortError> {
        order_summary::query::by_mail(&self.pool, message_id).await.map_err(|error| down(&error))
    }
}

fn down(error: &sqlx::Error) -> PortError {
    PortError::Transient { service: "read models", message: error.to_string(), retry_after: None }
}
