//! `expand[]`: objects in place of their ids.

use serde_json::{Value, json};

use super::error::{Answer, StripeError};
use super::store::Store;

/// Stripe follows four levels.
const DEEPEST: usize = 4;

/// Puts the objects named by `paths` into `answer`.
///
/// # Errors
/// A path that leads nowhere or too deep.
pub fn apply(store: &Store, base_url: &str, answer: &mut Value, paths: &[String]) -> Answer<()> {
    for path in paths {
        let parts: Vec<&str> = path.split('.').collect();
        if parts.len() > DEEPEST {
            return Err(StripeError::invalid(format!(
                "You cannot expand more than {DEEPEST} levels of a property. Property: {path}"
            ))
            .param("expand"));
        }
        follow(store, base_url, answer, &parts, path)?;
    }
    Ok(())
}

fn follow(store: &Store, base_url: &str, at: &mut Value, parts: &[&str], path: &str) -> Answer<()> {
    let Some((part, rest)) = parts.split_first() else { return Ok(()) };
    if let Value::Array(items) = at {
        return items.iter_mut().try_for_each(|item| follow(store, base_url, item, parts, path));
    }
    if at.get(*part).is_none() {
        include(store, base_url, at, part);
    }
    let nowhere = || {
        StripeError::invalid(format!("This property cannot be expanded ({path})."))
            .param("expand")
            .code("property_cannot_be_expanded")
    };
    match at.get_mut(*part) {
        Some(Value::Null) => Ok(()),
        Some(Value::String(_)) if *part == "id" => Err(nowhere()),
        Some(field @ Value::String(_)) => {
            let object = field.as_str().and_then(|id| store.find(id, base_url)).ok_or_else(nowhere)?;
            *field = object;
            follow(store, base_url, field, rest, path)
        }
        Some(field @ (Value::Object(_) | Value::Array(_))) => follow(store, base_url, field, rest, path),
        _ => Err(nowhere()),
    }
}

/// Lists that Stripe leaves out unless they are asked for.
fn include(store: &Store, base_url: &str, object: &mut Value, part: &str) {
    let id = object["id"].as_str().unwrap_or_default().to_owned();
    let listed =
        |url: String, data: Vec<Value>| json!({ "object": "list", "has_more": false, "url": url, "data": data });
    let list = match (object["object"].as_str(), part) {
        (Some("checkout.session"), "line_items") => store.sessions.get(&id).map(super::session::Session::line_items),
        (Some("charge"), "refunds") => {
            let refunds = store.refunds.iter().rev().map(|(_, refund)| refund).filter(|refund| refund.charge == id);
            Some(listed(format!("/v1/charges/{id}/refunds"), refunds.map(super::refunds::Refund::written).collect()))
        }
        (Some("customer"), "subscriptions") => {
            let all = store.subscriptions.iter().rev().map(|(_, all)| all).filter(|one| one.customer == id);
            Some(listed(
                format!("/v1/customers/{id}/subscriptions"),
                all.map(|one| super::store::Object::to_json(one, base_url)).collect(),
            ))
        }
        _ => None,
    };
    if let Some(list) = list {
        object[part] = list;
    }
}
