//! `webhook_endpoints`: where else events go, signed with a secret that is shown once.

use serde_json::{Value, json};

use super::error::{Answer, StripeError};
use super::list::Page;
use super::params::Params;
use super::{API_VERSION, Request};
use crate::webhooks::{Endpoint, Vendor};

fn written(endpoint: &Endpoint) -> Value {
    json!({
        "id": endpoint.id, "object": "webhook_endpoint", "api_version": endpoint.api_version, "application": null,
        "created": endpoint.created, "description": endpoint.description, "enabled_events": endpoint.kinds,
        "livemode": false, "metadata": endpoint.metadata,
        "status": if endpoint.enabled { "enabled" } else { "disabled" }, "url": endpoint.url,
    })
}

fn named(request: &Request<'_>) -> Answer<Endpoint> {
    let id = request.named();
    let found = request.world.webhooks.endpoint(id).filter(|endpoint| endpoint.vendor == Vendor::Stripe);
    found.ok_or_else(|| StripeError::no_such("webhook endpoint", id, "id"))
}

fn address(params: &mut Params) -> Answer<Option<String>> {
    let url = params.text("url")?;
    match url.as_deref() {
        Some(text) if !text.starts_with("http://") && !text.starts_with("https://") => {
            Err(StripeError::invalid("Invalid URL: An explicit scheme (such as https) must be provided.")
                .code("url_invalid")
                .param("url"))
        }
        _ => Ok(url),
    }
}

/// Event names, or `*` alone; `None` when nothing was said.
fn kinds(params: &mut Params) -> Answer<Option<Vec<String>>> {
    let kinds = params.texts("enabled_events")?;
    for (index, kind) in kinds.iter().enumerate() {
        if kind != "*" && !kind.contains('.') {
            return Err(StripeError::invalid(format!("Invalid enabled_events[{index}]: {kind} is no event"))
                .param(format!("enabled_events[{index}]")));
        }
    }
    if kinds.len() > 1 && kinds.iter().any(|kind| kind == "*") {
        return Err(StripeError::invalid("`*` cannot be combined with other events.").param("enabled_events"));
    }
    Ok((!kinds.is_empty()).then_some(kinds))
}

/// `POST /v1/webhook_endpoints`.
pub fn create(request: &Request<'_>, mut params: Params) -> Answer {
    params.refuse(&["connect"])?;
    let world = request.world;
    let api_version = params.text("api_version")?.unwrap_or_else(|| API_VERSION.to_owned());
    if !super::is_version(&api_version) {
        return Err(StripeError::invalid(format!("Invalid API version: {api_version}")).param("api_version"));
    }
    let endpoint = Endpoint {
        id: world.ids.next("we_"),
        vendor: Vendor::Stripe,
        url: address(&mut params)?.ok_or_else(|| StripeError::missing("url"))?,
        secret: world.ids.next("whsec_"),
        kinds: kinds(&mut params)?.ok_or_else(|| StripeError::missing("enabled_events"))?,
        api_version: Some(api_version),
        enabled: true,
        description: params.text("description")?,
        metadata: params.metadata("metadata")?,
        created: world.clock.timestamp(),
    };
    params.finish()?;
    let mut shown = written(&endpoint);
    shown["secret"] = json!(endpoint.secret);
    world.webhooks.add_endpoint(endpoint);
    Ok(shown)
}

/// `GET /v1/webhook_endpoints/{id}`: without the secret.
pub fn retrieve(request: &Request<'_>, params: Params) -> Answer {
    params.finish()?;
    named(request).map(|endpoint| written(&endpoint))
}

/// `GET /v1/webhook_endpoints`.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    params.finish()?;
    let all = request.world.webhooks.endpoints(Vendor::Stripe);
    page.check("webhook endpoint", |id| all.iter().any(|endpoint| endpoint.id == id))?;
    let (found, has_more) = page.of(all.iter(), |endpoint| (endpoint.id.as_str(), endpoint.created));
    let data: Vec<Value> = found.into_iter().map(written).collect();
    Ok(json!({ "object": "list", "url": "/v1/webhook_endpoints", "has_more": has_more, "data": data }))
}

/// `POST /v1/webhook_endpoints/{id}`.
pub fn update(request: &Request<'_>, mut params: Params) -> Answer {
    let mut endpoint = named(request)?;
    if let Some(url) = address(&mut params)? {
        endpoint.url = url;
    }
    if let Some(kinds) = kinds(&mut params)? {
        endpoint.kinds = kinds;
    }
    if let Some(disabled) = params.flag("disabled")? {
        endpoint.enabled = !disabled;
    }
    if params.has("description") {
        endpoint.description = params.text("description")?;
    }
    params.change_metadata(&mut endpoint.metadata)?;
    params.finish()?;
    let shown = written(&endpoint);
    request.world.webhooks.add_endpoint(endpoint);
    Ok(shown)
}

/// `DELETE /v1/webhook_endpoints/{id}`.
pub fn delete(request: &Request<'_>, params: Params) -> Answer {
    params.finish()?;
    let endpoint = named(request)?;
    request.world.webhooks.remove_endpoint(&endpoint.id);
    Ok(json!({ "id": endpoint.id, "object": "webhook_endpoint", "deleted": true }))
}
