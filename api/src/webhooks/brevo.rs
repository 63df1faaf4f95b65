//! `POST /api/webhooks/brevo`: news of a mail. There is no signature, so it may only change the mail's own status.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use domain::{
    command::Actor,
    ports::{MailNews, WebhookRefusal},
};
use projections::order_summary::query::by_mail;

use super::{Meaning, Received, received, take};
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
        let meaning = understood(&deps, &news).await?;
        take(&deps, news.notice, meaning, Actor::Brevo).await?;
    }
    Ok(received())
}

async fn understood(deps: &Deps, news: &MailNews) -> Result<Meaning, Problem> {
    match news.command() {
        Some(command) => Ok(Meaning::told(by_mail(&deps.read, &news.message_id).await?, command)),
        None => Ok(Meaning::Noted("mail_status")),
    }
}

fn refused(refusal: WebhookRefusal) -> Problem {
    metrics::counter!("lobster_webhooks_refused_total", "source" => "brevo").increment(1);
    tracing::warn!(%refusal, "a Brevo webhook was refused: {refusal}");
    Problem::new(StatusCode::UNAUTHORIZED, "webhook.unauthorized", "Message refusé")
        .detail("Le jeton d’autorisation est absent ou faux\u{a0}: vérifiez celui du webhook.")
}
