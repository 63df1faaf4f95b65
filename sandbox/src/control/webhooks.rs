//! `/_sandbox/webhooks`: how deliveries misbehave (PUT) and where they go (POST).

use std::sync::Arc;

use axum::response::Response;
use serde_json::json;

use super::{Refusal, body, no_such_call, ok};
use crate::call::Call;
use crate::webhooks::{self, Behaviour};
use crate::world::World;

/// Answers a call to `/_sandbox/webhooks`.
pub fn route(world: &Arc<World>, call: &Call, method: &str) -> Result<Response, Refusal> {
    match method {
        "GET" => Ok(ok(&json!({ "behaviour": world.webhooks.behaviour(), "targets": world.webhooks.targets() }))),
        "PUT" => {
            let behaviour: Behaviour = body(call)?;
            world.webhooks.behave(behaviour.clone());
            Ok(ok(&json!(behaviour)))
        }
        "POST" => {
            webhooks::aim(world, body(call)?);
            Ok(ok(&json!(world.webhooks.targets())))
        }
        _ => Err(no_such_call(call)),
    }
}
