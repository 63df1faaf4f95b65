//! `GET /api/audit/orders/{id}/diff?from=&to=`: what became of an order between two points, event by event.

use axum::{Json, extract::State};
use domain::history::{Change, Difference, Point, Stream};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{EventMark, not_found, order, point, state::OrderState};
use crate::{
    deps::Deps,
    operator::Operator,
    problem,
    problem::Problem,
    request::{Params, Segment},
};

/// Between which points.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Between {
    /// The earlier point: the number of an event of the order (`5`), a position in the log (`@1200`), a time.
    #[param(required = true, value_type = String)]
    from: Option<String>,
    /// The later point; default: `now`.
    to: Option<String>,
}

/// What one event changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderChange {
    event: EventMark,
    /// RFC 6902; empty where no decision rests on the event.
    patch: serde_json::Value,
}

/// What happened between two points.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderDiff {
    from: OrderState,
    to: OrderState,
    /// RFC 6902: applied to the first state it gives the second.
    patch: serde_json::Value,
    /// Oldest first.
    changes: Vec<OrderChange>,
}

impl From<Difference> for OrderDiff {
    fn from(found: Difference) -> Self {
        let changed = |Change { event, patch }| OrderChange { event: EventMark::from(event), patch };
        Self {
            from: OrderState::from(found.from),
            to: OrderState::from(found.to),
            patch: found.patch,
            changes: found.changes.into_iter().map(changed).collect(),
        }
    }
}

/// What became of an order between two points of its history.
#[utoipa::path(
    get, path = "/api/audit/orders/{id}/diff", operation_id = "show_order_diff", tag = "audit",
    params(("id" = uuid::Uuid, Path, description = "The order"), Between),
    responses(
        (status = 200, description = "Both states, and what each event between them changed", body = OrderDiff),
        (status = 401, description = "operator.unauthorized", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "order.not_found; route.unknown where no token is configured", body = problem::Body, content_type = "application/problem+json"),
        (status = 422, description = "request.invalid: no such point", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    _: Operator,
    State(deps): State<Deps>,
    Segment(id): Segment,
    Params(Between { from, to }): Params<Between>,
) -> Result<Json<OrderDiff>, Problem> {
    let from = point::read("from", from.as_deref(), None)?;
    let to = point::read("to", to.as_deref(), Some(Point::Now))?;
    let found = deps.history.difference(Stream::Order(order(&id)?), from, to).await?;
    Ok(Json(OrderDiff::from(found.ok_or_else(not_found)?)))
}
