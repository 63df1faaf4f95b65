//! `POST /api/orders/{id}/checkout?t=`: the customer pays after all; asked twice, the same page.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::{self, Token},
    checkout, refusal,
    status::OrderStatus,
    view,
};
use crate::{
    deps::Deps,
    problem,
    problem::Problem,
    request::{Params, Segment},
};

/// Where to pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentPage {
    payment_url: String,
}

/// A page to pay on: the open one, or a new one when the last expired or its payment failed.
#[utoipa::path(
    post, path = "/api/orders/{id}/checkout", operation_id = "pay_order", tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order"), Token),
    responses(
        (status = 200, description = "Where to pay", body = PaymentPage),
        (status = 404, description = "order.not_found", body = problem::Body, content_type = "application/problem+json"),
        (status = 409, description = "payment.under_way, order.cancelled or order.already_paid", body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "payment.unavailable: ask again", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    Segment(id): Segment,
    Params(token): Params<Token>,
) -> Result<Json<PaymentPage>, Problem> {
    let order = access::granted(&deps, &id, token).await?;
    let order = view::summary(&deps, order).await?;
    let payment_url = match OrderStatus::read(&order.status)? {
        OrderStatus::Pending | OrderStatus::Expired => checkout::again(&deps, &order).await?,
        OrderStatus::Awaiting => return Err(refusal::under_way()),
        OrderStatus::Cancelled => return Err(refusal::cancelled()),
        OrderStatus::Paid
        | OrderStatus::Held
        | OrderStatus::Delivered
        | OrderStatus::Failed
        | OrderStatus::Refunded => return Err(refusal::paid()),
    };
    Ok(Json(PaymentPage { payment_url }))
}
