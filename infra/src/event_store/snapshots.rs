//! Snapshots: the state of a long stream after every hundredth event, so that a command reads a hundred events at most.
//!
//! They are a cache, written behind the log by a projector, never in the append and never by `cqrs-es` (whose own mode
//! applies events twice). Each carries the digest of the code that folded it; other code does not look at it, and
//! finds its own again after the next hundredth event.

use std::collections::BTreeMap;

use anyhow::Context as _;
use cqrs_es::Aggregate;
use domain::log::{Event, Recorded};
use domain::order::Order;
use domain::reconciliation::Reconciliation;
use domain::report::Report;
use sqlx::PgConnection;
use uuid::Uuid;

use super::load::load;

/// Events from one snapshot of a stream to the next.
const EVERY: i64 = 100;

/// Digest of the code that makes the state of an aggregate; `None` for one that is never kept.
pub(super) fn state_version(aggregate: &str) -> Option<&'static str> {
    match aggregate {
        Order::TYPE => Some(env!("STATE_OF_ORDER")),
        Report::TYPE => Some(env!("STATE_OF_REPORT")),
        Reconciliation::TYPE => Some(env!("STATE_OF_RECONCILIATION")),
        _ => None,
    }
}

/// Keeps the state of each stream that passed a hundredth event in this batch, in place of what was kept of it before.
/// `tx` belongs to `lobster_projector`; the same batch twice leaves the same rows.
///
/// # Errors
/// When a stream cannot be read or folded, or the database refuses.
pub async fn keep_snapshots(tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
    let mut due = BTreeMap::new();
    for recorded in batch.iter().filter(|recorded| recorded.sequence % EVERY == 0) {
        let aggregate = match &recorded.event {
            Event::Order(_) => Order::TYPE,
            Event::Report(_) => Report::TYPE,
            Event::Reconciliation(_) => Reconciliation::TYPE,
        };
        due.insert((aggregate, recorded.aggregate_id), recorded.sequence);
    }
    for ((aggregate, id), sequence) in due {
        let kept = match aggregate {
            Order::TYPE => keep::<Order>(tx, id, sequence).await,
            Report::TYPE => keep::<Report>(tx, id, sequence).await,
            _ => keep::<Reconciliation>(tx, id, sequence).await,
        };
        kept.with_context(|| format!("keeping {aggregate} {id} as it was after event {sequence}"))?;
    }
    Ok(())
}

async fn keep<A: Aggregate>(tx: &mut PgConnection, id: Uuid, sequence: i64) -> anyhow::Result<()> {
    let id = id.to_string();
    let state = serde_json::to_value(load::<A>(tx, &id, Some(sequence)).await?.aggregate)?;
    sqlx::query(
        "WITH replaced AS (
           DELETE FROM es.snapshots WHERE aggregate_type = $1 AND aggregate_id = $2 AND last_sequence < $3)
         INSERT INTO es.snapshots (aggregate_type, aggregate_id, last_sequence, state, state_version)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (aggregate_type, aggregate_id, last_sequence)
           DO UPDATE SET state = excluded.state, state_version = excluded.state_version",
    )
    .bind(A::TYPE)
    .bind(&id)
    .bind(sequence)
    .bind(state)
    .bind(state_version(A::TYPE))
    .execute(tx)
    .await?;
    Ok(())
}
