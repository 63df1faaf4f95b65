//! `/_sandbox/stripe`: endings of payments, disputes, the billing cycle, and the events that were sent.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, accepted, body, no_such_call, ok, refuse, unknown};
use crate::call::Call;
use crate::stripe::payer::Payer;
use crate::stripe::payment::{self, Attempt, GOOD_CARD, REFUSED_CARD, Tried};
use crate::stripe::session::Session;
use crate::stripe::{self, Object, StripeError, delayed, disputes};
use crate::webhooks::{self, Behaviour, Target, Vendor};
use crate::world::World;

/// Answers a call; `path` is what follows `/_sandbox/stripe`.
pub fn route(world: &Arc<World>, call: &Call, method: &str, path: &[&str]) -> Result<Response, Refusal> {
    match (method, path) {
        ("POST", ["checkout", id, ending]) => checkout(world, call, id, ending),
        ("POST", ["charges", id, "dispute"]) => dispute(world, call, id),
        ("POST", ["disputes", id, "close"]) => close(world, call, id),
        ("POST", ["subscriptions", id, "renew"]) => bill(world, id, stripe::renew),
        ("POST", ["subscriptions", id, "fail-renewal"]) => bill(world, id, stripe::fail_renewal),
        ("GET", ["events"]) => Ok(ok(&json!({ "events": world.webhooks.sent_by(Vendor::Stripe) }))),
        ("POST", ["events", id, "redeliver"]) => redeliver(world, call, id),
        ("PUT", ["webhooks"]) => {
            let behaviour: Behaviour = body(call)?;
            world.webhooks.behave_of(Vendor::Stripe, behaviour.clone());
            Ok(ok(&json!(behaviour)))
        }
        ("POST", ["webhooks"]) => {
            let target: Target = body(call)?;
            webhooks::aim(world, webhooks::Targets { stripe: target, ..world.webhooks.targets() });
            Ok(ok(&json!(world.webhooks.targets())))
        }
        _ => Err(no_such_call(call)),
    }
}

fn of_stripe(error: &StripeError) -> Refusal {
    refuse(error.status, error.to_string())
}

/// Body of a payment: the card, or the account of a debit, and who pays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    card: Option<String>,
    iban: Option<String>,
    email: Option<String>,
    name: Option<String>,
    tax_id: Option<String>,
}

fn checkout(world: &Arc<World>, call: &Call, id: &str, ending: &str) -> Result<Response, Refusal> {
    let Pay { card, iban, email, name, tax_id } = body(call)?;
    let payer = Payer { email, name, tax_id, ..Payer::default() };
    let done = |outcome: &str, session: &Session| {
        accepted(&json!({ "outcome": outcome, "payment_intent": session.payment_intent,
            "subscription": session.subscription, "redirect": session.success() }))
    };
    let card = match ending {
        "pay" => card.unwrap_or_else(|| GOOD_CARD.to_owned()),
        "decline" => card.unwrap_or_else(|| REFUSED_CARD.to_owned()),
        "abandon" => {
            let back = payment::abandon(world, id).map_err(|error| of_stripe(&error))?;
            return Ok(accepted(&json!({ "outcome": "abandoned", "redirect": back })));
        }
        "pay-delayed" => {
            let session =
                delayed::begin(world, id, iban.as_deref(), &payer, false).map_err(|error| of_stripe(&error))?;
            return Ok(done("processing", &session));
        }
        "delayed-succeed" | "delayed-fail" => {
            let succeeds = ending == "delayed-succeed";
            let session = delayed::end(world, id, succeeds).map_err(|error| of_stripe(&error))?;
            return Ok(done(if succeeds { "paid" } else { "failed" }, &session));
        }
        _ => {
            return Err(refuse(StatusCode::NOT_FOUND, format!("a payment has no ending `{ending}`"))
                .remedy("use pay, decline, abandon, pay-delayed, delayed-succeed or delayed-fail"));
        }
    };
    // Whoever pays through the control API confirms to the bank as well.
    let attempt = Attempt { session: id, card: &card, payer, authenticated: Some(true) };
    Ok(match payment::attempt(world, &attempt).map_err(|error| of_stripe(&error))? {
        Tried::Paid(session) => done("paid", &session),
        Tried::Declined(error) => accepted(&json!({ "outcome": "declined", "reason": error.reason() })),
        Tried::NeedsAuthentication => accepted(&json!({ "outcome": "requires_action" })),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Protest {
    reason: Option<String>,
}

fn dispute(world: &Arc<World>, call: &Call, id: &str) -> Result<Response, Refusal> {
    let Protest { reason } = body(call)?;
    let dispute = disputes::begin(world, id, reason.as_deref()).map_err(|error| of_stripe(&error))?;
    Ok(accepted(&dispute.to_json(&world.base_url)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    status: String,
}

fn close(world: &Arc<World>, call: &Call, id: &str) -> Result<Response, Refusal> {
    let Verdict { status } = body(call)?;
    let dispute = disputes::close(world, id, &status, None).map_err(|error| of_stripe(&error))?;
    Ok(accepted(&dispute.to_json(&world.base_url)))
}

type Billing = fn(&Arc<World>, &str) -> Result<stripe::Subscription, StripeError>;

fn bill(world: &Arc<World>, id: &str, billing: Billing) -> Result<Response, Refusal> {
    let subscription = billing(world, id).map_err(|error| of_stripe(&error))?;
    Ok(accepted(&subscription.to_json(&world.base_url)))
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
