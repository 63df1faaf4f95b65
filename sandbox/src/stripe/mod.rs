//! The double of Stripe: Checkout, money and its ways back, subscriptions, events; on the routes of `api.stripe.com`.
//!
//! One file per kind of object; [`routes`] says which path is answered by what, [`page`] is what customers see.

mod cards;
mod catalogue;
mod charge;
mod complete;
mod create;
mod customers;
mod cycle;
pub mod delayed;
pub mod disputes;
mod endpoints;
mod error;
mod events;
mod expand;
mod expiry;
mod form;
pub mod idempotency;
mod intent;
mod invoices;
mod lines;
mod list;
mod options;
pub mod page;
mod params;
pub mod payer;
pub mod payment;
mod portal;
mod refunds;
mod routes;
pub mod session;
mod sessions;
mod store;
mod subscription_calls;
mod subscriptions;

pub use cycle::{fail_renewal, renew};
pub use expiry::{sweep, watch_expiry};
pub use store::{Object, Store};
pub use subscriptions::Subscription;

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::Response;

use crate::call::{self, Call};
use crate::door::{self, Cut};
use crate::world::World;
use error::Answer;
pub use error::StripeError;
use form::Node;
use idempotency::First;
use params::Params;
use routes::Handler;

/// The version our objects are written in.
pub const API_VERSION: &str = "2026-09-30.endive";
/// The one test key that is refused.
const REFUSED_KEY: &str = "sk_test_refused";

/// One request with its parameters and the id it is answered under.
pub struct Request<'a> {
    pub world: &'a Arc<World>,
    pub call: &'a Call,
    pub id: String,
}

impl Request<'_> {
    /// The id in the path, after the name of the collection.
    pub fn named(&self) -> &str {
        let nested = matches!(self.call.segment(1), "checkout" | "billing_portal");
        self.call.segment(if nested { 3 } else { 2 })
    }
}

/// Answers a call under `/stripe/v1`.
///
/// # Errors
/// [`Cut`] when a fault cuts the connection.
pub async fn answer(world: &Arc<World>, call: &mut Call) -> Result<Response, Cut> {
    let routed = routes::find(call);
    call.operation = routed.map_or("unknown", |(operation, _)| operation);
    let call = &*call;
    door::pass(world, call, |_scenario| async move {
        sweep(world);
        let request = Request { world, call, id: world.ids.next("req_") };
        let mut response =
            work(&request, routed.map(|(_, handler)| handler)).unwrap_or_else(|refusal| refusal.response(&request.id));
        call::set_header(&mut response, "request-id", &request.id);
        call::set_header(&mut response, "stripe-version", call.header("stripe-version").unwrap_or(API_VERSION));
        if let Some(key) = idempotency::key(call) {
            call::set_header(&mut response, "idempotency-key", key);
        }
        response
    })
    .await
}

fn work(request: &Request<'_>, handler: Option<Handler>) -> Answer<Response> {
    let Request { world, call, id } = request;
    authorised(call)?;
    readable(call)?;
    let handler = handler.ok_or_else(|| {
        StripeError::new(
            StatusCode::NOT_FOUND,
            "invalid_request_error",
            format!("Unrecognized request URL ({}: {}).", call.method, call.target),
        )
    })?;
    let fields = Node::parse(fields(call))?;
    // Held until the answer is kept.
    let _held = match idempotency::begin(world, call, &fields)? {
        First::Again(response) => return Ok(response),
        First::Begin(held) => held,
    };
    let mut params = Params::new(fields.clone());
    let answered = params.texts("expand").and_then(|paths| {
        let mut body = handler(request, params)?;
        expand::apply(&world.stripe.lock(), &world.base_url, &mut body, &paths)?;
        Ok(body)
    });
    let (status, body, keep) = match answered {
        Ok(body) => (StatusCode::OK, body, true),
        Err(refusal) => (refusal.status, refusal.body(id), refusal.begun),
    };
    if keep {
        idempotency::keep(world, call, &fields, id, status, &body);
    }
    Ok(call::json(status, &body))
}

/// The parameters, decoded but not yet understood: Stripe reads the query and the body alike.
fn fields(call: &Call) -> Vec<(String, String)> {
    let mut fields = call.query.clone();
    fields.extend(call.form());
    fields
}

/// Refuses JSON and a version that is none, as Stripe does.
fn readable(call: &Call) -> Answer<()> {
    if call.header(header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.contains("json")) && !call.body.is_empty() {
        return Err(StripeError::invalid(
            "Invalid request (check that your POST content type is application/x-www-form-urlencoded).",
        ));
    }
    match call.header("stripe-version") {
        Some(version) if !is_version(version) => {
            Err(StripeError::invalid(format!("Invalid Stripe API version: {version}")))
        }
        _ => Ok(()),
    }
}

/// `2026-09-30.endive`, or a date alone as before 2024.
fn is_version(text: &str) -> bool {
    let (date, name) = text.split_once('.').unwrap_or((text, "a"));
    chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok()
        && !name.is_empty()
        && name.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_')
}

/// Any test key but one. Live keys are refused: whoever sends one points production at a sandbox.
fn authorised(call: &Call) -> Answer<()> {
    let unauthorised =
        |message: String| Err(StripeError::new(StatusCode::UNAUTHORIZED, "invalid_request_error", message));
    let key = match call.bearer() {
        Some(key) => Some(key.to_owned()),
        None => basic_user(call),
    };
    match key.as_deref() {
        None => unauthorised("You did not provide an API key. Use `Authorization: Bearer sk_test_…`.".into()),
        Some(REFUSED_KEY) => unauthorised("Invalid API Key provided: sk_test_*****sed".into()),
        Some(key) if key.starts_with("sk_test_") || key.starts_with("rk_test_") => Ok(()),
        Some(_) => unauthorised("Invalid API Key provided: the sandbox accepts test keys only (`sk_test_…`).".into()),
    }
}

/// Some clients send the key as the user name of basic authentication.
fn basic_user(call: &Call) -> Option<String> {
    use base64::Engine;
    let encoded = call.header("authorization")?.strip_prefix("Basic ")?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.split(':').next().map(str::to_owned)
}

/// What a fault of this status looks like.
pub fn failure(world: &World, status: StatusCode) -> Response {
    let id = world.ids.next("req_");
    let mut response = error::of_status(status).response(&id);
    call::set_header(&mut response, "request-id", &id);
    call::set_header(&mut response, "stripe-version", API_VERSION);
    response
}
