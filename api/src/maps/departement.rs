//! `GET /api/maps/departements/{code}`: where the map of the communes of a département is.

use axum::{Json, extract::State};
use domain::ports::MapLevel;

use super::MapAddress;
use crate::{deps::Deps, problem, problem::Problem, request::Segment};

/// Where the map of the communes of a département is.
#[utoipa::path(
    get, path = "/api/maps/departements/{code}", operation_id = "map_of_departement", tag = "communes",
    params(("code" = String, Path, description = "INSEE code of the département", example = "44")),
    responses(
        (status = 200, description = "The address of the TopoJSON document", body = MapAddress),
        (status = 404, description = "map.unknown", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, Segment(code): Segment) -> Result<Json<MapAddress>, Problem> {
    super::address(&deps, MapLevel::Departement, code).await.map(Json)
}
