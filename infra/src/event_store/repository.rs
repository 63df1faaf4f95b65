//! Where `cqrs-es` meets PostgreSQL: reads go through `postgres-es`, the append is ours.
//!
//! The append is one statement, so one round trip and one transaction: the events, the answer to remember under the
//! command's id, and the message from outside that caused it. Which unique constraint objects tells what happened:
//! another writer was faster, the command was handled before, or the message was.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::persist::{PersistedEventRepository, PersistenceError, ReplayStream, SerializedEvent, SerializedSnapshot};
use domain::ports::Notice;
use postgres_es::PostgresEventRepository;
use serde_json::Value;
use sqlx::{PgPool, Row as _};
use uuid::Uuid;

use super::{inbox, upcast};

/// The command or the message had been handled before; nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("handled before")]
pub(super) struct HandledBefore;

/// The repository of one command: what it appends carries the command's id and its message, if any.
pub(super) struct CommandRepository {
    pub pool: PgPool,
    pub reads: Arc<PostgresEventRepository>,
    pub command_id: String,
    pub notice: Option<(Notice, Uuid)>,
}

impl PersistedEventRepository for CommandRepository {
    async fn get_events<A: Aggregate>(&self, aggregate_id: &str) -> Result<Vec<SerializedEvent>, PersistenceError> {
        Ok(upcast::upcast(self.reads.get_events::<A>(aggregate_id).await?))
    }

    async fn get_last_events<A: Aggregate>(
        &self,
        aggregate_id: &str,
        last_sequence: usize,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        // postgres-es writes the number into the statement: one prepared statement per value.
        let rows = sqlx::query(
            "SELECT sequence, event_type, event_version, payload, metadata FROM es.events
             WHERE aggregate_type = $1 AND aggregate_id = $2 AND sequence > $3 ORDER BY sequence",
        )
        .bind(A::TYPE)
        .bind(aggregate_id)
        .bind(i64::try_from(last_sequence).map_err(unknown)?)
        .fetch_all(&self.pool)
        .await
        .map_err(failure)?;
        let events = rows.iter().map(|row| {
            Ok(SerializedEvent::new(
                aggregate_id.to_owned(),
                usize::try_from(row.try_get::<i64, _>("sequence").map_err(failure)?).map_err(unknown)?,
                A::TYPE.to_owned(),
                row.try_get("event_type").map_err(failure)?,
                row.try_get("event_version").map_err(failure)?,
                row.try_get("payload").map_err(failure)?,
                row.try_get("metadata").map_err(failure)?,
            ))
        });
        Ok(upcast::upcast(events.collect::<Result<_, PersistenceError>>()?))
    }

    /// None: `cqrs-es` would add the events of a commit twice to what it keeps. Our snapshots are read by [`super::load`].
    async fn get_snapshot<A: Aggregate>(&self, _: &str) -> Result<Option<SerializedSnapshot>, PersistenceError> {
        Ok(None)
    }

    async fn persist<A: Aggregate>(
        &self,
        events: &[SerializedEvent],
        _: Option<(String, Value, usize)>,
    ) -> Result<(), PersistenceError> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return Ok(());
        };
        let sequences = events.iter().map(|event| i64::try_from(event.sequence));
        let sequences: Vec<i64> = sequences.collect::<Result<_, _>>().map_err(unknown)?;
        let append = match &self.notice {
            None => sqlx::query(APPEND),
            Some(_) => sqlx::query(APPEND_ON_NOTICE),
        };
        let mut append = append
            .bind(A::TYPE)
            .bind(&first.aggregate_id)
            .bind(sequences)
            .bind(events.iter().map(|event| event.event_type.as_str()).collect::<Vec<_>>())
            .bind(events.iter().map(|event| event.event_version.as_str()).collect::<Vec<_>>())
            .bind(events.iter().map(|event| &event.payload).collect::<Vec<_>>())
            // One command, one map: cqrs-es copies it to each of its events.
            .bind(&last.metadata)
            .bind(&self.command_id);
        if let Some((notice, order)) = &self.notice {
            append = append
                .bind(notice.source)
                .bind(&notice.message_id)
                .bind(&notice.kind)
                .bind(order)
                .bind(inbox::HANDLED)
                .bind(&notice.body);
        }
        fail::fail_point!(if self.notice.is_some() { "before inbox row" } else { "before append" });
        append.execute(&self.pool).await.map_err(failure)?;
        fail::fail_point!(if self.notice.is_some() { "after inbox row" } else { "after append" });
        Ok(())
    }

    async fn stream_events<A: Aggregate>(&self, _: &str) -> Result<ReplayStream, PersistenceError> {
        Err(no_replay())
    }

    async fn stream_all_events<A: Aggregate>(&self) -> Result<ReplayStream, PersistenceError> {
        Err(no_replay())
    }
}

const APPEND: &str = "
    WITH answered AS (
      INSERT INTO es.command_log (command_id, aggregate_type, aggregate_id, first_sequence, last_sequence)
      SELECT $8, $1, $2, min(n), max(n) FROM unnest($3::bigint[]) AS n)
    INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
    SELECT $1, $2, sequence, event_type, event_version, payload, $7
    FROM unnest($3::bigint[], $4::text[], $5::text[], $6::jsonb[]) AS e (sequence, event_type, event_version, payload)
    ORDER BY sequence";

const APPEND_ON_NOTICE: &str = "
    WITH taken AS (
      INSERT INTO app.inbox (source, message_id, kind, order_id, outcome, body)
      VALUES ($9, $10, $11, $12, $13, $14)),
    answered AS (
      INSERT INTO es.command_log (command_id, aggregate_type, aggregate_id, first_sequence, last_sequence)
      SELECT $8, $1, $2, min(n), max(n) FROM unnest($3::bigint[]) AS n)
    INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
    SELECT $1, $2, sequence, event_type, event_version, payload, $7
    FROM unnest($3::bigint[], $4::text[], $5::text[], $6::jsonb[]) AS e (sequence, event_type, event_version, payload)
    ORDER BY sequence";

/// What a refusal of PostgreSQL means.
fn failure(error: sqlx::Error) -> PersistenceError {
    let refusal = error.as_database_error();
    match refusal.and_then(sqlx::error::DatabaseError::constraint) {
        Some("events_pkey") => PersistenceError::OptimisticLockError,
        Some("command_log_pkey" | inbox::KEY) => PersistenceError::UnknownError(Box::new(HandledBefore)),
        // Two appends that waited for each other: one of them was chosen, and may try again.
        _ if refusal.is_some_and(|refusal| refusal.code().as_deref() == Some("40P01")) => {
            PersistenceError::OptimisticLockError
        }
        _ => PersistenceError::ConnectionError(Box::new(error)),
    }
}

fn unknown(error: std::num::TryFromIntError) -> PersistenceError {
    PersistenceError::UnknownError(Box::new(error))
}

/// postgres-es ends a replay without a word when its connection breaks; the log has its own reader.
fn no_replay() -> PersistenceError {
    PersistenceError::UnknownError("replay goes through PgLog, which cannot stop short in silence".into())
}
