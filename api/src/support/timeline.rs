//! `GET /api/support/orders/{id}/timeline`: everything that happened to an order, with what caused it and what followed.
//!
//! The story is read from the log itself, so that it holds also while a read model is behind; the amounts and counts of
//! the sentences come from the customer's timeline, which leaves payment links and addresses out.

use std::collections::HashMap;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::history::{Cause, Happening};
use projections::order_timeline::query::{self, Entry};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{not_found, order};
use crate::{
    deps::Deps,
    operator::Operator,
    orders::{sentence, title},
    problem,
    problem::Problem,
    request::Segment,
};

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupportEntry {
    /// Place in the log; `null` until it is sealed.
    #[schema(required = true)]
    position: Option<i64>,
    event_id: Uuid,
    /// `order` or `report`.
    aggregate: String,
    sequence: i64,
    event_type: String,
    /// Key of the wording, frozen: `event.OrderPaid`.
    key: String,
    /// French, a few words.
    title: String,
    /// French: one sentence; empty for the seconds until the read model knows the event.
    text: String,
    /// `customer`, `stripe`, `brevo`, `system:…` or `staff:…`.
    actor: String,
    at: DateTime<Utc>,
    /// Milliseconds since the event that caused this one.
    #[schema(required = true)]
    after_ms: Option<i64>,
    /// Which attempt it is about, where it is about one.
    #[schema(required = true)]
    attempt: Option<u64>,
    /// The entry that caused this one.
    #[schema(required = true)]
    cause: Option<Uuid>,
    /// The message or command from outside that caused it, by its id.
    #[schema(required = true)]
    outside_cause: Option<String>,
    /// The entries that followed from it.
    effects: Vec<Uuid>,
    /// Amounts, counts and reasons that go with the type.
    detail: Value,
}

/// Oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupportTimeline {
    entries: Vec<SupportEntry>,
    /// Where the figures of the latest report are, as a spreadsheet and as data; relative to this site, empty before they
    /// are collected.
    figures: Vec<String>,
}

/// Everything that happened to an order, with causes and effects.
#[utoipa::path(
    get, path = "/api/support/orders/{id}/timeline", operation_id = "show_support_timeline", tag = "support",
    params(("id" = uuid::Uuid, Path, description = "The order")),
    responses(
        (status = 200, description = "Oldest first", body = SupportTimeline),
        (status = 401, description = "operator.unauthorized", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "order.not_found; route.unknown where no token is configured", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    _: Operator,
    State(deps): State<Deps>,
    Segment(id): Segment,
) -> Result<Json<SupportTimeline>, Problem> {
    let order = order(&id)?;
    let story = deps.history.story(order).await?;
    if story.is_empty() {
        return Err(not_found());
    }
    let shown = query::of_order(&deps.read, order, 0).await?;
    let mut details: HashMap<Uuid, Value> =
        shown.into_iter().map(|Entry { event_id, detail, .. }| (event_id, detail)).collect();
    let entries = story.into_iter().map(|happening| {
        let detail = details.remove(&happening.told.event_id);
        entry(happening, detail)
    });
    let entries: Vec<SupportEntry> = entries.collect();
    let collected = entries.iter().any(|entry| entry.event_type == "FactsCollected");
    let figures = ["csv", "json"].map(|format| format!("/api/support/orders/{order}/figures?format={format}"));
    Ok(Json(SupportTimeline { figures: if collected { figures.into() } else { Vec::new() }, entries }))
}

fn entry(Happening { told, cause, after, effects }: Happening, detail: Option<Value>) -> SupportEntry {
    let (cause, outside_cause) = match cause {
        Cause::Event(event) => (Some(event), None),
        Cause::Outside(message) => (None, Some(message)),
        Cause::Nothing => (None, None),
    };
    SupportEntry {
        attempt: told.attempt(),
        key: format!("event.{}", told.event_type),
        title: title(&told.event_type).to_owned(),
        text: detail.as_ref().map(|detail| sentence(&told.event_type, detail)).unwrap_or_default(),
        detail: detail.unwrap_or(Value::Null),
        position: told.position,
        event_id: told.event_id,
        aggregate: told.aggregate,
        sequence: told.sequence,
        event_type: told.event_type,
        actor: told.metadata.actor,
        at: told.recorded_at,
        after_ms: after.map(|after| after.num_milliseconds()),
        cause,
        outside_cause,
        effects,
    }
}
