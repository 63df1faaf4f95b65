//! Invoices: of subscriptions, and of one-off payments that asked for one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Request;
use super::catalogue::TaxBehavior;
use super::error::Answer;
use super::events::News;
use super::intent::Intent;
use super::lines::Line;
use super::list::{self, Page};
use super::params::Params;
use super::payer::nowhere;
use super::session::{InvoiceData, Session};
use super::store::{Object, Store};
use super::subscriptions::Subscription;
use crate::journal::Table;
use crate::world::World;

/// A line with the time it is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Billed {
    pub id: String,
    pub line: Line,
    pub period: (i64, i64),
    /// The subscription item it comes from.
    pub item: Option<String>,
}

/// An invoice, in cents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invoice {
    pub id: String,
    pub number: String,
    pub created: i64,
    pub customer: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub address: Value,
    pub tax_ids: Value,
    pub currency: String,
    pub lines: Vec<Billed>,
    pub automatic_tax: bool,
    /// `subscription_create`, `subscription_cycle` or `manual`.
    pub billing_reason: String,
    pub subscription: Option<(String, BTreeMap<String, String>)>,
    pub said: InvoiceData,
    pub attempts: u32,
    pub next_attempt: Option<i64>,
    pub paid_at: Option<i64>,
    /// Id of the invoice payment, and the intent that collects it.
    pub payment: Option<(String, String)>,
}

impl Invoice {
    /// The number that a page and a document show.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|billed| billed.line.total(self.automatic_tax)).sum()
    }

    /// VAT within the total, in cents.
    pub fn tax(&self) -> i64 {
        self.lines.iter().map(|billed| billed.line.tax(self.automatic_tax)).sum()
    }

    /// Whether it is settled.
    pub fn is_paid(&self) -> bool {
        self.paid_at.is_some()
    }

    fn parent(&self) -> Value {
        self.subscription.as_ref().map_or(Value::Null, |(id, metadata)| {
            json!({ "quote_details": null, "type": "subscription_details", "subscription_details": {
                "metadata": metadata, "subscription": id, "subscription_proration_date": null } })
        })
    }

    fn billed(&self, billed: &Billed) -> Value {
        let line = &billed.line;
        let subscription = self.subscription.as_ref().map(|(id, _)| id);
        let parent = billed.item.as_ref().map(|item| {
            json!({ "invoice_item_details": null, "type": "subscription_item_details", "subscription_item_details": {
                "invoice_item": null, "proration": false, "proration_details": { "credited_items": null },
                "subscription": subscription, "subscription_item": item } })
        });
        json!({
            "id": billed.id, "object": "line_item", "amount": line.amount(), "currency": self.currency,
            "description": format!("{} × {}", line.quantity, line.name), "discount_amounts": [],
            "discountable": true, "discounts": [], "invoice": self.id, "livemode": false, "metadata": {},
            "parent": parent, "period": { "start": billed.period.0, "end": billed.period.1 },
            "pretax_credit_amounts": [],
            "pricing": { "type": "price_details", "unit_amount_decimal": line.price.unit_amount.to_string(),
                "price_details": { "price": line.price.id, "product": line.price.product } },
            "quantity": line.quantity, "quantity_decimal": line.quantity.to_string(), "subscription": null,
            "subtotal": line.amount(), "taxes": taxes(line, self.automatic_tax),
        })
    }

    fn payments(&self) -> Value {
        let data: Vec<Value> = self
            .payment
            .iter()
            .map(|(id, intent)| {
                json!({
                    "id": id, "object": "invoice_payment", "amount_paid": self.is_paid().then(|| self.total()),
                    "amount_requested": self.total(), "created": self.created, "currency": self.currency,
                    "invoice": self.id, "is_default": true, "livemode": false,
                    "payment": { "type": "payment_intent", "payment_intent": intent },
                    "status": if self.is_paid() { "paid" } else { "open" },
                    "status_transitions": { "canceled_at": null, "paid_at": self.paid_at },
                })
            })
            .collect();
        json!({ "object": "list", "data": data, "has_more": false, "url": format!("/v1/invoice_payments?invoice={}", self.id) })
    }
}

/// The tax of one line, as invoices list it.
fn taxes(line: &Line, automatic: bool) -> Value {
    let tax = line.tax(automatic);
    if tax == 0 {
        return json!([]);
    }
    let inclusive = line.price.tax_behavior == TaxBehavior::Inclusive;
    json!([{ "amount": tax, "tax_behavior": if inclusive { "inclusive" } else { "exclusive" },
        "tax_rate_details": null, "taxability_reason": "standard_rated",
        "taxable_amount": line.total(automatic) - tax, "type": "tax_rate_details" }])
}

impl Object for Invoice {
    const KIND: &'static str = "invoice";
    const PATH: &'static str = "/v1/invoices";

    fn table(store: &Store) -> &Table<Self> {
        &store.invoices
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, base_url: &str) -> Value {
        let (total, paid) = (self.total(), self.is_paid());
        let subtotal: i64 = self.lines.iter().map(|billed| billed.line.amount()).sum();
        let (start, end) = self.lines.first().map_or((self.created, self.created), |billed| billed.period);
        let taxes: Vec<Value> = self
            .lines
            .iter()
            .flat_map(|billed| taxes(&billed.line, self.automatic_tax).as_array().cloned().unwrap_or_default())
            .collect();
        let fields: Vec<Value> =
            self.said.custom_fields.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let page = format!("{base_url}/stripe/invoices/{}", self.id);
        json!({
            "id": self.id, "object": "invoice", "account_country": "FR", "account_name": "LObsTer (bac à sable)",
            "account_tax_ids": null, "amount_due": total, "amount_overpaid": 0,
            "amount_paid": if paid { total } else { 0 }, "amount_remaining": if paid { 0 } else { total },
            "amount_shipping": 0, "application": null, "attempt_count": self.attempts, "attempted": self.attempts > 0,
            "auto_advance": self.next_attempt.is_some(),
            "automatic_tax": { "disabled_reason": null, "enabled": self.automatic_tax,
                "liability": self.automatic_tax.then(|| json!({ "type": "self" })),
                "provider": self.automatic_tax.then_some("stripe"),
                "status": self.automatic_tax.then_some("complete") },
            "automatically_finalizes_at": null, "billing_reason": self.billing_reason,
            "collection_method": "charge_automatically", "created": self.created, "currency": self.currency,
            "custom_fields": (!fields.is_empty()).then_some(fields), "customer": self.customer,
            "customer_account": null, "customer_address": self.address, "customer_email": self.email,
            "customer_name": self.name, "customer_phone": null, "customer_shipping": null,
            "customer_tax_exempt": "none", "customer_tax_ids": self.tax_ids, "default_payment_method": null,
            "default_source": null, "default_tax_rates": [], "description": self.said.description, "discounts": [],
            "due_date": null, "effective_at": self.created, "ending_balance": 0, "footer": self.said.footer,
            "from_invoice": null, "hosted_invoice_url": page, "invoice_pdf": format!("{page}/pdf"),
            "issuer": { "type": "self" }, "last_finalization_error": null, "latest_revision": null,
            "lines": { "object": "list", "has_more": false, "url": format!("/v1/invoices/{}/lines", self.id),
                "data": self.lines.iter().map(|billed| self.billed(billed)).collect::<Vec<_>>() },
            "livemode": false, "metadata": self.said.metadata, "next_payment_attempt": self.next_attempt,
            "number": self.number, "on_behalf_of": null, "parent": self.parent(),
            "payment_settings": { "default_mandate": null, "payment_method_options": null, "payment_method_types": null },
            "payments": self.payments(), "period_end": end, "period_start": start,
            "post_payment_credit_notes_amount": 0, "pre_payment_credit_notes_amount": 0, "receipt_number": null,
            "rendering": null, "shipping_cost": null, "shipping_details": null, "starting_balance": 0,
            "statement_descriptor": null, "status": if paid { "paid" } else { "open" },
            "status_transitions": { "finalized_at": self.created, "marked_uncollectible_at": null,
                "paid_at": self.paid_at, "voided_at": null },
            "subtotal": subtotal, "subtotal_excluding_tax": total - self.tax(), "test_clock": null, "total": total,
            "total_discount_amounts": [], "total_excluding_tax": total - self.tax(),
            "total_pretax_credit_amounts": [], "total_taxes": taxes, "webhooks_delivered_at": self.created,
        })
    }
}

/// An invoice with nothing but a number.
pub fn blank(world: &World, currency: &str, reason: &str) -> Invoice {
    Invoice {
        id: world.ids.next("in_"),
        number: format!("SBX-{:06}", world.ids.number()),
        created: world.clock.timestamp(),
        customer: None,
        email: None,
        name: None,
        address: nowhere(),
        tax_ids: json!([]),
        currency: currency.to_owned(),
        lines: Vec::new(),
        automatic_tax: false,
        billing_reason: reason.to_owned(),
        subscription: None,
        said: InvoiceData::default(),
        attempts: 0,
        next_attempt: None,
        paid_at: None,
        payment: None,
    }
}

/// The invoice of a one-off payment that has just succeeded, when the session asked for one.
pub fn of_session(world: &World, store: &mut Store, session: &mut Session, intent: Option<&Intent>) {
    let Some(said) = session.invoice_data.clone() else { return };
    let now = world.clock.timestamp();
    let invoice = Invoice {
        lines: session
            .lines
            .iter()
            .map(|line| Billed { id: world.ids.next("il_"), line: line.clone(), period: (now, now), item: None })
            .collect(),
        said,
        attempts: u32::from(intent.is_some()),
        paid_at: Some(now),
        payment: intent.map(|intent| (world.ids.next("inpay_"), intent.id.clone())),
        ..addressed(world, session, "manual")
    };
    session.invoice = Some(invoice.id.clone());
    store.invoices.put(&invoice.id.clone(), invoice);
}

/// An invoice to whoever pays a session.
pub fn addressed(world: &World, session: &Session, reason: &str) -> Invoice {
    Invoice {
        customer: session.customer.clone(),
        email: session.email().map(str::to_owned),
        name: Some(session.payer.name().to_owned()),
        address: session.payer.address(),
        tax_ids: session.payer.tax_ids(),
        automatic_tax: session.automatic_tax,
        ..blank(world, &session.currency, reason)
    }
}

/// Tells that an invoice was paid. Stripe says it twice, under an old and a new name.
pub fn tell_paid(world: &World, store: &Store, id: Option<&str>, news: &mut News) {
    if let Some(invoice) = id.and_then(|id| store.invoices.get(id)) {
        let shown = invoice.to_json(&world.base_url);
        news.add("invoice.paid", shown.clone());
        news.add("invoice.payment_succeeded", shown);
    }
}

/// `GET /v1/invoices`.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    let customer = params.text("customer")?;
    let subscription = params.text("subscription")?;
    let status = params.choice("status", &["draft", "open", "paid", "uncollectible", "void"])?;
    params.finish()?;
    list::list::<Invoice>(request, &page, |invoice| {
        (customer.is_none() || invoice.customer == customer)
            && subscription.as_ref().is_none_or(|id| invoice.subscription.as_ref().is_some_and(|(of, _)| of == id))
            && status.as_deref().is_none_or(|status| status == if invoice.is_paid() { "paid" } else { "open" })
    })
}

/// The lines of a subscription's period.
pub fn lines_of(world: &World, subscription: &Subscription) -> Vec<Billed> {
    subscription
        .items
        .iter()
        .map(|item| Billed {
            id: world.ids.next("il_"),
            line: item.line.clone(),
            period: subscription.period,
            item: Some(item.id.clone()),
        })
        .collect()
}
