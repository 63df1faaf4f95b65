//! A Checkout Session and how Stripe writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::lines::Line;
use super::payer::{self, Payer};
use super::store::{Object, Store};
use crate::journal::Table;

/// Life of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Open,
    Complete,
    Expired,
}

/// What a session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Payment,
    Subscription,
}

/// Whether the money came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    Paid,
    Unpaid,
    NoPaymentRequired,
}

/// What the page asks of the customer, besides the money.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Questions {
    pub terms: bool,
    pub address: bool,
    pub phone: bool,
    pub tax_id: bool,
}

/// What the invoice of a one-off payment says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct InvoiceData {
    pub metadata: BTreeMap<String, String>,
    pub description: Option<String>,
    pub footer: Option<String>,
    /// Name and value.
    pub custom_fields: Vec<(String, String)>,
}

/// What becomes of the objects that a paid session makes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Labels {
    pub metadata: BTreeMap<String, String>,
    pub description: Option<String>,
}

/// A session, in cents and seconds since 1970.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    pub id: String,
    pub mode: Mode,
    pub status: Status,
    pub payment_status: PaymentStatus,
    pub created: i64,
    pub expires_at: i64,
    pub currency: String,
    pub lines: Vec<Line>,
    pub client_reference_id: Option<String>,
    pub customer: Option<String>,
    pub customer_email: Option<String>,
    /// A customer is made when none was named.
    pub makes_customer: bool,
    pub payer: Payer,
    pub questions: Questions,
    pub metadata: BTreeMap<String, String>,
    pub of_intent: Labels,
    pub of_subscription: Labels,
    /// An invoice is made when the payment succeeds.
    pub invoice_data: Option<InvoiceData>,
    pub success_url: String,
    pub cancel_url: Option<String>,
    pub automatic_tax: bool,
    pub payment_method_types: Vec<String>,
    /// Parameters given back as they came.
    pub echoed: Map<String, Value>,
    /// End of the recovery link, once the session has expired.
    pub recovery_until: Option<i64>,
    pub recovered_from: Option<String>,
    pub payment_intent: Option<String>,
    pub subscription: Option<String>,
    pub invoice: Option<String>,
}

impl Session {
    /// What the customer pays now, in cents.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.total(self.automatic_tax)).sum()
    }

    fn tax(&self) -> i64 {
        self.lines.iter().map(|line| line.tax(self.automatic_tax)).sum()
    }

    /// Where the customer goes after paying.
    pub fn success(&self) -> String {
        self.success_url.replace("{CHECKOUT_SESSION_ID}", &self.id)
    }

    /// The address to send a receipt to.
    pub fn email(&self) -> Option<&str> {
        self.customer_email.as_deref().or(self.payer.email.as_deref())
    }

    /// Takes what the customer typed; the address that was known before stays when none was.
    pub fn paid_by(&mut self, typed: &Payer) {
        let email = typed.email.clone().or_else(|| self.payer.email.take());
        self.payer = Payer { email, ..typed.clone() };
    }

    /// Whether a lost customer can come back to this session after its end.
    pub fn recoverable(&self) -> bool {
        self.echoed.get("after_expiration").is_some_and(|after| after["recovery"]["enabled"] == true)
    }

    /// The list under `line_items`.
    pub fn line_items(&self) -> Value {
        json!({
            "object": "list", "has_more": false, "url": format!("/v1/checkout/sessions/{}/line_items", self.id),
            "data": self.lines.iter().map(|line| line.to_json(self.automatic_tax)).collect::<Vec<_>>(),
        })
    }

    fn customer_details(&self) -> Value {
        let complete = self.status == Status::Complete;
        if self.email().is_none() && !complete {
            return Value::Null;
        }
        json!({
            "address": if complete { self.payer.address() } else { payer::nowhere() }, "business_name": null,
            "individual_name": null, "email": self.email(), "name": complete.then(|| self.payer.name()),
            "phone": self.payer.phone, "tax_exempt": "none", "tax_ids": self.payer.tax_ids(),
        })
    }

    fn invoice_creation(&self) -> Value {
        if self.mode == Mode::Subscription {
            return Value::Null;
        }
        let data = self.invoice_data.clone().unwrap_or_default();
        let fields: Vec<Value> =
            data.custom_fields.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        json!({ "enabled": self.invoice_data.is_some(), "invoice_data": {
            "account_tax_ids": null, "custom_fields": (!fields.is_empty()).then_some(fields),
            "description": data.description, "footer": data.footer, "issuer": null, "metadata": data.metadata,
            "rendering_options": null } })
    }
}

impl Object for Session {
    const KIND: &'static str = "checkout.session";
    const PATH: &'static str = "/v1/checkout/sessions";

    fn table(store: &Store) -> &Table<Self> {
        &store.sessions
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, base_url: &str) -> Value {
        let open = self.status == Status::Open;
        let consent = self.questions.terms && self.status == Status::Complete;
        let always = self.mode == Mode::Subscription;
        let mut object = json!({
            "id": self.id, "object": "checkout.session",
            "adaptive_pricing": { "enabled": false }, "after_expiration": null, "allow_promotion_codes": null,
            "amount_subtotal": self.lines.iter().map(Line::amount).sum::<i64>(), "amount_total": self.total(),
            "automatic_tax": {
                "enabled": self.automatic_tax, "liability": self.automatic_tax.then(|| json!({ "type": "self" })),
                "provider": self.automatic_tax.then_some("stripe"), "status": self.automatic_tax.then_some("complete"),
            },
            "billing_address_collection": null, "cancel_url": self.cancel_url,
            "client_reference_id": self.client_reference_id, "client_secret": null, "collected_information": null,
            "consent": consent.then(|| json!({ "promotions": null, "terms_of_service": "accepted" })),
            "consent_collection": null, "created": self.created, "currency": self.currency,
            "currency_conversion": null, "custom_fields": [],
            "custom_text": { "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null },
            "customer": self.customer, "customer_account": null,
            "customer_creation": if always { None } else if self.makes_customer { Some("always") } else { Some("if_required") },
            "customer_details": self.customer_details(), "customer_email": self.customer_email, "discounts": [],
            "expires_at": self.expires_at, "integration_identifier": null, "invoice": self.invoice,
            "invoice_creation": self.invoice_creation(), "livemode": false, "locale": null,
            "managed_payments": { "enabled": false }, "metadata": self.metadata, "mode": self.mode,
            "origin_context": null, "payment_intent": self.payment_intent, "payment_link": null,
            "payment_method_collection": if always { "always" } else { "if_required" },
            "payment_method_configuration_details": null, "payment_method_options": {},
            "payment_method_types": self.payment_method_types, "payment_status": self.payment_status,
            "permissions": null, "phone_number_collection": { "enabled": self.questions.phone },
            "recovered_from": self.recovered_from, "saved_payment_method_options": null, "setup_intent": null,
            "shipping_address_collection": null, "shipping_cost": null, "shipping_options": [],
            "status": self.status, "submit_type": null, "subscription": self.subscription,
            "success_url": self.success_url,
            "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": self.tax() },
            "ui_mode": "hosted_page", "url": open.then(|| format!("{base_url}/stripe/checkout/{}", self.id)),
            "wallet_options": null,
        });
        if let Value::Object(fields) = &mut object {
            fields.extend(self.echoed.clone());
        }
        if let Some(until) = self.recovery_until {
            let recovery = &mut object["after_expiration"]["recovery"];
            recovery["url"] = json!(format!("{base_url}/stripe/recover/{}", self.id));
            recovery["expires_at"] = json!(until);
        }
        object
    }
}
