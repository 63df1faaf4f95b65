//! What the customer does: pay, fail to pay, leave. Used by the page and by the control API alike.

use std::sync::Arc;

use axum::http::StatusCode;

use super::cards::{self, Means, Outcome};
use super::charge::{ChargeStatus, Try};
use super::error::StripeError;
use super::events::News;
use super::payer::Payer;
use super::session::{Mode, PaymentStatus, Session, Status};
use super::store::{Object, Store};
use super::{complete, disputes, sweep};
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
    pub payer: Payer,
    /// What the customer answered to the bank, when asked.
    pub authenticated: Option<bool>,
}

/// Finds an open session.
///
/// # Errors
/// The session is unknown, paid or over.
pub fn open_session(store: &Store, id: &str) -> Result<Session, StripeError> {
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
    // One lock from the look to the change: two simultaneous clicks pay once.
    let mut store = world.stripe.lock();
    let mut session = open_session(&store, attempt.session)?;
    let known = session.payer.clone();
    session.paid_by(&attempt.payer);
    let mut news = News::default();
    if session.payment_status == PaymentStatus::NoPaymentRequired {
        complete::without_payment(world, &mut store, &mut session, &mut news);
        drop(store);
        news.send(world, None);
        return Ok(Tried::Paid(Box::new(session)));
    }
    let declined = match (cards::outcome(&card), attempt.authenticated) {
        (Outcome::Pays, _) | (Outcome::Authenticates, Some(true)) => None,
        (Outcome::Declined(error), _) => Some(error),
        (Outcome::Authenticates, Some(false)) => Some(StripeError::card(
            "payment_intent_authentication_failure",
            None,
            "The customer failed authentication.",
        )),
        (Outcome::Authenticates, None) => return Ok(Tried::NeedsAuthentication),
    };
    if !session.payment_method_types.iter().any(|kind| kind == "card") {
        return Err(StripeError::invalid("This session does not take cards.").param("card"));
    }
    let means = Means::Card { number: card, authenticated: attempt.authenticated == Some(true) };
    let Some(error) = declined else {
        let charge = complete::paid(world, &mut store, &mut session, &means, &mut news);
        if means.is_disputed() {
            disputes::open(world, &mut store, &charge, "fraudulent", &mut news);
        }
        drop(store);
        news.send(world, None);
        return Ok(Tried::Paid(Box::new(session)));
    };
    let (intent, charge) =
        money(&store, &session, &means, session.customer.clone()).ends(world, ChargeStatus::Failed, Some(&error));
    news.add("charge.failed", charge.to_json(&world.base_url));
    news.add("payment_intent.payment_failed", intent.to_json(&world.base_url));
    // Another may try next: nothing is remembered of this one.
    session.payer = known;
    // The intent of a subscription belongs to its invoice, which does not exist yet.
    if session.mode == Mode::Payment {
        session.payment_intent = Some(intent.id.clone());
    }
    store.intents.put(&intent.id.clone(), intent);
    store.charges.put(&charge.id.clone(), charge);
    store.sessions.put(&session.id.clone(), session);
    drop(store);
    news.send(world, None);
    Ok(Tried::Declined(error))
}

/// The try to collect what a session costs.
pub fn money<'a>(store: &Store, session: &'a Session, means: &'a Means, customer: Option<String>) -> Try<'a> {
    Try {
        intent: session.payment_intent.as_ref().and_then(|id| store.intents.get(id)).cloned(),
        amount: session.total(),
        currency: &session.currency,
        labels: &session.of_intent,
        customer,
        means,
        payer: Payer { email: session.email().map(str::to_owned), ..session.payer.clone() },
        payment_method_types: &session.payment_method_types,
    }
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
