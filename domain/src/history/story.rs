//! The story of an order: its events and those of its reports, each tied to what caused it and to what followed from it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::log::Metadata;

/// One event as the log tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// Place in the log; none until it is sealed.
    pub position: Option<i64>,
    pub event_id: Uuid,
    /// `order`, `report` …
    pub aggregate: String,
    pub aggregate_id: String,
    pub sequence: i64,
    pub event_type: String,
    /// The fields of the event.
    pub fields: Value,
    pub metadata: Metadata,
    pub recorded_at: DateTime<Utc>,
}

impl Told {
    /// Which attempt the event is about, where it is about one.
    #[must_use]
    pub fn attempt(&self) -> Option<u64> {
        let asked = || self.fields["failures"].as_array().map(|failures| failures.len() as u64 + 1);
        self.fields["attempt"].as_u64().or_else(asked)
    }
}

/// What led to an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Somebody acted: nothing of ours came before.
    Nothing,
    /// An event of the same story.
    Event(Uuid),
    /// A message or a command, by its id: `stripe:evt_…`.
    Outside(String),
}

/// An event in its story.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Happening {
    pub told: Told,
    pub cause: Cause,
    /// Time since the cause, where that is an event of the story.
    #[serde(serialize_with = "milliseconds", rename = "after_ms")]
    pub after: Option<TimeDelta>,
    /// The events that this one led to, in the order of the story.
    pub effects: Vec<Uuid>,
}

fn milliseconds<S: serde::Serializer>(after: &Option<TimeDelta>, serializer: S) -> Result<S::Ok, S::Error> {
    after.map(|after| after.num_milliseconds()).serialize(serializer)
}

/// Ties the events of one story, given in their order, to each other.
#[must_use]
pub fn linked(story: Vec<Told>) -> Vec<Happening> {
    let mut by_id = HashMap::new();
    // A command with several events: whoever it caused followed from the last.
    let mut by_command = HashMap::new();
    for (n, told) in story.iter().enumerate() {
        by_id.insert(told.event_id.to_string(), n);
        by_command.insert(told.metadata.command_id.clone(), n);
    }
    let caused_by: Vec<Option<usize>> = story
        .iter()
        .enumerate()
        .map(|(n, told)| {
            let cause = told.metadata.causation_id.as_deref()?;
            // A vendor's message is its own command: it caused this event, no event did.
            let command = (cause != told.metadata.command_id).then(|| by_command.get(cause)).flatten();
            by_id.get(cause).or(command).copied().filter(|cause| *cause != n)
        })
        .collect();
    let mut effects = vec![Vec::new(); story.len()];
    for (effect, cause) in caused_by.iter().enumerate() {
        if let Some(cause) = cause {
            effects[*cause].push(story[effect].event_id);
        }
    }
    let causes: Vec<(Cause, Option<TimeDelta>)> = story
        .iter()
        .zip(&caused_by)
        .map(|(told, cause)| match (cause, &told.metadata.causation_id) {
            (Some(cause), _) => {
                (Cause::Event(story[*cause].event_id), Some(told.recorded_at - story[*cause].recorded_at))
            }
            (None, Some(outside)) => (Cause::Outside(outside.clone()), None),
            (None, None) => (Cause::Nothing, None),
        })
        .collect();
    let parts = story.into_iter().zip(causes).zip(effects);
    parts.map(|((told, (cause, after)), effects)| Happening { told, cause, after, effects }).collect()
}
