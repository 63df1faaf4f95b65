//! `/_sandbox` for people: what came in, what went out, and buttons for everything that may go wrong.
//!
//! Plain HTML and forms, no script: it works by keyboard, on any screen, and its content policy forbids the rest. Each
//! section is a file; [`actions`] does what the forms ask and leads back.

mod actions;
mod calls;
mod clock;
mod effects;
mod events;
mod faults;
mod frame;
mod mails;
mod payments;
mod presets;
mod webhooks;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use crate::call::{self, Call};
use crate::world::World;

/// Lines shown of each kind; the control API has them all.
const SHOWN: usize = 50;

/// Nothing but our own style sheet and frames; forms go nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'self'; img-src data:";

/// Answers a person's request; `None` when the path is none of the page's.
pub fn route(world: &Arc<World>, call: &Call, method: &str, path: &[&str]) -> Option<Response> {
    match (method, path) {
        ("GET", []) => Some(shown(world, call, StatusCode::OK, None)),
        ("GET", ["page.css"]) => Some(call::with_type(StatusCode::OK, "text/css; charset=utf-8", frame::style())),
        ("GET", ["mails", id]) => mails::preview(world, id),
        ("POST", ["page", action]) => Some(actions::act(world, call, action)),
        _ => None,
    }
}

/// The page, with an alert when something asked for was refused.
fn shown(world: &World, call: &Call, status: StatusCode, alert: Option<&str>) -> Response {
    let sections = [
        faults::presets(),
        faults::armed(world),
        payments::section(world),
        mails::section(world),
        events::section(world),
        calls::section(world, call.param("service")),
    ];
    let aside = [faults::form(), webhooks::section(world), clock::section(world)];
    let done = call.param("fait").and_then(actions::sentence);
    let page = frame::page(world, alert, done, &sections, &aside);
    let mut response = call::html(status, page);
    call::set_header(&mut response, "content-security-policy", POLICY);
    call::set_header(&mut response, "cache-control", "no-store");
    call::set_header(&mut response, "referrer-policy", "same-origin");
    call::set_header(&mut response, "x-content-type-options", "nosniff");
    response
}
