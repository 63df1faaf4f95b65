//! Maps of an EPCI or a département: one small answer that names the document, and the document, whose address never
//! changes its content.

pub mod departement;
pub mod document;
pub mod epci;

use axum::http::StatusCode;
use domain::ports::{MapLevel, MapSheet};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{communes::map::MapKind, deps::Deps, problem::Problem};

/// Where a map is, and what must be printed beside it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapAddress {
    /// SIREN of the EPCI, or code of the département.
    code: String,
    kind: MapKind,
    /// Year of the Code officiel géographique.
    cog_annee: i32,
    /// French; to be printed.
    source: String,
    /// TopoJSON; it may be kept for ever.
    url: String,
    /// Bytes of the document before compression.
    bytes: i64,
}

/// The word for a level in addresses.
const fn word(level: MapLevel) -> &'static str {
    match level {
        MapLevel::Epci => "epci",
        MapLevel::Departement => "departements",
    }
}

/// Where the present map of a zone is, or 404.
async fn address(deps: &Deps, level: MapLevel, code: String) -> Result<MapAddress, Problem> {
    let sheet = if is_code(&code) { deps.territories.map_sheet(level, &code).await? } else { None };
    let Some(MapSheet { digest, kind, annee, source, bytes }) = sheet else { return Err(unknown()) };
    let url = format!("/api/maps/{}/{code}/{annee}-{digest}.topojson", word(level));
    let kind = if kind == "contours" { MapKind::Contours } else { MapKind::Schematique };
    Ok(MapAddress { code, kind, cog_annee: annee, source, url, bytes })
}

/// Codes hold digits and, in Corsica, a letter.
fn is_code(text: &str) -> bool {
    (2..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "map.unknown", "Carte inconnue").detail(
        "Aucune carte n’est disponible pour ce territoire. Vérifiez son code, ou choisissez une commune par son nom.",
    )
}
