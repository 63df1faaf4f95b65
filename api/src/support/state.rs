//! `GET /api/audit/orders/{id}/state?at=`: what an order was at a point of its history.

use axum::{Json, extract::State};
use domain::history::{Past, Point, Stream};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{EventMark, not_found, order, point};
use crate::{
    deps::Deps,
    operator::Operator,
    problem,
    problem::Problem,
    request::{Params, Segment},
};

/// Up to where.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct At {
    /// The number of an event of the order (`5`), a position in the log (`@1200`), a time or `now`, the default.
    at: Option<String>,
}

/// An order of the past.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderState {
    /// The last event that counted; `null` where nothing had happened yet.
    #[schema(required = true)]
    last: Option<EventMark>,
    /// What decisions rested on then, folded from the stored events.
    state: serde_json::Value,
}

impl From<Past> for OrderState {
    fn from(past: Past) -> Self {
        Self { last: past.last.map(EventMark::from), state: past.state }
    }
}

/// What an order was at a point of its history.
#[utoipa::path(
    get, path = "/api/audit/orders/{id}/state", operation_id = "show_order_state", tag = "audit",
    params(("id" = uuid::Uuid, Path, description = "The order"), At),
    responses(
        (status = 200, description = "The state and the last event that counted", body = OrderState),
        (status = 401, description = "operator.unauthorized", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "order.not_found; route.unknown where no token is configured", body = problem::Body, content_type = "application/problem+json"),
        (status = 422, description = "request.invalid: no such point", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    _: Operator,
    State(deps): State<Deps>,
    Segment(id): Segment,
    Params(At { at }): Params<At>,
) -> Result<Json<OrderState>, Problem> {
    let at = point::read("at", at.as_deref(), Some(Point::Now))?;
    let past = deps.history.past(Stream::Order(order(&id)?), at).await?.ok_or_else(not_found)?;
    Ok(Json(OrderState::from(past)))
}
