//! `/_sandbox/anthropic`: fixed answers to chosen prompts.

use std::sync::Arc;

use axum::response::Response;

use super::{Refusal, body, no_such_call, ok};
use crate::anthropic;
use crate::call::Call;
use crate::world::World;

/// Answers a call; `path` is what follows `/_sandbox/anthropic`.
pub fn route(world: &Arc<World>, call: &Call, method: &str, path: &[&str]) -> Result<Response, Refusal> {
    match (method, path) {
        ("PUT", ["answers"]) => Ok(ok(&anthropic::fix(world, body(call)?))),
        _ => Err(no_such_call(call)),
    }
}
