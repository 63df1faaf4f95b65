//! `/_sandbox/webhooks`: how deliveries misbehave (PUT) and where they go (POST).

use std::sync::Arc;

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, body, no_such_call, ok};
use crate::call::Call;
use crate::webhooks::{self, Behaviour, Target, Targets};
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
            let Aim { stripe, brevo } = body(call)?;
            let now = world.webhooks.targets();
            let targets = Targets { stripe: stripe.unwrap_or(now.stripe), brevo: brevo.unwrap_or(now.brevo) };
            webhooks::aim(world, targets);
            Ok(ok(&json!(world.webhooks.targets())))
        }
        _ => Err(no_such_call(call)),
    }
}

/// New addresses; a vendor that is not named keeps its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Aim {
    stripe: Option<Target>,
    brevo: Option<Target>,
}
