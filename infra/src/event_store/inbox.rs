//! `app.inbox`: messages of vendors, by their own ids, each taken once.

use domain::ports::Notice;
use sqlx::PgPool;
use uuid::Uuid;

/// What is noted when the message led to a command.
pub(super) const HANDLED: &str = "handled";

/// The constraint that keeps a message from being taken twice.
pub(super) const KEY: &str = "inbox_pkey";

/// Keeps a message that leads to no event; false when it was there before.
pub(super) async fn keep(pool: &PgPool, notice: &Notice, order: Option<Uuid>, outcome: &str) -> sqlx::Result<bool> {
    let kept = sqlx::query(
        "INSERT INTO app.inbox (source, message_id, kind, order_id, outcome, body)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT inbox_pkey DO NOTHING",
    )
    .bind(notice.source)
    .bind(&notice.message_id)
    .bind(&notice.kind)
    .bind(order)
    .bind(outcome)
    .bind(&notice.body)
    .execute(pool)
    .await?;
    Ok(kept.rows_affected() == 1)
}
