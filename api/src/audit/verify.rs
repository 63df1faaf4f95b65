//! `GET /api/audit/verify?from=`: the log recomputed, as far as one request has time, and where to go on.

use std::time::Duration;

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Verdict;
use crate::{deps::Deps, operator::Operator, problem, problem::Problem, request::Params};

/// What one request may take; this lies well below the limit of an answer, because a stretch may be slower than the last.
const LIMIT: Duration = Duration::from_secs(15);

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// `next` of the answer before; default: the beginning.
    from: Option<String>,
}

/// Recompute the log and compare it with the signed heads. A long log takes several requests: as long as an answer has
/// `next`, ask again with it as `from`. Each goes on from exactly the hash that the one before reached.
#[utoipa::path(
    get, path = "/api/audit/verify", operation_id = "verify_log", tag = "audit",
    params(("Authorization" = String, Header, description = "Bearer, and the operator token"), From),
    responses(
        (status = 200, description = "What was found; a flaw is an answer", body = Verdict),
        (status = 401, description = "operator.unauthorized", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "route.unknown: no operator token is configured", body = problem::Body, content_type = "application/problem+json"),
        (status = 422, description = "request.invalid: from is not what an earlier answer said", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    _: Operator,
    Params(From { from }): Params<From>,
) -> Result<Json<Verdict>, Problem> {
    let verdict = deps.auditor.verify_log(from.as_deref(), LIMIT).await?;
    verdict.map(Json).ok_or_else(|| {
        Problem::invalid_field("from", "point", "Donnez le champ next de la réponse précédente, tel quel.")
    })
}
