//! Events: what is told, and the calls that read it again.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::error::{Answer, StripeError};
use super::list::Page;
use super::params::Params;
use super::{API_VERSION, Request, idempotency};
use crate::webhooks::{self, Notice, Vendor};
use crate::world::World;

/// Events gathered while the store is locked, told once it is free.
#[derive(Default)]
pub struct News(Vec<(&'static str, Value, Option<Value>)>);

impl News {
    /// Something happened to `object`, shown as it is now.
    pub fn add(&mut self, kind: &'static str, object: Value) {
        self.0.push((kind, object, None));
    }

    /// Something changed from `before`; silent when nothing did.
    pub fn changed(&mut self, kind: &'static str, before: &Value, object: Value) {
        let previous = difference(before, &object);
        if !previous.is_empty() {
            self.0.push((kind, object, Some(Value::Object(previous))));
        }
    }

    /// Tells all of it, in order; `request` is the call that caused it.
    pub fn send(self, world: &Arc<World>, request: Option<&Request<'_>>) {
        for (kind, object, previous) in self.0 {
            let id = world.ids.next("evt_");
            let mut data = json!({ "object": object });
            if let Some(previous) = previous {
                data["previous_attributes"] = previous;
            }
            let event = json!({
                "id": id, "object": "event", "api_version": API_VERSION, "created": world.clock.timestamp(),
                "data": data, "livemode": false, "pending_webhooks": 0,
                "request": {
                    "id": request.map(|request| &request.id),
                    "idempotency_key": request.and_then(|request| idempotency::key(request.call)) },
                "type": kind,
            });
            webhooks::publish(world, Vendor::Stripe, &id, kind, event);
        }
    }
}

/// What `before` says differently, and only that.
fn difference(before: &Value, after: &Value) -> Map<String, Value> {
    let mut previous = Map::new();
    for (name, old) in before.as_object().into_iter().flatten() {
        match (old, &after[name]) {
            (old, new) if old == new => {}
            (Value::Object(_), new @ Value::Object(_)) => {
                previous.insert(name.clone(), Value::Object(difference(old, new)));
            }
            (old, _) => {
                previous.insert(name.clone(), old.clone());
            }
        }
    }
    previous
}

/// `GET /v1/events/{id}`.
pub fn retrieve(request: &Request<'_>, params: Params) -> Answer {
    params.finish()?;
    let id = request.named();
    let notice = request.world.webhooks.find(id).filter(|notice| notice.vendor == Vendor::Stripe);
    notice.map(|notice| notice.shown()).ok_or_else(|| StripeError::no_such("event", id, "id"))
}

/// `GET /v1/events`.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    let kind = params.text("type")?;
    let kinds = params.texts("types")?;
    let delivered = params.flag("delivery_success")?;
    params.finish()?;
    if kind.is_some() && !kinds.is_empty() {
        return Err(StripeError::invalid("You may only specify one of these parameters: type, types.").param("type"));
    }
    let notices = request.world.webhooks.sent_by(Vendor::Stripe);
    page.check("event", |id| notices.iter().any(|notice| notice.id == id))?;
    let wanted = notices.iter().filter(|notice| {
        kind.as_deref().is_none_or(|kind| webhooks::names(kind, &notice.kind))
            && (kinds.is_empty() || kinds.iter().any(|kind| webhooks::names(kind, &notice.kind)))
            && delivered.is_none_or(|delivered| notice.delivered == delivered)
    });
    let (found, has_more) = page.of(wanted, |notice| (notice.id.as_str(), notice.created.timestamp()));
    let data: Vec<Value> = found.into_iter().map(Notice::shown).collect();
    Ok(json!({ "object": "list", "url": "/v1/events", "has_more": has_more, "data": data }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let before = json!({ "id": "x", "status": "active", "plan": { "a": 1, "b": 2 }, "end": null });
        let after = json!({ "id": "x", "status": "canceled", "plan": { "a": 1, "b": 3 }, "end": 5 });
        let previous = Value::Object(difference(&before, &after));
        assert_eq!(previous, json!({ "status": "active", "plan": { "b": 2 }, "end": null }));
    }
}
