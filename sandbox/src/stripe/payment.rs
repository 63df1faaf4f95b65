//! What the customer does: pay, fail to pay, leave. Used by the page and by the control API alike.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::Value;

use super::cards::{self, Outcome};
use super::charge::{Charge, Intent};
use super::error::StripeError;
use super::session::{Session, Status};
use super::{Store, events, sweep};
use crate::world::World;

/// The card used when none is named.
pub const GOOD_CARD: &str = "4242424242424242";
/// The card used to be refused.
pub const REFUSED_CARD: &str = "4000000000000002";

/// The end of a try to pay.
pub enum Tried {
    Paid(Box<Session>),
    /// The bank wants to see the customer first.
    NeedsAuthentication,
    Declined(StripeError),
}

/// A try to pay.
pub struct Attempt<'a> {
    pub session: &'a str,
    /// As typed.
    pub card: &'a str,
    pub email: Option<&'a str>,
    /// What the customer answered to the bank, when asked.
    pub authenticated: Option<bool>,
}

/// Finds an open session.
fn open_session(store: &Store, id: &str) -> Result<Session, StripeError> {
    let session = store.sessions.get(id).ok_or_else(|| StripeError::no_such("checkout.session", id, "session"))?;
    match session.status {
        Status::Open => Ok(session.clone()),
        Status::Complete => {
            Err(StripeError::new(StatusCode::CONFLICT, "invalid_request_error", "This session is already paid."))
        }
        Status::Expired => Err(StripeError::new(
            StatusCode::GONE,
            "invalid_request_error",
            "This session has expired: it cannot be paid.",
        )),
    }
}

/// Pays, or is refused; the events follow by themselves.
///
/// # Errors
/// The session is unknown or not open any more.
pub fn attempt(world: &Arc<World>, attempt: &Attempt<'_>) -> Result<Tried, StripeError> {
    sweep(world);
    let card = cards::digits(attempt.card);
    let declined = match (cards::outcome(&card), attempt.authenticated) {
        (Outcome::Pays, _) | (Outcome::Authenticates, Some(true)) => None,
        (Outcome::Declined(error), _) => Some(error),
        (Outcome::Authenticates, Some(false)) => Some(StripeError::card(
            "payment_intent_authentication_failure",
            None,
            "The customer failed authentication.",
        )),
        (Outcome::Authenticates, None) => {
            return open_session(&world.stripe.lock(), attempt.session).map(|_| Tried::NeedsAuthentication);
        }
    };
    // One lock from the look to the change: two simultaneous clicks pay once.
    let mut store = world.stripe.lock();
    let mut session = open_session(&store, attempt.session)?;
    if let Some(email) = attempt.email.filter(|_| session.customer_email.is_none()) {
        session.payer_email = Some(email.to_owned());
    }
    let (intent, charge) = charge(world, &session, &card, attempt.authenticated == Some(true), declined.as_ref());
    if declined.is_none() {
        session.status = Status::Complete;
        session.paid = true;
        session.payment_intent = Some(intent.id.clone());
    }
    store.intents.put(&intent.id, intent.clone());
    store.charges.put(&charge.id, charge.clone());
    store.sessions.put(&session.id, session.clone());
    drop(store);

    let charged = charge.to_json(&world.base_url);
    match declined {
        None => {
            events::publish(world, "payment_intent.succeeded", &intent.to_json(), None);
            events::publish(world, "charge.succeeded", &charged, None);
            events::publish(world, "checkout.session.completed", &session.to_json(&world.base_url), None);
            Ok(Tried::Paid(Box::new(session)))
        }
        Some(error) => {
            events::publish(world, "charge.failed", &charged, None);
            events::publish(world, "payment_intent.payment_failed", &intent.to_json(), None);
            Ok(Tried::Declined(error))
        }
    }
}

fn charge(
    world: &World,
    session: &Session,
    card: &str,
    authenticated: bool,
    declined: Option<&StripeError>,
) -> (Intent, Charge) {
    let detail = declined.map(|error| error.detail("req_sbx_page"));
    let text = |field: &str| detail.as_ref().and_then(|detail| detail[field].as_str()).map(str::to_owned);
    let now = world.clock.timestamp();
    let charge = Charge {
        id: world.ids.next("ch_"),
        intent: world.ids.next("pi_"),
        amount: session.total(),
        refunded: 0,
        currency: session.currency.clone(),
        created: now,
        succeeded: declined.is_none(),
        failure_code: text("code"),
        failure_message: text("message"),
        card: card.to_owned(),
        authenticated,
        email: session.customer_email.clone().or_else(|| session.payer_email.clone()),
        metadata: session.intent_metadata.clone(),
        description: session.intent_description.clone(),
    };
    let intent = Intent {
        id: charge.intent.clone(),
        amount: charge.amount,
        currency: charge.currency.clone(),
        created: now,
        succeeded: charge.succeeded,
        metadata: charge.metadata.clone(),
        description: charge.description.clone(),
        latest_charge: Some(charge.id.clone()),
        last_error: detail.filter(|detail| *detail != Value::Null),
    };
    (intent, charge)
}

/// The customer leaves: the session stays open, as at Stripe. Gives the address to go back to.
///
/// # Errors
/// The session is unknown.
pub fn abandon(world: &Arc<World>, id: &str) -> Result<Option<String>, StripeError> {
    let store = world.stripe.lock();
    let session = store.sessions.get(id).ok_or_else(|| StripeError::no_such("checkout.session", id, "session"))?;
    Ok(session.cancel_url.clone())
}
