//! `/_sandbox/ademe`: lines in place of the generated ones.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use super::{Refusal, no_such_call, ok, refuse};
use crate::ademe::{self, Load};
use crate::call::Call;
use crate::world::World;

/// Answers a call; `path` is what follows `/_sandbox/ademe`.
pub fn route(world: &Arc<World>, call: &Call, method: &str, path: &[&str]) -> Result<Response, Refusal> {
    match (method, path) {
        ("POST", ["load"]) => {
            let loaded = Load::read(call).and_then(|lines| ademe::load(world, lines));
            loaded.map(|loaded| ok(&loaded)).map_err(|mistake| {
                refuse(StatusCode::BAD_REQUEST, mistake.to_string())
                    .field(&mistake.field, mistake.value)
                    .remedy(mistake.remedy)
            })
        }
        _ => Err(no_such_call(call)),
    }
}
