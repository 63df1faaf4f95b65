//! `GET /api/orders/{id}?t=`: an order as its customer sees it.

use std::sync::Arc;

use axum::{Extension, Json, extract::State};

use super::{
    access::{self, Token},
    look::{Looks, Return, look},
    view::{self, OrderView},
    wait::WaitFor,
};
use crate::{
    deps::Deps,
    problem,
    problem::Problem,
    request::{Params, Segment},
};

/// An order as its customer sees it.
#[utoipa::path(
    get, path = "/api/orders/{id}", operation_id = "show_order", tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order"), Token, Return, WaitFor),
    responses(
        (status = 200, description = "The order", body = OrderView),
        (status = 400, description = "request.malformed", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "order.not_found: no such order, or another token", body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "order.not_ready", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    Extension(looks): Extension<Arc<Looks>>,
    Segment(id): Segment,
    Params(token): Params<Token>,
    Params(back): Params<Return>,
    Params(wait): Params<WaitFor>,
) -> Result<Json<OrderView>, Problem> {
    let order = access::granted(&deps, &id, token).await?;
    if back.is_wanted() {
        look(&deps, &looks, &view::summary(&deps, order).await?).await;
    }
    wait.settled(&deps, &view::SHOWS).await?;
    Ok(Json(view::load(&deps, order).await?))
}
