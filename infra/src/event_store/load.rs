//! The state of a stream, folded from its last snapshot and what came after, in one round trip.

use cqrs_es::Aggregate;
use cqrs_es::persist::{EventStoreAggregateContext, SerializedEvent};
use serde_json::Value;
use sqlx::PgConnection;

use super::{snapshots, upcast};

/// Why a stream could not be folded.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("event {sequence} of {aggregate} {id} does not parse: {source}")]
    Unreadable { aggregate: &'static str, id: String, sequence: i64, source: serde_json::Error },
    #[error("event {0} is not a number that this machine can count to")]
    Uncountable(i64),
}

/// A snapshot (which has no event type) or an event.
#[derive(sqlx::FromRow)]
struct Row {
    sequence: i64,
    event_type: Option<String>,
    event_version: Option<String>,
    content: Value,
    metadata: Option<Value>,
}

/// Folds a stream up to event `to`, or to its end. A snapshot that this code did not make is not looked at, one that does
/// not parse is left aside.
pub(super) async fn load<A: Aggregate>(
    db: &mut PgConnection,
    id: &str,
    to: Option<i64>,
) -> Result<EventStoreAggregateContext<A>, LoadError> {
    let mut rows = read::<A>(db, id, to, snapshots::state_version(A::TYPE)).await?;
    let kept = rows.iter().position(|row| row.event_type.is_none()).map(|at| rows.swap_remove(at));
    let (mut aggregate, mut reached) = match kept.map(|row| (serde_json::from_value::<A>(row.content), row.sequence)) {
        None => (A::default(), 0),
        Some((Ok(state), sequence)) => (state, sequence),
        Some((Err(error), sequence)) => {
            tracing::warn!(aggregate = A::TYPE, id, sequence, %error, "a snapshot does not parse: reading all events");
            rows = read::<A>(db, id, to, None).await?;
            (A::default(), 0)
        }
    };
    rows.sort_unstable_by_key(|row| row.sequence);
    for Row { sequence, event_type, event_version, content, metadata } in rows {
        let number = usize::try_from(sequence).map_err(|_| LoadError::Uncountable(sequence))?;
        let stored = SerializedEvent::new(
            id.to_owned(),
            number,
            A::TYPE.to_owned(),
            event_type.unwrap_or_default(),
            event_version.unwrap_or_default(),
            content,
            metadata.unwrap_or_default(),
        );
        for event in upcast::upcast(vec![stored]) {
            let event = serde_json::from_value(event.payload).map_err(|source| LoadError::Unreadable {
                aggregate: A::TYPE,
                id: id.to_owned(),
                sequence,
                source,
            })?;
            aggregate.apply(event);
        }
        reached = sequence;
    }
    let current_sequence = usize::try_from(reached).map_err(|_| LoadError::Uncountable(reached))?;
    Ok(EventStoreAggregateContext { aggregate_id: id.to_owned(), aggregate, current_sequence, current_snapshot: None })
}

/// The newest snapshot of this version, if there is one, and the events after it; in any order.
async fn read<A: Aggregate>(
    db: &mut PgConnection,
    id: &str,
    to: Option<i64>,
    state_version: Option<&str>,
) -> sqlx::Result<Vec<Row>> {
    // A snapshot of an event that is not there (of another history) would make the next append leave a gap.
    sqlx::query_as(
        "WITH kept AS MATERIALIZED (
           SELECT last_sequence, state FROM es.snapshots s
           WHERE aggregate_type = $1 AND aggregate_id = $2 AND last_sequence <= $3 AND state_version = $4
             AND EXISTS (SELECT FROM es.events e WHERE (e.aggregate_type, e.aggregate_id, e.sequence)
                                                     = (s.aggregate_type, s.aggregate_id, s.last_sequence))
           ORDER BY last_sequence DESC LIMIT 1)
         SELECT sequence, event_type, event_version, payload AS content, metadata FROM es.events
         WHERE aggregate_type = $1 AND aggregate_id = $2 AND sequence <= $3
           AND sequence > coalesce((SELECT last_sequence FROM kept), 0)
         UNION ALL
         SELECT last_sequence, NULL, NULL, state, NULL FROM kept",
    )
    .bind(A::TYPE)
    .bind(id)
    .bind(to.unwrap_or(i64::MAX))
    .bind(state_version)
    .fetch_all(db)
    .await
}
