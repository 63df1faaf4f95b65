//! The double of Brevo: mails are accepted, kept in an outbox, and their fate reported by webhook.

mod events;
mod mail;
mod send;

pub use events::report;
pub use mail::Mail;

use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::call::{self, Ask, Call};
use crate::door::{self, Cut};
use crate::journal::Table;
use crate::webhooks::{self, Targets};
use crate::world::World;

/// Mails accepted, and the idempotency keys they came with.
pub struct Store {
    pub mails: Table<Mail>,
    keys: Table<Seen>,
}

/// When an idempotency key was used.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Seen {
    at: i64,
}

impl Store {
    /// Opens the outbox, with what a previous run left in `dir`.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn open(dir: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self { mails: Table::open(dir, "brevo_mails")?, keys: Table::open(dir, "brevo_idempotency_keys")? })
    }

    pub fn clear(&mut self) {
        self.mails.clear();
        self.keys.clear();
    }
}

/// A refusal: status, `code`, message.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn invalid(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: "invalid_parameter", message: message.into() }
    }

    fn missing(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: "missing_parameter", message: message.into() }
    }

    fn response(&self) -> Response {
        call::json(self.status, &json!({ "code": self.code, "message": self.message }))
    }
}

/// Answers a call under `/brevo`.
///
/// # Errors
/// [`Cut`] when a fault cuts the connection.
pub async fn answer(world: &Arc<World>, call: &mut Call) -> Result<Response, Cut> {
    call.operation = match (call.method.as_str(), call.path().as_slice()) {
        ("POST", ["v3", "smtp", "email"]) => "smtp.email.send",
        ("POST", ["v3", "webhooks"]) => "webhooks.create",
        _ => "unknown",
    };
    let call = &*call;
    door::pass(world, call, |scenario| async move {
        let ask = Ask { world, call, scenario: scenario.as_deref() };
        let mut response = work(&ask).unwrap_or_else(|refusal| refusal.response());
        rate_limits(&mut response);
        response
    })
    .await
}

fn work(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let key = ask.call.header("api-key").unwrap_or_default();
    if !key.starts_with("xkeysib-") || key == "xkeysib-refused" {
        return Err(Refusal {
            status: StatusCode::UNAUTHORIZED,
            code: "unauthorized",
            message: "Key not found".into(),
        });
    }
    if let Some(name) = ask.scenario {
        return Err(Refusal::invalid(format!("scenario `{name}` does not exist for Brevo: arm a status instead")));
    }
    match ask.call.operation {
        "smtp.email.send" => send::send(ask),
        "webhooks.create" => create_webhook(ask),
        _ => Err(Refusal {
            status: StatusCode::NOT_FOUND,
            code: "document_not_found",
            message: format!("{} {} is not a route of this API", ask.call.method, ask.call.target),
        }),
    }
}

/// Points the deliveries somewhere else, as creating a webhook at Brevo would.
fn create_webhook(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let body = ask.call.json().map_err(|_| Refusal::invalid("Invalid JSON"))?;
    let url =
        body["url"].as_str().filter(|url| url.starts_with("http")).ok_or_else(|| Refusal::missing("url is missing"))?;
    let mut targets: Targets = ask.world.webhooks.targets();
    url.clone_into(&mut targets.brevo.url);
    if let Some(token) = body["auth"]["token"].as_str() {
        token.clone_into(&mut targets.brevo.secret);
    }
    webhooks::aim(ask.world, targets);
    Ok(call::json(StatusCode::CREATED, &json!({ "id": ask.world.ids.number() })))
}

fn rate_limits(response: &mut Response) {
    for (name, value) in [("limit", "1000"), ("remaining", "999"), ("reset", "1")] {
        call::set_header(response, &format!("x-sib-ratelimit-{name}"), value);
    }
}

/// What a fault of this status looks like.
pub fn failure(status: StatusCode) -> Response {
    let (code, message) = match status.as_u16() {
        401 => ("unauthorized", "Key not found"),
        402 => ("not_enough_credits", "Your account does not have enough credits"),
        403 => ("permission_denied", "You are not allowed to do this"),
        429 => ("too_many_requests", "Rate limit exceeded"),
        400..=499 => ("invalid_parameter", "The request was refused on purpose by the sandbox"),
        _ => ("internal_server_error", "Internal server error"),
    };
    let mut response = Refusal { status, code, message: message.into() }.response();
    rate_limits(&mut response);
    response
}
