//! `GET /api/orders/{id}/timeline?t=`: everything that happened to an order, in the order of the log.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use projections::order_timeline::query::{self, Entry};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    access::{self, Token},
    sentences::sentence,
    titles::title,
    wait::WaitFor,
};
use crate::{
    deps::Deps,
    problem,
    problem::Problem,
    request::{Params, Segment},
};

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// Place in the log.
    position: i64,
    event_id: Uuid,
    event_type: String,
    /// French, a few words.
    title: String,
    /// French: one sentence.
    text: String,
    /// `customer`, `stripe`, `brevo`, `system:…` or `staff:…`.
    actor: String,
    at: DateTime<Utc>,
    /// The event or command that led to this.
    #[schema(required = true)]
    caused_by: Option<String>,
    /// Amounts, counts and attempts that go with the type.
    detail: serde_json::Value,
}

impl From<Entry> for TimelineEntry {
    fn from(entry: Entry) -> Self {
        Self {
            position: entry.position,
            event_id: entry.event_id,
            title: title(&entry.event_type).to_owned(),
            text: sentence(&entry.event_type, &entry.detail),
            event_type: entry.event_type,
            actor: entry.actor,
            at: entry.at,
            caused_by: entry.caused_by,
            detail: entry.detail,
        }
    }
}

/// Oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeline {
    entries: Vec<TimelineEntry>,
}

/// Everything that happened to an order.
#[utoipa::path(
    get, path = "/api/orders/{id}/timeline", operation_id = "show_timeline", tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order"), Token, WaitFor),
    responses(
        (status = 200, description = "Oldest first", body = Timeline),
        (status = 400, description = "request.malformed", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "order.not_found", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    Segment(id): Segment,
    Params(token): Params<Token>,
    Params(wait): Params<WaitFor>,
) -> Result<Json<Timeline>, Problem> {
    let order = access::granted(&deps, &id, token).await?;
    wait.settled(&deps, &["order_timeline"]).await?;
    let entries = query::of_order(&deps.read, order, 0).await?;
    Ok(Json(Timeline { entries: entries.into_iter().map(TimelineEntry::from).collect() }))
}
