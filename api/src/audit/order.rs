//! `GET /api/audit/orders/{id}/verify`: one order, with the seals and heads that cover it.

use axum::{Json, extract::State};
use uuid::Uuid;

use super::Verdict;
use crate::{
    deps::Deps,
    operator::Operator,
    problem,
    problem::Problem,
    request::{Segment, no_route},
};

/// Recompute the events of one order up to the signed heads that cover them.
#[utoipa::path(
    get, path = "/api/audit/orders/{id}/verify", operation_id = "verify_order", tag = "audit",
    params(
        ("id" = Uuid, Path, description = "The order"),
        ("Authorization" = String, Header, description = "Bearer, and the operator token"),
    ),
    responses(
        (status = 200, description = "What was found; a flaw is an answer", body = Verdict),
        (status = 401, description = "operator.unauthorized", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "route.unknown: no such order, or no operator token is configured", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, _: Operator, Segment(order): Segment) -> Result<Json<Verdict>, Problem> {
    let order = Uuid::try_parse(&order).map_err(|_| no_route())?;
    let verdict = deps.auditor.verify_order(order).await?;
    let known = verdict.events > 0 || verdict.unsealed > 0 || verdict.flaw.is_some();
    if known { Ok(Json(verdict)) } else { Err(no_route()) }
}
