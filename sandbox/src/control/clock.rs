//! `/_sandbox/clock`: the doubles' time, read and moved.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, body, no_such_call, ok, refuse};
use crate::call::Call;
use crate::stripe;
use crate::world::World;

/// Answers a call to `/_sandbox/clock`.
pub fn route(world: &Arc<World>, call: &Call, method: &str) -> Result<Response, Refusal> {
    match method {
        "GET" => {}
        "POST" => shift(world, body(call)?)?,
        _ => return Err(no_such_call(call)),
    }
    Ok(ok(&json!({ "now": world.clock.now() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    advance_s: Option<i64>,
    now: Option<DateTime<Utc>>,
}

fn shift(world: &Arc<World>, wanted: Move) -> Result<(), Refusal> {
    match wanted {
        Move { advance_s: Some(seconds), now: None } => world.clock.advance(seconds),
        Move { advance_s: None, now: Some(now) } => world.clock.set(now),
        Move { .. } => {
            return Err(refuse(StatusCode::BAD_REQUEST, "the clock moves by advance_s or to now, one of them")
                .remedy("send {\"advance_s\": 3600} or {\"now\": \"2026-11-22T10:00:00Z\"}"));
        }
    }
    // Done before the answer: whoever moved the clock may look at once.
    stripe::sweep(world);
    Ok(())
}
