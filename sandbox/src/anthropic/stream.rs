//! Server-sent events, at a speed that can be set.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::Response;
use futures::StreamExt;
use serde_json::{Value, json};

use super::message::{Content, Message, SIGNATURE};
use crate::call;
use crate::world::World;

/// Characters of one delta.
const PIECE: usize = 48;
/// How long a stalled stream says nothing before it is given up.
pub const STALL: Duration = Duration::from_secs(120);
/// A slow stream shows that it lives.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Pings after each delta, in a storm of them.
const STORM: usize = 25;

/// One step of a stream.
enum Step {
    Event(Value),
    Wait(Duration),
}

/// Time that `tokens` take at `per_second`.
pub fn pace(per_second: u32, tokens: u64) -> Duration {
    Duration::from_millis(tokens.saturating_mul(1_000) / u64::from(per_second.max(1)))
}

/// The answer as a stream; `speed` in tokens per second, at once when there is none.
pub fn response(world: &Arc<World>, message: &Message, scenario: Option<&str>, speed: Option<u32>) -> Response {
    let steps = Score { steps: Vec::new(), scenario: scenario.unwrap_or_default(), speed, silent: Duration::ZERO };
    let steps = steps.written(message);
    let stop = world.stop.clone();
    let events = futures::stream::iter(steps).filter_map(move |step| {
        let stop = stop.clone();
        async move {
            match step {
                Step::Event(data) => Some(Ok::<Bytes, Infallible>(frame(&data))),
                Step::Wait(time) => {
                    tokio::select! {
                        () = tokio::time::sleep(time) => {}
                        () = stop.cancelled() => {}
                    }
                    None
                }
            }
        }
    });
    let mut response = call::with_type(StatusCode::OK, "text/event-stream; charset=utf-8", Body::from_stream(events));
    call::set_header(&mut response, "cache-control", "no-cache");
    response
}

fn frame(data: &Value) -> Bytes {
    format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or("message")).into()
}

/// The events of one answer, in order.
struct Score<'a> {
    steps: Vec<Step>,
    scenario: &'a str,
    speed: Option<u32>,
    /// Time since the last ping.
    silent: Duration,
}

impl Score<'_> {
    fn written(mut self, message: &Message) -> Vec<Step> {
        self.event(start(message));
        if message.content.is_empty() {
            self.event(ping());
        }
        for (index, content) in message.content.iter().enumerate() {
            self.block(index, content);
        }
        if self.breaks_off() {
            return self.steps;
        }
        self.event(json!({
            "type": "message_delta",
            "delta": { "stop_reason": message.stop_reason, "stop_sequence": message.stop_sequence,
                "stop_details": message.stop_details },
            "usage": message.usage.to_json(),
        }));
        self.event(json!({ "type": "message_stop" }));
        self.steps
    }

    fn event(&mut self, data: Value) {
        self.steps.push(Step::Event(data));
    }

    fn block(&mut self, index: usize, content: &Content) {
        let (empty, delta): (Value, fn(&str) -> Value) = match content {
            Content::Text(_) => {
                (json!({ "type": "text", "text": "" }), |text| json!({ "type": "text_delta", "text": text }))
            }
            Content::Tool { id, name, .. } => (
                json!({ "type": "tool_use", "id": id, "name": name, "input": {} }),
                |text| json!({ "type": "input_json_delta", "partial_json": text }),
            ),
            Content::Thinking(_) => (
                json!({ "type": "thinking", "thinking": "", "signature": "" }),
                |text| json!({ "type": "thinking_delta", "thinking": text }),
            ),
        };
        self.event(json!({ "type": "content_block_start", "index": index, "content_block": empty }));
        if index == 0 {
            self.event(ping());
        }
        let letters: Vec<char> = content.text().chars().collect();
        for (turn, piece) in letters.chunks(PIECE).enumerate() {
            self.wait(piece.len());
            let text: String = piece.iter().collect();
            self.event(json!({ "type": "content_block_delta", "index": index, "delta": delta(&text) }));
            match self.scenario {
                "ping_storm" => self.steps.extend((0..STORM).map(|_| Step::Event(ping()))),
                "unknown_event" if turn == 0 => {
                    self.event(json!({ "type": "event_of_tomorrow", "index": index, "detail": { "any": "thing" } }));
                }
                _ => {}
            }
        }
        if matches!(content, Content::Thinking(_)) {
            let signed = json!({ "type": "signature_delta", "signature": SIGNATURE });
            self.event(json!({ "type": "content_block_delta", "index": index, "delta": signed }));
        }
        self.event(json!({ "type": "content_block_stop", "index": index }));
    }

    /// The time that some letters take, with a ping whenever it has been long.
    fn wait(&mut self, letters: usize) {
        let Some(speed) = self.speed else { return };
        let mut left = pace(speed, letters.div_ceil(4) as u64);
        while !left.is_zero() {
            let time = left.min(HEARTBEAT - self.silent);
            self.steps.push(Step::Wait(time));
            self.silent += time;
            left -= time;
            if self.silent >= HEARTBEAT {
                self.silent = Duration::ZERO;
                self.event(ping());
            }
        }
    }

    /// Ends the stream badly when the scenario says so, after something was received: that makes it dangerous.
    fn breaks_off(&mut self) -> bool {
        let delta = |step: &Step| matches!(step, Step::Event(data) if data["type"] == "content_block_delta");
        let first = self.steps.iter().position(delta).map_or(1, |at| at + 1);
        let end = match self.scenario {
            "stream_error" => Some(Step::Event(json!({
                "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } }))),
            "stream_stall" => Some(Step::Wait(STALL)),
            "stream_cut" => None,
            _ => return false,
        };
        self.steps.truncate((self.steps.len() / 2).max(first));
        self.steps.extend(end);
        true
    }
}

fn ping() -> Value {
    json!({ "type": "ping" })
}

fn start(message: &Message) -> Value {
    let mut usage = message.usage;
    usage.output = 1;
    json!({ "type": "message_start", "message": {
        "id": message.id, "type": "message", "role": "assistant", "model": message.model, "content": [],
        "stop_reason": null, "stop_sequence": null, "stop_details": null, "usage": usage.to_json() } })
}
