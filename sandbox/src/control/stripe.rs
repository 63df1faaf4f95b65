//! `/_sandbox/stripe`: endings of payments, and the events that were sent.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, accepted, body, no_such_call, ok, refuse, unknown};
use crate::call::Call;
use crate::stripe::StripeError;
use crate::stripe::payment::{self, Attempt, GOOD_CARD, REFUSED_CARD, Tried};
use crate::webhooks::{self, Vendor};
use crate::world::World;

/// Answers a call; `path` is what follows `/_sandbox/stripe`.
pub fn route(world: &Arc<World>, call: &Call, method: &str, path: &[&str]) -> Result<Response, Refusal> {
    match (method, path) {
        ("POST", ["checkout", id, ending]) => checkout(world, call, id, ending),
        ("GET", ["events"]) => Ok(ok(&json!({ "events": world.webhooks.sent_by(Vendor::Stripe) }))),
        ("POST", ["events", id, "redeliver"]) => redeliver(world, call, id),
        _ => Err(no_such_call(call)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    card: Option<String>,
    email: Option<String>,
}

fn checkout(world: &Arc<World>, call: &Call, id: &str, ending: &str) -> Result<Response, Refusal> {
    let Pay { card, email } = body(call)?;
    let of_stripe = |error: StripeError| refuse(error.status, error.to_string());
    let card = match ending {
        "pay" => card.unwrap_or_else(|| GOOD_CARD.to_owned()),
        "decline" => card.unwrap_or_else(|| REFUSED_CARD.to_owned()),
        "abandon" => {
            let back = payment::abandon(world, id).map_err(of_stripe)?;
            return Ok(accepted(&json!({ "outcome": "abandoned", "redirect": back })));
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
    Ok(match payment::attempt(world, &attempt).map_err(of_stripe)? {
        Tried::Paid(session) => accepted(&json!({
            "outcome": "paid", "payment_intent": session.payment_intent, "redirect": session.success() })),
        Tried::Declined(error) => accepted(&json!({ "outcome": "declined", "reason": error.reason() })),
        Tried::NeedsAuthentication => accepted(&json!({ "outcome": "requires_action" })),
    })
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
    Ok(accepted(&json!({ "event": id })))
}
