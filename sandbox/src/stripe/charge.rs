//! Payment intents and charges: the money behind a session.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::{Answer, StripeError};
use super::params::Params;
use super::{Request, cards};

/// A payment intent, in cents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Intent {
    pub id: String,
    pub amount: i64,
    pub currency: String,
    pub created: i64,
    pub succeeded: bool,
    pub metadata: BTreeMap<String, String>,
    pub description: Option<String>,
    pub latest_charge: Option<String>,
    pub last_error: Option<Value>,
}

/// A charge, in cents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Charge {
    pub id: String,
    pub intent: String,
    pub amount: i64,
    pub refunded: i64,
    pub currency: String,
    pub created: i64,
    pub succeeded: bool,
    pub failure_code: Option<String>,
    pub failure_message: Option<String>,
    /// Digits of the test card.
    pub card: String,
    pub authenticated: bool,
    pub email: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub description: Option<String>,
}

impl Intent {
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "object": "payment_intent", "amount": self.amount, "amount_capturable": 0,
            "amount_details": { "tip": {} }, "amount_received": if self.succeeded { self.amount } else { 0 },
            "application": null, "application_fee_amount": null, "automatic_payment_methods": null,
            "canceled_at": null, "cancellation_reason": null, "capture_method": "automatic_async",
            "client_secret": format!("{}_secret_sbx", self.id), "confirmation_method": "automatic",
            "created": self.created, "currency": self.currency, "customer": null, "customer_account": null,
            "description": self.description, "excluded_payment_method_types": null, "last_payment_error": self.last_error,
            "latest_charge": self.latest_charge, "livemode": false, "metadata": self.metadata, "next_action": null,
            "on_behalf_of": null, "payment_method": null, "payment_method_configuration_details": null,
            "payment_method_options": { "card": { "installments": null, "mandate_options": null, "network": null,
                "request_three_d_secure": "automatic" } },
            "payment_method_types": ["card"], "presentment_details": null, "processing": null, "receipt_email": null,
            "review": null, "setup_future_usage": null, "shipping": null, "source": null, "statement_descriptor": null,
            "statement_descriptor_suffix": null,
            "status": if self.succeeded { "succeeded" } else { "requires_payment_method" },
            "transfer_data": null, "transfer_group": null,
        })
    }
}

impl Charge {
    /// What can still be refunded, in cents.
    pub fn refundable(&self) -> i64 {
        if self.succeeded { self.amount - self.refunded } else { 0 }
    }

    pub fn to_json(&self, base_url: &str) -> Value {
        let last4 = self.card.get(self.card.len().saturating_sub(4)..).unwrap_or_default();
        let declined = !self.succeeded;
        json!({
            "id": self.id, "object": "charge", "amount": self.amount,
            "amount_captured": if self.succeeded { self.amount } else { 0 }, "amount_refunded": self.refunded,
            "application": null, "application_fee": null, "application_fee_amount": null,
            "balance_transaction": self.succeeded.then(|| self.id.replacen("ch_", "txn_", 1)),
            "billing_details": {
                "address": { "city": null, "country": "FR", "line1": null, "line2": null, "postal_code": null, "state": null },
                "email": self.email, "name": "Titulaire de test", "phone": null, "tax_id": null },
            "calculated_statement_descriptor": "LOBSTER TEST", "captured": self.succeeded, "created": self.created,
            "currency": self.currency, "customer": null, "description": self.description, "disputed": false,
            "failure_balance_transaction": null, "failure_code": self.failure_code, "failure_message": self.failure_message,
            "fraud_details": {}, "livemode": false, "metadata": self.metadata, "on_behalf_of": null,
            "outcome": {
                "advice_code": null, "network_advice_code": null, "network_decline_code": null,
                "network_status": if declined { "declined_by_network" } else { "approved_by_network" },
                "reason": self.failure_code, "risk_level": "normal",
                "seller_message": if declined { "The bank refused the payment." } else { "Payment complete." },
                "type": if declined { "issuer_declined" } else { "authorized" } },
            "paid": self.succeeded, "payment_intent": self.intent, "payment_method": self.id.replacen("ch_", "pm_", 1),
            "payment_method_details": { "type": "card", "card": {
                "amount_authorized": self.succeeded.then_some(self.amount), "authorization_code": null, "brand": "visa",
                "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass" },
                "country": cards::country(&self.card), "exp_month": 12, "exp_year": 2034,
                "extended_authorization": { "status": "disabled" }, "fingerprint": "sandbox", "funding": "credit",
                "incremental_authorization": { "status": "unavailable" }, "installments": null, "last4": last4,
                "mandate": null, "multicapture": { "status": "unavailable" }, "network": "visa",
                "network_token": { "used": false }, "network_transaction_id": null,
                "overcapture": { "maximum_amount_capturable": self.amount, "status": "unavailable" },
                "regulated_status": "unregulated",
                "three_d_secure": self.authenticated.then(|| json!({
                    "authentication_flow": "challenge", "electronic_commerce_indicator": "05",
                    "exemption_indicator": null, "result": "authenticated", "result_reason": null,
                    "transaction_id": null, "version": "2.2.0" })),
                "wallet": null } },
            "presentment_details": null, "radar_options": {}, "receipt_email": self.email, "receipt_number": null,
            "receipt_url": format!("{base_url}/_sandbox"), "refunded": self.amount > 0 && self.refunded == self.amount,
            "review": null, "shipping": null, "source": null, "source_transfer": null, "statement_descriptor": null,
            "statement_descriptor_suffix": null, "status": if self.succeeded { "succeeded" } else { "failed" },
            "transfer_data": null, "transfer_group": null,
        })
    }
}

pub fn retrieve_intent(request: &Request<'_>, mut params: Params) -> Answer {
    let expand = params.texts("expand")?;
    params.text("client_secret")?;
    params.finish()?;
    let id = request.call.segment(2);
    let store = request.world.stripe.lock();
    let intent = store.intents.get(id).ok_or_else(|| StripeError::no_such("payment_intent", id, "intent"))?;
    let mut object = intent.to_json();
    for path in &expand {
        match (path.as_str(), intent.latest_charge.as_ref().and_then(|charge| store.charges.get(charge))) {
            ("latest_charge", Some(charge)) => object["latest_charge"] = charge.to_json(&request.world.base_url),
            ("latest_charge", None) => {}
            (other, _) => return Err(StripeError::invalid(format!("This property cannot be expanded ({other})."))),
        }
    }
    Ok(object)
}

pub fn retrieve_charge(request: &Request<'_>, params: Params) -> Answer {
    params.finish()?;
    let id = request.call.segment(2);
    let store = request.world.stripe.lock();
    let charge = store.charges.get(id).ok_or_else(|| StripeError::no_such("charge", id, "id"))?;
    Ok(charge.to_json(&request.world.base_url))
}
