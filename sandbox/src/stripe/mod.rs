//! The double of Stripe: Checkout in payment mode, refunds, events; on the routes of `api.stripe.com`.

mod cards;
mod charge;
mod create;
mod error;
mod events;
mod expiry;
mod form;
pub mod idempotency;
pub mod page;
mod params;
pub mod payment;
mod refunds;
pub mod session;
mod sessions;

pub use expiry::{sweep, watch_expiry};

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use crate::call::{self, Call};
use crate::door::{self, Cut};
use crate::journal::Table;
use crate::world::World;
use charge::{Charge, Intent};
use error::Answer;
pub use error::StripeError;
use form::Node;
use params::Params;
use refunds::Refund;
use session::Session;

/// The version our objects are written in.
pub const API_VERSION: &str = "2026-09-30.endive";
/// The one test key that is refused.
const REFUSED_KEY: &str = "sk_test_refused";

/// What Stripe would remember.
pub struct Store {
    pub sessions: Table<Session>,
    pub intents: Table<Intent>,
    pub charges: Table<Charge>,
    pub refunds: Table<Refund>,
    keys: Table<idempotency::Kept>,
    held: BTreeSet<String>,
}

impl Store {
    /// Opens the store, with what a previous run left in `dir`.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn open(dir: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self {
            sessions: Table::open(dir, "stripe_sessions")?,
            intents: Table::open(dir, "stripe_payment_intents")?,
            charges: Table::open(dir, "stripe_charges")?,
            refunds: Table::open(dir, "stripe_refunds")?,
            keys: Table::open(dir, "stripe_idempotency_keys")?,
            held: BTreeSet::new(),
        })
    }

    pub fn clear(&mut self) {
        self.sessions.clear();
        self.intents.clear();
        self.charges.clear();
        self.refunds.clear();
        self.keys.clear();
        self.held.clear();
    }
}

/// One request with its parameters and the id it is answered under.
pub struct Request<'a> {
    pub world: &'a Arc<World>,
    pub call: &'a Call,
    pub id: String,
}

type Handler = fn(&Request<'_>, Params) -> Answer;

fn route(call: &Call) -> Option<(&'static str, Handler)> {
    Some(match (call.method.as_str(), call.path().get(1..)?) {
        ("POST", ["checkout", "sessions"]) => ("checkout.sessions.create", create::create),
        ("GET", ["checkout", "sessions"]) => ("checkout.sessions.list", sessions::list),
        ("GET", ["checkout", "sessions", _]) => ("checkout.sessions.retrieve", sessions::retrieve),
        ("POST", ["checkout", "sessions", _, "expire"]) => ("checkout.sessions.expire", sessions::expire),
        ("GET", ["checkout", "sessions", _, "line_items"]) => ("checkout.sessions.line_items", sessions::line_items),
        ("GET", ["payment_intents", _]) => ("payment_intents.retrieve", charge::retrieve_intent),
        ("GET", ["charges", _]) => ("charges.retrieve", charge::retrieve_charge),
        ("POST", ["refunds"]) => ("refunds.create", refunds::create),
        ("GET", ["refunds", _]) => ("refunds.retrieve", refunds::retrieve),
        ("GET", ["refunds"]) => ("refunds.list", refunds::list),
        ("GET", ["events"]) => ("events.list", events::list),
        ("GET", ["events", _]) => ("events.retrieve", events::retrieve),
        _ => return None,
    })
}

/// Answers a call under `/stripe/v1`.
///
/// # Errors
/// [`Cut`] when a fault cuts the connection.
pub async fn answer(world: &Arc<World>, call: &mut Call) -> Result<Response, Cut> {
    let routed = route(call);
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
    let handler = handler.ok_or_else(|| {
        StripeError::new(
            StatusCode::NOT_FOUND,
            "invalid_request_error",
            format!("Unrecognized request URL ({}: {}).", call.method, call.target),
        )
    })?;
    // Stripe reads both: GET has its parameters in the query.
    let fields = if call.body.is_empty() { call.query.clone() } else { call.form() };
    let params: BTreeMap<String, Node> = Node::parse(fields)?;
    if let Some(first) = idempotency::replay(world, call, &params)? {
        return Ok(first);
    }
    let (status, body) = match handler(request, Params::new(params.clone())) {
        Ok(body) => (StatusCode::OK, body),
        Err(refusal) => (refusal.status, refusal.body(id)),
    };
    idempotency::keep(world, call, &params, status, &body);
    Ok(call::json(status, &body))
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
