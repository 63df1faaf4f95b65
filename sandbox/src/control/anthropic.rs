//! `/_sandbox/anthropic`: fixed answers to chosen prompts, the speed of answers, and what was billed.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, body, no_such_call, ok, refuse};
use crate::anthropic::{FixedAnswer, Speed};
use crate::call::Call;
use crate::world::World;

/// Answers a call; `path` is what follows `/_sandbox/anthropic`.
pub fn route(world: &Arc<World>, call: &Call, method: &str, path: &[&str]) -> Result<Response, Refusal> {
    let mut store = world.anthropic.lock();
    match (method, path) {
        ("GET", ["answers"]) => {}
        ("PUT", ["answers"]) => store.fixed.put(fixed(call)?),
        ("DELETE", ["answers"]) => store.fixed.clear(),
        ("GET", ["bill"]) => return Ok(ok(&json!({ "messages": store.bill.lines() }))),
        ("PUT", ["speed"]) => {
            store.speed = speed(call)?;
            return Ok(ok(&json!({ "tokens_per_second": store.speed(&world.config) })));
        }
        _ => return Err(no_such_call(call)),
    }
    Ok(ok(&json!({ "answers": store.fixed.list() })))
}

fn fixed(call: &Call) -> Result<FixedAnswer, Refusal> {
    let answer: FixedAnswer = body(call)?;
    if answer.matching.metadata.is_none() && answer.matching.contains.is_none() {
        return Err(refuse(StatusCode::BAD_REQUEST, "an answer must say which prompts it is for")
            .field("match", json!({}))
            .remedy("give match.metadata or match.contains"));
    }
    Ok(answer)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pace {
    /// `null`: at once.
    tokens_per_second: Option<u32>,
}

fn speed(call: &Call) -> Result<Speed, Refusal> {
    match body(call)? {
        Pace { tokens_per_second: None } => Ok(Speed::Unlimited),
        Pace { tokens_per_second: Some(0) } => Err(refuse(StatusCode::BAD_REQUEST, "nothing is written at no speed")
            .field("tokens_per_second", 0)
            .remedy("give 1 or more, or null for at once")),
        Pace { tokens_per_second: Some(tokens) } => Ok(Speed::PerSecond(tokens)),
    }
}
