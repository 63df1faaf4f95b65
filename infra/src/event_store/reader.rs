//! Reading the log: batches by position, and the raw events of one order.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use cqrs_es::persist::SerializedEvent;
use domain::log::{Event, Recorded};
use domain::ports::{Log, LogError};
use serde::{Serialize, Serializer};
use serde_json::Value;
use sqlx::{FromRow, PgExecutor, PgPool};
use uuid::Uuid;

use super::leaf::{Hash, Leaf};
use super::{sealer, upcast};

/// Reads sealed events in the one order, brought to today's versions.
#[derive(Clone)]
pub struct PgLog {
    pool: PgPool,
}

/// An event exactly as it is stored.
#[derive(Debug, Clone, PartialEq, FromRow, Serialize)]
pub struct StoredEvent {
    /// Its place in the log; `None` until it is sealed, some milliseconds after the append.
    pub position: Option<i64>,
    /// Hint of the order of insertion; may have gaps.
    pub insert_pos: i64,
    pub event_id: Uuid,
    pub aggregate_type: String,
    pub aggregate_id: String,
    pub sequence: i64,
    pub event_type: String,
    pub event_version: String,
    pub payload: Value,
    pub metadata: Value,
    pub recorded_at: DateTime<Utc>,
    /// The hash under which it was sealed; in JSON, hexadecimal.
    #[serde(serialize_with = "hexadecimal")]
    pub leaf: Option<Vec<u8>>,
}

fn hexadecimal<S: Serializer>(leaf: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    leaf.as_ref().map(hex::encode).serialize(serializer)
}

impl StoredEvent {
    /// The hash of what is stored now, to be compared with [`StoredEvent::leaf`].
    pub(super) fn hash(&self) -> Result<Hash, serde_json::Error> {
        Leaf {
            aggregate_type: &self.aggregate_type,
            aggregate_id: &self.aggregate_id,
            sequence: self.sequence,
            event_type: &self.event_type,
            event_version: &self.event_version,
            recorded_at: self.recorded_at,
            payload: &self.payload,
            metadata: &self.metadata,
        }
        .hash()
    }

    pub(super) fn read(self) -> Result<Vec<Recorded>, LogError> {
        let position = self.position.unwrap_or_default();
        let malformed = |message: String| LogError::Malformed { position, message };
        let aggregate_id = self.aggregate_id.parse().map_err(|error: uuid::Error| malformed(error.to_string()))?;
        let metadata =
            serde_json::from_value(self.metadata.clone()).map_err(|error| malformed(format!("metadata: {error}")))?;
        let Self { event_id, sequence, recorded_at, .. } = self;
        let number = usize::try_from(sequence).map_err(|error| malformed(error.to_string()))?;
        upcast::upcast(vec![SerializedEvent::new(
            self.aggregate_id,
            number,
            self.aggregate_type,
            self.event_type,
            self.event_version,
            self.payload,
            self.metadata,
        )])
        .into_iter()
        .map(|stored| {
            let SerializedEvent { aggregate_type, event_type, event_version, payload, .. } = stored;
            let event = Event::read(&aggregate_type, &event_type, &event_version, payload)
                .map_err(|reason| LogError::Unreadable { position, reason })?;
            let metadata = Clone::clone(&metadata);
            Ok(Recorded { position, event_id, aggregate_id, sequence, event, metadata, recorded_at })
        })
        .collect()
    }
}

impl PgLog {
    /// Any role may read the log.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// Everything that happened to an order and its reports, as stored, sealed or not.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn of_order(&self, order: Uuid) -> sqlx::Result<Vec<StoredEvent>> {
        sqlx::query_as(
            "SELECT o.position, e.insert_pos, e.event_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type,
                    e.event_version, e.payload, e.metadata, e.recorded_at, o.leaf
             FROM es.events e LEFT JOIN es.event_order o ON o.insert_pos = e.insert_pos
             WHERE e.correlation_id = $1 ORDER BY o.position NULLS LAST, e.insert_pos",
        )
        .bind(order.to_string())
        .fetch_all(&self.pool)
        .await
    }
}

#[async_trait]
impl Log for PgLog {
    async fn read_after(&self, position: i64, limit: i64) -> Result<Vec<Recorded>, LogError> {
        let rows = stored_between(&self.pool, position, position.saturating_add(limit))
            .await
            .map_err(|error| LogError::Store(Box::new(error)))?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            match row.read() {
                Ok(read) => events.extend(read),
                // What comes before it is handed out first, so that readers stop exactly here.
                Err(error) if events.is_empty() => return Err(error),
                Err(_) => break,
            }
        }
        Ok(events)
    }
}

/// The stored events after position `after` up to `to`, in order.
pub(super) async fn stored_between<'c>(db: impl PgExecutor<'c>, after: i64, to: i64) -> sqlx::Result<Vec<StoredEvent>> {
    // The seals say in which range of insertion these events lie: without it the planner reads the whole table.
    // A seal never spans more than `BATCH` positions, which lets the index of last positions bound the seals to look at.
    sqlx::query_as(
        "SELECT o.position, e.insert_pos, e.event_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type,
                e.event_version, e.payload, e.metadata, e.recorded_at, o.leaf
         FROM (SELECT min(min_insert_pos) AS low, max(max_insert_pos) AS high FROM es.seal
               WHERE last_pos > $1 AND last_pos < $2::bigint + $3 AND first_pos <= $2) AS hint
         CROSS JOIN LATERAL (
           SELECT * FROM es.event_order WHERE position > $1 AND position <= $2) AS o
         JOIN es.events e ON e.insert_pos = o.insert_pos AND e.insert_pos BETWEEN hint.low AND hint.high
         ORDER BY o.position",
    )
    .bind(after)
    .bind(to)
    .bind(sealer::BATCH)
    .fetch_all(db)
    .await
}
