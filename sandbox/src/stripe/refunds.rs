//! Refunds: whole, in parts, slow, and failing after all.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::cards::{self, RefundFate};
use super::error::{Answer, StripeError};
use super::params::Params;
use super::{Request, events};
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
    pub reason: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub status: String,
    /// When and as what it settles.
    pub later: Option<(i64, String)>,
}

impl Refund {
    fn to_json(&self) -> Value {
        let failed = self.status == "failed";
        let mut object = json!({
            "id": self.id, "object": "refund", "amount": self.amount, "balance_transaction": null,
            "charge": self.charge, "created": self.created, "currency": self.currency, "customer": null,
            "customer_account": null,
            "destination_details": { "card": { "type": "refund", "reference_status": "pending" }, "type": "card" },
            "metadata": self.metadata, "payment_intent": self.intent, "payment_method": null, "reason": self.reason,
            "receipt_number": null, "source_transfer_reversal": null, "status": self.status, "transfer_reversal": null,
        });
        if failed {
            object["failure_reason"] = json!("expired_or_canceled_card");
            object["failure_balance_transaction"] = Value::Null;
        }
        object
    }
}

pub fn create(request: &Request<'_>, mut params: Params) -> Answer {
    let world = request.world;
    let intent = params.text("payment_intent")?;
    let charge = params.text("charge")?;
    let amount = params.integer("amount")?;
    let reason = params.choice("reason", &["duplicate", "fraudulent", "requested_by_customer"])?;
    let metadata = params.metadata("metadata")?;
    params.texts("expand")?;
    params.finish()?;

    let mut store = world.stripe.lock();
    let charge = match (&intent, &charge) {
        (None, None) => return Err(StripeError::missing("payment_intent")),
        (Some(intent), _) => {
            let found = store
                .intents
                .get(intent)
                .ok_or_else(|| StripeError::no_such("payment_intent", intent, "payment_intent"))?;
            found.latest_charge.clone().unwrap_or_default()
        }
        (None, Some(charge)) => charge.clone(),
    };
    let found = store.charges.get(&charge).ok_or_else(|| StripeError::no_such("charge", &charge, "charge"))?.clone();
    let left = found.refundable();
    if left == 0 && found.succeeded {
        return Err(
            StripeError::invalid(format!("Charge {charge} has already been refunded.")).code("charge_already_refunded")
        );
    }
    let amount = amount.unwrap_or(left);
    if amount <= 0 || amount > left {
        return Err(StripeError::invalid(format!(
            "Refund amount ({amount}) is greater than unrefunded amount on charge ({left}), or not above zero"
        ))
        .param("amount"));
    }
    let now = world.clock.timestamp();
    let settle = |status: &str| Some((now + SETTLES_AFTER_S, status.to_owned()));
    let (status, later) = match cards::refund_fate(&found.card) {
        RefundFate::Succeeds => ("succeeded", None),
        RefundFate::Waits => ("pending", settle("succeeded")),
        RefundFate::FailsLater => ("succeeded", settle("failed")),
    };
    let refund = Refund {
        id: world.ids.next("re_"),
        amount,
        charge: charge.clone(),
        intent: found.intent.clone(),
        currency: found.currency.clone(),
        created: now,
        reason,
        metadata,
        status: status.to_owned(),
        later,
    };
    store.refunds.put(&refund.id, refund.clone());
    store.charges.change(&charge, |charge| charge.refunded += amount);
    let after = store.charges.get(&charge).map(|charge| charge.to_json(&world.base_url));
    drop(store);
    if let Some(after) = after {
        let before = json!({ "amount_refunded": found.refunded, "refunded": false });
        events::publish(world, "charge.refunded", &after, Some(before));
    }
    events::publish(world, "refund.created", &refund.to_json(), None);
    Ok(refund.to_json())
}

pub fn retrieve(request: &Request<'_>, params: Params) -> Answer {
    params.finish()?;
    let id = request.call.segment(2);
    let store = request.world.stripe.lock();
    store.refunds.get(id).map(Refund::to_json).ok_or_else(|| StripeError::no_such("refund", id, "refund"))
}

pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let intent = params.text("payment_intent")?;
    let charge = params.text("charge")?;
    params.integer("limit")?;
    params.finish()?;
    let store = request.world.stripe.lock();
    let data: Vec<Value> = store
        .refunds
        .iter()
        .rev()
        .map(|(_, refund)| refund)
        .filter(|refund| intent.as_ref().is_none_or(|intent| refund.intent == *intent))
        .filter(|refund| charge.as_ref().is_none_or(|charge| refund.charge == *charge))
        .map(Refund::to_json)
        .collect();
    Ok(json!({ "object": "list", "url": "/v1/refunds", "has_more": false, "data": data }))
}

/// Settles the refunds whose time has come.
pub fn settle(world: &Arc<World>) {
    let now = world.clock.timestamp();
    let mut settled = Vec::new();
    {
        let mut store = world.stripe.lock();
        let due: Vec<String> = store
            .refunds
            .iter()
            .filter(|(_, refund)| refund.later.as_ref().is_some_and(|(at, _)| *at <= now))
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            settled.extend(store.refunds.change(&id, |refund| {
                if let Some((_, status)) = refund.later.take() {
                    refund.status = status;
                }
                refund.clone()
            }));
        }
        for refund in settled.iter().filter(|refund| refund.status == "failed") {
            store.charges.change(&refund.charge, |charge| charge.refunded -= refund.amount);
        }
    }
    for refund in settled {
        let kind = if refund.status == "failed" { "refund.failed" } else { "refund.updated" };
        events::publish(world, kind, &refund.to_json(), Some(json!({ "status": "pending" })));
    }
}
