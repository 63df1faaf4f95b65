//! `POST /v1/checkout/sessions`.

use reqwest::Url;

use super::error::{Answer, StripeError};
use super::lines::{self, Line};
use super::options::Options;
use super::params::Params;
use super::payer::Payer;
use super::session::{Labels, Mode, PaymentStatus, Session, Status};
use super::{Object, Request};

/// A session lives between half an hour and a day.
const LIFE_S: std::ops::RangeInclusive<i64> = 30 * 60..=24 * 3_600;
/// Clocks differ a little; Stripe is lenient by about as much.
const LENIENCE_S: i64 = 60;
/// The smallest amount Stripe charges in euros, in cents.
const SMALLEST: i64 = 50;

/// Parameters that Stripe knows and this double refuses rather than ignores.
const NOT_DOUBLED: [&str; 20] = [
    "adaptive_pricing",
    "branding_settings",
    "custom_fields",
    "customer_account",
    "discounts",
    "excluded_payment_method_types",
    "integration_identifier",
    "managed_payments",
    "name_collection",
    "optional_items",
    "origin_context",
    "payment_method_configuration",
    "payment_method_options",
    "permissions",
    "return_url",
    "saved_payment_method_options",
    "setup_intent_data",
    "shipping_address_collection",
    "shipping_options",
    "wallet_options",
];

pub fn create(request: &Request<'_>, mut params: Params) -> Answer {
    let world = request.world;
    params.refuse(&NOT_DOUBLED)?;
    let mode = match params.choice("mode", &["payment", "setup", "subscription"])?.as_deref() {
        Some("payment") => Mode::Payment,
        Some("subscription") => Mode::Subscription,
        Some(other) => return Err(StripeError::not_doubled(&format!("sessions of mode {other}"))),
        None => return Err(StripeError::missing("mode")),
    };
    let now = world.clock.timestamp();
    let asked = lines::read(request, &mut params)?;
    rhythm(mode, &asked.lines)?;
    let (customer, customer_email) = customer(request, &mut params)?;
    let known_email = customer.as_ref().and_then(|id| world.stripe.lock().customers.get(id)?.email.clone());
    let options = Options::read(&mut params, mode, &asked.currency, customer.is_some())?;
    let mut session = Session {
        id: world.ids.next("cs_test_"),
        mode,
        status: Status::Open,
        payment_status: PaymentStatus::Unpaid,
        created: now,
        expires_at: expires_at(&mut params, now)?,
        currency: asked.currency,
        lines: asked.lines,
        client_reference_id: params.short("client_reference_id", 200)?,
        customer,
        customer_email,
        makes_customer: options.makes_customer,
        payer: Payer { email: known_email, ..Payer::default() },
        questions: options.questions,
        metadata: params.metadata("metadata")?,
        of_intent: of_intent(&mut params, mode)?,
        of_subscription: of_subscription(&mut params, mode)?,
        invoice_data: options.invoice_data,
        success_url: address(&mut params, "success_url")?.ok_or_else(|| StripeError::missing("success_url"))?,
        cancel_url: address(&mut params, "cancel_url")?,
        automatic_tax: automatic_tax(&mut params)?,
        payment_method_types: options.payment_method_types,
        echoed: options.echoed,
        recovery_until: None,
        recovered_from: None,
        payment_intent: None,
        subscription: None,
        invoice: None,
    };
    params.finish()?;
    match session.total() {
        0 if mode == Mode::Payment => session.payment_status = PaymentStatus::NoPaymentRequired,
        small if small < SMALLEST => {
            return Err(StripeError::invalid(
                "The Checkout Session's total amount due must add up to at least €0.50 eur",
            )
            .code("amount_too_small"));
        }
        _ => {}
    }
    let mut store = world.stripe.lock();
    for (price, product) in asked.inline {
        store.products.put(&product.id.clone(), product);
        store.prices.put(&price.id.clone(), price);
    }
    store.sessions.put(&session.id, session.clone());
    Ok(session.to_json(&world.base_url))
}

/// Recurring prices belong to subscriptions, and a subscription needs one.
fn rhythm(mode: Mode, lines: &[Line]) -> Answer<()> {
    let mut rhythms = lines.iter().filter_map(|line| line.price.recurring.as_ref());
    match (mode, rhythms.next()) {
        (Mode::Payment, Some(_)) => Err(StripeError::invalid(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use \
             only one-time prices.",
        )
        .param("mode")),
        (Mode::Subscription, None) => Err(StripeError::invalid(
            "You must provide at least one recurring price in `subscription` mode when using prices.",
        )
        .param("line_items")),
        (Mode::Subscription, Some(first)) if rhythms.any(|other| other != first) => {
            Err(StripeError::not_doubled("subscriptions of prices with different intervals"))
        }
        _ => Ok(()),
    }
}

fn customer(request: &Request<'_>, params: &mut Params) -> Answer<(Option<String>, Option<String>)> {
    let customer = params.text("customer")?;
    let email = params.short("customer_email", 800)?;
    if customer.is_some() && email.is_some() {
        return Err(StripeError::invalid("You may only specify one of these parameters: customer, customer_email.")
            .param("customer"));
    }
    if let Some(id) = customer.as_deref().filter(|id| request.world.stripe.lock().customers.get(id).is_none()) {
        return Err(StripeError::no_such_reference("customer", id, "customer"));
    }
    match email.as_deref().map(|email| email.split_once('@')) {
        Some(None | Some(("", _) | (_, ""))) => {
            Err(StripeError::invalid(format!("Invalid email address: {}", email.unwrap_or_default()))
                .code("email_invalid")
                .param("customer_email"))
        }
        _ => Ok((customer, email)),
    }
}

fn of_intent(params: &mut Params, mode: Mode) -> Answer<Labels> {
    let Some(mut data) = params.group("payment_intent_data")? else { return Ok(Labels::default()) };
    if mode == Mode::Subscription {
        return Err(StripeError::invalid("You can not pass `payment_intent_data` in `subscription` mode.")
            .param("payment_intent_data"));
    }
    data.refuse(&["application_fee_amount", "on_behalf_of", "shipping", "transfer_data", "transfer_group"])?;
    if data.choice("capture_method", &["automatic", "automatic_async", "manual"])?.as_deref() == Some("manual") {
        return Err(StripeError::not_doubled("payments that are captured later"));
    }
    for accepted in ["receipt_email", "setup_future_usage", "statement_descriptor", "statement_descriptor_suffix"] {
        data.text(accepted)?;
    }
    let labels = Labels { metadata: data.metadata("metadata")?, description: data.text("description")? };
    data.finish()?;
    Ok(labels)
}

fn of_subscription(params: &mut Params, mode: Mode) -> Answer<Labels> {
    let Some(mut data) = params.group("subscription_data")? else { return Ok(Labels::default()) };
    if mode == Mode::Payment {
        return Err(
            StripeError::invalid("You can not pass `subscription_data` in `payment` mode.").param("subscription_data")
        );
    }
    data.refuse(&[
        "application_fee_percent",
        "billing_cycle_anchor",
        "billing_mode",
        "default_tax_rates",
        "invoice_settings",
        "on_behalf_of",
        "pending_invoice_item_interval",
        "proration_behavior",
        "transfer_data",
        "trial_end",
        "trial_period_days",
        "trial_settings",
    ])?;
    let labels = Labels { metadata: data.metadata("metadata")?, description: data.short("description", 500)? };
    data.finish()?;
    Ok(labels)
}

fn automatic_tax(params: &mut Params) -> Answer<bool> {
    let Some(mut tax) = params.group("automatic_tax")? else { return Ok(false) };
    tax.refuse(&["liability"])?;
    let enabled = tax.flag("enabled")?.ok_or_else(|| StripeError::missing("automatic_tax[enabled]"))?;
    tax.finish()?;
    Ok(enabled)
}

fn expires_at(params: &mut Params, now: i64) -> Answer<i64> {
    let Some(at) = params.integer("expires_at")? else { return Ok(now + LIFE_S.end()) };
    if !(LIFE_S.start() - LENIENCE_S..=LIFE_S.end() + LENIENCE_S).contains(&at.saturating_sub(now)) {
        return Err(StripeError::invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
        )
        .param("expires_at"));
    }
    Ok(at)
}

fn address(params: &mut Params, name: &str) -> Answer<Option<String>> {
    let Some(text) = params.short(name, 5_000)? else { return Ok(None) };
    // The braces of {CHECKOUT_SESSION_ID} are no URL characters, but they are allowed here.
    match Url::parse(&text.replace(['{', '}'], "")) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Some(text)),
        _ => Err(StripeError::invalid("Not a valid URL").code("url_invalid").param(name)),
    }
}
