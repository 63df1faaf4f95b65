//! `GET /api/audit/heads`: the signed heads of the log.

use axum::{Json, extract::State};

use super::SignedHeads;
use crate::{deps::Deps, operator::Operator, problem, problem::Problem};

/// Signed heads of the log, and the key they are checked with.
#[utoipa::path(
    get, path = "/api/audit/heads", operation_id = "signed_heads", tag = "audit",
    params(("Authorization" = String, Header, description = "Bearer, and the operator token")),
    responses(
        (status = 200, description = "The oldest first", body = SignedHeads),
        (status = 401, description = "operator.unauthorized", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "route.unknown: no operator token is configured", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, _: Operator) -> Result<Json<SignedHeads>, Problem> {
    Ok(Json(deps.auditor.heads().await?))
}
