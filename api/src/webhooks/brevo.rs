//! `POST /api/webhooks/brevo`: news of a mail. There is no signature, so it may only change the mail's own status.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use domain::{
    command::Actor,
    order::OrderCommand,
    ports::{MailNews, WebhookRefusal},
};
use projections::order_summary::query::by_mail;

use super::{Received, act, note, received};
use crate::{deps::Deps, json::refused_body, problem, problem::Problem};

/// News of one mail, or of several.
#[utoipa::path(
    post, path = "/api/webhooks/brevo", operation_id = "receive_brevo", tag = "webhooks",
    request_body(content = String, description = "One Brevo event, or an array of them", content_type = "application/json"),
    params(("Authorization" = String, Header, description = "Bearer token of the webhook")),
    responses(
        (status = 200, description = "Kept; a repetition too", body = Received),
        (status = 401, description = "webhook.unauthorized", body = problem::Body, content_type = "application/problem+json"),
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
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    for news in deps.mail_webhooks.read(bearer, &body).map_err(refused)? {
        keep(&deps, news).await?;
    }
    Ok(received())
}

async fn keep(deps: &Deps, news: MailNews) -> Result<(), Problem> {
    if !news.failed {
        return note(deps, news.notice, "mail_status").await;
    }
    match by_mail(&deps.read, &news.message_id).await? {
        Some(order) => {
            // The vendor's words may quote the address: the log keeps the kind of failure only.
            let command = OrderCommand::RecordEmailBounced { message_id: news.message_id, reason: news.event };
            act(deps, news.notice, order, command, Actor::Brevo).await
        }
        None => {
            tracing::warn!(event = news.event, "Brevo told about a mail that no order sent");
            note(deps, news.notice, "unknown_mail").await
        }
    }
}

fn refused(refusal: WebhookRefusal) -> Problem {
    metrics::counter!("lobster_webhooks_refused_total", "source" => "brevo").increment(1);
    tracing::warn!(%refusal, "a Brevo webhook was refused: {refusal}");
    Problem::new(StatusCode::UNAUTHORIZED, "webhook.unauthorized", "Message refusé")
        .detail("Le jeton d’autorisation est absent ou faux\u{a0}: vérifiez celui du webhook.")
}
