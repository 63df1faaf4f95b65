//! `/_sandbox/clock`: the doubles' time, read and moved.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

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

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    advance_s: Option<i64>,
    now: Option<DateTime<Utc>>,
}

/// Years the clock may show: certificates, sessions and signatures mean nothing far from them.
const YEARS: std::ops::RangeInclusive<i32> = 2_000..=2_100;

fn shift(world: &Arc<World>, wanted: Move) -> Result<(), Refusal> {
    match wanted {
        Move { advance_s: Some(seconds), now: None } => return advance(world, seconds),
        Move { advance_s: None, now: Some(now) } if YEARS.contains(&now.year()) => world.clock.set(now),
        Move { advance_s: None, now: Some(now) } => return Err(refused("now", json!(now))),
        Move { .. } => {
            return Err(refuse(StatusCode::BAD_REQUEST, "the clock moves by advance_s or to now, one of them")
                .remedy("send {\"advance_s\": 3600} or {\"now\": \"2026-11-22T10:00:00Z\"}"));
        }
    }
    stripe::sweep(world);
    Ok(())
}

/// Moves the clock by `seconds`; what is due then is done before this returns.
pub fn advance(world: &Arc<World>, seconds: i64) -> Result<(), Refusal> {
    let then = TimeDelta::try_seconds(seconds).and_then(|by| world.clock.now().checked_add_signed(by));
    if then.is_none_or(|then| !YEARS.contains(&then.year())) {
        return Err(refused("advance_s", json!(seconds)));
    }
    world.clock.advance(seconds);
    // Done before the answer: whoever moved the clock may look at once.
    stripe::sweep(world);
    Ok(())
}

fn refused(field: &str, value: Value) -> Refusal {
    let sentence = format!("the clock cannot move to {field} {value}");
    refuse(StatusCode::BAD_REQUEST, sentence).field(field, value).remedy("stay between 2000 and 2100")
}
