//! Subscriptions: begun by a session, changed by call or on the portal.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Days, Months, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Request;
use super::cards::Means;
use super::catalogue::Recurring;
use super::error::StripeError;
use super::events::News;
use super::intent::Intent;
use super::invoices::{self, Billed, Invoice};
use super::lines::Line;
use super::session::Session;
use super::store::{Object, Store};
use crate::journal::Table;
use crate::world::World;

/// Whether it gives rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    Active,
    PastDue,
    Unpaid,
    Canceled,
}

/// A recurring line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    pub id: String,
    pub line: Line,
}

/// A subscription.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subscription {
    pub id: String,
    pub status: SubscriptionStatus,
    pub customer: String,
    pub currency: String,
    pub created: i64,
    pub items: Vec<Item>,
    pub rhythm: Recurring,
    /// Periods begun so far, the current one included.
    pub turn: u32,
    /// Begin and end of the current period.
    pub period: (i64, i64),
    pub automatic_tax: bool,
    pub metadata: BTreeMap<String, String>,
    pub description: Option<String>,
    pub means: Means,
    pub latest_invoice: Option<String>,
    pub cancel_at_period_end: bool,
    pub canceled_at: Option<i64>,
    pub ended_at: Option<i64>,
}

impl Subscription {
    /// The end of period number `turn`. Counted from the start: the 31st comes back after February.
    pub fn end_of(&self, turn: u32) -> i64 {
        end(self.created, &self.rhythm, turn)
    }

    /// What one period costs, in cents.
    pub fn total(&self) -> i64 {
        self.items.iter().map(|item| item.line.total(self.automatic_tax)).sum()
    }

    /// Whether it still lives.
    pub fn lives(&self) -> bool {
        self.status != SubscriptionStatus::Canceled
    }

    fn item(&self, item: &Item) -> Value {
        let price = &item.line.price;
        json!({
            "id": item.id, "object": "subscription_item", "billing_thresholds": null, "created": self.created,
            "current_period_end": self.period.1, "current_period_start": self.period.0, "discounts": [],
            "metadata": {},
            "plan": { "id": price.id, "object": "plan", "active": price.active, "amount": price.unit_amount,
                "amount_decimal": price.unit_amount.to_string(), "billing_scheme": "per_unit",
                "created": price.created, "currency": price.currency, "interval": self.rhythm.interval,
                "interval_count": self.rhythm.count, "livemode": false, "metadata": {}, "meter": null,
                "nickname": price.nickname, "product": price.product, "tiers_mode": null, "transform_usage": null,
                "trial_period_days": null, "usage_type": "licensed" },
            "price": price.to_json(""), "quantity": item.line.quantity, "subscription": self.id, "tax_rates": [],
        })
    }
}

fn end(start: i64, rhythm: &Recurring, turn: u32) -> i64 {
    let steps = rhythm.count.saturating_mul(turn);
    let begun: Option<DateTime<Utc>> = DateTime::from_timestamp(start, 0);
    let ended = begun.and_then(|begun| match rhythm.interval.as_str() {
        "day" => begun.checked_add_days(Days::new(u64::from(steps))),
        "week" => begun.checked_add_days(Days::new(u64::from(steps) * 7)),
        "year" => begun.checked_add_months(Months::new(steps.saturating_mul(12))),
        _ => begun.checked_add_months(Months::new(steps)),
    });
    ended.map_or(i64::MAX, |at| at.timestamp())
}

impl Object for Subscription {
    const KIND: &'static str = "subscription";
    const PATH: &'static str = "/v1/subscriptions";

    fn table(store: &Store) -> &Table<Self> {
        &store.subscriptions
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, _base_url: &str) -> Value {
        json!({
            "id": self.id, "object": "subscription", "application": null, "application_fee_percent": null,
            "automatic_tax": { "disabled_reason": null, "enabled": self.automatic_tax,
                "liability": self.automatic_tax.then(|| json!({ "type": "self" })) },
            "billing_cycle_anchor": self.created, "billing_cycle_anchor_config": null,
            "billing_mode": { "type": "classic" }, "billing_schedules": [], "billing_thresholds": null,
            "cancel_at": self.cancel_at_period_end.then_some(self.period.1),
            "cancel_at_period_end": self.cancel_at_period_end, "canceled_at": self.canceled_at,
            "cancellation_details": { "comment": null, "feedback": null,
                "reason": self.canceled_at.map(|_| "cancellation_requested") },
            "collection_method": "charge_automatically", "created": self.created, "currency": self.currency,
            "customer": self.customer, "customer_account": null, "days_until_due": null,
            "default_payment_method": null, "default_source": null, "default_tax_rates": [],
            "description": self.description, "discounts": [], "ended_at": self.ended_at,
            "invoice_settings": { "account_tax_ids": null, "custom_fields": null, "description": null,
                "footer": null, "issuer": { "type": "self" } },
            "items": { "object": "list", "has_more": false,
                "url": format!("/v1/subscription_items?subscription={}", self.id),
                "data": self.items.iter().map(|item| self.item(item)).collect::<Vec<_>>() },
            "latest_invoice": self.latest_invoice, "livemode": false, "managed_payments": { "enabled": false },
            "metadata": self.metadata, "next_pending_invoice_item_invoice": null, "on_behalf_of": null,
            "pause_collection": null,
            "payment_settings": { "payment_method_options": null, "payment_method_types": null,
                "save_default_payment_method": "off" },
            "pending_invoice_item_interval": null, "pending_setup_intent": null, "pending_update": null,
            "presentment_details": null, "schedule": null, "start_date": self.created, "status": self.status,
            "test_clock": null, "transfer_data": null, "trial_end": null,
            "trial_settings": { "end_behavior": { "missing_payment_method": "create_invoice" } }, "trial_start": null,
        })
    }
}

/// Begins the subscription of a session that has just been paid, with its first invoice.
pub fn begin(world: &World, store: &mut Store, session: &mut Session, intent: &Intent, means: &Means, news: &mut News) {
    let now = world.clock.timestamp();
    let recurring = session.lines.iter().filter(|line| line.price.recurring.is_some());
    let items: Vec<Item> = recurring.map(|line| Item { id: world.ids.next("si_"), line: line.clone() }).collect();
    let Some(rhythm) = items.first().and_then(|item| item.line.price.recurring.clone()) else { return };
    let mut subscription = Subscription {
        id: world.ids.next("sub_"),
        status: SubscriptionStatus::Active,
        customer: session.customer.clone().unwrap_or_default(),
        currency: session.currency.clone(),
        created: now,
        items,
        turn: 1,
        period: (now, end(now, &rhythm, 1)),
        rhythm,
        automatic_tax: session.automatic_tax,
        metadata: session.of_subscription.metadata.clone(),
        description: session.of_subscription.description.clone(),
        means: means.clone(),
        latest_invoice: None,
        cancel_at_period_end: false,
        canceled_at: None,
        ended_at: None,
    };
    let once = session.lines.iter().filter(|line| line.price.recurring.is_none());
    let once =
        once.map(|line| Billed { id: world.ids.next("il_"), line: line.clone(), period: (now, now), item: None });
    let invoice = Invoice {
        lines: invoices::lines_of(world, &subscription).into_iter().chain(once).collect(),
        subscription: Some((subscription.id.clone(), subscription.metadata.clone())),
        attempts: 1,
        paid_at: Some(now),
        payment: Some((world.ids.next("inpay_"), intent.id.clone())),
        ..invoices::addressed(world, session, "subscription_create")
    };
    subscription.latest_invoice = Some(invoice.id.clone());
    session.subscription = Some(subscription.id.clone());
    session.invoice = Some(invoice.id.clone());
    news.add("customer.subscription.created", subscription.to_json(&world.base_url));
    store.invoices.put(&invoice.id.clone(), invoice);
    store.subscriptions.put(&subscription.id.clone(), subscription);
}

/// Asks for the end at the end of the period, or takes that back.
///
/// # Errors
/// The subscription is unknown or over.
pub fn end_with_period(
    world: &Arc<World>,
    id: &str,
    ends: bool,
    request: Option<&Request<'_>>,
) -> Result<Subscription, StripeError> {
    let now = world.clock.timestamp();
    change(world, id, request, |subscription| {
        if subscription.cancel_at_period_end != ends {
            subscription.cancel_at_period_end = ends;
            subscription.canceled_at = ends.then_some(now);
        }
    })
}

/// Changes a living subscription, and tells what changed.
///
/// # Errors
/// The subscription is unknown or over.
pub fn change(
    world: &Arc<World>,
    id: &str,
    request: Option<&Request<'_>>,
    edit: impl FnOnce(&mut Subscription),
) -> Result<Subscription, StripeError> {
    let mut store = world.stripe.lock();
    let mut subscription =
        store.subscriptions.get(id).cloned().ok_or_else(|| StripeError::no_such("subscription", id, "id"))?;
    if !subscription.lives() {
        return Err(StripeError::in_state(
            "A canceled subscription can only update its cancellation_details and metadata.",
        ));
    }
    let before = subscription.to_json(&world.base_url);
    edit(&mut subscription);
    let mut news = News::default();
    news.changed("customer.subscription.updated", &before, subscription.to_json(&world.base_url));
    store.subscriptions.put(id, subscription.clone());
    drop(store);
    news.send(world, request);
    Ok(subscription)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_counted_from_the_first_day() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap().timestamp();
        let monthly = Recurring { interval: "month".into(), count: 1 };
        let start = at("2026-01-31T10:00:00Z");
        assert_eq!(end(start, &monthly, 1), at("2026-02-28T10:00:00Z"));
        assert_eq!(end(start, &monthly, 2), at("2026-03-31T10:00:00Z"));
        assert_eq!(end(start, &Recurring { interval: "week".into(), count: 2 }, 1), at("2026-02-14T10:00:00Z"));
        assert_eq!(end(start, &Recurring { interval: "year".into(), count: 1 }, 2), at("2028-01-31T10:00:00Z"));
    }
}
