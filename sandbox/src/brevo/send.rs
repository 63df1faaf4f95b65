//! `POST /v3/smtp/email`: checks what Brevo checks, keeps the mail, starts its fate.

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use serde_json::{Value, json};

use super::mail::{Mail, Person};
use super::{Refusal, Seen, events};
use crate::call::{self, Ask};

/// Brevo forgets idempotency keys after a quarter of an hour.
const KEY_LIFE_S: i64 = 15 * 60;
const RECIPIENTS_MOST: usize = 99;
const NAME_LONGEST: usize = 70;
const PARAMS_LARGEST: usize = 100 * 1024;
const ATTACHMENTS_LARGEST: usize = 20 * 1024 * 1024;
const EXTENSIONS: [&str; 14] =
    ["pdf", "csv", "txt", "xls", "xlsx", "doc", "docx", "odt", "ods", "png", "jpg", "jpeg", "gif", "zip"];

pub fn send(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let body = ask.call.json().map_err(|_| Refusal::invalid("Invalid JSON"))?;
    let mail = checked(ask, &body)?;
    let now = ask.world.clock.timestamp();
    {
        // One lock from the look to the change: two simultaneous calls send one mail.
        let mut store = ask.world.brevo.lock();
        if let Some(key) = idempotency_key(&body)? {
            if store.keys.get(&key).is_some_and(|seen| now - seen.at < KEY_LIFE_S) {
                return Err(Refusal {
                    status: StatusCode::BAD_REQUEST,
                    code: "duplicate_request",
                    message: "Request already processed".into(),
                });
            }
            store.keys.put(&key, Seen { at: now });
        }
        store.mails.put(&mail.message_id, mail.clone());
    }
    events::begin(ask.world, &mail);
    Ok(call::json(StatusCode::CREATED, &json!({ "messageId": mail.message_id })))
}

fn idempotency_key(body: &Value) -> Result<Option<String>, Refusal> {
    match &body["headers"]["idempotencyKey"] {
        Value::Null => Ok(None),
        Value::String(key) if uuid::Uuid::parse_str(key).is_ok() => Ok(Some(key.clone())),
        _ => Err(Refusal::invalid("idempotencyKey must be a valid UUID")),
    }
}

fn checked(ask: &Ask<'_>, body: &Value) -> Result<Mail, Refusal> {
    if !body.is_object() {
        return Err(Refusal::invalid("Input must be a valid JSON object"));
    }
    for unsupported in ["messageVersions", "scheduledAt", "batchId"] {
        if !body[unsupported].is_null() {
            return Err(Refusal {
                status: StatusCode::NOT_IMPLEMENTED,
                code: "not_doubled",
                message: format!("The sandbox does not double {unsupported}; Brevo does."),
            });
        }
    }
    let template_id = match &body["templateId"] {
        Value::Null => None,
        number => {
            Some(number.as_u64().filter(|id| *id > 0).ok_or_else(|| Refusal::invalid("templateId is not valid"))?)
        }
    };
    let sender = sender(&body["sender"], template_id)?;
    let to = people(&body["to"], "to")?;
    if to.is_empty() {
        return Err(Refusal::missing("to is missing"));
    }
    let (cc, bcc) = (people(&body["cc"], "cc")?, people(&body["bcc"], "bcc")?);
    let text = |field: &str| body[field].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let (subject, html, plain) = (text("subject"), text("htmlContent"), text("textContent"));
    if template_id.is_none() && subject.is_none() {
        return Err(Refusal::missing("subject is missing"));
    }
    if template_id.is_none() && html.is_none() && plain.is_none() {
        return Err(Refusal::missing("Either of htmlContent, textContent or templateId is required"));
    }
    if body["params"].to_string().len() > PARAMS_LARGEST {
        return Err(Refusal::invalid("params size should not exceed 100KB"));
    }
    let reply_to = match &body["replyTo"] {
        Value::Null => None,
        person => Some(self::person(person, "replyTo")?),
    };
    let tags = body["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    let number = ask.world.ids.number();
    let now = ask.world.clock.now();
    Ok(Mail {
        message_id: format!("<{}.{}{number}@smtp-relay.sandbox>", now.format("%Y%m%d%H%M"), ask.world.ids.run()),
        number,
        at: now,
        sender,
        to,
        cc,
        bcc,
        reply_to,
        subject,
        html_content: html.filter(|_| template_id.is_none()),
        text_content: plain.filter(|_| template_id.is_none()),
        template_id,
        params: body["params"].clone(),
        tags: tags.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        headers: body["headers"].clone(),
        attachments: attachments(&body["attachment"])?,
    })
}

fn sender(value: &Value, template: Option<u64>) -> Result<Option<Person>, Refusal> {
    if value.is_null() {
        return if template.is_some() { Ok(None) } else { Err(Refusal::missing("sender is missing")) };
    }
    if value["id"].is_u64() {
        return Ok(None);
    }
    let sender = person(value, "sender")?;
    if sender.name.as_ref().is_some_and(|name| name.chars().count() > NAME_LONGEST) {
        return Err(Refusal::invalid("sender name should not exceed 70 characters"));
    }
    Ok(Some(sender))
}

fn people(list: &Value, field: &str) -> Result<Vec<Person>, Refusal> {
    let list = match list {
        Value::Null => return Ok(Vec::new()),
        Value::Array(list) => list,
        _ => return Err(Refusal::invalid(format!("{field} should be an array"))),
    };
    if list.len() > RECIPIENTS_MOST {
        return Err(Refusal::invalid(format!("{field} should not have more than {RECIPIENTS_MOST} recipients")));
    }
    list.iter().map(|value| person(value, field)).collect()
}

fn person(value: &Value, field: &str) -> Result<Person, Refusal> {
    let email = value["email"].as_str().ok_or_else(|| Refusal::missing(format!("email is missing in {field}")))?;
    let well_formed = email.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    if !well_formed || email.contains(char::is_whitespace) || email.matches('@').count() != 1 {
        return Err(Refusal::invalid(format!("email is not valid in {field}")));
    }
    Ok(Person { email: email.to_owned(), name: value["name"].as_str().map(str::to_owned) })
}

fn attachments(list: &Value) -> Result<Vec<String>, Refusal> {
    let mut names = Vec::new();
    let mut bytes = 0;
    for file in list.as_array().into_iter().flatten() {
        let name = file["name"].as_str().or_else(|| file["url"].as_str()?.rsplit('/').next());
        let name = name.ok_or_else(|| Refusal::missing("name is missing in attachment"))?;
        let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        if !EXTENSIONS.contains(&extension.as_str()) {
            return Err(Refusal::invalid(format!("Unsupported file format: {extension}")));
        }
        if let Some(content) = file["content"].as_str() {
            let decoded = base64::engine::general_purpose::STANDARD.decode(content);
            bytes += decoded.map_err(|_| Refusal::invalid("attachment content is not valid base64"))?.len();
        } else if !file["url"].is_string() {
            return Err(Refusal::missing("content or url is missing in attachment"));
        }
        names.push(name.to_owned());
    }
    if bytes > ATTACHMENTS_LARGEST {
        return Err(Refusal::invalid("attachments should not exceed 20 MB"));
    }
    Ok(names)
}
