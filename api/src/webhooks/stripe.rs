//! `POST /api/webhooks/stripe`: news of a payment. Authenticity over the raw bytes first, then one transaction, then 200.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
};
use domain::{
    command::Actor,
    order::{OrderCommand, OrderState},
    ports::{Notice, PaymentNews, WebhookRefusal},
};
use uuid::Uuid;

use super::{Received, act, note, received};
use crate::{deps::Deps, json::refused_body, problem, problem::Problem};

/// News of a payment.
#[utoipa::path(
    post, path = "/api/webhooks/stripe", operation_id = "receive_stripe", tag = "webhooks",
    request_body(content = String, description = "A Stripe event, signed", content_type = "application/json"),
    params(("Stripe-Signature" = String, Header, description = "HMAC over the raw body")),
    responses(
        (status = 200, description = "Kept; a repetition too", body = Received),
        (status = 400, description = "webhook.refused: bad, old or missing signature", body = problem::Body, content_type = "application/problem+json"),
        (status = 413, description = "request.too_large", body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "service.unavailable: send it again", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Received>, Problem> {
    let body = body.map_err(|rejection| refused_body(&rejection))?;
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    let news = deps.payment_webhooks.read(signature, &body, deps.clock.now()).map_err(refused)?;
    match news {
        PaymentNews::Session { notice, order, news } => match news.command() {
            Some(command) => tell(&deps, notice, order, command).await?,
            None => note(&deps, notice, "open").await?,
        },
        PaymentNews::Refund { notice, .. }
        | PaymentNews::Refunded { notice, .. }
        | PaymentNews::Dispute { notice, .. } => {
            note(&deps, notice, "waits").await?;
        }
        PaymentNews::Noted { notice, reason } => note(&deps, notice, reason).await?,
    }
    Ok(received())
}

async fn tell(deps: &Deps, notice: Notice, order: Uuid, command: OrderCommand) -> Result<(), Problem> {
    if deps.commands.load_order(order).await?.state() == OrderState::Unknown {
        let message = &notice.message_id;
        tracing::warn!(%order, %message, "Stripe told about order {order}, which does not exist: {message} is kept");
        return note(deps, notice, "unknown_order").await;
    }
    act(deps, notice, order, command, Actor::Stripe).await
}

fn refused(refusal: WebhookRefusal) -> Problem {
    metrics::counter!("lobster_webhooks_refused_total", "source" => "stripe").increment(1);
    tracing::warn!(%refusal, "a Stripe webhook was refused: {refusal}");
    Problem::new(StatusCode::BAD_REQUEST, "webhook.refused", "Message refusé")
        .detail("La signature est absente, fausse ou hors délai\u{a0}: vérifiez le secret du point d’accès et l’heure.")
}
