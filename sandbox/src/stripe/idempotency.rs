//! `Idempotency-Key`: the first answer again, or a clear refusal.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{Answer, StripeError, of_status};
use super::form::Node;
use crate::call::{self, Call};
use crate::faults::Failure;
use crate::world::World;

/// Stripe forgets keys after a day.
const KEPT_S: i64 = 24 * 3_600;

/// The first answer given under a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    path: String,
    params: BTreeMap<String, Node>,
    /// Id of the request that was answered first.
    request: String,
    status: u16,
    body: Value,
    at: i64,
}

/// The key of a call; only POST has one.
pub fn key(call: &Call) -> Option<&str> {
    (call.method == Method::POST).then(|| call.header("idempotency-key")).flatten().filter(|key| !key.is_empty())
}

/// What a call finds under its key.
pub enum First {
    /// Nothing: the work may begin. While the guard lives, others with this key are told to wait.
    Begin(Option<Held>),
    /// The answer given before.
    Again(Response),
}

/// Looks up the key of a call, and takes it when it is free.
///
/// # Errors
/// A key that is too long, in use at this moment, or was used for something else.
pub fn begin(world: &Arc<World>, call: &Call, params: &BTreeMap<String, Node>) -> Answer<First> {
    let Some(key) = key(call) else { return Ok(First::Begin(None)) };
    if key.chars().count() > 255 {
        return Err(StripeError::new(
            StatusCode::BAD_REQUEST,
            "idempotency_error",
            "Idempotency keys can have up to 255 characters.",
        ));
    }
    let now = world.clock.timestamp();
    // One lock from the look to the taking: of two simultaneous calls one works and the other is told to wait.
    let mut store = world.stripe.lock();
    if store.held.contains(key) {
        return Err(of_status(StatusCode::CONFLICT));
    }
    let Some(kept) = store.keys.get(key).filter(|kept| now - kept.at < KEPT_S) else {
        store.held.insert(key.to_owned());
        return Ok(First::Begin(Some(Held { world: world.clone(), key: key.to_owned() })));
    };
    if kept.path != call.segments.join("/") || kept.params != *params {
        return Err(StripeError::new(
            StatusCode::BAD_REQUEST,
            "idempotency_error",
            format!(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. \
                 Try using a key other than '{key}' if you meant to execute a different request."
            ),
        ));
    }
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    let mut response = call::json(status, &kept.body);
    call::set_header(&mut response, "idempotent-replayed", "true");
    call::set_header(&mut response, "original-request", &kept.request);
    Ok(First::Again(response))
}

/// Remembers the answer `request` gave. Refused parameters are not remembered: the caller decides with `begun`.
pub fn keep(
    world: &World,
    call: &Call,
    params: &BTreeMap<String, Node>,
    request: &str,
    status: StatusCode,
    body: &Value,
) {
    let Some(key) = key(call) else { return };
    let kept = Kept {
        path: call.segments.join("/"),
        params: params.clone(),
        request: request.to_owned(),
        status: status.as_u16(),
        body: body.clone(),
        at: world.clock.timestamp(),
    };
    world.stripe.lock().keys.put(key, kept);
}

/// A 500 armed as a fault is an answer like any other: it is given again under its key.
pub fn keep_failure(world: &World, call: &Call, failure: &Failure) {
    // A key that already has its answer keeps it: what happens to a later call cannot change what was done.
    let used = key(call).is_some_and(|key| world.stripe.lock().keys.get(key).is_some());
    let Ok(params) = Node::parse(super::fields(call)) else { return };
    let request = world.ids.next("req_");
    let body = failure.body.clone().unwrap_or_else(|| of_status(StatusCode::INTERNAL_SERVER_ERROR).body(&request));
    let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status == StatusCode::INTERNAL_SERVER_ERROR && !used {
        keep(world, call, &params, &request, status, &body);
    }
}

/// While this lives, the key is in use: a second call is told to wait. Released when dropped, also by a caller who hangs up.
pub struct Held {
    world: Arc<World>,
    key: String,
}

/// Holds the key of a slow call.
pub fn hold(world: &Arc<World>, call: &Call) -> Option<Held> {
    if call.service != call::Service::Stripe {
        return None;
    }
    let key = key(call)?.to_owned();
    world.stripe.lock().held.insert(key.clone()).then(|| Held { world: world.clone(), key })
}

impl Drop for Held {
    fn drop(&mut self) {
        self.world.stripe.lock().held.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::HeaderMap;

    use super::*;
    use crate::config::SandboxConfig;

    fn world() -> Arc<World> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Arc::new(World::new(SandboxConfig::default(), "http://127.0.0.1:1".into()).unwrap())
    }

    fn call(key: &'static str, path: &str) -> Call {
        Call {
            service: call::Service::Stripe,
            operation: "refunds.create",
            method: Method::POST,
            segments: path.split('/').map(str::to_owned).collect(),
            target: format!("/stripe/{path}"),
            query: Vec::new(),
            headers: HeaderMap::from_iter([(
                axum::http::HeaderName::from_static("idempotency-key"),
                axum::http::HeaderValue::from_static(key),
            )]),
            body: Bytes::new(),
        }
    }

    fn params(amount: &str) -> BTreeMap<String, Node> {
        Node::parse(vec![("amount".into(), amount.into())]).unwrap()
    }

    #[test]
    fn a_key_is_taken_from_the_look_to_the_end_of_the_work() {
        let world = world();
        let (ours, params) = (call("k", "v1/refunds"), params("1"));
        let Ok(First::Begin(Some(held))) = begin(&world, &ours, &params) else { panic!("the key is free") };
        assert_eq!(begin(&world, &ours, &params).err().unwrap().status, StatusCode::CONFLICT);
        assert!(matches!(begin(&world, &call("other", "v1/refunds"), &params), Ok(First::Begin(Some(_)))));
        drop(held);
        assert!(matches!(begin(&world, &ours, &params), Ok(First::Begin(Some(_)))));
    }

    #[test]
    fn an_answer_is_kept_for_its_path_and_parameters() {
        let world = world();
        let ours = call("k", "v1/refunds");
        keep(&world, &ours, &params("1"), "req_1", StatusCode::OK, &Value::Null);
        assert!(matches!(begin(&world, &ours, &params("1")), Ok(First::Again(_))));
        for (other, params) in [(ours, params("2")), (call("k", "v1/customers"), params("1"))] {
            assert_eq!(begin(&world, &other, &params).err().unwrap().status, StatusCode::BAD_REQUEST);
        }
    }
}
