//! `GET /api/communes/{code}`: a commune, six key figures, its map, and the studies that can be made for it.

use axum::{Json, extract::State};
use domain::ports::{EpciRef, StudySheet};
use serde::Serialize;
use utoipa::ToSchema;

use super::map::MapView;
use crate::{
    deps::Deps,
    problem,
    problem::Problem,
    request::Segment,
    shop,
    studies::pages,
    views::{Eligibility, FactView, Price, Zone},
};

/// The intercommunality of a commune.
#[derive(Debug, Serialize, ToSchema)]
pub struct Epci {
    siren: String,
    nom: String,
    nb_communes: i64,
}

impl From<EpciRef> for Epci {
    fn from(EpciRef { siren, nom, nb_communes }: EpciRef) -> Self {
        Self { siren, nom, nb_communes }
    }
}

/// A study, as offered for this commune.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offer {
    code: &'static str,
    title: &'static str,
    promise: &'static str,
    pages: u32,
    price: Price,
    eligibility: Eligibility,
}

/// A commune in full.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommuneView {
    code: String,
    nom: String,
    departement: Zone,
    region: Zone,
    #[schema(required = true)]
    epci: Option<Epci>,
    #[schema(required = true)]
    population: Option<i64>,
    codes_postaux: Vec<String>,
    /// Year of the Code officiel géographique.
    cog_annee: i32,
    /// Whether the open data of its département are loaded.
    loaded: bool,
    /// Six key figures, unavailable ones included.
    facts: Vec<FactView>,
    #[schema(required = true)]
    map: Option<MapView>,
    studies: Vec<Offer>,
    /// Some figure shown here comes from generated data.
    specimen: bool,
}

/// A commune, six key figures, its map, and the studies that can be made for it.
#[utoipa::path(
    get, path = "/api/communes/{code}", operation_id = "show_commune", tag = "communes",
    params(("code" = String, Path, description = "INSEE code", example = "44109")),
    responses(
        (status = 200, description = "The commune", body = CommuneView),
        (status = 404, description = "commune.unknown", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, Segment(code): Segment) -> Result<Json<CommuneView>, Problem> {
    let page = super::find(&deps, &code).await?;
    let (figures, map, studies, eligibility) = tokio::try_join!(
        shop::key_figures(&deps, &code),
        deps.territories.map_around(&code),
        deps.catalogue.studies(),
        shop::eligibility(&deps, &code),
    )?;
    let sources = shop::all_sources(&deps, &studies).await?;
    let specimen = figures.facts.iter().any(|fact| fact.prov.synthetic);
    let offers = studies.into_iter().filter_map(|study| {
        let found = eligibility.iter().find(|found| found.study == study.code)?;
        Some(offer(&study, found.clone().into()))
    });
    Ok(Json(CommuneView {
        studies: offers.collect(),
        code: page.commune.code,
        nom: page.commune.nom,
        departement: page.commune.departement.into(),
        region: page.region.into(),
        epci: page.epci.map(Epci::from),
        population: page.commune.population,
        codes_postaux: page.commune.codes_postaux,
        cog_annee: page.cog_annee,
        loaded: page.loaded,
        facts: figures.facts.into_iter().map(|fact| FactView::new(fact, &sources)).collect(),
        map: map.map(|map| MapView::new(map, figures.map.as_ref())),
        specimen,
    }))
}

fn offer(study: &StudySheet, eligibility: Eligibility) -> Offer {
    Offer {
        code: study.code,
        title: study.title,
        promise: study.promise,
        pages: pages(study),
        price: Price::from(&study.price),
        eligibility,
    }
}
