//! `GET /api/maps/epci/{code}`: where the map of the communes of a EPCI is.

use axum::{Json, extract::State};
use domain::ports::MapLevel;

use super::MapAddress;
use crate::{deps::Deps, problem, problem::Problem, request::Segment};

/// Where the map of the communes of a EPCI is.
#[utoipa::path(
    get, path = "/api/maps/epci/{code}", operation_id = "map_of_epci", tag = "communes",
    params(("code" = String, Path, description = "SIREN of the EPCI", example = "244400404")),
    responses(
        (status = 200, description = "The address of the TopoJSON document", body = MapAddress),
        (status = 404, description = "map.unknown", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, Segment(code): Segment) -> Result<Json<MapAddress>, Problem> {
    super::address(&deps, MapLevel::Epci, code).await.map(Json)
}
