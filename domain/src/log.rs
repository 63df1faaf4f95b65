//! The log: the union of all events, as a reader meets them, in one order.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{order::OrderEvent, reconciliation::ReconciliationEvent, report::ReportEvent};

/// Any event of LObsTer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Order(OrderEvent),
    Report(ReportEvent),
    Reconciliation(ReconciliationEvent),
}

/// What every event carries beside its payload. Ids only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    pub actor: String,
    pub correlation_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    pub command_id: String,
}

/// An event at its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Gapless place in the whole log, from 1.
    pub position: i64,
    pub event_id: Uuid,
    pub aggregate_id: Uuid,
    /// Gapless place in its stream, from 1.
    pub sequence: i64,
    pub event: Event,
    pub metadata: Metadata,
    pub recorded_at: DateTime<Utc>,
}

/// A stored event that this version of the code cannot read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("aggregate type {0:?} is unknown: this binary is older than the log")]
    Aggregate(String),
    #[error("event {event_type} version {version} of {aggregate} does not parse: {source}")]
    Payload { aggregate: String, event_type: String, version: String, source: serde_json::Error },
}

impl Event {
    /// Reads a stored event; older versions are upcast before they come here.
    ///
    /// # Errors
    /// When the aggregate is unknown or the payload does not fit its type.
    pub fn read(
        aggregate: &str,
        event_type: &str,
        version: &str,
        payload: serde_json::Value,
    ) -> Result<Self, Unreadable> {
        let failed = |source| Unreadable::Payload {
            aggregate: aggregate.to_owned(),
            event_type: event_type.to_owned(),
            version: version.to_owned(),
            source,
        };
        match aggregate {
            "order" => serde_json::from_value(payload).map(Self::Order).map_err(failed),
            "report" => serde_json::from_value(payload).map(Self::Report).map_err(failed),
            "reconciliation" => serde_json::from_value(payload).map(Self::Reconciliation).map_err(failed),
            other => Err(Unreadable::Aggregate(other.to_owned())),
        }
    }

    /// The stored type, e.g. `OrderPaid`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Order(event) => event.name(),
            Self::Report(event) => event.name(),
            Self::Reconciliation(event) => event.name(),
        }
    }
}
