//! `/v3/webhooks`: who is told what becomes of mails.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::call::{self, Ask};
use crate::webhooks::Target;
use crate::world::World;

const MOST: usize = 40;

/// Names of the events, when subscribing and in the payload.
const EVENTS: [(&str, &str); 17] = [
    ("sent", "request"),
    ("request", "request"),
    ("delivered", "delivered"),
    ("softBounce", "soft_bounce"),
    ("hardBounce", "hard_bounce"),
    ("invalid", "invalid_email"),
    ("deferred", "deferred"),
    ("blocked", "blocked"),
    ("error", "error"),
    ("spam", "spam"),
    ("unsubscribed", "unsubscribed"),
    ("opened", "opened"),
    ("uniqueOpened", "unique_opened"),
    ("proxyOpen", "proxy_open"),
    ("uniqueProxyOpen", "unique_proxy_open"),
    ("click", "click"),
    ("reply", "reply"),
];

/// A webhook of the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hook {
    pub id: u64,
    pub url: String,
    description: String,
    events: Vec<String>,
    /// Empty: no `Authorization` header.
    token: String,
    pub batched: bool,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
}

impl Hook {
    /// Whether an event of this name in the payload is wanted.
    pub fn wants(&self, event: &str) -> bool {
        EVENTS.iter().any(|(name, payload)| *payload == event && self.events.iter().any(|wanted| wanted == name))
    }

    /// Where deliveries go.
    pub fn target(&self) -> Target {
        Target { url: self.url.clone(), secret: self.token.clone() }
    }

    fn to_json(&self) -> Value {
        let at = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut hook = json!({
            "id": self.id, "url": self.url, "description": self.description, "type": "transactional",
            "channel": "email", "events": self.events, "batched": self.batched,
            "createdAt": at(self.created_at), "modifiedAt": at(self.modified_at),
        });
        if !self.token.is_empty() {
            hook["auth"] = json!({ "type": "bearer", "token": self.token });
        }
        hook
    }
}

/// Registers a webhook.
pub fn create(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let body = ask.call.json().map_err(|_| Refusal::invalid("Invalid JSON"))?;
    let mut store = ask.world.brevo.lock();
    if store.hooks.iter().count() >= MOST {
        return Err(Refusal::out_of_range(format!("an account has at most {MOST} webhooks")));
    }
    let (number, now) = (ask.world.ids.number(), ask.world.clock.now());
    let mut hook = Hook {
        id: number,
        url: String::new(),
        description: String::new(),
        events: Vec::new(),
        token: String::new(),
        batched: false,
        created_at: now,
        modified_at: now,
    };
    match body["type"].as_str() {
        None | Some("transactional") => {}
        Some(other @ ("marketing" | "inbound")) => return Err(Refusal::not_doubled(&format!("{other} webhooks"))),
        Some(_) => return Err(Refusal::invalid("type is not valid")),
    }
    match body["channel"].as_str() {
        None | Some("email") => {}
        Some(_) => return Err(Refusal::not_doubled("webhooks of other channels than email")),
    }
    for field in ["url", "events"] {
        if body[field].is_null() {
            return Err(Refusal::missing(format!("{field} is missing")));
        }
    }
    change(&mut hook, &body)?;
    unique(store.hooks.iter().map(|(_, known)| known), &hook)?;
    store.hooks.put(&number.to_string(), hook);
    Ok(call::json(StatusCode::CREATED, &json!({ "id": number })))
}

/// All webhooks.
pub fn list(ask: &Ask<'_>) -> Response {
    let store = ask.world.brevo.lock();
    let hooks: Vec<Value> = store.hooks.iter().map(|(_, hook)| hook.to_json()).collect();
    call::json(StatusCode::OK, &json!({ "webhooks": hooks }))
}

/// One webhook.
pub fn retrieve(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let store = ask.world.brevo.lock();
    let hook = store.hooks.get(ask.call.segment(2)).ok_or_else(|| unknown(ask))?;
    Ok(call::json(StatusCode::OK, &hook.to_json()))
}

/// Changes what is given, leaves the rest.
pub fn update(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let body = ask.call.json().map_err(|_| Refusal::invalid("Invalid JSON"))?;
    let id = ask.call.segment(2);
    let mut store = ask.world.brevo.lock();
    let mut hook = store.hooks.get(id).cloned().ok_or_else(|| unknown(ask))?;
    change(&mut hook, &body)?;
    unique(store.hooks.iter().map(|(_, known)| known), &hook)?;
    hook.modified_at = ask.world.clock.now();
    store.hooks.put(id, hook);
    Ok(empty())
}

/// Forgets a webhook; what waits for it is not delivered any more.
pub fn delete(ask: &Ask<'_>) -> Result<Response, Refusal> {
    if !ask.world.brevo.lock().hooks.remove(ask.call.segment(2)) {
        return Err(unknown(ask));
    }
    Ok(empty())
}

/// Where the deliveries of a webhook go; nowhere once it is deleted.
pub fn endpoint(world: &World, id: &str) -> Option<Target> {
    world.brevo.lock().hooks.get(id).map(Hook::target)
}

fn empty() -> Response {
    call::with_type(StatusCode::NO_CONTENT, "application/json", String::new())
}

fn unknown(ask: &Ask<'_>) -> Refusal {
    Refusal::not_found(format!("Webhook {} does not exist", ask.call.segment(2)))
}

fn unique<'a>(mut known: impl Iterator<Item = &'a Hook>, hook: &Hook) -> Result<(), Refusal> {
    if known.any(|other| other.id != hook.id && other.url == hook.url) {
        return Err(Refusal::duplicate("A webhook with this url already exists"));
    }
    Ok(())
}

fn change(hook: &mut Hook, body: &Value) -> Result<(), Refusal> {
    if !body["headers"].is_null() {
        return Err(Refusal::not_doubled("headers of webhooks"));
    }
    if !body["url"].is_null() {
        let url = body["url"].as_str().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        url.ok_or_else(|| Refusal::invalid("url is not valid"))?.clone_into(&mut hook.url);
    }
    if !body["description"].is_null() {
        let description = body["description"].as_str().ok_or_else(|| Refusal::invalid("description is not valid"))?;
        description.clone_into(&mut hook.description);
    }
    if !body["events"].is_null() {
        hook.events = events(&body["events"])?;
    }
    if !body["batched"].is_null() {
        hook.batched = body["batched"].as_bool().ok_or_else(|| Refusal::invalid("batched is not valid"))?;
    }
    let auth = &body["auth"];
    if !auth.is_null() {
        if auth["type"] != "bearer" {
            return Err(Refusal::invalid("auth type is not valid"));
        }
        let token = auth["token"].as_str().filter(|token| !token.is_empty());
        token.ok_or_else(|| Refusal::missing("token is missing in auth"))?.clone_into(&mut hook.token);
    }
    Ok(())
}

fn events(list: &Value) -> Result<Vec<String>, Refusal> {
    let list = list.as_array().ok_or_else(|| Refusal::invalid("events should be an array"))?;
    if list.is_empty() {
        return Err(Refusal::missing("events is empty"));
    }
    let known = |event: &Value| {
        let name = event.as_str().filter(|event| EVENTS.iter().any(|(name, _)| name == event));
        name.map(str::to_owned).ok_or_else(|| Refusal::invalid(format!("events: {event} is not valid")))
    };
    list.iter().map(known).collect()
}
