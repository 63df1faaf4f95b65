//! `POST /v1/messages` and `/v1/messages/count_tokens`.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::error::Refusal;
use super::message::{Content, Message};
use super::request::{Purpose, Request};
use super::{cache, compose, scenario, stream};
use crate::call::{self, Ask};

/// Answers the call, whole or as a stream.
pub async fn create(ask: &Ask<'_>, version: &str) -> Result<Response, Refusal> {
    let request = Request::read(ask, version, Purpose::Create)?;
    let world = ask.world;
    let now = world.clock.now();
    if let Some(name) = ask.scenario {
        scenario::refuse(name)?;
    }
    let mut message = Message {
        id: world.ids.next("msg_"),
        model: request.model.clone(),
        content: compose::content(world, &request),
        stop_reason: "end_turn",
        stop_sequence: None,
        stop_details: Value::Null,
        usage: world.anthropic.lock().cache.read(&request.body, now),
    };
    if message.content.iter().any(|content| matches!(content, Content::Tool { .. })) {
        message.stop_reason = "tool_use";
    }
    message.stop_at(request.stop_sequences());
    if let Some(name) = ask.scenario {
        scenario::apply(world, name, &request, &mut message)?;
    }
    message.fit(request.max_tokens);
    let speed = {
        let mut store = world.anthropic.lock();
        store.window.tokens(message.usage.limited_input(), message.usage.output);
        store.bill.add(now, &message, request.user());
        store.speed(&world.config)
    };
    if request.streamed() {
        return Ok(stream::response(world, &message, ask.scenario, speed));
    }
    if let Some(speed) = speed {
        tokio::time::sleep(stream::pace(speed, message.usage.output)).await;
    }
    if ask.scenario == Some("stream_stall") {
        hush(ask, stream::STALL).await;
    }
    if matches!(ask.scenario, Some("stream_cut" | "stream_error")) {
        // Without a stream there is nothing to break in the middle: the answer fails as a whole.
        return Err(Refusal::of_status(scenario::OVERLOADED));
    }
    Ok(call::json(StatusCode::OK, &message.to_json()))
}

/// Silence, which the end of the sandbox breaks.
async fn hush(ask: &Ask<'_>, time: Duration) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = ask.world.stop.cancelled() => {}
    }
}

/// Counts the tokens of a request.
pub fn count_tokens(ask: &Ask<'_>, version: &str) -> Result<Response, Refusal> {
    let request = Request::read(ask, version, Purpose::Count)?;
    Ok(call::json(StatusCode::OK, &json!({ "input_tokens": cache::tokens(&request.body) })))
}
