//! `POST /v1/checkout/sessions`.

use reqwest::Url;
use serde_json::{Map, Value, json};

use super::Request;
use super::error::{Answer, StripeError};
use super::params::Params;
use super::session::{Line, Session, Status, TaxBehavior};

/// A session lives between half an hour and a day.
const LIFE_S: std::ops::RangeInclusive<i64> = 30 * 60..=24 * 3_600;
/// Clocks differ a little; Stripe is lenient by about as much.
const LENIENCE_S: i64 = 60;
/// The smallest amount Stripe charges in euros, in cents.
const SMALLEST: i64 = 50;

/// Parameters that Stripe knows and this double refuses rather than ignores.
const NOT_DOUBLED: [&str; 12] = [
    "adaptive_pricing",
    "branding_settings",
    "custom_fields",
    "discounts",
    "managed_payments",
    "optional_items",
    "saved_payment_method_options",
    "shipping_address_collection",
    "shipping_options",
    "setup_intent_data",
    "subscription_data",
    "wallet_options",
];

pub fn create(request: &Request<'_>, mut params: Params) -> Answer {
    let world = request.world;
    params.refuse(&NOT_DOUBLED)?;
    let mode = params.choice("mode", &["payment", "setup", "subscription"])?;
    match mode.as_deref() {
        Some("payment") => {}
        Some(other) => return Err(StripeError::not_doubled(&format!("sessions of mode {other}"))),
        None => return Err(StripeError::missing("mode")),
    }
    let now = world.clock.timestamp();
    let (currency, lines) = lines(request, &mut params)?;
    let echoed = echoed(&mut params)?;
    let (intent_metadata, intent_description) = intent_data(&mut params)?;
    let automatic_tax = automatic_tax(&mut params)?;
    let customer = params.text("customer")?;
    let customer_email = params.text("customer_email")?;
    if customer.is_some() && customer_email.is_some() {
        return Err(StripeError::invalid("You may only specify one of these parameters: customer, customer_email.")
            .param("customer"));
    }
    if customer_email.as_deref().is_some_and(|email| !email.contains('@')) {
        return Err(StripeError::invalid("Invalid email address").code("email_invalid").param("customer_email"));
    }
    let session = Session {
        id: world.ids.next("cs_test_"),
        status: Status::Open,
        paid: false,
        created: now,
        expires_at: expires_at(&mut params, now)?,
        currency,
        lines,
        client_reference_id: params.short("client_reference_id", 200)?,
        customer,
        customer_email,
        payer_email: None,
        metadata: params.metadata("metadata")?,
        intent_metadata,
        intent_description,
        success_url: address(&mut params, "success_url")?.ok_or_else(|| StripeError::missing("success_url"))?,
        cancel_url: address(&mut params, "cancel_url")?,
        automatic_tax,
        echoed,
        payment_intent: None,
    };
    let expand = params.texts("expand")?;
    params.finish()?;
    if session.total() < SMALLEST {
        return Err(StripeError::invalid("The Checkout Session's total amount must convert to at least 50 cents.")
            .code("amount_too_small"));
    }
    world.stripe.lock().sessions.put(&session.id, session.clone());
    super::sessions::expanded(request, &session, &expand)
}

fn lines(request: &Request<'_>, params: &mut Params) -> Answer<(String, Vec<Line>)> {
    let mut currency: Option<String> = params.text("currency")?;
    let mut lines = Vec::new();
    for mut item in params.list("line_items")? {
        item.refuse(&["adjustable_quantity", "dynamic_tax_rates", "tax_rates"])?;
        if let Some(price) = item.text("price")? {
            return Err(StripeError::no_such("price", &price, &item.name("price")));
        }
        let (line, of_line) = line(request, &mut item)?;
        if currency.as_ref().is_some_and(|known| *known != of_line) {
            return Err(StripeError::invalid("All line items must have the same currency.").param("line_items"));
        }
        currency = Some(of_line);
        lines.push(line);
    }
    match currency {
        Some(currency) if !lines.is_empty() => Ok((currency, lines)),
        _ => Err(StripeError::missing("line_items")),
    }
}

fn line(request: &Request<'_>, item: &mut Params) -> Answer<(Line, String)> {
    let ids = &request.world.ids;
    let at = item.name("price_data");
    let Some(mut price) = item.group("price_data")? else { return Err(StripeError::missing(&at)) };
    price.refuse(&["recurring", "product", "unit_amount_decimal"])?;
    let Some(mut product) = price.group("product_data")? else {
        return Err(StripeError::missing(&price.name("product_data")));
    };
    let currency = price.required("currency")?.to_lowercase();
    if !(currency.len() == 3 && currency.bytes().all(|letter| letter.is_ascii_lowercase())) {
        return Err(StripeError::invalid(format!("Invalid currency: {currency}")).param(price.name("currency")));
    }
    let unit_amount = price.integer("unit_amount")?.ok_or_else(|| StripeError::missing(&price.name("unit_amount")))?;
    let quantity = item.integer("quantity")?.unwrap_or(1);
    for (name, number, least) in [(price.name("unit_amount"), unit_amount, 0), (item.name("quantity"), quantity, 1)] {
        if !(least..=99_999_999).contains(&number) {
            return Err(StripeError::invalid(format!("Invalid integer: {number}")).param(name));
        }
    }
    let tax_behavior = match price.choice("tax_behavior", &["exclusive", "inclusive", "unspecified"])?.as_deref() {
        Some("exclusive") => TaxBehavior::Exclusive,
        Some("inclusive") => TaxBehavior::Inclusive,
        _ => TaxBehavior::Unspecified,
    };
    let line = Line {
        id: ids.next("li_"),
        price: ids.next("price_"),
        product: ids.next("prod_"),
        name: product.required("name")?,
        description: product.text("description")?,
        unit_amount,
        quantity,
        tax_behavior,
        product_metadata: product.metadata("metadata")?,
    };
    product.text("tax_code")?;
    product.texts("images")?;
    product.finish()?;
    price.finish()?;
    item.metadata("metadata")?;
    Ok((line, currency))
}

fn intent_data(params: &mut Params) -> Answer<(std::collections::BTreeMap<String, String>, Option<String>)> {
    let Some(mut data) = params.group("payment_intent_data")? else { return Ok(Default::default()) };
    data.refuse(&["application_fee_amount", "on_behalf_of", "shipping", "transfer_data", "transfer_group"])?;
    data.choice("capture_method", &["automatic", "automatic_async"])?;
    for accepted in ["receipt_email", "setup_future_usage", "statement_descriptor", "statement_descriptor_suffix"] {
        data.text(accepted)?;
    }
    let read = (data.metadata("metadata")?, data.text("description")?);
    data.finish()?;
    Ok(read)
}

fn automatic_tax(params: &mut Params) -> Answer<bool> {
    let Some(mut tax) = params.group("automatic_tax")? else { return Ok(false) };
    let enabled = tax.flag("enabled")?.ok_or_else(|| StripeError::missing("automatic_tax[enabled]"))?;
    tax.finish()?;
    Ok(enabled)
}

/// Parameters that only come back in the answer; the double behaves the same with and without them.
fn echoed(params: &mut Params) -> Answer<Map<String, Value>> {
    let mut echoed = Map::new();
    let mut echo = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            echoed.insert(name.to_owned(), value);
        }
    };
    for (name, allowed) in [
        ("billing_address_collection", ["auto", "required"].as_slice()),
        ("customer_creation", &["always", "if_required"]),
        ("payment_method_collection", &["always", "if_required"]),
        ("submit_type", &["auto", "book", "donate", "pay", "subscribe"]),
    ] {
        echo(name, params.choice(name, allowed)?.map(Value::from));
    }
    match params.choice("ui_mode", &["elements", "embedded_page", "form", "hosted_page"])?.as_deref() {
        None | Some("hosted_page") => {}
        Some(other) => return Err(StripeError::not_doubled(&format!("sessions of ui_mode {other}"))),
    }
    echo("locale", params.text("locale")?.map(Value::from));
    echo("allow_promotion_codes", params.flag("allow_promotion_codes")?.map(Value::from));
    let types = params.texts("payment_method_types")?;
    echo("payment_method_types", (!types.is_empty()).then(|| json!(types)));
    for name in ["invoice_creation", "phone_number_collection", "tax_id_collection"] {
        if let Some(mut group) = params.group(name)? {
            let enabled = group.flag("enabled")?.ok_or_else(|| StripeError::missing(&group.name("enabled")))?;
            if name == "invoice_creation" && enabled {
                return Err(StripeError::not_doubled("invoices"));
            }
            group.finish()?;
            if name == "tax_id_collection" {
                echo(name, Some(json!({ "enabled": enabled, "required": "never" })));
            } else if name == "phone_number_collection" {
                echo(name, Some(json!({ "enabled": enabled })));
            }
        }
    }
    if let Some(mut consent) = params.group("consent_collection")? {
        let terms = consent.choice("terms_of_service", &["none", "required"])?;
        let promotions = consent.choice("promotions", &["auto", "none"])?;
        consent.finish()?;
        echo(
            "consent_collection",
            Some(json!({
            "payment_method_reuse_agreement": null, "promotions": promotions, "terms_of_service": terms })),
        );
    }
    if let Some(mut after) = params.group("after_expiration")? {
        if let Some(mut recovery) = after.group("recovery")? {
            let enabled = recovery.flag("enabled")?.unwrap_or(false);
            let codes = recovery.flag("allow_promotion_codes")?.unwrap_or(false);
            recovery.finish()?;
            echo(
                "after_expiration",
                Some(json!({ "recovery": {
                "allow_promotion_codes": codes, "enabled": enabled, "expires_at": null, "url": null } })),
            );
        }
        after.finish()?;
    }
    if let Some(mut text) = params.group("custom_text")? {
        let mut shown = json!({ "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null });
        for name in ["after_submit", "shipping_address", "submit", "terms_of_service_acceptance"] {
            if let Some(mut position) = text.group(name)? {
                shown[name] = json!({ "message": position.required("message")? });
                position.finish()?;
            }
        }
        text.finish()?;
        echo("custom_text", Some(shown));
    }
    Ok(echoed)
}

fn expires_at(params: &mut Params, now: i64) -> Answer<i64> {
    let Some(at) = params.integer("expires_at")? else { return Ok(now + LIFE_S.end()) };
    if !(LIFE_S.start() - LENIENCE_S..=LIFE_S.end() + LENIENCE_S).contains(&(at - now)) {
        return Err(StripeError::invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
        )
        .param("expires_at"));
    }
    Ok(at)
}

fn address(params: &mut Params, name: &str) -> Answer<Option<String>> {
    let Some(text) = params.text(name)? else { return Ok(None) };
    // The braces of {CHECKOUT_SESSION_ID} are no URL characters, but they are allowed here.
    match Url::parse(&text.replace(['{', '}'], "")) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Some(text)),
        _ => Err(StripeError::invalid("Not a valid URL").code("url_invalid").param(name)),
    }
}
