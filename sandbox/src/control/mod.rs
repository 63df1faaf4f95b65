//! `/_sandbox`: what tests and people steer the doubles with.

mod home;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::call::{self, Call, Service};
use crate::faults::{Effect, Fault};
use crate::stripe::payment::{self, Attempt, GOOD_CARD, REFUSED_CARD, Tried};
use crate::webhooks::{self, Behaviour, Vendor};
use crate::world::World;
use crate::{ademe, anthropic, brevo, stripe};

/// Answers a control call.
pub fn answer(world: &Arc<World>, call: &Call) -> Response {
    route(world, call).unwrap_or_else(|refusal| call::json(refusal.status, &json!({ "error": refusal.sentence })))
}

/// A refused control call.
struct Refusal {
    status: StatusCode,
    sentence: String,
}

fn refuse(status: StatusCode, sentence: impl Into<String>) -> Refusal {
    Refusal { status, sentence: sentence.into() }
}

fn route(world: &Arc<World>, call: &Call) -> Result<Response, Refusal> {
    let ok = |body: &Value| Ok(call::json(StatusCode::OK, body));
    match (call.method.as_str(), call.path().as_slice()) {
        ("GET", []) => Ok(home::answer(world)),
        ("GET", ["health"]) => ok(&json!({ "status": "ok", "now": world.clock.now() })),
        ("POST", ["reset"]) => {
            let Reset { seed } = body(call)?;
            world.reset(seed);
            ok(&json!({ "status": "reset" }))
        }
        ("GET", ["requests"]) => {
            let calls = world.calls.lock();
            ok(&json!({ "requests": calls.matching(call.param("service"), call.param("operation")) }))
        }
        ("GET", ["faults"]) => ok(&json!({ "faults": world.faults.lock().list() })),
        ("POST", ["faults"]) => arm(world, call),
        ("DELETE", ["faults", id]) => {
            let removed = id.parse().is_ok_and(|id| world.faults.lock().disarm(id));
            if removed { ok(&json!({ "removed": true })) } else { Err(unknown("fault", id)) }
        }
        ("GET", ["clock"]) => ok(&json!({ "now": world.clock.now() })),
        ("POST", ["clock"]) => move_clock(world, call),
        ("GET", ["webhooks"]) => {
            ok(&json!({ "behaviour": world.webhooks.behaviour(), "targets": world.webhooks.targets() }))
        }
        ("PUT", ["webhooks"]) => {
            let behaviour: Behaviour = body(call)?;
            world.webhooks.behave(behaviour.clone());
            ok(&json!(behaviour))
        }
        ("POST", ["webhooks"]) => {
            webhooks::aim(world, body(call)?);
            ok(&json!(world.webhooks.targets()))
        }
        ("POST", ["stripe", "checkout", id, ending]) => checkout(world, call, id, ending),
        ("GET", ["stripe", "events"]) => ok(&json!({ "events": world.webhooks.sent_by(Vendor::Stripe) })),
        ("POST", ["stripe", "events", id, "redeliver"]) => redeliver(world, call, id),
        ("GET", ["brevo", "outbox"]) => {
            let store = world.brevo.lock();
            ok(&json!({ "messages": store.mails.iter().map(|(_, mail)| mail).collect::<Vec<_>>() }))
        }
        ("GET", ["brevo", "events"]) => ok(&json!({ "events": world.webhooks.sent_by(Vendor::Brevo) })),
        ("POST", ["brevo", "messages", id, "events"]) => mail_event(world, call, id),
        ("PUT", ["anthropic", "answers"]) => ok(&anthropic::fix(world, body(call)?)),
        ("POST", ["ademe", "load"]) => {
            let loaded = ademe::load(world, body(call)?).map_err(|error| refuse(StatusCode::BAD_REQUEST, error))?;
            ok(&loaded)
        }
        _ => Err(refuse(StatusCode::NOT_FOUND, format!("no control call {} {}", call.method, call.target))),
    }
}

/// The body as what the call expects; an empty one is an empty object.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Refusal> {
    let bytes: &[u8] = if call.body.is_empty() { b"{}" } else { &call.body };
    serde_json::from_slice(bytes)
        .map_err(|error| refuse(StatusCode::BAD_REQUEST, format!("body of {}: {error}", call.target)))
}

fn unknown(what: &str, id: &str) -> Refusal {
    refuse(StatusCode::NOT_FOUND, format!("no {what} {id} in this sandbox"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    seed: Option<u64>,
}

fn arm(world: &World, call: &Call) -> Result<Response, Refusal> {
    let fault: Fault = body(call)?;
    let scenarios: &[&str] = match fault.service {
        Service::Anthropic => &anthropic::SCENARIOS,
        Service::Ademe => &ademe::SCENARIOS,
        Service::Stripe | Service::Brevo | Service::S3 => &[],
    };
    if let Effect::Scenario { name } = &fault.effect
        && !scenarios.contains(&name.as_str())
    {
        let service = fault.service.name();
        let sentence = format!("{service} has no scenario `{name}`; it has: {}", scenarios.join(", "));
        return Err(refuse(StatusCode::BAD_REQUEST, sentence));
    }
    let id = world.faults.lock().arm(fault);
    Ok(call::json(StatusCode::CREATED, &json!({ "id": id })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    advance_s: Option<i64>,
    now: Option<DateTime<Utc>>,
}

fn move_clock(world: &Arc<World>, call: &Call) -> Result<Response, Refusal> {
    match body(call)? {
        Move { advance_s: Some(seconds), now: None } => world.clock.advance(seconds),
        Move { advance_s: None, now: Some(now) } => world.clock.set(now),
        Move { .. } => return Err(refuse(StatusCode::BAD_REQUEST, "give advance_s or now, one of them")),
    }
    // Done before the answer: whoever moved the clock may look at once.
    stripe::sweep(world);
    Ok(call::json(StatusCode::OK, &json!({ "now": world.clock.now() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    card: Option<String>,
    email: Option<String>,
}

fn checkout(world: &Arc<World>, call: &Call, id: &str, ending: &str) -> Result<Response, Refusal> {
    let Pay { card, email } = body(call)?;
    let accepted = |body: &Value| Ok(call::json(StatusCode::ACCEPTED, body));
    let of_stripe = |error: stripe::StripeError| Refusal { status: error.status, sentence: error.to_string() };
    let card = match ending {
        "pay" => card.unwrap_or_else(|| GOOD_CARD.to_owned()),
        "decline" => card.unwrap_or_else(|| REFUSED_CARD.to_owned()),
        "abandon" => {
            let back = payment::abandon(world, id).map_err(of_stripe)?;
            return accepted(&json!({ "outcome": "abandoned", "redirect": back }));
        }
        _ => {
            return Err(refuse(
                StatusCode::NOT_IMPLEMENTED,
                format!("the ending `{ending}` is not doubled: use pay, decline or abandon"),
            ));
        }
    };
    // Whoever pays through the control API confirms to the bank as well.
    let attempt = Attempt { session: id, card: &card, email: email.as_deref(), authenticated: Some(true) };
    match payment::attempt(world, &attempt).map_err(of_stripe)? {
        Tried::Paid(session) => accepted(&json!({
            "outcome": "paid", "payment_intent": session.payment_intent, "redirect": session.success() })),
        Tried::Declined(error) => accepted(&json!({ "outcome": "declined", "reason": error.reason() })),
        Tried::NeedsAuthentication => accepted(&json!({ "outcome": "requires_action" })),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Redeliver {
    times: Option<u32>,
}

fn redeliver(world: &Arc<World>, call: &Call, id: &str) -> Result<Response, Refusal> {
    let Redeliver { times } = body(call)?;
    if !webhooks::redeliver(world, id, times.unwrap_or(1)) {
        return Err(unknown("event", id));
    }
    Ok(call::json(StatusCode::ACCEPTED, &json!({ "event": id })))
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
    Ok(call::json(StatusCode::ACCEPTED, &json!({ "event": event, "message-id": id })))
}
