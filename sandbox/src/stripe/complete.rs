//! A session comes to its end: what is made then, and what is told, in Stripe's usual order.

use super::cards::Means;
use super::charge::{Charge, ChargeStatus};
use super::events::News;
use super::intent::Intent;
use super::session::{Mode, PaymentStatus, Session, Status};
use super::store::{Object, Store};
use super::{customers, invoices, payment, subscriptions};
use crate::world::World;

/// The money came at once. Gives the charge's id.
pub fn paid(world: &World, store: &mut Store, session: &mut Session, means: &Means, news: &mut News) -> String {
    let base_url = &world.base_url;
    session.customer = customers::of_session(world, store, session, session.mode == Mode::Subscription, news);
    let (intent, charge) =
        payment::money(store, session, means, session.customer.clone()).ends(world, ChargeStatus::Succeeded, None);
    session.status = Status::Complete;
    session.payment_status = PaymentStatus::Paid;
    news.add("payment_intent.succeeded", intent.to_json(base_url));
    news.add("charge.succeeded", charge.to_json(base_url));
    if session.mode == Mode::Subscription {
        subscriptions::begin(world, store, session, &intent, means, news);
    } else {
        session.payment_intent = Some(intent.id.clone());
        invoices::of_session(world, store, session, Some(&intent));
    }
    news.add("checkout.session.completed", session.to_json(base_url));
    invoices::tell_paid(world, store, session.invoice.as_deref(), news);
    store_all(store, session, intent, &charge);
    charge.id
}

/// There was nothing to pay.
pub fn without_payment(world: &World, store: &mut Store, session: &mut Session, news: &mut News) {
    session.customer = customers::of_session(world, store, session, false, news);
    session.status = Status::Complete;
    invoices::of_session(world, store, session, None);
    news.add("checkout.session.completed", session.to_json(&world.base_url));
    invoices::tell_paid(world, store, session.invoice.as_deref(), news);
    store.sessions.put(&session.id, session.clone());
}

/// The customer has ordered a transfer: the session is complete and not paid.
pub fn promised(world: &World, store: &mut Store, session: &mut Session, means: &Means, news: &mut News) -> Intent {
    let base_url = &world.base_url;
    session.customer = customers::of_session(world, store, session, false, news);
    let (intent, charge) =
        payment::money(store, session, means, session.customer.clone()).ends(world, ChargeStatus::Pending, None);
    session.status = Status::Complete;
    session.payment_intent = Some(intent.id.clone());
    news.add("payment_intent.processing", intent.to_json(base_url));
    news.add("charge.pending", charge.to_json(base_url));
    news.add("checkout.session.completed", session.to_json(base_url));
    store_all(store, session, intent.clone(), &charge);
    intent
}

fn store_all(store: &mut Store, session: &Session, intent: Intent, charge: &Charge) {
    store.intents.put(&intent.id.clone(), intent);
    store.charges.put(&charge.id, charge.clone());
    store.sessions.put(&session.id, session.clone());
}
