//! `GET /api/studies/{code}`: one study, its contents, sources and limits.

use axum::{Json, extract::State, http::StatusCode};
use domain::ports::SourceNote;
use serde::Serialize;
use utoipa::ToSchema;

use super::{StudyCard, specimen::SpecimenView};
use crate::{deps::Deps, problem, problem::Problem, request::Segment, shop};

/// A page of the report and its subject.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContentsLine {
    page: u32,
    title: &'static str,
}

/// A dataset behind the study, as loaded now.
#[derive(Debug, Serialize, ToSchema)]
pub struct StudySource {
    dataset: String,
    producteur: String,
    titre: String,
    millesime: String,
    licence: String,
    synthetique: bool,
}

impl From<SourceNote> for StudySource {
    fn from(note: SourceNote) -> Self {
        let SourceNote { dataset, producteur, titre, millesime, licence, synthetique } = note;
        Self { dataset, producteur, titre, millesime, licence, synthetique }
    }
}

/// A study in full.
#[derive(Debug, Serialize, ToSchema)]
pub struct StudyView {
    #[serde(flatten)]
    card: StudyCard,
    contents: Vec<ContentsLine>,
    /// Some drawings of the report; of an invented commune.
    specimens: Vec<SpecimenView>,
    sources: Vec<StudySource>,
    limits: Vec<&'static str>,
}

/// One study, its contents, sources and limits.
#[utoipa::path(
    get, path = "/api/studies/{code}", operation_id = "show_study", tag = "studies",
    params(("code" = String, Path, description = "Code of the study", example = "LOG-01")),
    responses(
        (status = 200, description = "The study", body = StudyView),
        (status = 404, description = "study.unknown", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, Segment(code): Segment) -> Result<Json<StudyView>, Problem> {
    let study = shop::study(&deps, &code).await?.ok_or_else(|| unknown(&code))?;
    let sources = deps.catalogue.sources(study.code).await?;
    let specimens = deps.catalogue.specimens(study.code).await?;
    let stats = projections::catalogue::query::all(&deps.read).await?;
    Ok(Json(StudyView {
        card: StudyCard::new(&study, &stats),
        contents: study.contents.iter().map(|&(page, title)| ContentsLine { page, title }).collect(),
        specimens: specimens.into_iter().map(|specimen| SpecimenView::new(study.code, specimen)).collect(),
        sources: sources.into_iter().map(StudySource::from).collect(),
        limits: study.limits.to_vec(),
    }))
}

fn unknown(code: &str) -> Problem {
    let shown: String = code.chars().filter(|c| !c.is_control()).take(20).collect();
    Problem::new(StatusCode::NOT_FOUND, "study.unknown", "Étude inconnue")
        .detail(format!("Aucune étude ne porte le code «\u{a0}{shown}\u{a0}». La liste est à la page /etudes."))
}
