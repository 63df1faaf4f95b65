//! The double of Brevo: mails are accepted, kept in an outbox, and their fate reported by webhook.

mod account;
mod attachment;
mod events;
mod hooks;
mod limits;
mod list;
mod mail;
mod paris;
mod recipients;
mod refusal;
mod send;
mod template;

pub use events::report;
pub use hooks::endpoint;
pub use mail::Mail;
pub use refusal::SCENARIOS;
pub use template::Template;

use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::call::{Ask, Call};
use crate::door::{self, Cut};
use crate::journal::Table;
use crate::world::World;
use hooks::Hook;
use limits::{Limit, Standing, Windows};
use refusal::Refusal;

/// Mails accepted, and the idempotency keys they came with; templates, webhooks and senders of the account.
pub struct Store {
    pub mails: Table<Mail>,
    pub templates: Table<Template>,
    /// Addresses, or domains as `@example.fr`, that may send; anybody may when there is no list.
    pub verified: Option<Vec<String>>,
    hooks: Table<Hook>,
    keys: Table<Seen>,
    windows: Windows,
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
        Ok(Self {
            mails: Table::open(dir, "brevo_mails")?,
            templates: Table::open(dir, "brevo_templates")?,
            verified: None,
            hooks: Table::open(dir, "brevo_webhooks")?,
            keys: Table::open(dir, "brevo_idempotency_keys")?,
            windows: Windows::default(),
        })
    }

    pub fn clear(&mut self) {
        self.mails.clear();
        self.templates.clear();
        self.verified = None;
        self.hooks.clear();
        self.keys.clear();
        self.windows = Windows::default();
    }
}

/// Answers a call under `/brevo`.
///
/// # Errors
/// [`Cut`] when a fault cuts the connection.
pub async fn answer(world: &Arc<World>, call: &mut Call) -> Result<Response, Cut> {
    call.operation = match (call.method.as_str(), call.path().as_slice()) {
        ("POST", ["v3", "smtp", "email"]) => "smtp.email.send",
        ("GET", ["v3", "smtp", "emails"]) => "smtp.emails.list",
        ("POST", ["v3", "webhooks"]) => "webhooks.create",
        ("GET", ["v3", "webhooks"]) => "webhooks.list",
        ("GET", ["v3", "webhooks", _]) => "webhooks.retrieve",
        ("PUT", ["v3", "webhooks", _]) => "webhooks.update",
        ("DELETE", ["v3", "webhooks", _]) => "webhooks.delete",
        ("GET", ["v3", "account"]) => "account.retrieve",
        _ => "unknown",
    };
    let call = &*call;
    door::pass(world, call, |scenario| async move {
        let ask = Ask { world, call, scenario: scenario.as_deref() };
        let (standing, allowed) = world.brevo.lock().windows.count(Limit::of(call.operation), world.clock.timestamp());
        let answered = allowed.and_then(|()| work(&ask));
        let mut response = answered.unwrap_or_else(|refusal| refusal.response());
        standing.tell(&mut response);
        response
    })
    .await
}

fn work(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let key = ask.call.header("api-key").unwrap_or_default();
    if !key.starts_with("xkeysib-") || key == "xkeysib-refused" {
        return Err(Refusal::unauthorised());
    }
    if let Some(refusal) = ask.scenario.and_then(Refusal::of_scenario) {
        return Err(refusal);
    }
    match ask.call.operation {
        "smtp.email.send" => send::send(ask),
        "smtp.emails.list" => list::list(ask),
        "webhooks.create" => hooks::create(ask),
        "webhooks.list" => Ok(hooks::list(ask)),
        "webhooks.retrieve" => hooks::retrieve(ask),
        "webhooks.update" => hooks::update(ask),
        "webhooks.delete" => hooks::delete(ask),
        "account.retrieve" => Ok(account::retrieve()),
        _ => Err(Refusal::not_found(format!("{} {} is not a route of this API", ask.call.method, ask.call.target))),
    }
}

/// What a fault of this status looks like.
pub fn failure(status: StatusCode) -> Response {
    let mut response = Refusal::of_status(status).response();
    Standing::of_fault().tell(&mut response);
    response
}
