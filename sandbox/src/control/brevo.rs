//! `/_sandbox/brevo`: the outbox, events about its mails, templates and senders of the account.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, accepted, body, no_such_call, ok, refuse, unknown};
use crate::brevo::{self, Template};
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
        ("GET", ["templates"]) => Ok(ok(&templates(world))),
        ("PUT", ["templates", id]) => put_template(world, call, id),
        ("DELETE", ["templates", id]) => {
            let removed = world.brevo.lock().templates.remove(id);
            if removed { Ok(ok(&json!({ "removed": true }))) } else { Err(unknown("template", id)) }
        }
        ("GET", ["senders"]) => Ok(ok(&json!({ "verified": world.brevo.lock().verified }))),
        ("PUT", ["senders"]) => {
            let Senders { verified } = body(call)?;
            world.brevo.lock().verified.clone_from(&verified);
            Ok(ok(&json!({ "verified": verified })))
        }
        _ => Err(no_such_call(call)),
    }
}

/// Who may send: addresses, and domains as `@example.fr`; `null` is anybody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Senders {
    verified: Option<Vec<String>>,
}

fn templates(world: &World) -> Value {
    let store = world.brevo.lock();
    let all: serde_json::Map<String, Value> =
        store.templates.iter().map(|(id, template)| (id.clone(), json!(template))).collect();
    json!({ "templates": all })
}

fn put_template(world: &World, call: &Call, id: &str) -> Result<Response, Refusal> {
    let bad = |sentence: &str| refuse(StatusCode::BAD_REQUEST, sentence);
    let number = id.parse::<u64>().ok().filter(|number| *number > 0);
    let number = number.ok_or_else(|| bad("a template has a number").field("id", id).remedy("use 1 or more"))?;
    let template: Template = body(call)?;
    template.check().map_err(|piece| {
        bad("the template asks for more than the sandbox renders")
            .field("htmlContent", piece)
            .remedy("use {{ params.name }} only")
    })?;
    world.brevo.lock().templates.put(&number.to_string(), template.clone());
    Ok(ok(&json!({ "id": number, "template": template })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailEvent {
    event: String,
    reason: Option<String>,
    /// One of the recipients; the first when absent.
    email: Option<String>,
}

fn mail_event(world: &Arc<World>, call: &Call, id: &str) -> Result<Response, Refusal> {
    let MailEvent { event, reason, email } = body(call)?;
    let mail = world.brevo.lock().mails.get(id).cloned().ok_or_else(|| unknown("mail", id))?;
    let mut recipients = mail.recipients().map(|person| &person.email);
    let found = match &email {
        Some(wanted) => recipients.find(|email| *email == wanted),
        None => recipients.next(),
    };
    let email = found.ok_or_else(|| unknown("recipient", email.as_deref().unwrap_or_default()))?;
    brevo::report(world, &mail, email, &[(&event, reason.as_deref())]);
    Ok(accepted(&json!({ "event": event, "message-id": id })))
}
