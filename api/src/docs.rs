//! `/api/openapi.json` for everybody, `/api/docs` for us: a browsable view of it, from our own binary, on loopback only in
//! production.

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    deps::Deps,
    openapi,
    request::{Client, no_route},
};

/// Both addresses.
pub fn routes(deps: &Deps) -> Router<Deps> {
    let pages = SwaggerUi::new("/api/docs").config(Config::from("/api/openapi.json"));
    Router::from(pages).layer(from_fn_with_state(deps.clone(), for_operators)).route("/api/openapi.json", get(document))
}

async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], openapi::openapi_json())
}

async fn for_operators(State(deps): State<Deps>, client: Client, request: Request, next: Next) -> Response {
    if deps.settings.production && !client.local {
        return no_route().into_response();
    }
    next.run(request).await
}
