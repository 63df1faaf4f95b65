//! The parameters of a session that change what the page asks or says.

use serde_json::{Map, Value, json};

use super::error::{Answer, StripeError};
use super::params::Params;
use super::session::{InvoiceData, Mode, Questions};

/// What was asked for, and how it is given back.
pub struct Options {
    pub questions: Questions,
    pub makes_customer: bool,
    pub invoice_data: Option<InvoiceData>,
    pub payment_method_types: Vec<String>,
    pub echoed: Map<String, Value>,
}

impl Options {
    /// Reads them; `existing` says that the session names a customer.
    pub fn read(params: &mut Params, mode: Mode, currency: &str, existing: bool) -> Answer<Self> {
        let mut echoed = Map::new();
        let mut questions = Questions::default();
        simple(params, mode, &mut echoed, &mut questions)?;
        consent(params, &mut echoed, &mut questions)?;
        recovery(params, &mut echoed)?;
        custom_text(params, &mut echoed)?;
        questions.phone = enabled(params, "phone_number_collection")?.unwrap_or(false);
        tax_id(params, existing, &mut echoed, &mut questions)?;
        Ok(Self {
            questions,
            makes_customer: customer_creation(params, mode, existing)?,
            invoice_data: invoice_creation(params, mode)?,
            payment_method_types: methods(params, mode, currency)?,
            echoed,
        })
    }
}

fn only(mode: Mode, wanted: Mode, params: &Params, name: &str) -> Answer<()> {
    if mode == wanted || !params.has(name) {
        return Ok(());
    }
    let (wanted, mode) = (json!(wanted), json!(mode));
    Err(StripeError::invalid(format!(
        "You can not pass `{name}` in `{}` mode. It is for `{}` mode.",
        mode.as_str().unwrap_or_default(),
        wanted.as_str().unwrap_or_default()
    ))
    .param(name))
}

fn simple(params: &mut Params, mode: Mode, echoed: &mut Map<String, Value>, questions: &mut Questions) -> Answer<()> {
    only(mode, Mode::Subscription, params, "payment_method_collection")?;
    only(mode, Mode::Payment, params, "submit_type")?;
    for (name, allowed) in [
        ("billing_address_collection", ["auto", "required"].as_slice()),
        ("payment_method_collection", &["always", "if_required"]),
        ("submit_type", &["auto", "book", "donate", "pay"]),
    ] {
        if let Some(value) = params.choice(name, allowed)? {
            questions.address |= name == "billing_address_collection" && value == "required";
            echoed.insert(name.to_owned(), Value::from(value));
        }
    }
    match params.choice("ui_mode", &["elements", "embedded_page", "form", "hosted_page"])?.as_deref() {
        None | Some("hosted_page") => {}
        Some(other) => return Err(StripeError::not_doubled(&format!("sessions of ui_mode {other}"))),
    }
    if let Some(locale) = params.text("locale")? {
        echoed.insert("locale".into(), Value::from(locale));
    }
    if let Some(codes) = params.flag("allow_promotion_codes")? {
        echoed.insert("allow_promotion_codes".into(), Value::from(codes));
    }
    Ok(())
}

/// `name[enabled]`.
fn enabled(params: &mut Params, name: &str) -> Answer<Option<bool>> {
    let Some(mut group) = params.group(name)? else { return Ok(None) };
    let enabled = group.flag("enabled")?.ok_or_else(|| StripeError::missing(&group.name("enabled")))?;
    group.finish()?;
    Ok(Some(enabled))
}

fn consent(params: &mut Params, echoed: &mut Map<String, Value>, questions: &mut Questions) -> Answer<()> {
    let Some(mut consent) = params.group("consent_collection")? else { return Ok(()) };
    consent.refuse(&["payment_method_reuse_agreement"])?;
    let terms = consent.choice("terms_of_service", &["none", "required"])?;
    let promotions = consent.choice("promotions", &["auto", "none"])?;
    consent.finish()?;
    questions.terms = terms.as_deref() == Some("required");
    let shown = json!({ "payment_method_reuse_agreement": null, "promotions": promotions, "terms_of_service": terms });
    echoed.insert("consent_collection".into(), shown);
    Ok(())
}

fn recovery(params: &mut Params, echoed: &mut Map<String, Value>) -> Answer<()> {
    let Some(mut after) = params.group("after_expiration")? else { return Ok(()) };
    if let Some(mut recovery) = after.group("recovery")? {
        let enabled =
            recovery.flag("enabled")?.ok_or_else(|| StripeError::missing("after_expiration[recovery][enabled]"))?;
        let codes = recovery.flag("allow_promotion_codes")?.unwrap_or(false);
        recovery.finish()?;
        let shown = json!({ "recovery": {
            "allow_promotion_codes": codes, "enabled": enabled, "expires_at": null, "url": null } });
        echoed.insert("after_expiration".into(), shown);
    }
    after.finish()
}

fn custom_text(params: &mut Params, echoed: &mut Map<String, Value>) -> Answer<()> {
    let Some(mut text) = params.group("custom_text")? else { return Ok(()) };
    let mut shown = Map::new();
    for name in ["after_submit", "shipping_address", "submit", "terms_of_service_acceptance"] {
        let value = match text.group(name)? {
            Some(mut position) => {
                let message = position.required("message")?;
                if message.chars().count() > 1_200 {
                    return Err(StripeError::invalid("Invalid string: must be at most 1200 characters")
                        .param(position.name("message")));
                }
                position.finish()?;
                json!({ "message": message })
            }
            None => Value::Null,
        };
        shown.insert(name.to_owned(), value);
    }
    text.finish()?;
    echoed.insert("custom_text".into(), Value::Object(shown));
    Ok(())
}

fn tax_id(
    params: &mut Params,
    existing: bool,
    echoed: &mut Map<String, Value>,
    questions: &mut Questions,
) -> Answer<()> {
    let mut renames = false;
    if let Some(mut update) = params.group("customer_update")? {
        if !existing {
            return Err(
                StripeError::invalid("`customer_update` can only be used with `customer`.").param("customer_update")
            );
        }
        renames = update.choice("name", &["auto", "never"])?.as_deref() == Some("auto");
        update.choice("address", &["auto", "never"])?;
        update.choice("shipping", &["auto", "never"])?;
        update.finish()?;
    }
    let Some(mut group) = params.group("tax_id_collection")? else { return Ok(()) };
    let enabled = group.flag("enabled")?.ok_or_else(|| StripeError::missing(&group.name("enabled")))?;
    let required = group.choice("required", &["if_supported", "never"])?.unwrap_or_else(|| "never".into());
    group.finish()?;
    if enabled && existing && !renames {
        return Err(StripeError::invalid(
            "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an \
             existing customer, please set `customer_update[name]` to `auto`.",
        )
        .param("customer_update[name]"));
    }
    questions.tax_id = enabled;
    echoed.insert("tax_id_collection".into(), json!({ "enabled": enabled, "required": required }));
    Ok(())
}

fn customer_creation(params: &mut Params, mode: Mode, existing: bool) -> Answer<bool> {
    only(mode, Mode::Payment, params, "customer_creation")?;
    let asked = params.choice("customer_creation", &["always", "if_required"])?;
    if asked.is_some() && existing {
        return Err(StripeError::invalid("You may only specify one of these parameters: customer, customer_creation.")
            .param("customer_creation"));
    }
    Ok(asked.as_deref() == Some("always"))
}

fn invoice_creation(params: &mut Params, mode: Mode) -> Answer<Option<InvoiceData>> {
    only(mode, Mode::Payment, params, "invoice_creation")?;
    let Some(mut group) = params.group("invoice_creation")? else { return Ok(None) };
    let enabled = group.flag("enabled")?.ok_or_else(|| StripeError::missing(&group.name("enabled")))?;
    let mut said = InvoiceData::default();
    if let Some(mut data) = group.group("invoice_data")? {
        data.refuse(&["account_tax_ids", "issuer", "rendering_options"])?;
        said.metadata = data.metadata("metadata")?;
        said.description = data.short("description", 1_500)?;
        said.footer = data.short("footer", 5_000)?;
        for mut field in data.list("custom_fields")? {
            said.custom_fields.push((field.required("name")?, field.required("value")?));
            field.finish()?;
        }
        if said.custom_fields.len() > 4 {
            return Err(
                StripeError::invalid("An invoice has four custom fields at most.").param(data.name("custom_fields"))
            );
        }
        data.finish()?;
    }
    group.finish()?;
    Ok(enabled.then_some(said))
}

/// Cards everywhere; SEPA for a single payment in euros, as an account with both has it.
fn methods(params: &mut Params, mode: Mode, currency: &str) -> Answer<Vec<String>> {
    let asked = params.texts("payment_method_types")?;
    let sepa = mode == Mode::Payment && currency == "eur";
    for (index, name) in asked.iter().enumerate() {
        match name.as_str() {
            "card" => {}
            "sepa_debit" if sepa => {}
            "sepa_debit" if mode == Mode::Subscription => {
                return Err(StripeError::not_doubled("subscriptions by SEPA debit"));
            }
            "sepa_debit" => {
                return Err(StripeError::invalid("The payment method type `sepa_debit` takes euros only.")
                    .param(format!("payment_method_types[{index}]")));
            }
            other => return Err(StripeError::not_doubled(&format!("the payment method {other}"))),
        }
    }
    if !asked.is_empty() {
        return Ok(asked);
    }
    Ok(if sepa { vec!["card".into(), "sepa_debit".into()] } else { vec!["card".into()] })
}
