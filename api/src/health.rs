//! `/livez`, `/readyz`, `/metrics`: for the process's keepers.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    deps::Deps,
    request::{Client, no_route},
};

/// The process runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alive {
    status: &'static str,
}

/// The process answers.
#[utoipa::path(
    get, path = "/livez", operation_id = "live", tag = "operations",
    responses((status = 200, description = "The process answers", body = Alive))
)]
pub async fn live() -> Json<Alive> {
    Json(Alive { status: "ok" })
}

/// One part, and whether it works.
#[derive(Debug, Serialize, ToSchema)]
pub struct Part {
    name: &'static str,
    ready: bool,
    /// Shown on loopback only.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// Whether orders can be served now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    ready: bool,
    parts: Vec<Part>,
}

/// Whether orders can be served now, part by part.
#[utoipa::path(
    get, path = "/readyz", operation_id = "ready", tag = "operations",
    responses(
        (status = 200, description = "Every part works", body = Ready),
        (status = 503, description = "Some part does not", body = Ready),
    )
)]
pub async fn ready(State(deps): State<Deps>, client: Client) -> (StatusCode, Json<Ready>) {
    let shown = client.local || !deps.settings.production;
    let checks = deps.ready.checks().await;
    let ready = checks.iter().all(|check| check.ready);
    let parts = checks.into_iter().map(|check| Part {
        name: check.name,
        ready: check.ready,
        detail: check.detail.filter(|_| shown),
    });
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, parts: parts.collect() }))
}

/// Measures, in the text format of Prometheus. On loopback only in production.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "operations",
    responses(
        (status = 200, description = "Measures", body = String, content_type = "text/plain"),
        (status = 404, description = "route.unknown: not on loopback, or nothing is measured", body = crate::problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn metrics(State(deps): State<Deps>, client: Client) -> Response {
    match &deps.metrics {
        Some(handle) if client.local || !deps.settings.production => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
        }
        _ => no_route().into_response(),
    }
}
