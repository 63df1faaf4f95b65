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
use projections::order_payment::query::by_payment;
use uuid::Uuid;

use super::{Meaning, Received, WAITS, received, take};
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
    let (notice, meaning) = understood(&deps, news).await?;
    take(&deps, notice, meaning, Actor::Stripe).await?;
    Ok(received())
}

async fn understood(deps: &Deps, news: PaymentNews) -> Result<(Notice, Meaning), Problem> {
    Ok(match news {
        PaymentNews::Session { notice, order, news } => {
            let meaning = match news.command() {
                Some(command) => of_session(deps, &notice, order, command).await?,
                None => Meaning::Noted("open"),
            };
            (notice, meaning)
        }
        PaymentNews::Refund { notice, refund } => {
            let order = by_payment(&deps.read, &refund.payment).await?;
            (notice, Meaning::told(order, OrderCommand::RecordRefund(refund)))
        }
        // It says that money went back, not which refund did it: the upkeep asks for the list.
        PaymentNews::Refunded { notice, .. } => (notice, Meaning::Noted(WAITS)),
        PaymentNews::Dispute { notice, dispute } => {
            let order = match &dispute.payment {
                Some(payment) => by_payment(&deps.read, payment).await?,
                None => None,
            };
            (notice, Meaning::told(order, OrderCommand::RecordDispute(dispute)))
        }
        PaymentNews::Noted { notice, reason } => (notice, Meaning::Noted(reason)),
    })
}

/// A session names its order itself: an order that does not exist will not appear later.
async fn of_session(deps: &Deps, notice: &Notice, order: Uuid, command: OrderCommand) -> Result<Meaning, Problem> {
    if deps.commands.load_order(order).await?.state() == OrderState::Unknown {
        let message = &notice.message_id;
        tracing::warn!(%order, %message, "Stripe told about order {order}, which does not exist: {message} is kept");
        return Ok(Meaning::Noted("unknown_order"));
    }
    Ok(Meaning::told(Some(order), command))
}

fn refused(refusal: WebhookRefusal) -> Problem {
    metrics::counter!("lobster_webhooks_refused_total", "source" => "stripe").increment(1);
    tracing::warn!(%refusal, "a Stripe webhook was refused: {refusal}");
    Problem::new(StatusCode::BAD_REQUEST, "webhook.refused", "Message refusé")
        .detail("La signature est absente, fausse ou hors délai\u{a0}: vérifiez le secret du point d’accès et l’heure.")
}
