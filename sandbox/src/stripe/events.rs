//! Events: the envelope, and the calls that read them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::error::{Answer, StripeError};
use super::params::Params;
use super::{API_VERSION, Request};
use crate::webhooks::{self, Vendor};
use crate::world::World;

/// Posts an event about `object`; `previous` names what it changed.
pub fn publish(world: &Arc<World>, kind: &str, object: &Value, previous: Option<Value>) {
    let id = world.ids.next("evt_");
    let mut data = json!({ "object": object });
    if let Some(previous) = previous {
        data["previous_attributes"] = previous;
    }
    let event = json!({
        "id": id, "object": "event", "api_version": API_VERSION, "created": world.clock.timestamp(), "data": data,
        "livemode": false, "pending_webhooks": 1, "request": { "id": null, "idempotency_key": null }, "type": kind,
    });
    webhooks::publish(world, Vendor::Stripe, &id, kind, event);
}

pub fn retrieve(request: &Request<'_>, params: Params) -> Answer {
    params.finish()?;
    let id = request.call.segment(2);
    let notice = request.world.webhooks.find(id).filter(|notice| notice.vendor == Vendor::Stripe);
    notice.map(|notice| notice.body).ok_or_else(|| StripeError::no_such("event", id, "id"))
}

pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let limit = usize::try_from(params.integer("limit")?.unwrap_or(10)).unwrap_or(0).clamp(1, 100);
    let kind = params.text("type")?;
    let after = params.text("starting_after")?;
    params.finish()?;
    let notices = request.world.webhooks.sent_by(Vendor::Stripe);
    let mut found = notices
        .into_iter()
        .rev()
        .filter(|notice| kind.as_ref().is_none_or(|kind| notice.kind == *kind))
        .filter(|notice| after.as_ref().is_none_or(|after| notice.id < *after));
    let data: Vec<Value> = found.by_ref().take(limit).map(|notice| notice.body).collect();
    Ok(json!({ "object": "list", "url": "/v1/events", "has_more": found.next().is_some(), "data": data }))
}
