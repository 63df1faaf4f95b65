//! The double of Anthropic's Messages API: answers that satisfy the schema, written from the prompt's data block.

mod answers;
mod bill;
mod cache;
mod compose;
mod conversation;
mod error;
mod fill;
mod limits;
mod message;
mod messages;
mod models;
mod narrative;
mod prompt;
mod request;
mod scenario;
mod schema;
mod stream;
mod tools;

pub use answers::FixedAnswer;
pub use scenario::SCENARIOS;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use crate::call::{self, Ask, Call};
use crate::config::SandboxConfig;
use crate::door::{self, Cut};
use crate::world::World;
use error::Refusal;

/// The versions of the API we speak, newest first.
const VERSIONS: [&str; 2] = ["2026-10-21", "2023-06-01"];
/// Largest request.
const LARGEST: usize = 32 * 1024 * 1024;

/// What the double remembers between calls.
#[derive(Default)]
pub struct Store {
    /// Answers given whatever the schema says.
    pub fixed: answers::Fixed,
    /// What was billed.
    pub bill: bill::Bill,
    /// Speed of the answers.
    pub speed: Speed,
    cache: cache::Cache,
    window: limits::Window,
    /// How often a scenario that takes turns was played.
    turns: BTreeMap<String, u64>,
}

/// How fast answers are written.
#[derive(Clone, Copy, Debug, Default)]
pub enum Speed {
    /// As the sandbox was started.
    #[default]
    Configured,
    /// At once.
    Unlimited,
    PerSecond(u32),
}

impl Store {
    /// Tokens per second; at once when there is none.
    pub fn speed(&self, config: &SandboxConfig) -> Option<u32> {
        match self.speed {
            Speed::Configured => config.model_tokens_per_second,
            Speed::Unlimited => None,
            Speed::PerSecond(tokens) => Some(tokens),
        }
    }

    /// The next turn of a scenario, from 1.
    fn turn(&mut self, scenario: &str) -> u64 {
        let turn = self.turns.entry(scenario.to_owned()).or_default();
        *turn += 1;
        *turn
    }
}

/// Answers a call under `/anthropic`.
///
/// # Errors
/// [`Cut`] when a fault cuts the connection.
pub async fn answer(world: &Arc<World>, call: &mut Call) -> Result<Response, Cut> {
    call.operation = match (call.method.as_str(), call.path().as_slice()) {
        ("POST", ["v1", "messages"]) => "messages.create",
        ("POST", ["v1", "messages", "count_tokens"]) => "messages.count_tokens",
        ("GET", ["v1", "models"]) => "models.list",
        ("GET", ["v1", "models", _]) => "models.retrieve",
        _ => "unknown",
    };
    let call = &*call;
    door::pass(world, call, |scenario| async move {
        let ask = Ask { world, call, scenario: scenario.as_deref() };
        let id = world.ids.next("req_");
        let mut response = match work(&ask).await {
            Ok(response) => response,
            Err(refusal) => refusal.response(&id),
        };
        decorate(world, &mut response, &id);
        response
    })
    .await
}

async fn work(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let version = admitted(ask.call)?;
    let now = ask.world.clock.now();
    match ask.call.operation {
        "messages.create" => messages::create(ask, version).await,
        "messages.count_tokens" => messages::count_tokens(ask, version),
        "models.list" => models::list(ask.call, now).map(|page| call::json(StatusCode::OK, &page)),
        "models.retrieve" => models::retrieve(ask.call.segment(2), now).map(|model| call::json(StatusCode::OK, &model)),
        _ => Err(Refusal::not_found(format!("{} {} is not a route of this API", ask.call.method, ask.call.target))),
    }
}

/// Checks size, key and version; gives the version.
fn admitted(call: &Call) -> Result<&'static str, Refusal> {
    if call.body.len() > LARGEST {
        return Err(Refusal::of_status(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let key = match (call.header("x-api-key"), call.bearer()) {
        (Some(_), Some(_)) => {
            return Err(Refusal::unauthorised("send the key in one header: x-api-key or authorization, not both"));
        }
        (Some(key), None) | (None, Some(key)) => key,
        (None, None) => return Err(Refusal::unauthorised("x-api-key header is required")),
    };
    if !key.starts_with("sk-ant-") || key == "sk-ant-refused" {
        return Err(Refusal::unauthorised("invalid x-api-key"));
    }
    let asked =
        call.header("anthropic-version").ok_or_else(|| Refusal::invalid("anthropic-version: header is required"))?;
    VERSIONS
        .into_iter()
        .find(|version| *version == asked)
        .ok_or_else(|| Refusal::invalid(format!("anthropic-version: \"{asked}\" is not a valid version")))
}

/// The headers that every answer has.
fn decorate(world: &World, response: &mut Response, id: &str) {
    call::set_header(response, "request-id", id);
    call::set_header(response, "anthropic-organization-id", "00000000-0000-4000-8000-000000000000");
    let limits = {
        let mut store = world.anthropic.lock();
        store.window.request(world.clock.now());
        store.window.headers()
    };
    for (name, value) in limits {
        call::set_header(response, &name, &value);
    }
}

/// What a fault of this status looks like.
pub fn failure(world: &World, status: StatusCode) -> Response {
    let id = world.ids.next("req_");
    let mut response = Refusal::of_status(status).response(&id);
    decorate(world, &mut response, &id);
    response
}
