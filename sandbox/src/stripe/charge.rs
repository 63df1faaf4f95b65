//! Charges: money that moved, or did not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Request;
use super::cards::Means;
use super::error::{Answer, StripeError};
use super::intent::{Intent, IntentStatus};
use super::list::{self, Page};
use super::params::Params;
use super::payer::{Payer, nowhere};
use super::session::Labels;
use super::store::{Object, Store};
use crate::journal::Table;
use crate::world::World;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeStatus {
    Succeeded,
    Pending,
    Failed,
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
    pub status: ChargeStatus,
    pub failure_code: Option<String>,
    pub failure_message: Option<String>,
    pub means: Means,
    pub payer: Payer,
    pub customer: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub description: Option<String>,
    pub disputed: bool,
}

/// A try to move money.
pub struct Try<'a> {
    /// The intent of earlier tries.
    pub intent: Option<Intent>,
    pub amount: i64,
    pub currency: &'a str,
    pub labels: &'a Labels,
    pub customer: Option<String>,
    pub means: &'a Means,
    pub payer: Payer,
    pub payment_method_types: &'a [String],
}

impl Try<'_> {
    /// The intent and the charge as this try leaves them; nothing is stored.
    pub fn ends(self, world: &World, status: ChargeStatus, declined: Option<&StripeError>) -> (Intent, Charge) {
        let detail = declined.map(|error| error.detail(&world.ids.next("req_")));
        let text = |field: &str| detail.as_ref().and_then(|detail| detail[field].as_str()).map(str::to_owned);
        let now = world.clock.timestamp();
        let (known, began) = self.intent.map_or((None, now), |intent| (Some(intent.id), intent.created));
        let charge = Charge {
            id: world.ids.next("ch_"),
            intent: known.unwrap_or_else(|| world.ids.next("pi_")),
            amount: self.amount,
            refunded: 0,
            currency: self.currency.to_owned(),
            created: now,
            status,
            failure_code: text("code"),
            failure_message: text("message"),
            means: self.means.clone(),
            payer: self.payer,
            customer: self.customer,
            metadata: self.labels.metadata.clone(),
            description: self.labels.description.clone(),
            disputed: false,
        };
        let intent = Intent {
            id: charge.intent.clone(),
            amount: charge.amount,
            currency: charge.currency.clone(),
            created: began,
            status: match status {
                ChargeStatus::Succeeded => IntentStatus::Succeeded,
                ChargeStatus::Pending => IntentStatus::Processing,
                ChargeStatus::Failed => IntentStatus::RequiresPaymentMethod,
            },
            customer: charge.customer.clone(),
            metadata: charge.metadata.clone(),
            description: charge.description.clone(),
            payment_method_types: self.payment_method_types.to_vec(),
            latest_charge: Some(charge.id.clone()),
            last_error: detail,
            settles: None,
        };
        (intent, charge)
    }
}

impl Charge {
    /// What can still be refunded, in cents.
    pub fn refundable(&self) -> i64 {
        if self.status == ChargeStatus::Succeeded { self.amount - self.refunded } else { 0 }
    }

    fn outcome(&self) -> Value {
        let (kind, network, reason, sentence) = match self.status {
            ChargeStatus::Succeeded => ("authorized", "approved_by_network", None, "Payment complete."),
            ChargeStatus::Pending => ("authorized", "approved_by_network", None, "Payment pending."),
            ChargeStatus::Failed => (
                "issuer_declined",
                "declined_by_network",
                self.failure_code.as_deref(),
                "The bank refused the payment.",
            ),
        };
        json!({ "advice_code": null, "network_advice_code": null, "network_decline_code": null,
            "network_status": network, "reason": reason, "risk_level": "normal", "seller_message": sentence,
            "type": kind })
    }
}

impl Object for Charge {
    const KIND: &'static str = "charge";
    const PATH: &'static str = "/v1/charges";

    fn table(store: &Store) -> &Table<Self> {
        &store.charges
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, base_url: &str) -> Value {
        let succeeded = self.status == ChargeStatus::Succeeded;
        let address = if self.payer == Payer::default() { nowhere() } else { self.payer.address() };
        json!({
            "id": self.id, "object": "charge", "amount": self.amount,
            "amount_captured": if succeeded { self.amount } else { 0 }, "amount_refunded": self.refunded,
            "application": null, "application_fee": null, "application_fee_amount": null,
            "balance_transaction": succeeded.then(|| self.id.replacen("ch_", "txn_", 1)),
            "billing_details": { "address": address, "email": self.payer.email, "name": self.payer.name(),
                "phone": self.payer.phone, "tax_id": null },
            "calculated_statement_descriptor": "LOBSTER TEST", "captured": succeeded, "created": self.created,
            "currency": self.currency, "customer": self.customer, "description": self.description,
            "disputed": self.disputed, "failure_balance_transaction": null, "failure_code": self.failure_code,
            "failure_message": self.failure_message, "fraud_details": {}, "livemode": false,
            "metadata": self.metadata, "on_behalf_of": null, "outcome": self.outcome(), "paid": succeeded,
            "payment_intent": self.intent, "payment_method": self.id.replacen("ch_", "pm_", 1),
            "payment_method_details": self.means.details(self.amount, succeeded), "presentment_details": null,
            "radar_options": {}, "receipt_email": self.payer.email, "receipt_number": null,
            "receipt_url": succeeded.then(|| format!("{base_url}/stripe/receipts/{}", self.id)),
            "refunded": self.amount > 0 && self.refunded == self.amount, "review": null, "shipping": null,
            "source": null, "source_transfer": null, "statement_descriptor": null,
            "statement_descriptor_suffix": null, "status": self.status, "transfer_data": null,
            "transfer_group": null,
        })
    }
}

/// `GET /v1/charges`.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    let intent = params.text("payment_intent")?;
    let customer = params.text("customer")?;
    params.finish()?;
    list::list::<Charge>(request, &page, |charge| {
        intent.as_ref().is_none_or(|intent| charge.intent == *intent)
            && (customer.is_none() || charge.customer == customer)
    })
}
