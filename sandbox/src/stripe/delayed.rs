//! Payments that take days: the session is complete long before the money comes, or does not.

use std::sync::Arc;

use axum::http::StatusCode;

use super::cards::{self, EMPTY_IBAN, GOOD_IBAN, Means};
use super::charge::ChargeStatus;
use super::error::StripeError;
use super::events::News;
use super::intent::IntentStatus;
use super::payer::Payer;
use super::session::{PaymentStatus, Session};
use super::store::Object;
use super::{complete, invoices, payment, sweep};
use crate::world::World;

/// Sandbox seconds until a debit ordered on the page settles.
const SETTLES_AFTER_S: i64 = 180;

/// The customer orders a debit. With `by_itself`, it settles after a while as the account number says; otherwise it
/// waits for [`end`].
///
/// # Errors
/// The session is not open, or does not take debits; the account is none of the test accounts.
pub fn begin(
    world: &Arc<World>,
    id: &str,
    typed: Option<&str>,
    payer: &Payer,
    by_itself: bool,
) -> Result<Session, StripeError> {
    sweep(world);
    let iban = cards::iban(typed.unwrap_or(GOOD_IBAN));
    let fate = match iban.as_str() {
        GOOD_IBAN => true,
        EMPTY_IBAN => false,
        _ => {
            return Err(StripeError::invalid(
                "The IBAN you provided is invalid. Test mode takes test accounts only, such as FR14 2004 1010 0505 0001 \
                 3M02 606.",
            )
            .code("invalid_bank_account_iban")
            .param("iban"));
        }
    };
    let mut store = world.stripe.lock();
    let mut session = payment::open_session(&store, id)?;
    if !session.payment_method_types.iter().any(|kind| kind == "sepa_debit") {
        return Err(StripeError::invalid("This session does not take SEPA debits.").param("payment_method_types"));
    }
    session.paid_by(payer);
    let mut news = News::default();
    let intent = complete::promised(world, &mut store, &mut session, &Means::SepaDebit { iban }, &mut news);
    if by_itself {
        let at = world.clock.timestamp() + SETTLES_AFTER_S;
        store.intents.change(&intent.id, |intent| intent.settles = Some((at, fate)));
    }
    drop(store);
    news.send(world, None);
    Ok(session)
}

/// The debit ends, well or not.
///
/// # Errors
/// The session is unknown, or has no debit under way.
pub fn end(world: &Arc<World>, id: &str, succeeds: bool) -> Result<Session, StripeError> {
    let base_url = &world.base_url;
    let mut store = world.stripe.lock();
    let mut session =
        store.sessions.get(id).cloned().ok_or_else(|| StripeError::no_such("checkout.session", id, "session"))?;
    let under_way = session
        .payment_intent
        .as_ref()
        .and_then(|intent| store.intents.get(intent).cloned())
        .filter(|intent| intent.status == IntentStatus::Processing);
    let charge = under_way.as_ref().and_then(|intent| store.charges.get(intent.latest_charge.as_deref()?)).cloned();
    let (Some(mut intent), Some(mut charge)) = (under_way, charge) else {
        return Err(StripeError::new(
            StatusCode::CONFLICT,
            "invalid_request_error",
            "This session has no delayed payment under way: use /pay-delayed first.",
        ));
    };
    let mut news = News::default();
    intent.settles = None;
    if succeeds {
        (intent.status, charge.status) = (IntentStatus::Succeeded, ChargeStatus::Succeeded);
        session.payment_status = PaymentStatus::Paid;
        news.add("charge.succeeded", charge.to_json(base_url));
        news.add("payment_intent.succeeded", intent.to_json(base_url));
        invoices::of_session(world, &mut store, &mut session, Some(&intent));
        news.add("checkout.session.async_payment_succeeded", session.to_json(base_url));
        invoices::tell_paid(world, &store, session.invoice.as_deref(), &mut news);
    } else {
        let error = StripeError::card("debit_not_authorized", None, "The bank refused the debit: insufficient funds.");
        (intent.status, charge.status) = (IntentStatus::RequiresPaymentMethod, ChargeStatus::Failed);
        charge.failure_code = Some("insufficient_funds".into());
        charge.failure_message = Some(error.to_string());
        intent.last_error = Some(error.detail(&world.ids.next("req_")));
        news.add("charge.failed", charge.to_json(base_url));
        news.add("payment_intent.payment_failed", intent.to_json(base_url));
        news.add("checkout.session.async_payment_failed", session.to_json(base_url));
    }
    store.intents.put(&intent.id.clone(), intent);
    store.charges.put(&charge.id.clone(), charge);
    store.sessions.put(&session.id, session.clone());
    drop(store);
    news.send(world, None);
    Ok(session)
}

/// Settles the debits whose time has come.
pub fn settle(world: &Arc<World>) {
    let now = world.clock.timestamp();
    let due: Vec<(String, bool)> = {
        let store = world.stripe.lock();
        let settled = |id: &String| {
            let (at, fate) = store.intents.get(id)?.settles?;
            (at <= now).then_some(fate)
        };
        let sessions = store.sessions.iter();
        sessions.filter_map(|(id, session)| Some((id.clone(), settled(session.payment_intent.as_ref()?)?))).collect()
    };
    for (id, fate) in due {
        // Someone may have ended it by the control API in between.
        let _ = end(world, &id, fate);
    }
}
