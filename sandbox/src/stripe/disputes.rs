//! Disputes: the holder protests, the money and a fee are taken at once, and perhaps given back.

use std::sync::Arc;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Request;
use super::charge::{Charge, ChargeStatus};
use super::error::{Answer, StripeError};
use super::events::News;
use super::list::{self, Page, named};
use super::params::Params;
use super::store::{Object, Store};
use crate::journal::Table;
use crate::world::World;

/// What a dispute costs the seller, in cents.
const FEE: i64 = 2_000;
/// Seconds to answer with evidence.
const DUE_AFTER_S: i64 = 9 * 24 * 3_600;
/// How a dispute can end.
pub const ENDINGS: [&str; 4] = ["won", "lost", "warning_closed", "prevented"];
/// Why a holder protests.
const REASONS: [&str; 6] =
    ["credit_not_processed", "duplicate", "fraudulent", "general", "product_not_received", "unrecognized"];
/// What an answer to a dispute may hold; all absent here.
const EVIDENCE: [&str; 27] = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
];

/// A dispute, in cents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dispute {
    pub id: String,
    pub charge: String,
    pub intent: String,
    pub amount: i64,
    pub currency: String,
    pub created: i64,
    pub reason: String,
    pub status: String,
    /// Movements of the balance: taken, and given back.
    pub movements: Vec<(String, i64, i64)>,
}

impl Dispute {
    fn is_open(&self) -> bool {
        !ENDINGS.contains(&self.status.as_str())
    }

    fn movement(&self, (id, amount, at): &(String, i64, i64)) -> Value {
        let fee = if *amount < 0 { FEE } else { 0 };
        let details = if fee > 0 {
            json!([{ "amount": fee, "application": null, "currency": self.currency, "description": "Dispute fee",
                "type": "stripe_fee" }])
        } else {
            json!([])
        };
        json!({
            "id": id, "object": "balance_transaction", "amount": amount, "available_on": at,
            "balance_type": "payments", "created": at, "currency": self.currency,
            "description": format!("Chargeback for {}", self.charge), "exchange_rate": null, "fee": fee,
            "fee_details": details, "net": amount - fee,
            "reporting_category": if fee > 0 { "dispute" } else { "dispute_reversal" }, "source": self.id,
            "status": "available", "type": "adjustment",
        })
    }
}

impl Object for Dispute {
    const KIND: &'static str = "dispute";
    const PATH: &'static str = "/v1/disputes";

    fn table(store: &Store) -> &Table<Self> {
        &store.disputes
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, _base_url: &str) -> Value {
        let mut evidence: Map<String, Value> = EVIDENCE.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
        evidence.insert("enhanced_evidence".into(), json!({}));
        let movements: Vec<Value> = self.movements.iter().map(|movement| self.movement(movement)).collect();
        json!({
            "id": self.id, "object": "dispute", "amount": self.amount, "balance_transactions": movements,
            "charge": self.charge, "created": self.created, "currency": self.currency,
            "enhanced_eligibility_types": [], "evidence": evidence,
            "evidence_details": { "due_by": self.created + DUE_AFTER_S, "enhanced_eligibility": {},
                "has_evidence": false, "past_due": false, "submission_count": 0 },
            "is_charge_refundable": false, "livemode": false, "metadata": {}, "payment_intent": self.intent,
            "payment_method_details": { "type": "card", "card": {
                "brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4" } },
            "reason": self.reason, "status": self.status,
        })
    }
}

/// Disputes what is left of a charge; told with the other news.
pub fn open(world: &World, store: &mut Store, charge: &str, reason: &str, news: &mut News) -> Option<Dispute> {
    let now = world.clock.timestamp();
    let charge = store.charges.change(charge, |charge| {
        charge.disputed = true;
        charge.clone()
    })?;
    let amount = charge.refundable();
    let mut dispute = Dispute {
        id: world.ids.next("du_"),
        charge: charge.id,
        intent: charge.intent,
        amount,
        currency: charge.currency,
        created: now,
        reason: reason.to_owned(),
        status: "needs_response".into(),
        movements: Vec::new(),
    };
    news.add("charge.dispute.created", dispute.to_json(&world.base_url));
    dispute.movements.push((world.ids.next("txn_"), -amount, now));
    news.add("charge.dispute.funds_withdrawn", dispute.to_json(&world.base_url));
    store.disputes.put(&dispute.id, dispute.clone());
    Some(dispute)
}

/// The holder of a charge, or of a payment intent, protests.
///
/// # Errors
/// Nothing such was paid, it is disputed already, or the reason is none.
pub fn begin(world: &Arc<World>, id: &str, reason: Option<&str>) -> Result<Dispute, StripeError> {
    let reason = reason.unwrap_or("fraudulent");
    if !REASONS.contains(&reason) {
        return Err(
            StripeError::invalid(format!("reason `{reason}` is none of {}", REASONS.join(", "))).param("reason")
        );
    }
    let mut store = world.stripe.lock();
    let charge: Option<Charge> = match store.intents.get(id) {
        Some(intent) => intent.latest_charge.as_ref().and_then(|charge| store.charges.get(charge)).cloned(),
        None => store.charges.get(id).cloned(),
    };
    let charge = charge.ok_or_else(|| StripeError::no_such("charge", id, "charge"))?;
    let conflict = |sentence: &str| Err(StripeError::new(StatusCode::CONFLICT, "invalid_request_error", sentence));
    if charge.status != ChargeStatus::Succeeded || charge.refundable() == 0 {
        return conflict("Nothing is left of this charge that could be disputed.");
    }
    if charge.disputed {
        return conflict("This charge is disputed already.");
    }
    let mut news = News::default();
    let dispute = open(world, &mut store, &charge.id, reason, &mut news);
    drop(store);
    news.send(world, None);
    dispute.ok_or_else(|| StripeError::no_such("charge", id, "charge"))
}

/// The bank decides.
///
/// # Errors
/// The dispute is unknown or closed already, or the ending is none.
pub fn close(
    world: &Arc<World>,
    id: &str,
    status: &str,
    request: Option<&Request<'_>>,
) -> Result<Dispute, StripeError> {
    if !ENDINGS.contains(&status) {
        return Err(
            StripeError::invalid(format!("status `{status}` is none of {}", ENDINGS.join(", "))).param("status")
        );
    }
    let now = world.clock.timestamp();
    let mut store = world.stripe.lock();
    let mut dispute = store.disputes.get(id).cloned().ok_or_else(|| StripeError::no_such("dispute", id, "dispute"))?;
    if !dispute.is_open() {
        return Err(StripeError::in_state("This dispute is already closed."));
    }
    status.clone_into(&mut dispute.status);
    let mut news = News::default();
    news.add("charge.dispute.closed", dispute.to_json(&world.base_url));
    if status != "lost" {
        dispute.movements.push((world.ids.next("txn_"), dispute.amount, now));
        news.add("charge.dispute.funds_reinstated", dispute.to_json(&world.base_url));
    }
    store.disputes.put(&dispute.id, dispute.clone());
    drop(store);
    news.send(world, request);
    Ok(dispute)
}

/// `POST /v1/disputes/{id}/close`: the seller gives up.
pub fn give_up(request: &Request<'_>, params: Params) -> Answer {
    params.finish()?;
    let dispute = named::<Dispute>(request)?;
    Ok(close(request.world, &dispute.id, "lost", Some(request))?.to_json(&request.world.base_url))
}

/// `GET /v1/disputes`.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    let intent = params.text("payment_intent")?;
    let charge = params.text("charge")?;
    params.finish()?;
    list::list::<Dispute>(request, &page, |dispute| {
        intent.as_ref().is_none_or(|intent| dispute.intent == *intent)
            && charge.as_ref().is_none_or(|charge| dispute.charge == *charge)
    })
}
