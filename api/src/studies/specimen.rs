//! `GET /api/studies/{code}/specimens/{name}`: a drawing of a study, by its digest, for ever.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::ports::Specimen;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::{deps::Deps, problem, problem::Problem, request::no_route, shop};

/// The address names the content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const SVG: HeaderValue = HeaderValue::from_static("image/svg+xml");

/// A drawing as the reports of a study have it, made from an invented commune.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpecimenView {
    title: String,
    /// Unit and scope.
    measure: String,
    source: String,
    /// CSS pixels.
    width: f64,
    height: f64,
    /// SVG with a title and a description; relative to this site, never changes.
    url: String,
}

impl SpecimenView {
    /// `study` is the code of the study.
    pub fn new(study: &str, specimen: Specimen) -> Self {
        let url = format!("/api/studies/{study}/specimens/{}", name(&specimen));
        let Specimen { title, measure, source, width, height, .. } = specimen;
        Self { title, measure, source, width, height, url }
    }
}

/// A drawing of a study.
#[utoipa::path(
    get, path = "/api/studies/{code}/specimens/{name}", operation_id = "show_specimen", tag = "studies",
    params(
        ("code" = String, Path, description = "Code of the study", example = "LOG-01"),
        ("name" = String, Path, description = "As given by the study"),
    ),
    responses(
        (status = 200, description = "SVG, to be kept for ever", content_type = "image/svg+xml"),
        (status = 404, description = "specimen.unknown", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Problem> {
    let Path((code, wanted)) = path.map_err(|_| no_route())?;
    let study = shop::study(&deps, &code).await?.ok_or_else(unknown)?;
    let specimens = deps.catalogue.specimens(study.code).await?;
    let found = specimens.into_iter().find(|specimen| name(specimen) == wanted).ok_or_else(unknown)?;
    Ok(([(header::CONTENT_TYPE, SVG), (header::CACHE_CONTROL, FOR_EVER)], found.svg).into_response())
}

/// `ages-<first digits of the SHA-256>.svg`
fn name(specimen: &Specimen) -> String {
    let digest = hex::encode(Sha256::digest(&specimen.svg));
    format!("{}-{}.svg", specimen.key, digest.get(..16).unwrap_or_default())
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "specimen.unknown", "Illustration inconnue")
        .detail("Cette illustration a changé ou n’existe pas\u{a0}: rechargez la page de l’étude.")
}
