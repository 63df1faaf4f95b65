//! `/_sandbox/brevo`: the outbox, and events about its mails.

use std::sync::Arc;

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, accepted, body, no_such_call, ok, unknown};
use crate::brevo;
use crate::call::Call;
use crate::webhooks::Vendor;
use crate::world::World;

/// Answers a call; `path` is what follows `/_sandbox/brevo`.
pub fn route(world: &Arc<World>, call: &Call, method: &str, path: &[&str]) -> Result<Response, Refusal> {
    match (method, path) {
        ("GET", ["outbox"]) => {
            let store = world.brevo.lock();
            Ok(ok(&json!({ "messages": store.mails.iter().map(|(_, mail)| mail).collect::<Vec<_>>() })))
        }
        ("GET", ["events"]) => Ok(ok(&json!({ "events": world.webhooks.sent_by(Vendor::Brevo) }))),
        ("POST", ["messages", id, "events"]) => mail_event(world, call, id),
        _ => Err(no_such_call(call)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailEvent {
    event: String,
    reason: Option<String>,
}

fn mail_event(world: &Arc<World>, call: &Call, id: &str) -> Result<Response, Refusal> {
    let MailEvent { event, reason } = body(call)?;
    let mail = world.brevo.lock().mails.get(id).cloned().ok_or_else(|| unknown("mail", id))?;
    let email = mail.to.first().map(|person| person.email.clone()).unwrap_or_default();
    brevo::report(world, &mail, &email, &event, reason.as_deref());
    Ok(accepted(&json!({ "event": event, "message-id": id })))
}
