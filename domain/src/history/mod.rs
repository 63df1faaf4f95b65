//! Looking back: what an order or a report was at any point of its history, which event changed what, and what led to
//! what. Pure; where the events come from is the business of [`crate::ports::History`].

mod point;
mod story;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use cqrs_es::Aggregate as _;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

pub use point::{NoPoint, Point};
pub use story::{Cause, Happening, Told, linked};

use crate::{log::Event, order::Order, report::Report};

/// One aggregate and all that happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Order(Uuid),
    Report(Uuid),
}

impl Stream {
    /// The stored aggregate type.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Order(_) => Order::TYPE,
            Self::Report(_) => Report::TYPE,
        }
    }

    #[must_use]
    pub fn id(self) -> Uuid {
        let (Self::Order(id) | Self::Report(id)) = self;
        id
    }

    /// The state before anything happened.
    #[must_use]
    pub fn beginning(self) -> State {
        match self {
            Self::Order(_) => State::Order(Box::default()),
            Self::Report(_) => State::Report(Box::default()),
        }
    }
}

/// An aggregate as its events made it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum State {
    Order(Box<Order>),
    Report(Box<Report>),
}

impl State {
    /// Applies what happened next; an event of another aggregate changes nothing.
    pub fn apply(&mut self, event: Event) {
        match (self, event) {
            (Self::Order(order), Event::Order(event)) => order.apply(event),
            (Self::Report(report), Event::Report(event)) => report.apply(event),
            _ => {}
        }
    }
}

/// An event, as far as it must be known to be found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Place in the log; none until it is sealed.
    pub position: Option<i64>,
    /// Place in its stream.
    pub sequence: i64,
    pub event_id: Uuid,
    pub event_type: String,
    pub actor: String,
    pub recorded_at: DateTime<Utc>,
}

/// A state of the past.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Past {
    /// The last event applied; none where nothing had happened yet.
    pub last: Option<Mark>,
    pub state: Value,
}

/// What one event changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    pub event: Mark,
    /// RFC 6902; empty where no decision rests on the event.
    pub patch: Value,
}

/// What happened between two points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    pub from: Past,
    pub to: Past,
    /// RFC 6902: applied to the first state it gives the second.
    pub patch: Value,
    /// Event by event, oldest first.
    pub changes: Vec<Change>,
}
