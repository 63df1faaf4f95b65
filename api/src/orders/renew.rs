//! `POST /api/orders/{id}/link?t=`: a new link to the report, when the last has expired or is lost. One is live at a time,
//! and a new one is made once a day at most: asked again, the answer is the live one.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    order::OrderCommand,
    ports::{LinkKind, LinkState},
};
use projections::order_summary::query::OrderSummary;

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

/// How long a link opens the report.
const LINK_DAYS: Days = Days::new(30);
/// A live link younger than this is not replaced.
const YOUNG: TimeDelta = TimeDelta::days(1);

/// The order with a link that opens.
#[utoipa::path(
    post, path = "/api/orders/{id}/link", operation_id = "renew_link", tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order"), Token),
    responses(
        (status = 200, description = "The order, its link live for thirty days or as long as it was", body = OrderView),
        (status = 404, description = "order.not_found", body = problem::Body, content_type = "application/problem+json"),
        (status = 409, description = "link.closed: not delivered, refunded or disputed", body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "service.unavailable", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    Segment(id): Segment,
    Params(token): Params<Token>,
) -> Result<Json<OrderView>, Problem> {
    let order = access::granted(&deps, &id, token).await?;
    let order = view::summary(&deps, order).await?;
    let (id, last) = (order.order_id, order.link_number);
    if !order.may_download() || last == 0 {
        return Err(closed());
    }
    let now = deps.clock.now();
    if is_live(&deps, &order, now).await? {
        return Ok(Json(view::load(&deps, id).await?));
    }
    let number = u32::try_from(last + 1).map_err(|error| Problem::unexpected(&error))?;
    let expires_at = now + LINK_DAYS;
    let link = deps.links.open(id, LinkKind::Download, number, Some(expires_at)).await?;
    let context = access::by_customer(id, format!("link:{id}:{number}"));
    // Whoever asked at the same time opened the same link: its end is the one that was kept.
    let expires_at = link.expires_at.unwrap_or(expires_at);
    let issue = OrderCommand::IssueDownloadLink { number, expires_at };
    deps.commands.order(id, issue, context).await.map_err(refusal::refused)?;
    Ok(Json(view::load_when(&deps, id, |order| order.link_number > last).await?))
}

async fn is_live(deps: &Deps, order: &OrderSummary, now: DateTime<Utc>) -> Result<bool, Problem> {
    let number = u32::try_from(order.link_number).map_err(|error| Problem::unexpected(&error))?;
    let token = deps.links.derive(order.order_id, LinkKind::Download, number);
    let opens = matches!(deps.links.resolve(LinkKind::Download, &token, now).await?, LinkState::Open { .. });
    Ok(opens && order.link_issued_at.is_some_and(|issued| now - issued < YOUNG))
}

fn closed() -> Problem {
    Problem::new(StatusCode::CONFLICT, "link.closed", "Aucun lien ne peut être ouvert").detail(
        "Le rapport de cette commande n’est pas à télécharger\u{a0}: il n’est pas encore livré, ou la commande est \
         remboursée ou contestée.",
    )
}
