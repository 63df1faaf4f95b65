//! `GET /api/communes/{code}/eligibility`: which studies can be made for a commune, and which pages are dropped.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{deps::Deps, problem, problem::Problem, request::Segment, shop, views::Eligibility};

/// Every study's eligibility for one commune.
#[derive(Debug, Serialize, ToSchema)]
pub struct EligibilityView {
    /// INSEE code.
    commune: String,
    studies: Vec<Eligibility>,
}

/// Which studies can be made for a commune.
#[utoipa::path(
    get, path = "/api/communes/{code}/eligibility", operation_id = "show_eligibility", tag = "communes",
    params(("code" = String, Path, description = "INSEE code", example = "44109")),
    responses(
        (status = 200, description = "Every study, unavailable ones included", body = EligibilityView),
        (status = 404, description = "commune.unknown", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, Segment(code): Segment) -> Result<Json<EligibilityView>, Problem> {
    let page = super::find(&deps, &code).await?;
    let found = shop::eligibility(&deps, &code).await?;
    Ok(Json(EligibilityView {
        commune: page.commune.code,
        studies: found.into_iter().map(Eligibility::from).collect(),
    }))
}
