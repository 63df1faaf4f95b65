//! `GET /r/{token}`: the report itself. Each click makes a storage link of fifteen minutes.

use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Refusal, count, open};
use crate::{deps::Deps, problem, problem::Problem, request::Segment};

const STORAGE_LINK: Duration = Duration::from_secs(15 * 60);

/// A report, by the link that was mailed.
#[utoipa::path(
    get, path = "/r/{token}", operation_id = "download_report", tag = "orders",
    params(("token" = String, Path, description = "As mailed")),
    responses(
        (status = 302, description = "To the report, for fifteen minutes", headers(("Location" = String, description = "Signed storage link"))),
        (status = 403, description = "link.suspended: the payment is disputed; a page for a browser", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "link.unknown; a page for a browser", body = problem::Body, content_type = "application/problem+json"),
        (status = 410, description = "link.expired, link.revoked or link.refunded; a page for a browser", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    headers: HeaderMap,
    Segment(token): Segment,
) -> Result<Response, Refusal> {
    let report = open(&deps, &headers, &token).await?;
    let key = report.storage_key.as_deref().ok_or_else(Problem::unavailable)?;
    let address = deps.storage.link(key, STORAGE_LINK).await?;
    count("pdf");
    Ok((StatusCode::FOUND, [(header::LOCATION, address)]).into_response())
}
