//! Products and prices: made by call, or inline by a session's `price_data`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Request;
use super::error::{Answer, StripeError};
use super::params::Params;
use super::store::{Object, Store};
use crate::journal::Table;

/// The largest amount and quantity Stripe takes.
const LARGEST: i64 = 99_999_999;

/// What is sold.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Product {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub tax_code: Option<String>,
    pub images: Vec<String>,
    pub metadata: BTreeMap<String, String>,
    /// Inline products are archived from birth.
    pub active: bool,
    pub created: i64,
}

/// How the tax of a price relates to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaxBehavior {
    Inclusive,
    Exclusive,
    Unspecified,
}

/// The rhythm of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurring {
    /// `day`, `week`, `month` or `year`.
    pub interval: String,
    pub count: u32,
}

/// What it costs, in cents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Price {
    pub id: String,
    pub product: String,
    pub currency: String,
    pub unit_amount: i64,
    pub tax_behavior: TaxBehavior,
    pub recurring: Option<Recurring>,
    pub nickname: Option<String>,
    pub lookup_key: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub active: bool,
    pub created: i64,
}

impl Object for Product {
    const KIND: &'static str = "product";
    const PATH: &'static str = "/v1/products";

    fn table(store: &Store) -> &Table<Self> {
        &store.products
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, _base_url: &str) -> Value {
        json!({
            "id": self.id, "object": "product", "active": self.active, "created": self.created, "default_price": null,
            "description": self.description, "images": self.images, "livemode": false, "marketing_features": [],
            "metadata": self.metadata, "name": self.name, "package_dimensions": null, "shippable": null,
            "statement_descriptor": null, "tax_code": self.tax_code, "type": "service", "unit_label": null,
            "updated": self.created, "url": null,
        })
    }
}

impl Object for Price {
    const KIND: &'static str = "price";
    const PATH: &'static str = "/v1/prices";

    fn table(store: &Store) -> &Table<Self> {
        &store.prices
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn to_json(&self, _base_url: &str) -> Value {
        json!({
            "id": self.id, "object": "price", "active": self.active, "billing_scheme": "per_unit",
            "created": self.created, "currency": self.currency, "custom_unit_amount": null, "livemode": false,
            "lookup_key": self.lookup_key, "metadata": self.metadata, "nickname": self.nickname,
            "product": self.product,
            "recurring": self.recurring.as_ref().map(|recurring| json!({
                "interval": recurring.interval, "interval_count": recurring.count, "meter": null,
                "trial_period_days": null, "usage_type": "licensed" })),
            "tax_behavior": self.tax_behavior, "tiers_mode": null, "transform_quantity": null,
            "type": if self.recurring.is_some() { "recurring" } else { "one_time" },
            "unit_amount": self.unit_amount, "unit_amount_decimal": self.unit_amount.to_string(),
        })
    }
}

/// `POST /v1/products`.
pub fn create_product(request: &Request<'_>, mut params: Params) -> Answer {
    let product = product(request, &mut params, true)?;
    params.finish()?;
    request.world.stripe.lock().products.put(&product.id, product.clone());
    Ok(product.to_json(&request.world.base_url))
}

/// `POST /v1/prices`, for a known product or with `product_data`.
pub fn create_price(request: &Request<'_>, mut params: Params) -> Answer {
    let nickname = params.text("nickname")?;
    let lookup_key = params.short("lookup_key", 200)?;
    let metadata = params.metadata("metadata")?;
    let (price, product) = price(request, &mut params, true)?;
    params.finish()?;
    let price = Price { nickname, lookup_key, metadata, ..price };
    let mut store = request.world.stripe.lock();
    store.products.put(&product.id.clone(), product);
    store.prices.put(&price.id, price.clone());
    Ok(price.to_json(&request.world.base_url))
}

/// The fields of a product; nothing is stored.
fn product(request: &Request<'_>, fields: &mut Params, active: bool) -> Answer<Product> {
    fields.choice("type", &["good", "service"])?;
    fields.text("unit_label")?;
    Ok(Product {
        id: request.world.ids.next("prod_"),
        name: fields.required("name")?,
        description: fields.text("description")?,
        tax_code: fields.text("tax_code")?,
        images: fields.texts("images")?,
        metadata: fields.metadata("metadata")?,
        active,
        created: request.world.clock.timestamp(),
    })
}

/// The fields of a price and its product; nothing is stored.
pub fn price(request: &Request<'_>, fields: &mut Params, active: bool) -> Answer<(Price, Product)> {
    fields.refuse(&["billing_scheme", "custom_unit_amount", "currency_options", "tiers", "unit_amount_decimal"])?;
    let currency = fields.required("currency")?.to_lowercase();
    if !(currency.len() == 3 && currency.bytes().all(|letter| letter.is_ascii_lowercase())) {
        return Err(StripeError::invalid(format!("Invalid currency: {currency}")).param(fields.name("currency")));
    }
    let name = fields.name("unit_amount");
    let unit_amount = within(fields.integer("unit_amount")?.ok_or_else(|| StripeError::missing(&name))?, 0, &name)?;
    let tax_behavior = match fields.choice("tax_behavior", &["exclusive", "inclusive", "unspecified"])?.as_deref() {
        Some("exclusive") => TaxBehavior::Exclusive,
        Some("inclusive") => TaxBehavior::Inclusive,
        _ => TaxBehavior::Unspecified,
    };
    let product = match (fields.text("product")?, fields.group("product_data")?) {
        (Some(_), Some(_)) => {
            return Err(StripeError::invalid("You may only specify one of these parameters: product, product_data.")
                .param(fields.name("product")));
        }
        (Some(id), None) => {
            let known = request.world.stripe.lock().products.get(&id).cloned();
            known.ok_or_else(|| StripeError::no_such_reference("product", &id, &fields.name("product")))?
        }
        (None, Some(mut data)) => {
            let product = product(request, &mut data, active)?;
            data.finish()?;
            product
        }
        (None, None) => return Err(StripeError::missing(&fields.name("product_data"))),
    };
    let price = Price {
        id: request.world.ids.next("price_"),
        product: product.id.clone(),
        currency,
        unit_amount,
        tax_behavior,
        recurring: recurring(fields)?,
        nickname: None,
        lookup_key: None,
        metadata: BTreeMap::new(),
        active,
        created: request.world.clock.timestamp(),
    };
    Ok((price, product))
}

fn recurring(fields: &mut Params) -> Answer<Option<Recurring>> {
    let Some(mut group) = fields.group("recurring")? else { return Ok(None) };
    group.refuse(&["meter", "trial_period_days"])?;
    group.choice("usage_type", &["licensed"])?;
    let name = group.name("interval");
    let interval =
        group.choice("interval", &["day", "month", "week", "year"])?.ok_or_else(|| StripeError::missing(&name))?;
    let most = match interval.as_str() {
        "day" => 1_095,
        "week" => 156,
        "month" => 36,
        _ => 3,
    };
    let name = group.name("interval_count");
    let count = within(group.integer("interval_count")?.unwrap_or(1), 1, &name)?;
    if count > most {
        return Err(StripeError::invalid("Prices can recur every three years at most.").param(name));
    }
    group.finish()?;
    Ok(Some(Recurring { interval, count: u32::try_from(count).unwrap_or(1) }))
}

/// A number between `least` and what Stripe takes.
pub fn within(number: i64, least: i64, name: &str) -> Answer<i64> {
    if (least..=LARGEST).contains(&number) {
        Ok(number)
    } else {
        Err(StripeError::invalid(format!("Invalid integer: {number}, must be between {least} and {LARGEST}"))
            .code("parameter_invalid_integer")
            .param(name))
    }
}
