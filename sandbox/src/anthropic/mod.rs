//! The double of Anthropic's Messages API: answers that satisfy the schema, written from the prompt's data block.

mod answers;
mod error;
mod fill;
mod messages;
mod models;
mod narrative;
mod prompt;
mod scenario;
mod schema;
mod stream;

pub use answers::FixedAnswer;
pub use scenario::SCENARIOS;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{SecondsFormat, TimeDelta};
use serde_json::json;

use crate::call::{self, Ask, Call};
use crate::door::{self, Cut};
use crate::world::World;
use error::Refusal;

/// The versions of the API we speak, newest first.
const VERSIONS: [&str; 2] = ["2026-10-21", "2023-06-01"];

/// What the double remembers between calls.
#[derive(Default)]
pub struct Store {
    /// Answers given whatever the schema says.
    pub fixed: Vec<FixedAnswer>,
    /// Digests of the prompt prefixes that are cached.
    cached: BTreeSet<String>,
    /// How often a scenario that takes turns was played.
    turns: BTreeMap<String, u64>,
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
        let id = request_id(world);
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
    match ask.call.operation {
        "messages.create" => messages::create(ask, version).await,
        "messages.count_tokens" => messages::count_tokens(ask, version),
        "models.list" => Ok(call::json(StatusCode::OK, &models::list())),
        "models.retrieve" => models::retrieve(ask.call.segment(2)).map(|model| call::json(StatusCode::OK, &model)),
        _ => Err(Refusal::not_found(format!("{} {} is not a route of this API", ask.call.method, ask.call.target))),
    }
}

/// Checks key and version; gives the version.
fn admitted(call: &Call) -> Result<&'static str, Refusal> {
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

fn request_id(world: &World) -> String {
    world.ids.next("req_")
}

fn decorate(world: &World, response: &mut Response, id: &str) {
    call::set_header(response, "request-id", id);
    call::set_header(response, "anthropic-organization-id", "00000000-0000-4000-8000-000000000000");
    let reset = (world.clock.now() + TimeDelta::seconds(60)).to_rfc3339_opts(SecondsFormat::Secs, true);
    for (kind, limit) in
        [("requests", 1_000), ("tokens", 900_000), ("input-tokens", 800_000), ("output-tokens", 100_000)]
    {
        call::set_header(response, &format!("anthropic-ratelimit-{kind}-limit"), &limit.to_string());
        call::set_header(response, &format!("anthropic-ratelimit-{kind}-remaining"), &(limit - 1).to_string());
        call::set_header(response, &format!("anthropic-ratelimit-{kind}-reset"), &reset);
    }
}

/// What a fault of this status looks like.
pub fn failure(world: &World, status: StatusCode) -> Response {
    let id = request_id(world);
    let mut response = Refusal::of_status(status).response(&id);
    decorate(world, &mut response, &id);
    if status == StatusCode::TOO_MANY_REQUESTS {
        call::set_header(&mut response, "retry-after", "1");
    }
    response
}

/// Makes an answer fixed; the control API's `PUT /_sandbox/anthropic/answers`.
pub fn fix(world: &World, answer: FixedAnswer) -> serde_json::Value {
    let mut store = world.anthropic.lock();
    store.fixed.push(answer);
    json!({ "answers": store.fixed.len() })
}
