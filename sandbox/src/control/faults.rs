//! `/_sandbox/faults`: arm, list, remove.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::{Refusal, body, no_such_call, ok, refuse, unknown};
use crate::call::{self, Call};
use crate::faults::{Fault, Origin};
use crate::world::World;

/// Answers a call; `path` is what follows `/_sandbox/faults`.
pub fn route(world: &Arc<World>, call: &Call, method: &str, path: &[&str]) -> Result<Response, Refusal> {
    match (method, path) {
        ("GET", []) => Ok(ok(&json!({ "faults": world.faults.lock().list() }))),
        ("POST", []) => {
            let fault: Fault = body(call)?;
            let id = arm(world, fault)?;
            Ok(call::json(StatusCode::CREATED, &json!({ "id": id })))
        }
        ("DELETE", [id]) => {
            let removed = id.parse().is_ok_and(|id| world.faults.lock().disarm(id));
            if removed { Ok(ok(&json!({ "removed": true }))) } else { Err(unknown("fault", id)) }
        }
        _ => Err(no_such_call(call)),
    }
}

/// Arms a fault that can happen; its number.
pub fn arm(world: &World, fault: Fault) -> Result<u64, Refusal> {
    fault.check().map_err(|mistake| {
        refuse(StatusCode::BAD_REQUEST, mistake.to_string())
            .field(mistake.field, mistake.value.clone())
            .remedy(mistake.remedy)
    })?;
    Ok(world.faults.lock().arm(fault, Origin::Asked))
}
