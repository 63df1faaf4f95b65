//! Columns that no leaf covers: they repeat what other columns say, so they are compared with those.

use sqlx::PgPool;

use super::{Flaw, Unverified};

/// Compares, after `from` up to `to`, derived columns with their sources, and each transaction with the one that the
/// command log recorded.
pub(super) async fn check(pool: &PgPool, from: i64, to: i64) -> Result<(), Unverified> {
    let changed: Option<(i64, String)> = sqlx::query_as(
        "SELECT o.position, CASE
                  WHEN e.event_id <> md5(e.aggregate_type || chr(31) || e.aggregate_id || chr(31) || e.sequence)::uuid
                    THEN 'event_id'
                  WHEN e.correlation_id IS DISTINCT FROM e.metadata ->> 'correlation_id' THEN 'correlation_id'
                  WHEN e.causation_id IS DISTINCT FROM e.metadata ->> 'causation_id' THEN 'causation_id'
                  ELSE 'transaction_id' END
         FROM es.events e
         JOIN es.event_order o ON o.insert_pos = e.insert_pos
         LEFT JOIN es.command_log c ON c.command_id = e.metadata ->> 'command_id'
           AND c.aggregate_type = e.aggregate_type AND c.aggregate_id = e.aggregate_id
           AND e.sequence BETWEEN c.first_sequence AND c.last_sequence
         WHERE o.position > $1 AND o.position <= $2 AND (e.event_id <> md5(e.aggregate_type || chr(31) || e.aggregate_id || chr(31) || e.sequence)::uuid
            OR e.correlation_id IS DISTINCT FROM e.metadata ->> 'correlation_id'
            OR e.causation_id IS DISTINCT FROM e.metadata ->> 'causation_id'
            OR c.xid <> e.transaction_id)
         ORDER BY o.position LIMIT 1",
    )
    .bind(from)
    .bind(to)
    .fetch_optional(pool)
    .await?;
    match changed {
        Some((position, column)) => Err(Flaw::ColumnChanged { position, column }.into()),
        None => Ok(()),
    }
}
