//! Every route, and what stands around all of them.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::any,
};
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    audit, communes, datasets, deps::Deps, docs, download, headers, health, limits, maps, memory::Remembering,
    openapi::Document, orders, problem::Problem, request::no_route, site, studies, support, trace, webhooks,
};

/// The routes of the API, each with its description.
pub(crate) fn described() -> OpenApiRouter<Deps> {
    let from_vendors = OpenApiRouter::new()
        .routes(routes!(webhooks::stripe::handler))
        .routes(routes!(webhooks::brevo::handler))
        .layer(DefaultBodyLimit::max(limits::WEBHOOK_BYTES));
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(communes::search::handler))
        .routes(routes!(communes::show::handler))
        .routes(routes!(communes::eligibility::handler))
        .routes(routes!(datasets::handler))
        .routes(routes!(maps::epci::handler))
        .routes(routes!(maps::departement::handler))
        .routes(routes!(maps::document::handler))
        .routes(routes!(studies::list::handler))
        .routes(routes!(studies::show::handler))
        .routes(routes!(studies::specimen::handler))
        .routes(routes!(orders::place::handler))
        .routes(routes!(orders::show::handler))
        .routes(routes!(orders::timeline::handler))
        .routes(routes!(orders::events::handler))
        .routes(routes!(orders::pay::handler))
        .routes(routes!(orders::cancel::handler))
        .routes(routes!(orders::renew::handler))
        .routes(routes!(support::timeline::handler))
        .routes(routes!(support::state::handler))
        .routes(routes!(support::diff::handler))
        .routes(routes!(support::figures::handler))
        .routes(routes!(download::report::handler))
        .routes(routes!(download::annex_csv::handler))
        .routes(routes!(download::annex_json::handler))
        .routes(routes!(audit::heads::handler))
        .routes(routes!(audit::consistency::handler))
        .routes(routes!(audit::verify::handler))
        .routes(routes!(audit::order::handler))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .merge(from_vendors)
}

/// The whole service: API, follow-up links, front end. Serve it with
/// `into_make_service_with_connect_info::<SocketAddr>()`, so that it knows who asks.
pub fn router(deps: Deps) -> Router {
    let deps = Deps { catalogue: Arc::new(Remembering::new(deps.catalogue)), ..deps };
    let (api, _) = described().split_for_parts();
    api.merge(docs::routes(&deps))
        .route("/api/{*rest}", any(async || no_route()))
        .merge(site::routes(&deps))
        .method_not_allowed_fallback(wrong_method)
        .layer(Extension(Arc::<orders::look::Looks>::default()))
        .layer(from_fn(limits::in_time))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(deps.clone(), headers::protect))
        .layer(from_fn_with_state(deps.clone(), trace::trace))
        .with_state(deps)
}

async fn wrong_method(request: Request) -> Response {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "request.method", "Méthode non acceptée")
        .detail(format!("Cette adresse n’accepte pas la méthode {}.", request.method()))
        .into_response()
}
