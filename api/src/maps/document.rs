//! `GET /api/maps/{level}/{code}/{year}-{digest}.topojson`: a map by its digest, for ever.

use std::io::Read as _;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::ports::MapLevel;

use crate::{deps::Deps, problem, problem::Problem, request::no_route};

/// The address names the content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const TOPOJSON: HeaderValue = HeaderValue::from_static("application/json");

/// A TopoJSON document: one object `communes` whose ids are INSEE codes, in degrees, arcs shared by neighbours.
#[utoipa::path(
    get, path = "/api/maps/{level}/{code}/{name}", operation_id = "map_document", tag = "communes",
    params(
        ("level" = String, Path, description = "epci or departements"),
        ("code" = String, Path, description = "SIREN or département"),
        ("name" = String, Path, description = "As given by the address of the map"),
    ),
    responses(
        (status = 200, description = "TopoJSON, to be kept for ever", content_type = "application/json"),
        (status = 404, description = "map.unknown", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    path: Result<Path<(String, String, String)>, axum::extract::rejection::PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((level, code, name)) = path.map_err(|_| no_route())?;
    let level = match level.as_str() {
        "epci" => MapLevel::Epci,
        "departements" => MapLevel::Departement,
        _ => return Err(no_route()),
    };
    let digest = digest(&name).filter(|_| super::is_code(&code)).ok_or_else(super::unknown)?;
    let packed = deps.territories.map_document(level, &code, digest).await?.ok_or_else(super::unknown)?;
    let kept = [(header::CONTENT_TYPE, TOPOJSON), (header::CACHE_CONTROL, FOR_EVER)];
    let vary = [(header::VARY, HeaderValue::from_static("accept-encoding"))];
    if takes_brotli(&headers) {
        let packing = [(header::CONTENT_ENCODING, HeaderValue::from_static("br"))];
        return Ok((kept, vary, packing, packed).into_response());
    }
    Ok((kept, vary, unpack(&packed)?).into_response())
}

/// `2025-<64 hexadecimal digits>.topojson`
fn digest(name: &str) -> Option<&str> {
    let (year, digest) = name.strip_suffix(".topojson")?.split_once('-')?;
    let year_like = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let hexadecimal = digest.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (year_like && digest.len() == 64 && hexadecimal).then_some(digest)
}

/// Browsers do, over HTTPS; an explicit `q=0` refuses.
fn takes_brotli(headers: &HeaderMap) -> bool {
    let offers = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    offers.flat_map(|offer| offer.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |weight: &str| weight.strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br")) && !parts.any(refused)
    })
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut document = Vec::new();
    brotli::Decompressor::new(packed, 4096).read_to_end(&mut document).map_err(|error| Problem::unexpected(&error))?;
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_of_a_map_is_read() {
        let hash = "0a".repeat(32);
        assert_eq!(digest(&format!("2025-{hash}.topojson")), Some(hash.as_str()));
        for name in [
            format!("2025-{hash}"),
            format!("{hash}.topojson"),
            "2025-../x.topojson".to_owned(),
            format!("2025-{}.topojson", hash.to_uppercase()),
        ] {
            assert_eq!(digest(&name), None, "{name}");
        }
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        let asked = |value: &'static str| {
            takes_brotli(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert!(asked("gzip, deflate, br, zstd") && asked("BR;q=0.5"));
        assert!(!asked("gzip") && !asked("br;q=0") && !asked("br;q=0.000, gzip") && !takes_brotli(&HeaderMap::new()));
    }
}
