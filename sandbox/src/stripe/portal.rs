//! `POST /v1/billing_portal/sessions`: a short-lived door to the customer's own subscriptions.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Request;
use super::error::{Answer, StripeError};
use super::params::Params;

/// Sandbox seconds a link works.
const LIFE_S: i64 = 3_600;

/// A portal session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Portal {
    pub id: String,
    pub customer: String,
    pub return_url: Option<String>,
    pub expires_at: i64,
    /// The only subscription to show, when the link was made to cancel it.
    pub subscription: Option<String>,
}

pub fn create(request: &Request<'_>, mut params: Params) -> Answer {
    let world = request.world;
    params.refuse(&["customer_account", "on_behalf_of"])?;
    let customer = params.required("customer")?;
    let return_url = params.text("return_url")?;
    let configuration = params.text("configuration")?;
    let locale = params.text("locale")?;
    let subscription = flow(&mut params)?;
    params.finish()?;
    if return_url.as_deref().is_some_and(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
        return Err(StripeError::invalid("Not a valid URL").code("url_invalid").param("return_url"));
    }
    let mut store = world.stripe.lock();
    if store.customers.get(&customer).is_none() {
        return Err(StripeError::no_such_reference("customer", &customer, "customer"));
    }
    let known = |id: &String| store.subscriptions.get(id).is_some_and(|one| one.customer == customer);
    if let Some(id) = subscription.as_ref().filter(|id| !known(id)) {
        return Err(StripeError::no_such_reference("subscription", id, "flow_data[subscription_cancel][subscription]"));
    }
    let now = world.clock.timestamp();
    let portal = Portal {
        id: world.ids.next("bps_"),
        customer,
        return_url,
        expires_at: now + LIFE_S,
        subscription: subscription.clone(),
    };
    store.portals.put(&portal.id, portal.clone());
    let flow = subscription.map(|id| {
        json!({ "type": "subscription_cancel", "subscription_cancel": { "retention": null, "subscription": id },
            "subscription_update": null, "subscription_update_confirm": null,
            "after_completion": { "type": "portal_homepage", "hosted_confirmation": null, "redirect": null } })
    });
    Ok(json!({
        "id": portal.id, "object": "billing_portal.session",
        "configuration": configuration.unwrap_or_else(|| "bpc_sbx_default".into()), "created": now,
        "customer": portal.customer, "customer_account": null, "flow": flow, "livemode": false, "locale": locale,
        "on_behalf_of": null, "return_url": portal.return_url,
        "url": format!("{}/stripe/portal/{}", world.base_url, portal.id),
    }))
}

fn flow(params: &mut Params) -> Answer<Option<String>> {
    let Some(mut flow) = params.group("flow_data")? else { return Ok(None) };
    flow.refuse(&["after_completion", "subscription_update", "subscription_update_confirm"])?;
    match flow.required("type")?.as_str() {
        "subscription_cancel" => {}
        other => return Err(StripeError::not_doubled(&format!("portal links of type {other}"))),
    }
    let name = flow.name("subscription_cancel");
    let mut cancel = flow.group("subscription_cancel")?.ok_or_else(|| StripeError::missing(&name))?;
    cancel.refuse(&["retention"])?;
    let subscription = cancel.required("subscription")?;
    cancel.finish()?;
    flow.finish()?;
    Ok(Some(subscription))
}
