//! `GET /api/audit/verify`: the whole log recomputed. A long log takes longer than a request may: `lobster es verify` then.

use axum::{Json, extract::State};

use super::Verdict;
use crate::{deps::Deps, operator::Operator, problem, problem::Problem};

/// Recompute the whole log and compare it with the signed heads.
#[utoipa::path(
    get, path = "/api/audit/verify", operation_id = "verify_log", tag = "audit",
    params(("Authorization" = String, Header, description = "Bearer, and the operator token")),
    responses(
        (status = 200, description = "What was found; a flaw is an answer", body = Verdict),
        (status = 401, description = "operator.unauthorized", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "route.unknown: no operator token is configured", body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "request.timeout: the log is too long for one request", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, _: Operator) -> Result<Json<Verdict>, Problem> {
    Ok(Json(deps.auditor.verify(None).await?))
}
