//! `GET /api/studies`: every study we sell.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::StudyCard;
use crate::{deps::Deps, problem::Problem};

/// Every study, in the order of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct StudyList {
    studies: Vec<StudyCard>,
}

/// Every study we sell, at today's price.
#[utoipa::path(
    get, path = "/api/studies", operation_id = "list_studies", tag = "studies",
    responses((status = 200, description = "In the order of the catalogue", body = StudyList))
)]
pub async fn handler(State(deps): State<Deps>) -> Result<Json<StudyList>, Problem> {
    let studies = deps.catalogue.studies().await?;
    let stats = projections::catalogue::query::all(&deps.read).await?;
    Ok(Json(StudyList { studies: studies.iter().map(|study| StudyCard::new(study, &stats)).collect() }))
}
