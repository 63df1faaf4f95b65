//! `POST /api/orders/{id}/cancel?t=`: the customer gives up before paying; asked twice, the same answer.

use axum::{Json, extract::State};
use domain::order::OrderCommand;

use super::{
    access::{self, Token},
    refusal,
    view::{self, OrderView},
};
use crate::{
    deps::Deps,
    problem,
    problem::Problem,
    request::{Params, Segment},
};

/// The order is cancelled: its payment page is closed, and money that comes all the same goes back.
#[utoipa::path(
    post, path = "/api/orders/{id}/cancel", operation_id = "cancel_order", tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order"), Token),
    responses(
        (status = 200, description = "The cancelled order; a repetition too", body = OrderView),
        (status = 404, description = "order.not_found", body = problem::Body, content_type = "application/problem+json"),
        (status = 409, description = "payment.under_way or order.already_paid", body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "service.unavailable", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    Segment(id): Segment,
    Params(token): Params<Token>,
) -> Result<Json<OrderView>, Problem> {
    let order = access::granted(&deps, &id, token).await?;
    let context = access::by_customer(order, format!("cancel:{order}"));
    let cancel = OrderCommand::Cancel { by: "customer".to_owned() };
    deps.commands.order(order, cancel, context).await.map_err(refusal::refused)?;
    Ok(Json(view::load_when(&deps, order, |order| order.status == "cancelled").await?))
}
