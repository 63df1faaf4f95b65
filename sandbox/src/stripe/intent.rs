//! Payment intents: what has to be paid, through all tries.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Request;
use super::error::Answer;
use super::list::{self, Page};
use super::params::Params;
use super::store::{Object, Store};
use crate::journal::Table;

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentStatus {
    RequiresPaymentMethod,
    Processing,
    Succeeded,
}

/// A payment intent, in cents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Intent {
    pub id: String,
    pub amount: i64,
    pub currency: String,
    pub created: i64,
    pub status: IntentStatus,
    pub customer: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub description: Option<String>,
    pub payment_method_types: Vec<String>,
    pub latest_charge: Option<String>,
    pub last_error: Option<Value>,
    /// When a delayed payment ends by itself, and whether well.
    pub settles: Option<(i64, bool)>,
}

impl Object for Intent {
    const KIND: &'static str = "payment_intent";
    const PATH: &'static str = "/v1/payment_intents";

    fn table(store: &Store) -> &Table<Self> {
        &store.intents
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, _base_url: &str) -> Value {
        let succeeded = self.status == IntentStatus::Succeeded;
        let waiting = self.status == IntentStatus::RequiresPaymentMethod;
        json!({
            "id": self.id, "object": "payment_intent", "amount": self.amount, "amount_capturable": 0,
            "amount_details": { "tip": {} }, "amount_received": if succeeded { self.amount } else { 0 },
            "application": null, "application_fee_amount": null, "automatic_payment_methods": null,
            "canceled_at": null, "cancellation_reason": null, "capture_method": "automatic_async",
            "client_secret": format!("{}_secret_sbx", self.id), "confirmation_method": "automatic",
            "created": self.created, "currency": self.currency, "customer": self.customer, "customer_account": null,
            "description": self.description, "excluded_payment_method_types": null,
            "last_payment_error": self.last_error, "latest_charge": self.latest_charge, "livemode": false,
            "metadata": self.metadata, "next_action": null, "on_behalf_of": null,
            "payment_method": if waiting { None } else { self.latest_charge.as_ref().map(|id| id.replacen("ch_", "pm_", 1)) },
            "payment_method_configuration_details": null,
            "payment_method_options": { "card": { "installments": null, "mandate_options": null, "network": null,
                "request_three_d_secure": "automatic" } },
            "payment_method_types": self.payment_method_types, "presentment_details": null, "processing": null,
            "receipt_email": null, "review": null, "setup_future_usage": null, "shipping": null, "source": null,
            "statement_descriptor": null, "statement_descriptor_suffix": null, "status": self.status,
            "transfer_data": null, "transfer_group": null,
        })
    }
}

/// `GET /v1/payment_intents/{id}`; the browser's secret changes nothing here.
pub fn retrieve(request: &Request<'_>, mut params: Params) -> Answer {
    params.text("client_secret")?;
    list::retrieve::<Intent>(request, params)
}

/// `GET /v1/payment_intents`.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    let customer = params.text("customer")?;
    params.finish()?;
    list::list::<Intent>(request, &page, |intent| customer.is_none() || intent.customer == customer)
}
