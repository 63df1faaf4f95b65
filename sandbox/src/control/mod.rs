//! `/_sandbox`: what tests and people steer the doubles with.

mod ademe;
mod anthropic;
mod brevo;
mod clock;
mod faults;
mod home;
mod refusal;
mod stripe;
mod webhooks;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::call::{self, Call};
use crate::world::World;
use refusal::{Refusal, refuse, unknown};

/// Answers a control call.
pub fn answer(world: &Arc<World>, call: &Call) -> Response {
    route(world, call).unwrap_or_else(Refusal::into_response)
}

fn route(world: &Arc<World>, call: &Call) -> Result<Response, Refusal> {
    match (call.method.as_str(), call.path().as_slice()) {
        ("GET", []) => Ok(home::answer(world)),
        ("GET", ["health"]) => Ok(ok(&json!({ "status": "ok", "now": world.clock.now() }))),
        ("POST", ["reset"]) => reset(world, call),
        ("GET", ["requests"]) => {
            let calls = world.calls.lock();
            Ok(ok(&json!({ "requests": calls.matching(call.param("service"), call.param("operation")) })))
        }
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    seed: Option<u64>,
}

fn reset(world: &Arc<World>, call: &Call) -> Result<Response, Refusal> {
    let Reset { seed } = body(call)?;
    world.reset(seed);
    Ok(ok(&json!({ "status": "reset" })))
}
