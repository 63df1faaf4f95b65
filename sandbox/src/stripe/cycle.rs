//! The billing cycle: renewals, failed ones and their reminders, and the end of a cancelled period.

use std::sync::Arc;

use axum::http::StatusCode;

use super::cards;
use super::charge::{ChargeStatus, Try};
use super::error::StripeError;
use super::events::News;
use super::invoices::{self, Invoice};
use super::payer::{Payer, nowhere};
use super::session::Labels;
use super::store::{Object, Store};
use super::subscriptions::{Subscription, SubscriptionStatus};
use crate::world::World;

/// Days after each failed attempt until the next one; after the last, the subscription is unpaid.
const REMINDERS_D: [i64; 3] = [3, 5, 7];
const DAY_S: i64 = 24 * 3_600;
/// Renewals caught up with in one go when the clock leaps; more come at the next look.
const CAUGHT_UP: usize = 60;

/// Bills the next period, or the one still owed, with success.
///
/// # Errors
/// The subscription is unknown or over.
pub fn renew(world: &Arc<World>, id: &str) -> Result<Subscription, StripeError> {
    bill(world, id, true)
}

/// Bills the next period, or the one still owed, in vain.
///
/// # Errors
/// The subscription is unknown or over.
pub fn fail_renewal(world: &Arc<World>, id: &str) -> Result<Subscription, StripeError> {
    bill(world, id, false)
}

fn bill(world: &Arc<World>, id: &str, succeeds: bool) -> Result<Subscription, StripeError> {
    let mut store = world.stripe.lock();
    let known = store.subscriptions.get(id).cloned().ok_or_else(|| StripeError::no_such("subscription", id, "id"))?;
    if !known.lives() {
        let over = "This subscription is over: nothing is billed any more.";
        return Err(StripeError::new(StatusCode::CONFLICT, "invalid_request_error", over));
    }
    let mut news = News::default();
    let billed = collect(world, &mut store, known, succeeds, &mut news);
    drop(store);
    news.send(world, None);
    Ok(billed)
}

/// One attempt to collect: of the invoice still owed, or of a new one for the next period.
fn collect(
    world: &World,
    store: &mut Store,
    mut subscription: Subscription,
    succeeds: bool,
    news: &mut News,
) -> Subscription {
    let now = world.clock.timestamp();
    let before = subscription.to_json(&world.base_url);
    let owed = subscription.latest_invoice.as_ref().and_then(|id| store.invoices.get(id));
    let mut invoice = match owed.filter(|invoice| !invoice.is_paid()).cloned() {
        Some(owed) => owed,
        None => next_period(world, store, &mut subscription),
    };
    invoice.attempts += 1;
    let labels = Labels { metadata: subscription.metadata.clone(), description: Some("Subscription update".into()) };
    let attempt = Try {
        intent: invoice.payment.as_ref().and_then(|(_, intent)| store.intents.get(intent)).cloned(),
        amount: invoice.total(),
        currency: &subscription.currency,
        labels: &labels,
        customer: Some(subscription.customer.clone()),
        means: &subscription.means,
        payer: Payer { email: invoice.email.clone(), name: invoice.name.clone(), ..Payer::default() },
        payment_method_types: &["card".to_owned()],
    };
    let declined = match cards::outcome("4000000000000002") {
        cards::Outcome::Declined(error) if !succeeds => Some(error),
        _ => None,
    };
    let status = if succeeds { ChargeStatus::Succeeded } else { ChargeStatus::Failed };
    let (intent, charge) = attempt.ends(world, status, declined.as_ref());
    let payment = invoice.payment.take().map_or_else(|| world.ids.next("inpay_"), |(id, _)| id);
    invoice.payment = Some((payment, intent.id.clone()));
    if succeeds {
        (invoice.paid_at, invoice.next_attempt) = (Some(now), None);
        subscription.status = SubscriptionStatus::Active;
        news.add("payment_intent.succeeded", intent.to_json(&world.base_url));
        news.add("charge.succeeded", charge.to_json(&world.base_url));
    } else {
        let reminder = usize::try_from(invoice.attempts - 1).ok().and_then(|tried| REMINDERS_D.get(tried));
        invoice.next_attempt = reminder.map(|days| now + days * DAY_S);
        subscription.status = match invoice.next_attempt {
            Some(_) => SubscriptionStatus::PastDue,
            None => SubscriptionStatus::Unpaid,
        };
        news.add("charge.failed", charge.to_json(&world.base_url));
        news.add("payment_intent.payment_failed", intent.to_json(&world.base_url));
        news.add("invoice.payment_failed", invoice.to_json(&world.base_url));
    }
    store.intents.put(&intent.id.clone(), intent);
    store.charges.put(&charge.id.clone(), charge);
    store.invoices.put(&invoice.id.clone(), invoice.clone());
    if succeeds {
        invoices::tell_paid(world, store, Some(&invoice.id), news);
    }
    news.changed("customer.subscription.updated", &before, subscription.to_json(&world.base_url));
    store.subscriptions.put(&subscription.id.clone(), subscription.clone());
    subscription
}

/// Begins the next period, with its open invoice.
fn next_period(world: &World, store: &Store, subscription: &mut Subscription) -> Invoice {
    subscription.turn += 1;
    subscription.period = (subscription.period.1, subscription.end_of(subscription.turn));
    let customer = store.customers.get(&subscription.customer);
    let invoice = Invoice {
        customer: Some(subscription.customer.clone()),
        email: customer.and_then(|customer| customer.email.clone()),
        name: customer.and_then(|customer| customer.name.clone()),
        address: customer.map_or_else(nowhere, |customer| customer.address.clone()),
        lines: invoices::lines_of(world, subscription),
        automatic_tax: subscription.automatic_tax,
        subscription: Some((subscription.id.clone(), subscription.metadata.clone())),
        ..invoices::blank(world, &subscription.currency, "subscription_cycle")
    };
    subscription.latest_invoice = Some(invoice.id.clone());
    invoice
}

/// Ends a subscription now; `None` when it is unknown or over.
pub fn end(world: &World, store: &mut Store, id: &str, news: &mut News) -> Option<Subscription> {
    let now = world.clock.timestamp();
    let ended = store.subscriptions.change(id, |subscription| {
        subscription.lives().then(|| {
            subscription.status = SubscriptionStatus::Canceled;
            subscription.ended_at = Some(now);
            subscription.canceled_at.get_or_insert(now);
            subscription.clone()
        })
    });
    let ended = ended.flatten()?;
    news.add("customer.subscription.deleted", ended.to_json(&world.base_url));
    Some(ended)
}

/// Does what is due by the sandbox clock: renews, reminds, ends.
pub fn due(world: &Arc<World>) {
    for _ in 0..CAUGHT_UP {
        let now = world.clock.timestamp();
        let mut store = world.stripe.lock();
        let next =
            store.subscriptions.iter().map(|(_, one)| one).find_map(|one| Some((one.clone(), todo(&store, one, now)?)));
        let Some((subscription, todo)) = next else { return };
        let mut news = News::default();
        match todo {
            Todo::End => drop(end(world, &mut store, &subscription.id, &mut news)),
            Todo::Renew => drop(collect(world, &mut store, subscription, true, &mut news)),
            Todo::Remind => drop(collect(world, &mut store, subscription, false, &mut news)),
        }
        drop(store);
        news.send(world, None);
    }
}

enum Todo {
    End,
    Renew,
    Remind,
}

fn todo(store: &Store, subscription: &Subscription, now: i64) -> Option<Todo> {
    let over = subscription.period.1 <= now;
    match subscription.status {
        SubscriptionStatus::Canceled => None,
        _ if over && subscription.cancel_at_period_end => Some(Todo::End),
        SubscriptionStatus::Active => over.then_some(Todo::Renew),
        SubscriptionStatus::PastDue => {
            let invoice = store.invoices.get(subscription.latest_invoice.as_deref()?)?;
            // Whoever could not pay still cannot, until the control API says otherwise.
            invoice.next_attempt.is_some_and(|at| at <= now).then_some(Todo::Remind)
        }
        SubscriptionStatus::Unpaid => None,
    }
}
