//! Sessions read, listed and ended.

use serde_json::{Value, json};

use super::error::{Answer, StripeError};
use super::params::Params;
use super::session::{Session, Status};
use super::{Request, events};

/// The session named in the path.
fn named(request: &Request<'_>) -> Answer<Session> {
    let id = request.call.segment(3);
    let found = request.world.stripe.lock().sessions.get(id).cloned();
    found.ok_or_else(|| StripeError::no_such("checkout.session", id, "session"))
}

pub fn retrieve(request: &Request<'_>, mut params: Params) -> Answer {
    let expand = params.texts("expand")?;
    params.finish()?;
    expanded(request, &named(request)?, &expand)
}

pub fn line_items(request: &Request<'_>, mut params: Params) -> Answer {
    params.integer("limit")?;
    params.text("starting_after")?;
    params.finish()?;
    Ok(named(request)?.line_items())
}

/// Newest first, as everywhere at Stripe.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let limit = usize::try_from(params.integer("limit")?.unwrap_or(10)).unwrap_or(0);
    if !(1..=100).contains(&limit) {
        return Err(StripeError::invalid("Invalid limit: must be between 1 and 100").param("limit"));
    }
    let after = params.text("starting_after")?;
    let intent = params.text("payment_intent")?;
    let status = params.choice("status", &["complete", "expired", "open"])?;
    let (mut from, mut until) = (i64::MIN, i64::MAX);
    if let Some(mut created) = params.group("created")? {
        from = created.integer("gte")?.unwrap_or(from).max(created.integer("gt")?.map_or(i64::MIN, |at| at + 1));
        until = created.integer("lte")?.unwrap_or(until).min(created.integer("lt")?.map_or(i64::MAX, |at| at - 1));
        created.finish()?;
    }
    params.finish()?;
    let store = request.world.stripe.lock();
    let mut found = store
        .sessions
        .iter()
        .rev()
        .map(|(_, session)| session)
        .filter(|session| after.as_ref().is_none_or(|after| session.id < *after))
        .filter(|session| intent.is_none() || session.payment_intent == intent)
        .filter(|session| status.as_ref().is_none_or(|status| json!(session.status) == json!(status)))
        .filter(|session| (from..=until).contains(&session.created));
    let data: Vec<Value> = found.by_ref().take(limit).map(|session| session.to_json(&request.world.base_url)).collect();
    let has_more = found.next().is_some();
    Ok(json!({ "object": "list", "url": "/v1/checkout/sessions", "has_more": has_more, "data": data }))
}

pub fn expire(request: &Request<'_>, mut params: Params) -> Answer {
    let expand = params.texts("expand")?;
    params.finish()?;
    let session = named(request)?;
    let expired = request.world.stripe.lock().sessions.change(&session.id, |session| {
        let open = session.status == Status::Open;
        if open {
            session.status = Status::Expired;
        }
        open.then(|| session.clone())
    });
    match expired.flatten() {
        Some(session) => {
            events::publish(request.world, "checkout.session.expired", &session.to_json(&request.world.base_url), None);
            expanded(request, &session, &expand)
        }
        None => Err(StripeError::invalid(format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of \
             `{}`.",
            json!(session.status).as_str().unwrap_or_default()
        ))),
    }
}

/// The session with the parts that were asked for in place of their ids.
pub fn expanded(request: &Request<'_>, session: &Session, expand: &[String]) -> Answer {
    let mut object = session.to_json(&request.world.base_url);
    let store = request.world.stripe.lock();
    let intent = session.payment_intent.as_ref().and_then(|id| store.intents.get(id));
    for path in expand {
        match path.as_str() {
            "line_items" => object["line_items"] = session.line_items(),
            "payment_intent" | "payment_intent.latest_charge" => {
                let Some(intent) = intent else { continue };
                let mut shown = intent.to_json();
                let charge = intent.latest_charge.as_ref().and_then(|id| store.charges.get(id));
                if let (true, Some(charge)) = (path.ends_with("latest_charge"), charge) {
                    shown["latest_charge"] = charge.to_json(&request.world.base_url);
                }
                // `payment_intent` after `payment_intent.latest_charge` must not fold the charge again.
                if !object["payment_intent"].is_object() || path.ends_with("latest_charge") {
                    object["payment_intent"] = shown;
                }
            }
            "customer" | "invoice" | "setup_intent" | "subscription" if object[path.as_str()].is_null() => {}
            other => {
                return Err(
                    StripeError::invalid(format!("This property cannot be expanded ({other}).")).param("expand")
                );
            }
        }
    }
    Ok(object)
}
