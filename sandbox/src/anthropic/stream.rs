//! Server-sent events, at a speed that can be set.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::Response;
use futures::StreamExt;
use serde_json::{Value, json};

use super::messages::{Content, Message};
use crate::call;
use crate::world::World;

/// Characters of one delta.
const PIECE: usize = 48;
/// How long a stalled stream says nothing before it is given up.
const STALL: Duration = Duration::from_secs(120);

/// One step of a stream.
enum Step {
    Event(Value),
    Wait(Duration),
}

/// Time that `tokens` take at `per_second`.
pub fn pace(per_second: u32, tokens: u64) -> Duration {
    Duration::from_millis(tokens.saturating_mul(1_000) / u64::from(per_second.max(1)))
}

/// The answer as a stream.
pub fn response(world: &Arc<World>, message: &Message, scenario: Option<&str>) -> Response {
    let speed = world.config.model_tokens_per_second;
    let steps = steps(message, scenario.unwrap_or_default(), speed);
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

fn steps(message: &Message, scenario: &str, speed: Option<u32>) -> Vec<Step> {
    let mut steps = vec![Step::Event(start(message))];
    let ping = || Step::Event(json!({ "type": "ping" }));
    steps.push(ping());
    for (index, content) in message.content.iter().enumerate() {
        block(&mut steps, index, content, speed);
    }
    match scenario {
        "ping_storm" => steps.extend((0..200).map(|_| ping())),
        "unknown_event" => {
            steps.push(Step::Event(json!({ "type": "event_of_tomorrow", "detail": { "any": "thing" } })));
        }
        _ => {}
    }
    if matches!(scenario, "stream_error" | "stream_cut" | "stream_stall") {
        // Something has been received by then: that is what makes these dangerous.
        steps.truncate((steps.len() / 2).max(4));
        match scenario {
            "stream_error" => steps.push(Step::Event(json!({
                "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } }))),
            "stream_stall" => steps.push(Step::Wait(STALL)),
            _ => {}
        }
        return steps;
    }
    steps.push(Step::Event(json!({
        "type": "message_delta",
        "delta": { "stop_reason": message.stop_reason, "stop_sequence": null, "stop_details": message.stop_details },
        "usage": { "output_tokens": message.usage.output },
    })));
    steps.push(Step::Event(json!({ "type": "message_stop" })));
    steps
}

fn start(message: &Message) -> Value {
    let mut usage = message.usage;
    usage.output = 1;
    json!({ "type": "message_start", "message": {
        "id": message.id, "type": "message", "role": "assistant", "model": message.model, "content": [],
        "stop_reason": null, "stop_sequence": null, "stop_details": null, "usage": usage.to_json() } })
}

fn block(steps: &mut Vec<Step>, index: usize, content: &Content, speed: Option<u32>) {
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
    steps.push(Step::Event(json!({ "type": "content_block_start", "index": index, "content_block": empty })));
    let letters: Vec<char> = content.text().chars().collect();
    for piece in letters.chunks(PIECE) {
        if let Some(speed) = speed {
            steps.push(Step::Wait(pace(speed, piece.len().div_ceil(4) as u64)));
        }
        let text: String = piece.iter().collect();
        steps.push(Step::Event(json!({ "type": "content_block_delta", "index": index, "delta": delta(&text) })));
    }
    if matches!(content, Content::Thinking(_)) {
        let signed = json!({ "type": "signature_delta", "signature": "c2FuZGJveA==" });
        steps.push(Step::Event(json!({ "type": "content_block_delta", "index": index, "delta": signed })));
    }
    steps.push(Step::Event(json!({ "type": "content_block_stop", "index": index })));
}
