//! The bad days of the model, whole, streamed, and through a tool.

use std::time::Duration;

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::anthropic::{answered, ask, events, forced, request, text};
use crate::bench::Bench;

async fn arm(bench: &Bench, name: &str) {
    let effect = json!({ "kind": "scenario", "name": name });
    bench.fault(json!({ "service": "anthropic", "operation": "messages.create", "effect": effect })).await;
}

fn parses(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok()
}

/// Inside a string: an odd number of quotes that no backslash precedes.
fn open_string(text: &str) -> bool {
    text.replace("\\\"", "").matches('"').count() % 2 == 1
}

/// Whether an answer is spoilt as its scenario says. `stop` is its stop reason, `said` its text, `usual` a good one.
fn as_expected(name: &str, stop: &str, said: &str, usual: &str) -> bool {
    match name {
        "refusal" => stop == "refusal" && said.is_empty(),
        "empty" => stop == "end_turn" && said.is_empty(),
        "max_tokens" => stop == "max_tokens" && open_string(said) && usual.starts_with(said),
        "context_exceeded" => stop == "model_context_window_exceeded" && !parses(said),
        "malformed_json" => stop == "end_turn" && !parses(said) && said.starts_with('{'),
        "fenced_json" => said.contains("```json") && said.contains(usual) && !parses(said),
        "wrong_figures" => parses(said) && said.contains("98,7\u{a0}%"),
        "html_injection" => {
            parses(said) && said.contains("<script>") && said.contains("{%") && said.contains("{{ config")
        }
        "too_long" => parses(said) && said.len() > 3 * 280,
        "schema_violation" => parses(said) && said != usual,
        "thinking_first" | "ping_storm" | "unknown_event" => stop == "end_turn" && said == usual,
        _ => false,
    }
}

const BOTH_WAYS: [&str; 13] = [
    "refusal",
    "empty",
    "max_tokens",
    "context_exceeded",
    "malformed_json",
    "fenced_json",
    "wrong_figures",
    "html_injection",
    "too_long",
    "schema_violation",
    "thinking_first",
    "ping_storm",
    "unknown_event",
];

#[tokio::test]
async fn each_scenario_breaks_a_whole_answer_in_its_own_way() {
    let bench = Bench::start().await;
    let usual = text(&answered(&bench, &request()).await).to_owned();
    for name in BOTH_WAYS {
        arm(&bench, name).await;
        let message = answered(&bench, &request()).await;
        let blocks = message["content"].as_array().unwrap();
        let said: String = blocks.iter().filter_map(|block| block["text"].as_str()).collect();
        assert!(as_expected(name, message["stop_reason"].as_str().unwrap(), &said, &usual), "{name}: {message}");
        assert_eq!(message["stop_details"].is_object(), name == "refusal", "{name}");
        assert_eq!(blocks.iter().any(|block| block["type"] == "thinking"), name == "thinking_first");
    }
    assert_eq!(text(&answered(&bench, &request()).await), usual, "a scenario is played once");
}

#[tokio::test]
async fn each_scenario_breaks_a_stream_in_its_own_way() {
    let bench = Bench::start().await;
    let usual = text(&answered(&bench, &request()).await).to_owned();
    let mut body = request();
    body["stream"] = json!(true);
    for name in BOTH_WAYS {
        arm(&bench, name).await;
        let events = events(&ask(&bench, &body).await.text().await.unwrap());
        let said: String = events.iter().filter_map(|event| event["delta"]["text"].as_str()).collect();
        let stop = events.iter().find_map(|event| event["delta"]["stop_reason"].as_str()).unwrap();
        assert!(as_expected(name, stop, &said, &usual), "{name}: {stop} {said}");
        assert_eq!(events.last().unwrap()["type"], "message_stop", "{name}");
        let of = |kind: &str| events.iter().filter(|event| event["type"] == kind).count();
        assert_eq!(of("ping") > 50, name == "ping_storm", "{name}: {} pings", of("ping"));
        assert_eq!(of("event_of_tomorrow"), usize::from(name == "unknown_event"), "{name}");
        let thought = events.iter().any(|event| event["delta"]["type"] == "thinking_delta");
        assert_eq!(thought, name == "thinking_first");
    }
}

#[tokio::test]
async fn a_schema_is_violated_in_three_ways_in_turn() {
    let bench = Bench::start().await;
    let mut found = Vec::new();
    for _ in 0..4 {
        arm(&bench, "schema_violation").await;
        let value: Value = serde_json::from_str(text(&answered(&bench, &request()).await)).unwrap();
        found.push(match (&value["titles"], value.as_object().unwrap().len()) {
            (Value::Null, 1) => "missing",
            (Value::Array(_), 3) => "extra",
            (Value::Number(_), 2) => "wrong type",
            _ => "right",
        });
    }
    assert_eq!(found, ["wrong type", "missing", "extra", "wrong type"]);
}

#[tokio::test]
async fn an_invented_figure_is_one_that_the_data_do_not_hold() {
    let bench = Bench::start().await;
    let mut body = request();
    let content = body["messages"][0]["content"].as_str().unwrap().replace("6,3 %", "98,7 %");
    body["messages"][0]["content"] = json!(content);
    arm(&bench, "wrong_figures").await;
    let said = answered(&bench, &body).await;
    assert!(text(&said).contains("87,4\u{a0}%") && !text(&said).contains("98,7"), "{said}");
}

#[tokio::test]
async fn the_input_of_a_tool_is_spoilt_as_a_text_is() {
    let bench = Bench::start().await;
    let usual = answered(&bench, &forced()).await["content"][0]["input"].clone();
    let mut streamed = forced();
    streamed["stream"] = json!(true);
    for name in ["max_tokens", "malformed_json", "schema_violation", "html_injection"] {
        arm(&bench, name).await;
        assert_ne!(answered(&bench, &forced()).await["content"][0]["input"], usual, "{name}");
        arm(&bench, name).await;
        let events = events(&ask(&bench, &streamed).await.text().await.unwrap());
        let json: String = events.iter().filter_map(|event| event["delta"]["partial_json"].as_str()).collect();
        assert_eq!(parses(&json), matches!(name, "schema_violation" | "html_injection"), "{name}: {json}");
    }
}

#[tokio::test]
async fn a_stream_can_end_badly_after_something_was_received() {
    let bench = Bench::start().await;
    let mut body = request();
    body["stream"] = json!(true);
    for name in ["stream_cut", "stream_error"] {
        arm(&bench, name).await;
        let events = events(&ask(&bench, &body).await.text().await.unwrap());
        assert!(events.iter().any(|event| event["type"] == "content_block_delta"), "{name}");
        assert!(events.iter().all(|event| event["type"] != "message_stop"), "{name}");
        let last = events.last().unwrap();
        assert_eq!(last["type"] == "error", name == "stream_error", "{name}");
        if name == "stream_error" {
            assert_eq!(last["error"]["type"], "overloaded_error");
        }
        arm(&bench, name).await;
        assert_eq!(ask(&bench, &request()).await.status(), 529, "without a stream {name} is a failure");
    }
}

#[tokio::test]
async fn a_stalled_stream_says_nothing_more_and_does_not_end() {
    let bench = Bench::start().await;
    let mut body = request();
    body["stream"] = json!(true);
    arm(&bench, "stream_stall").await;
    let mut response = ask(&bench, &body).await;
    let mut heard = String::new();
    let silence = loop {
        match tokio::time::timeout(Duration::from_secs(1), response.chunk()).await {
            Ok(chunk) => heard.push_str(&String::from_utf8_lossy(&chunk.unwrap().expect("the stream ended"))),
            Err(silence) => break silence,
        }
    };
    assert!(heard.contains("content_block_delta") && !heard.contains("message_stop"), "{silence}");
    arm(&bench, "stream_stall").await;
    let whole = tokio::time::timeout(Duration::from_secs(1), ask(&bench, &request())).await;
    assert!(whole.is_err(), "a whole answer stalls as well");
}

#[tokio::test]
async fn a_spend_limit_is_told_without_a_time_to_wait() {
    let bench = Bench::start().await;
    arm(&bench, "spend_limit").await;
    let response = ask(&bench, &request()).await;
    assert_eq!(response.status(), 429);
    assert!(!response.headers().contains_key("retry-after"));
    assert_eq!(response.headers()["x-should-retry"], "false");
    let error: Value = response.json().await.unwrap();
    assert_eq!(error["error"]["details"]["error_code"], "enforced_spend_limit_reached");
    assert_eq!(error["error"]["type"], "rate_limit_error");
    arm(&bench, "own_spend_limit").await;
    let own = ask(&bench, &request()).await;
    assert_eq!(own.status(), 400);
    assert_eq!(own.json::<Value>().await.unwrap()["error"]["type"], "invalid_request_error");
    assert_eq!(bench.get("/_sandbox/anthropic/bill").await["messages"], json!([]), "nothing was billed");
}
