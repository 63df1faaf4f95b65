//! Refunds: whole, in parts, slow, and failing after all.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Request;
use super::cards::RefundFate;
use super::charge::{Charge, ChargeStatus};
use super::error::{Answer, StripeError};
use super::events::News;
use super::list::{self, Page, named};
use super::params::Params;
use super::store::{Object, Store};
use crate::journal::Table;
use crate::world::World;

/// Sandbox seconds until a slow refund settles.
const SETTLES_AFTER_S: i64 = 60;

/// A refund, in cents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refund {
    pub id: String,
    pub amount: i64,
    pub charge: String,
    pub intent: String,
    pub currency: String,
    pub created: i64,
    /// `card` or `sepa_debit`.
    pub means: String,
    pub reason: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub status: String,
    /// When and as what it settles.
    pub later: Option<(i64, String)>,
}

impl Refund {
    /// The refund as Stripe writes it.
    pub fn written(&self) -> Value {
        let failed = self.status == "failed";
        let mut destination = json!({ "type": self.means });
        destination[&self.means] = json!({ "type": "refund", "reference_status": "pending" });
        let mut object = json!({
            "id": self.id, "object": "refund", "amount": self.amount, "balance_transaction": null,
            "charge": self.charge, "created": self.created, "currency": self.currency, "customer": null,
            "customer_account": null, "destination_details": destination, "metadata": self.metadata,
            "payment_intent": self.intent, "payment_method": null, "reason": self.reason, "receipt_number": null,
            "source_transfer_reversal": null, "status": self.status, "transfer_reversal": null,
        });
        if failed {
            object["failure_reason"] = json!("expired_or_canceled_card");
            object["failure_balance_transaction"] = Value::Null;
        }
        object
    }
}

impl Object for Refund {
    const KIND: &'static str = "refund";
    const PATH: &'static str = "/v1/refunds";

    fn table(store: &Store) -> &Table<Self> {
        &store.refunds
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, _base_url: &str) -> Value {
        self.written()
    }
}

/// `POST /v1/refunds`.
pub fn create(request: &Request<'_>, mut params: Params) -> Answer {
    let world = request.world;
    params.refuse(&[
        "customer",
        "currency",
        "instructions_email",
        "origin",
        "refund_application_fee",
        "reverse_transfer",
    ])?;
    let intent = params.text("payment_intent")?;
    let charge = params.text("charge")?;
    let amount = params.integer("amount")?;
    let reason = params.choice("reason", &["duplicate", "fraudulent", "requested_by_customer"])?;
    let metadata = params.metadata("metadata")?;
    params.finish()?;

    // One lock from what is left to what is taken: two simultaneous refunds cannot give back more than was paid.
    let mut store = world.stripe.lock();
    let mut found = refunded(&store, intent.as_deref(), charge.as_deref())?;
    let before = found.to_json(&world.base_url);
    let amount = checked(&found, amount)?;
    let now = world.clock.timestamp();
    let settle = |status: &str| Some((now + SETTLES_AFTER_S, status.to_owned()));
    let (status, later) = match found.means.refund_fate() {
        RefundFate::Succeeds => ("succeeded", None),
        RefundFate::Waits => ("pending", settle("succeeded")),
        RefundFate::FailsLater => ("succeeded", settle("failed")),
    };
    let refund = Refund {
        id: world.ids.next("re_"),
        amount,
        charge: found.id.clone(),
        intent: found.intent.clone(),
        currency: found.currency.clone(),
        created: now,
        means: found.means.kind().to_owned(),
        reason,
        metadata,
        status: status.to_owned(),
        later,
    };
    found.refunded += amount;
    let mut news = News::default();
    news.changed("charge.refunded", &before, found.to_json(&world.base_url));
    news.add("refund.created", refund.written());
    store.refunds.put(&refund.id, refund.clone());
    store.charges.put(&found.id.clone(), found);
    drop(store);
    news.send(world, Some(request));
    Ok(refund.written())
}

/// The charge that is meant.
fn refunded(store: &Store, intent: Option<&str>, charge: Option<&str>) -> Answer<Charge> {
    let id = match (intent, charge) {
        (None, None) => {
            return Err(StripeError::invalid(
                "One of the following params should be provided for this request: payment_intent or charge.",
            )
            .code("parameter_missing")
            .param("payment_intent"));
        }
        (Some(intent), named) => {
            let found = store
                .intents
                .get(intent)
                .ok_or_else(|| StripeError::no_such("payment_intent", intent, "payment_intent"))?;
            let latest = found.latest_charge.as_deref().unwrap_or_default();
            if named.is_some_and(|named| named != latest) {
                return Err(StripeError::invalid("This charge does not belong to this payment intent.").param("charge"));
            }
            latest
        }
        (None, Some(charge)) => charge,
    };
    store.charges.get(id).cloned().ok_or_else(|| StripeError::no_such("charge", id, "charge"))
}

/// The amount to give back; the whole rest when none is named.
fn checked(charge: &Charge, amount: Option<i64>) -> Answer<i64> {
    let id = &charge.id;
    if amount.is_some_and(|amount| amount <= 0) {
        return Err(StripeError::invalid("Invalid positive integer").code("parameter_invalid_integer").param("amount"));
    }
    if charge.status != ChargeStatus::Succeeded {
        return Err(StripeError::in_state(format!("Charge {id} has not succeeded: there is nothing to refund."))
            .param("charge"));
    }
    if charge.disputed {
        return Err(StripeError::in_state(format!("Charge {id} has been charged back; cannot issue a refund."))
            .code("charge_disputed"));
    }
    let left = charge.refundable();
    if left == 0 {
        return Err(
            StripeError::in_state(format!("Charge {id} has already been refunded.")).code("charge_already_refunded")
        );
    }
    let amount = amount.unwrap_or(left);
    if amount > left {
        return Err(StripeError::in_state(format!(
            "Refund amount ({amount} cents) is greater than unrefunded amount on charge ({left} cents)"
        ))
        .param("amount"));
    }
    Ok(amount)
}

/// `POST /v1/refunds/{id}`: metadata only.
pub fn update(request: &Request<'_>, mut params: Params) -> Answer {
    let mut refund = named::<Refund>(request)?;
    let before = refund.written();
    params.change_metadata(&mut refund.metadata)?;
    params.finish()?;
    let after = refund.written();
    request.world.stripe.lock().refunds.put(&refund.id.clone(), refund);
    let mut news = News::default();
    news.changed("refund.updated", &before, after.clone());
    news.send(request.world, Some(request));
    Ok(after)
}

/// `GET /v1/refunds`.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    let intent = params.text("payment_intent")?;
    let charge = params.text("charge")?;
    params.finish()?;
    list::list::<Refund>(request, &page, |refund| {
        intent.as_ref().is_none_or(|intent| refund.intent == *intent)
            && charge.as_ref().is_none_or(|charge| refund.charge == *charge)
    })
}

/// Settles the refunds whose time has come.
pub fn settle(world: &Arc<World>) {
    let now = world.clock.timestamp();
    let mut news = News::default();
    let mut store = world.stripe.lock();
    let due: Vec<Refund> = store
        .refunds
        .iter()
        .map(|(_, refund)| refund)
        .filter(|refund| refund.later.as_ref().is_some_and(|(at, _)| *at <= now))
        .cloned()
        .collect();
    for mut refund in due {
        let before = refund.written();
        if let Some((_, status)) = refund.later.take() {
            refund.status = status;
        }
        let after = refund.written();
        news.changed("refund.updated", &before, after.clone());
        if refund.status == "failed" {
            news.add("refund.failed", after);
            // The money came back to us: the charge may be refunded again.
            store.charges.change(&refund.charge, |charge| charge.refunded -= refund.amount);
        }
        store.refunds.put(&refund.id.clone(), refund);
    }
    drop(store);
    news.send(world, None);
}
