//! `POST /v3/smtp/email`: checks what Brevo checks, keeps the mail, starts its fate.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::mail::{Mail, Person};
use super::refusal::Refusal;
use super::template::{Kind, render};
use super::{Seen, Store, attachment, events, recipients};
use crate::call::{self, Ask};
use crate::world::World;

/// Brevo forgets idempotency keys after a quarter of an hour.
const KEY_LIFE_S: i64 = 15 * 60;
const PARAMS_LARGEST: usize = 100 * 1024;
const MESSAGE_LARGEST: usize = 20 * 1024 * 1024;
/// What Brevo does and no mail of ours needs.
const NOT_DOUBLED: [&str; 3] = ["messageVersions", "scheduledAt", "batchId"];

/// Accepts a mail.
pub fn send(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let body = ask.call.json().map_err(|_| Refusal::invalid("Invalid JSON"))?;
    let now = ask.world.clock.timestamp();
    let mail = {
        // One lock from the look to the change: two simultaneous calls send one mail.
        let mut store = ask.world.brevo.lock();
        let mail = accepted(ask.world, &store, &body)?;
        if let Some(key) = idempotency_key(&body["headers"])? {
            if store.keys.get(&key).is_some_and(|seen| now - seen.at < KEY_LIFE_S) {
                return Err(Refusal::already_processed());
            }
            store.keys.put(&key, Seen { at: now });
        }
        store.mails.put(&mail.message_id, mail.clone());
        mail
    };
    events::begin(ask.world, &mail);
    Ok(call::json(StatusCode::CREATED, &json!({ "messageId": mail.message_id })))
}

/// The key, whose name Brevo reads in any case.
fn idempotency_key(headers: &Value) -> Result<Option<String>, Refusal> {
    let mut fields = headers.as_object().into_iter().flatten();
    match fields.find(|(name, _)| name.eq_ignore_ascii_case("idempotencyKey")).map(|(_, value)| value) {
        None => Ok(None),
        Some(Value::String(key)) if uuid::Uuid::parse_str(key).is_ok() => Ok(Some(key.to_lowercase())),
        Some(_) => Err(Refusal::invalid("idempotencyKey must be a valid UUID")),
    }
}

/// The mail as it goes out, rendered.
fn accepted(world: &World, store: &Store, body: &Value) -> Result<Mail, Refusal> {
    if !body.is_object() {
        return Err(Refusal::invalid("Input must be a valid JSON object"));
    }
    if let Some(name) = NOT_DOUBLED.iter().find(|name| !body[**name].is_null()) {
        return Err(Refusal::not_doubled(name));
    }
    let words = words(store, body)?;
    let sender = recipients::sender(&body["sender"])?;
    let sender = match (sender, words.sender) {
        (Some(sender), _) => recipients::verified(store, sender)?,
        (None, template) if words.template_id.is_some() => template,
        (None, _) => return Err(Refusal::missing("sender is missing")),
    };
    let to = recipients::people(&body["to"], "to")?;
    if to.is_empty() {
        return Err(Refusal::missing("to is missing"));
    }
    let reply_to = match &body["replyTo"] {
        Value::Null => None,
        person => Some(recipients::person(person, "replyTo")?),
    };
    let attached = attachment::read(&body["attachment"])?;
    let weight = [&words.html, &words.text].into_iter().flatten().map(String::len).sum::<usize>() + attached.bytes;
    if weight > MESSAGE_LARGEST {
        return Err(Refusal::out_of_range("message size should not exceed 20 MB"));
    }
    let (number, now) = (world.ids.number(), world.clock.now());
    Ok(Mail {
        message_id: format!("<{}.{}{number:06}@smtp-relay.sandbox>", now.format("%Y%m%d%H%M"), world.ids.run()),
        number,
        at: now,
        sender,
        to,
        cc: recipients::people(&body["cc"], "cc")?,
        bcc: recipients::people(&body["bcc"], "bcc")?,
        reply_to,
        subject: Some(words.subject),
        html_content: words.html,
        text_content: words.text,
        template_id: words.template_id,
        params: body["params"].clone(),
        tags: tags(&body["tags"])?,
        headers: headers(&body["headers"])?,
        attachments: attached.names,
    })
}

/// What a mail says, from its body or from a template.
struct Words {
    subject: String,
    html: Option<String>,
    text: Option<String>,
    template_id: Option<u64>,
    sender: Option<Person>,
}

fn words(store: &Store, body: &Value) -> Result<Words, Refusal> {
    let params = &body["params"];
    if !(params.is_null() || params.is_object()) {
        return Err(Refusal::invalid("params should be an object"));
    }
    if params.to_string().len() > PARAMS_LARGEST {
        return Err(Refusal::out_of_range("params size should not exceed 100KB"));
    }
    let subject = text(body, "subject")?;
    if body["templateId"].is_null() {
        let (html, plain) = (text(body, "htmlContent")?, text(body, "textContent")?);
        let subject = subject.ok_or_else(|| Refusal::missing("subject is missing"))?;
        if html.is_none() && plain.is_none() {
            return Err(Refusal::missing("Either of htmlContent, textContent or templateId is required"));
        }
        // Without parameters nothing is replaced: braces are then just braces.
        let rendered = |text: String, kind| if params.is_object() { render(&text, params, kind) } else { text };
        return Ok(Words {
            subject: rendered(subject, Kind::Plain),
            html: html.map(|text| rendered(text, Kind::Html)),
            text: plain.map(|text| rendered(text, Kind::Plain)),
            template_id: None,
            sender: None,
        });
    }
    let id = body["templateId"].as_u64().filter(|id| *id > 0);
    let id = id.ok_or_else(|| Refusal::invalid("templateId is not valid"))?;
    let template = store.templates.get(&id.to_string()).filter(|template| template.is_active);
    let template = template.ok_or_else(|| Refusal::no_template(id))?;
    Ok(Words {
        subject: render(subject.as_ref().unwrap_or(&template.subject), params, Kind::Plain),
        html: Some(render(&template.html_content, params, Kind::Html)),
        text: None,
        template_id: Some(id),
        sender: template.sender.clone(),
    })
}

fn text(body: &Value, field: &str) -> Result<Option<String>, Refusal> {
    match &body[field] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        _ => Err(Refusal::invalid(format!("{field} should be a string"))),
    }
}

fn tags(list: &Value) -> Result<Vec<String>, Refusal> {
    match list {
        Value::Null => Ok(Vec::new()),
        Value::Array(tags) if tags.iter().all(Value::is_string) => {
            Ok(tags.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        }
        _ => Err(Refusal::invalid("tags should be an array of strings")),
    }
}

fn headers(headers: &Value) -> Result<Value, Refusal> {
    let plain = headers.as_object().is_none_or(|fields| fields.values().all(Value::is_string));
    if !(headers.is_null() || headers.is_object()) || !plain {
        return Err(Refusal::invalid("headers should be an object of strings"));
    }
    Ok(headers.clone())
}
