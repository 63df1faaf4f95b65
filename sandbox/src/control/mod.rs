//! `/_sandbox`: what tests and people steer the doubles with.

mod ademe;
mod anthropic;
mod brevo;
mod clock;
mod faults;
mod page;
mod refusal;
mod stripe;
mod webhooks;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::call::{self, Call, Service};
use crate::world::World;
use refusal::{Refusal, refuse, unknown};

/// Answers a control call.
pub fn answer(world: &Arc<World>, call: &Call) -> Response {
    route(world, call).unwrap_or_else(Refusal::into_response)
}

fn route(world: &Arc<World>, call: &Call) -> Result<Response, Refusal> {
    let (method, path) = (call.method.as_str(), call.path());
    if let Some(page) = page::route(world, call, method, &path) {
        return Ok(page);
    }
    match (method, path.as_slice()) {
        ("GET", ["health"]) => Ok(ok(&json!({ "status": "ok", "now": world.clock.now() }))),
        ("POST", ["reset"]) => reset(world, call),
        ("GET", ["requests"]) => requests(world, call),
        (method, ["faults", rest @ ..]) => faults::route(world, call, method, rest),
        (method, ["clock"]) => clock::route(world, call, method),
        (method, ["webhooks"]) => webhooks::route(world, call, method),
        (method, ["stripe", rest @ ..]) => stripe::route(world, call, method, rest),
        (method, ["brevo", rest @ ..]) => brevo::route(world, call, method, rest),
        (method, ["anthropic", rest @ ..]) => anthropic::route(world, call, method, rest),
        (method, ["ademe", rest @ ..]) => ademe::route(world, call, method, rest),
        _ => Err(no_such_call(call)),
    }
}

/// 200 with JSON.
fn ok(body: &Value) -> Response {
    call::json(StatusCode::OK, body)
}

/// 202 with JSON: what was asked has begun.
fn accepted(body: &Value) -> Response {
    call::json(StatusCode::ACCEPTED, body)
}

fn no_such_call(call: &Call) -> Refusal {
    refuse(StatusCode::NOT_FOUND, format!("no control call {} {}", call.method, call.target))
        .remedy("GET /_sandbox lists what there is")
}

/// The body as what the call expects; an empty one is an empty object.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Refusal> {
    let bytes: &[u8] = if call.body.is_empty() { b"{}" } else { &call.body };
    serde_json::from_slice(bytes)
        .map_err(|error| refuse(StatusCode::BAD_REQUEST, format!("body of {}: {error}", call.target)))
}

/// Recorded calls, oldest first; an unknown filter is refused, or an empty list would be read as « nothing came ».
fn requests(world: &Arc<World>, call: &Call) -> Result<Response, Refusal> {
    let allowed = ["service", "operation"];
    if let Some((name, value)) = call.query.iter().find(|(name, _)| !allowed.contains(&name.as_str())) {
        let sentence = format!("requests cannot be filtered by {name}");
        return Err(refuse(StatusCode::BAD_REQUEST, sentence)
            .field(name, value.as_str())
            .remedy("use service or operation"));
    }
    let service = call.param("service").filter(|service| !service.is_empty());
    if let Some(name) = service.filter(|name| Service::named(name).is_none()) {
        let known = Service::ALL.map(Service::name).join(", ");
        let sentence = format!("there is no service {name}");
        return Err(refuse(StatusCode::BAD_REQUEST, sentence)
            .field("service", name)
            .remedy(format!("use one of {known}")));
    }
    Ok(ok(&json!({ "requests": world.calls.lock().matching(service, call.param("operation")) })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    seed: Option<u64>,
}

fn reset(world: &Arc<World>, call: &Call) -> Result<Response, Refusal> {
    let Reset { seed } = body(call)?;
    world.reset(seed).map_err(|error| refuse(StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")))?;
    Ok(ok(&json!({ "status": "reset" })))
}
