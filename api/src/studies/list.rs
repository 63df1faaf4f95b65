//! `GET /api/studies`: every study we sell.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{StudyCard, specimen::SpecimenView};
use crate::{deps::Deps, problem::Problem};

/// A study in the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedStudy {
    #[serde(flatten)]
    card: StudyCard,
    /// The first of its drawings.
    #[schema(required = true)]
    specimen: Option<SpecimenView>,
}

/// Every study, in the order of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct StudyList {
    studies: Vec<ListedStudy>,
}

/// Every study we sell, at today's price.
#[utoipa::path(
    get, path = "/api/studies", operation_id = "list_studies", tag = "studies",
    responses((status = 200, description = "In the order of the catalogue", body = StudyList))
)]
pub async fn handler(State(deps): State<Deps>) -> Result<Json<StudyList>, Problem> {
    let studies = deps.catalogue.studies().await?;
    let stats = projections::catalogue::query::all(&deps.read).await?;
    let mut listed = Vec::with_capacity(studies.len());
    for study in &studies {
        let first = deps.catalogue.specimens(study.code).await?.into_iter().next();
        let specimen = first.map(|specimen| SpecimenView::new(study.code, specimen));
        listed.push(ListedStudy { card: StudyCard::new(study, &stats), specimen });
    }
    Ok(Json(StudyList { studies: listed }))
}
