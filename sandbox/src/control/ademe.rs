//! `/_sandbox/ademe`: lines in place of the generated ones.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use super::{Refusal, body, no_such_call, ok, refuse};
use crate::ademe;
use crate::call::Call;
use crate::world::World;

/// Answers a call; `path` is what follows `/_sandbox/ademe`.
pub fn route(world: &Arc<World>, call: &Call, method: &str, path: &[&str]) -> Result<Response, Refusal> {
    match (method, path) {
        ("POST", ["load"]) => {
            let loaded = ademe::load(world, body(call)?).map_err(|error| refuse(StatusCode::BAD_REQUEST, error))?;
            Ok(ok(&loaded))
        }
        _ => Err(no_such_call(call)),
    }
}
