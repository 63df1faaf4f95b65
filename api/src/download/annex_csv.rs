//! `GET /r/{token}/chiffres.csv`: every figure of the report with its provenance, for a spreadsheet.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{
    Refusal, count, open,
    sheet::{Sheet, attached},
};
use crate::{deps::Deps, problem, request::Segment};

/// The figures of a report, for a spreadsheet.
#[utoipa::path(
    get, path = "/r/{token}/chiffres.csv", operation_id = "download_annex_csv", tag = "orders",
    params(("token" = String, Path, description = "As mailed")),
    responses(
        (status = 200, description = "One line per figure, in the order of the printed annex; UTF-8 with its mark, semicolons, decimal commas", content_type = "text/csv"),
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
    let table = (deps.spreadsheet)(&Sheet::of(&deps, &report).await?.read()?);
    count("csv");
    Ok((attached(&report, "csv", "text/csv; charset=utf-8"), table).into_response())
}
