//! A Checkout Session and how Stripe writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Life of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Open,
    Complete,
    Expired,
}

/// How the tax of a line relates to its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaxBehavior {
    Inclusive,
    Exclusive,
    Unspecified,
}

/// One thing sold.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    pub id: String,
    pub price: String,
    pub product: String,
    pub name: String,
    pub description: Option<String>,
    /// Cents.
    pub unit_amount: i64,
    pub quantity: i64,
    pub tax_behavior: TaxBehavior,
    pub product_metadata: BTreeMap<String, String>,
}

/// A session, in cents and seconds since 1970.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    pub id: String,
    pub status: Status,
    pub paid: bool,
    pub created: i64,
    pub expires_at: i64,
    pub currency: String,
    pub lines: Vec<Line>,
    pub client_reference_id: Option<String>,
    pub customer: Option<String>,
    pub customer_email: Option<String>,
    /// What the customer typed on the page.
    pub payer_email: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub intent_metadata: BTreeMap<String, String>,
    pub intent_description: Option<String>,
    pub success_url: String,
    pub cancel_url: Option<String>,
    pub automatic_tax: bool,
    /// Parameters given back as they came.
    pub echoed: Map<String, Value>,
    pub payment_intent: Option<String>,
}

/// French VAT, the only rate the double computes.
const VAT_PER_CENT: i64 = 20;

impl Line {
    fn net_or_gross(&self) -> i64 {
        self.unit_amount * self.quantity
    }

    fn tax(&self, automatic: bool) -> i64 {
        let amount = self.net_or_gross();
        match (automatic, self.tax_behavior) {
            (true, TaxBehavior::Inclusive) => rounded(amount * VAT_PER_CENT, 100 + VAT_PER_CENT),
            (true, TaxBehavior::Exclusive) => rounded(amount * VAT_PER_CENT, 100),
            _ => 0,
        }
    }

    fn total(&self, automatic: bool) -> i64 {
        let added = if self.tax_behavior == TaxBehavior::Exclusive { self.tax(automatic) } else { 0 };
        self.net_or_gross() + added
    }

    fn to_json(&self, session: &Session) -> Value {
        json!({
            "id": self.id, "object": "item", "adjustable_quantity": null, "metadata": {},
            "amount_discount": 0, "amount_subtotal": self.net_or_gross(),
            "amount_tax": self.tax(session.automatic_tax), "amount_total": self.total(session.automatic_tax),
            "currency": session.currency, "description": self.name, "quantity": self.quantity,
            "price": {
                "id": self.price, "object": "price", "active": false, "billing_scheme": "per_unit",
                "created": session.created, "currency": session.currency, "custom_unit_amount": null,
                "livemode": false, "lookup_key": null, "metadata": {}, "nickname": null, "product": self.product,
                "recurring": null, "tax_behavior": self.tax_behavior, "tiers_mode": null, "transform_quantity": null,
                "type": "one_time", "unit_amount": self.unit_amount, "unit_amount_decimal": self.unit_amount.to_string(),
            },
        })
    }
}

/// Half away from zero, as invoices round.
fn rounded(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator) / (2 * denominator)
}

impl Session {
    /// What the customer pays, in cents.
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

    /// The list under `line_items`.
    pub fn line_items(&self) -> Value {
        json!({
            "object": "list", "has_more": false, "url": format!("/v1/checkout/sessions/{}/line_items", self.id),
            "data": self.lines.iter().map(|line| line.to_json(self)).collect::<Vec<_>>(),
        })
    }

    /// The session as an API answer or in an event; `base_url` is the sandbox's own address.
    pub fn to_json(&self, base_url: &str) -> Value {
        let open = self.status == Status::Open;
        let mut object = json!({
            "id": self.id, "object": "checkout.session",
            "adaptive_pricing": { "enabled": false }, "after_expiration": null, "allow_promotion_codes": null,
            "amount_subtotal": self.lines.iter().map(Line::net_or_gross).sum::<i64>(), "amount_total": self.total(),
            "automatic_tax": {
                "enabled": self.automatic_tax, "liability": self.automatic_tax.then(|| json!({ "type": "self" })),
                "provider": self.automatic_tax.then_some("stripe"), "status": self.automatic_tax.then_some("complete"),
            },
            "billing_address_collection": null, "cancel_url": self.cancel_url,
            "client_reference_id": self.client_reference_id, "client_secret": null, "collected_information": null,
            "consent": null, "consent_collection": null, "created": self.created, "currency": self.currency,
            "currency_conversion": null, "custom_fields": [],
            "custom_text": { "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null },
            "customer": self.customer, "customer_account": null, "customer_creation": "if_required",
            "customer_details": self.customer_details(), "customer_email": self.customer_email, "discounts": [],
            "expires_at": self.expires_at, "integration_identifier": null, "invoice": null,
            "invoice_creation": { "enabled": false, "invoice_data": {
                "account_tax_ids": null, "custom_fields": null, "description": null, "footer": null, "issuer": null,
                "metadata": {}, "rendering_options": null } },
            "livemode": false, "locale": null, "managed_payments": { "enabled": false },
            "metadata": self.metadata, "mode": "payment", "origin_context": null,
            "payment_intent": self.payment_intent, "payment_link": null, "payment_method_collection": "if_required",
            "payment_method_configuration_details": null, "payment_method_options": {}, "payment_method_types": ["card"],
            "payment_status": if self.paid { "paid" } else { "unpaid" }, "permissions": null,
            "phone_number_collection": { "enabled": false }, "recovered_from": null, "saved_payment_method_options": null,
            "setup_intent": null, "shipping_address_collection": null, "shipping_cost": null, "shipping_options": [],
            "status": self.status, "submit_type": null, "subscription": null, "success_url": self.success_url,
            "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": self.tax() },
            "ui_mode": "hosted_page", "url": open.then(|| format!("{base_url}/stripe/checkout/{}", self.id)),
            "wallet_options": null,
        });
        if let Value::Object(fields) = &mut object {
            fields.extend(self.echoed.clone());
        }
        object
    }

    fn customer_details(&self) -> Value {
        let Some(email) = self.payer_email.as_ref().or(self.customer_email.as_ref()) else { return Value::Null };
        let nowhere =
            json!({ "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null });
        let address = if self.paid {
            json!({ "city": null, "country": "FR", "line1": null, "line2": null, "postal_code": null, "state": null })
        } else {
            nowhere
        };
        json!({
            "address": address, "business_name": null, "individual_name": null, "email": email,
            "name": self.paid.then_some("Titulaire de test"), "phone": null, "tax_exempt": "none", "tax_ids": [],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(unit_amount: i64, quantity: i64, tax_behavior: TaxBehavior) -> Line {
        Line {
            id: "li_1".into(),
            price: "price_1".into(),
            product: "prod_1".into(),
            name: "Étude".into(),
            description: None,
            unit_amount,
            quantity,
            tax_behavior,
            product_metadata: BTreeMap::new(),
        }
    }

    #[test]
    fn inclusive_tax_is_inside_the_price_and_exclusive_tax_is_added() {
        let inclusive = line(34_800, 1, TaxBehavior::Inclusive);
        assert_eq!((inclusive.tax(true), inclusive.total(true)), (5_800, 34_800));
        let exclusive = line(29_000, 2, TaxBehavior::Exclusive);
        assert_eq!((exclusive.tax(true), exclusive.total(true)), (11_600, 69_600));
        assert_eq!((inclusive.tax(false), inclusive.total(false)), (0, 34_800));
    }
}
