//! `GET /r/{token}/chiffres.json`: the fact sheet itself, as it was stored: its SHA-256 is the one in the log.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName},
    response::{IntoResponse, Response},
};

use super::{
    Refusal, count, open,
    sheet::{Sheet, attached},
};
use crate::{deps::Deps, problem, request::Segment};

const DIGEST: HeaderName = HeaderName::from_static("x-content-sha256");

/// The figures of a report, as data.
#[utoipa::path(
    get, path = "/r/{token}/chiffres.json", operation_id = "download_annex_json", tag = "orders",
    params(("token" = String, Path, description = "As mailed")),
    responses(
        (status = 200, description = "The fact sheet in canonical JSON (RFC 8785)", content_type = "application/json",
         headers(("X-Content-SHA256" = String, description = "As in the event FactsCollected"))),
        (status = 403, description = "link.suspended", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "link.unknown", body = problem::Body, content_type = "application/problem+json"),
        (status = 410, description = "link.expired, link.revoked or link.refunded", body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "service.unavailable", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    headers: HeaderMap,
    Segment(token): Segment,
) -> Result<Response, Refusal> {
    let report = open(&deps, &headers, &token).await?;
    let Sheet { bytes, sha256 } = Sheet::of(&deps, &report).await?;
    count("json");
    Ok((attached(&report, "json", "application/json"), [(DIGEST, sha256)], bytes).into_response())
}
