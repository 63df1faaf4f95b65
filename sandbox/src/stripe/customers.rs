//! Customers: made by call, or by a session that needs one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Request;
use super::error::{Answer, StripeError};
use super::events::News;
use super::list::{self, Page, named};
use super::params::Params;
use super::payer::nowhere;
use super::session::Session;
use super::store::{Object, Store};
use crate::journal::Table;
use crate::world::World;

/// A customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Customer {
    pub id: String,
    pub created: i64,
    pub email: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub description: Option<String>,
    pub address: Value,
    pub locales: Vec<String>,
    pub metadata: BTreeMap<String, String>,
}

impl Object for Customer {
    const KIND: &'static str = "customer";
    const PATH: &'static str = "/v1/customers";

    fn table(store: &Store) -> &Table<Self> {
        &store.customers
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, _base_url: &str) -> Value {
        let prefix = self.id.get(self.id.len().saturating_sub(8)..).unwrap_or_default().to_uppercase();
        json!({
            "id": self.id, "object": "customer", "address": self.address, "balance": 0, "created": self.created,
            "currency": null, "customer_account": null, "default_source": null, "delinquent": false,
            "description": self.description, "email": self.email, "invoice_prefix": prefix,
            "invoice_settings": { "custom_fields": null, "default_payment_method": null, "footer": null,
                "rendering_options": null },
            "livemode": false, "metadata": self.metadata, "name": self.name, "next_invoice_sequence": 1,
            "phone": self.phone, "preferred_locales": self.locales, "shipping": null, "tax_exempt": "none",
            "test_clock": null,
        })
    }
}

/// The customer of a session that is being completed; made now when the session asks for one.
pub fn of_session(
    world: &World,
    store: &mut Store,
    session: &Session,
    needed: bool,
    news: &mut News,
) -> Option<String> {
    if session.customer.is_some() || !(needed || session.makes_customer) {
        return session.customer.clone();
    }
    let customer = Customer {
        id: world.ids.next("cus_"),
        created: world.clock.timestamp(),
        email: session.email().map(str::to_owned),
        name: Some(session.payer.name().to_owned()),
        phone: session.payer.phone.clone(),
        description: None,
        address: session.payer.address(),
        locales: Vec::new(),
        metadata: BTreeMap::new(),
    };
    store.customers.put(&customer.id, customer.clone());
    news.add("customer.created", customer.to_json(&world.base_url));
    Some(customer.id)
}

/// `POST /v1/customers`.
pub fn create(request: &Request<'_>, params: Params) -> Answer {
    let mut customer = Customer {
        id: request.world.ids.next("cus_"),
        created: request.world.clock.timestamp(),
        email: None,
        name: None,
        phone: None,
        description: None,
        address: nowhere(),
        locales: Vec::new(),
        metadata: BTreeMap::new(),
    };
    fill(&mut customer, params)?;
    let shown = customer.to_json(&request.world.base_url);
    request.world.stripe.lock().customers.put(&customer.id.clone(), customer);
    let mut news = News::default();
    news.add("customer.created", shown.clone());
    news.send(request.world, Some(request));
    Ok(shown)
}

/// `POST /v1/customers/{id}`.
pub fn update(request: &Request<'_>, params: Params) -> Answer {
    let base_url = &request.world.base_url;
    let mut customer = named::<Customer>(request)?;
    let before = customer.to_json(base_url);
    fill(&mut customer, params)?;
    let after = customer.to_json(base_url);
    request.world.stripe.lock().customers.put(&customer.id.clone(), customer);
    let mut news = News::default();
    news.changed("customer.updated", &before, after.clone());
    news.send(request.world, Some(request));
    Ok(after)
}

/// `GET /v1/customers`.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    let email = params.text("email")?;
    params.finish()?;
    list::list::<Customer>(request, &page, |customer| email.is_none() || customer.email == email)
}

/// What the caller says of a customer, new or known.
fn fill(customer: &mut Customer, mut params: Params) -> Answer<()> {
    params.refuse(&[
        "balance",
        "cash_balance",
        "coupon",
        "invoice_prefix",
        "invoice_settings",
        "payment_method",
        "promotion_code",
        "shipping",
        "source",
        "tax",
        "tax_exempt",
        "tax_id_data",
        "test_clock",
    ])?;
    for (name, field) in [
        ("email", &mut customer.email),
        ("name", &mut customer.name),
        ("phone", &mut customer.phone),
        ("description", &mut customer.description),
    ] {
        // An empty value unsets the field.
        if params.has(name) {
            *field = params.short(name, 800)?;
        }
    }
    if customer.email.as_deref().is_some_and(|email| !email.contains('@')) {
        return Err(StripeError::invalid("Invalid email address").code("email_invalid").param("email"));
    }
    if params.has("preferred_locales") {
        customer.locales = params.texts("preferred_locales")?;
    }
    if let Some(mut group) = params.group("address")? {
        for name in ["city", "country", "line1", "line2", "postal_code", "state"] {
            customer.address[name] = json!(group.text(name)?);
        }
        group.finish()?;
    }
    params.change_metadata(&mut customer.metadata)?;
    params.finish()
}
