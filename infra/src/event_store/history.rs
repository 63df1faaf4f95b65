//! Looking back, from the stored events themselves: never from snapshots or read models, which could be wrong.

use async_trait::async_trait;
use domain::history::{Change, Difference, Happening, Mark, Past, Point, State, Stream, Told, linked};
use domain::log::Metadata;
use domain::ports::{History, LogError};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::reader::{PgLog, StoredEvent, stored_between};

/// The past of any order or report; any role may look.
#[derive(Clone)]
pub struct PgHistory {
    pool: PgPool,
}

impl PgHistory {
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// The order whose story holds this event; none when there is no such event.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn order_of(&self, event: Uuid) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar("SELECT correlation_id FROM es.events WHERE event_id = $1")
            .bind(event)
            .fetch_optional(&self.pool)
            .await
    }

    /// The stored events after a position, at most `limit`, in the order of the log.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn stored_after(&self, position: i64, limit: i64) -> sqlx::Result<Vec<StoredEvent>> {
        stored_between(&self.pool, position, position.saturating_add(limit)).await
    }

    async fn events(&self, stream: Stream) -> Result<Vec<StoredEvent>, LogError> {
        sqlx::query_as(
            "SELECT o.position, e.insert_pos, e.event_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type,
                    e.event_version, e.payload, e.metadata, e.recorded_at, o.leaf
             FROM es.events e LEFT JOIN es.event_order o ON o.insert_pos = e.insert_pos
             WHERE e.aggregate_type = $1 AND e.aggregate_id = $2 ORDER BY e.sequence",
        )
        .bind(stream.kind())
        .bind(stream.id().to_string())
        .fetch_all(&self.pool)
        .await
        .map_err(failure)
    }
}

#[async_trait]
impl History for PgHistory {
    async fn story(&self, order: Uuid) -> Result<Vec<Happening>, LogError> {
        let events = PgLog::new(self.pool.clone()).of_order(order).await.map_err(failure)?;
        Ok(linked(events.into_iter().map(told).collect::<Result<_, _>>()?))
    }

    async fn past(&self, stream: Stream, at: Point) -> Result<Option<Past>, LogError> {
        let events = self.events(stream).await?;
        if events.is_empty() {
            return Ok(None);
        }
        let mut walk = Walk::new(stream)?;
        for event in events.into_iter().take_while(|event| reached(event, at)) {
            walk.step(event)?;
        }
        Ok(Some(walk.past()))
    }

    async fn difference(&self, stream: Stream, from: Point, to: Point) -> Result<Option<Difference>, LogError> {
        let events = self.events(stream).await?;
        if events.is_empty() {
            return Ok(None);
        }
        let mut walk = Walk::new(stream)?;
        let mut events = events.into_iter().peekable();
        while let Some(event) = events.next_if(|event| reached(event, from)) {
            walk.step(event)?;
        }
        let from = walk.past();
        let mut changes = Vec::new();
        for event in events.take_while(|event| reached(event, to)) {
            let before = walk.shown.clone();
            let event = walk.step(event)?;
            changes.push(Change { event, patch: patch(&before, &walk.shown)? });
        }
        let to = walk.past();
        Ok(Some(Difference { patch: patch(&from.state, &to.state)?, from, to, changes }))
    }
}

/// A way through a history: the state so far, and the last event applied.
struct Walk {
    state: State,
    /// The state as JSON.
    shown: Value,
    last: Option<Mark>,
}

impl Walk {
    fn new(stream: Stream) -> Result<Self, LogError> {
        let state = stream.beginning();
        Ok(Self { shown: json(&state)?, state, last: None })
    }

    fn step(&mut self, event: StoredEvent) -> Result<Mark, LogError> {
        let mark = Mark {
            position: event.position,
            sequence: event.sequence,
            event_id: event.event_id,
            event_type: event.event_type.clone(),
            actor: event.metadata["actor"].as_str().unwrap_or_default().to_owned(),
            recorded_at: event.recorded_at,
        };
        for recorded in event.read()? {
            self.state.apply(recorded.event);
        }
        self.shown = json(&self.state)?;
        self.last = Some(mark.clone());
        Ok(mark)
    }

    fn past(&self) -> Past {
        Past { last: self.last.clone(), state: self.shown.clone() }
    }
}

fn reached(event: &StoredEvent, point: Point) -> bool {
    point.covers(event.sequence, event.position, event.recorded_at)
}

fn told(event: StoredEvent) -> Result<Told, LogError> {
    let position = event.position.unwrap_or_default();
    let metadata: Metadata = serde_json::from_value(event.metadata)
        .map_err(|error| LogError::Malformed { position, message: format!("metadata: {error}") })?;
    let fields = match event.payload {
        // The variant's name is the event's type, which is told already.
        Value::Object(variant) if variant.len() == 1 => variant.into_values().next().unwrap_or_default(),
        other => other,
    };
    let StoredEvent { position, event_id, aggregate_type, aggregate_id, sequence, event_type, recorded_at, .. } = event;
    Ok(Told {
        position,
        event_id,
        aggregate: aggregate_type,
        aggregate_id,
        sequence,
        event_type,
        fields,
        metadata,
        recorded_at,
    })
}

fn patch(before: &Value, after: &Value) -> Result<Value, LogError> {
    json(&json_patch::diff(before, after))
}

fn json(value: &impl serde::Serialize) -> Result<Value, LogError> {
    serde_json::to_value(value).map_err(|error| LogError::Store(Box::new(error)))
}

fn failure(error: sqlx::Error) -> LogError {
    LogError::Store(Box::new(error))
}
