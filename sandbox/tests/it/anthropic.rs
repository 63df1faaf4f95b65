//! The double of the model: what it writes, whole and as a stream.

use std::time::{Duration, Instant};

use pretty_assertions::assert_eq;
use reqwest::Response;
use serde_json::{Value, json};

use crate::bench::Bench;

pub fn schema() -> Value {
    let item = json!({ "type": "object", "additionalProperties": false, "required": ["id", "text", "claims"], "properties": {
        "id": { "type": "string" }, "text": { "type": "string" },
        "claims": { "type": "array", "items": { "type": "object", "additionalProperties": false,
            "properties": { "op": { "type": "string" } } } } } });
    json!({ "type": "object", "additionalProperties": false, "required": ["titles", "blocks"], "properties": {
        "titles": { "type": "array", "items": item }, "blocks": { "type": "array", "items": item } } })
}

pub fn request() -> Value {
    let data = json!({
        "facts": [
            { "id": "log.tx_vac@com", "label": "Taux de vacance", "text": "6,3 %", "status": "ok", "unit": "pct", "anchors": ["taux de vacance"] },
            { "id": "log.tx_vac@epci", "label": "Taux de vacance", "text": "5,1 %", "status": "ok", "unit": "pct", "anchors": ["taux de vacance"] },
        ],
        "blocks": [
            { "id": "p4.titre", "kind": "title", "page": 4, "max_chars": 90, "facts": ["log.tx_vac@com"], "mandatory": [] },
            { "id": "p4.lede", "kind": "lede", "page": 4, "max_chars": 280,
              "facts": ["log.tx_vac@com", "log.tx_vac@epci"], "mandatory": ["log.tx_vac@epci"] },
        ],
    });
    json!({ "model": "claude-sonnet-4-6", "max_tokens": 4000,
        "messages": [{ "role": "user", "content": format!("Rédigez.\n<donnees>{data}</donnees>") }],
        "output_config": { "format": { "type": "json_schema", "schema": schema() } } })
}

pub async fn ask(bench: &Bench, body: &Value) -> Response {
    let post = bench.http.post(bench.url("/anthropic/v1/messages")).json(body);
    post.header("x-api-key", "sk-ant-it").header("anthropic-version", "2026-10-21").send().await.unwrap()
}

pub async fn answered(bench: &Bench, body: &Value) -> Value {
    let response = ask(bench, body).await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

pub fn text(message: &Value) -> &str {
    message["content"][0]["text"].as_str().unwrap()
}

#[tokio::test]
async fn the_answer_fits_the_schema_and_cites_the_facts() {
    let bench = Bench::start().await;
    let response = ask(&bench, &request()).await;
    for header in ["request-id", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-output-tokens-reset"] {
        assert!(response.headers().contains_key(header), "{header}");
    }
    let message: Value = response.json().await.unwrap();
    assert_eq!((message["stop_reason"].clone(), message["role"].clone()), (json!("end_turn"), json!("assistant")));
    assert!(message["usage"]["output_tokens"].as_u64().unwrap() > 10);
    let value: Value = serde_json::from_str(text(&message)).unwrap();
    assert_eq!(value["titles"][0]["id"], "p4.titre");
    assert_eq!(value["blocks"][0]["id"], "p4.lede");
    let lede = value["blocks"][0]["text"].as_str().unwrap();
    assert!(lede.contains("{{fact:log.tx_vac@epci}}") && lede.contains("intercommunalité"), "{lede}");
    assert_eq!(value["blocks"][0]["claims"], json!([]));
    assert_eq!(
        answered(&bench, &request()).await["content"],
        message["content"],
        "the same prompt has the same answer"
    );
}

#[tokio::test]
async fn a_forced_tool_gets_the_same_value_as_its_input() {
    let bench = Bench::start().await;
    let mut body = request();
    body.as_object_mut().unwrap().remove("output_config");
    body["tools"] =
        json!([{ "name": "rediger", "description": "Rend les textes", "input_schema": schema(), "strict": true }]);
    body["tool_choice"] = json!({ "type": "tool", "name": "rediger" });
    let message = answered(&bench, &body).await;
    assert_eq!(message["stop_reason"], "tool_use");
    assert_eq!(
        (message["content"][0]["type"].clone(), message["content"][0]["name"].clone()),
        (json!("tool_use"), json!("rediger"))
    );
    assert_eq!(message["content"][0]["input"]["titles"][0]["id"], "p4.titre");
}

#[tokio::test]
async fn a_stream_says_the_same_as_the_whole() {
    let bench = Bench::start().await;
    let whole = answered(&bench, &request()).await;
    let mut body = request();
    body["stream"] = json!(true);
    let stream = ask(&bench, &body).await;
    assert!(stream.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    let events = events(&stream.text().await.unwrap());
    let kinds: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&"message_start"), Some(&"message_stop")));
    let streamed: String = events.iter().filter_map(|event| event["delta"]["text"].as_str()).collect();
    assert_eq!(streamed, text(&whole));
}

pub fn events(stream: &str) -> Vec<Value> {
    stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

/// A request that names a tool, and lets or makes the model call it.
pub fn with_tool(choice: Value) -> Value {
    let mut body = request();
    body.as_object_mut().unwrap().remove("output_config");
    body["tools"] =
        json!([{ "name": "rediger", "description": "Rend les textes", "input_schema": schema(), "strict": true }]);
    body["tool_choice"] = choice;
    body
}

pub fn forced() -> Value {
    with_tool(json!({ "type": "tool", "name": "rediger", "disable_parallel_tool_use": true }))
}

#[tokio::test]
async fn a_stream_has_its_events_in_the_vendors_order() {
    let bench = Bench::start().await;
    let mut body = request();
    body["stream"] = json!(true);
    let events = events(&ask(&bench, &body).await.text().await.unwrap());
    let mut kinds: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    kinds.dedup();
    assert_eq!(
        kinds,
        [
            "message_start",
            "content_block_start",
            "ping",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"
        ]
    );
    let start = &events[0]["message"];
    assert_eq!((start["content"].clone(), start["stop_reason"].clone()), (json!([]), Value::Null));
    assert!(start["usage"]["input_tokens"].as_u64().unwrap() > 100);
    let end = &events[events.len() - 2];
    assert_eq!(end["delta"]["stop_reason"], "end_turn");
    let streamed: String = events.iter().filter_map(|event| event["delta"]["text"].as_str()).collect();
    assert_eq!(end["usage"]["output_tokens"], json!(streamed.chars().count().div_ceil(4)));
}

#[tokio::test]
async fn the_input_of_a_tool_is_streamed_in_pieces() {
    let bench = Bench::start().await;
    let whole = answered(&bench, &forced()).await;
    let mut body = forced();
    body["stream"] = json!(true);
    let events = events(&ask(&bench, &body).await.text().await.unwrap());
    let block = events.iter().find(|event| event["type"] == "content_block_start").unwrap();
    assert_eq!(
        (block["content_block"]["name"].clone(), block["content_block"]["input"].clone()),
        (json!("rediger"), json!({}))
    );
    let pieces: Vec<&str> = events.iter().filter_map(|event| event["delta"]["partial_json"].as_str()).collect();
    assert!(pieces.len() > 3);
    assert_eq!(serde_json::from_str::<Value>(&pieces.concat()).unwrap(), whole["content"][0]["input"]);
    assert!(events.iter().any(|event| event["delta"]["stop_reason"] == "tool_use"));
}

#[tokio::test]
async fn the_choice_of_tools_is_honoured() {
    let bench = Bench::start().await;
    let kinds = async |choice: Value, said: &str| {
        let mut body = with_tool(choice);
        let second = json!({ "name": "chercher", "input_schema": { "type": "object", "properties": { "mot": { "type": "string" } } } });
        body["tools"].as_array_mut().unwrap().push(second);
        body["messages"] = json!([{ "role": "user", "content": said }]);
        let message = answered(&bench, &body).await;
        let blocks = message["content"].as_array().unwrap().clone();
        let kinds = blocks.iter().map(|block| block["name"].as_str().unwrap_or("text").to_owned()).collect::<Vec<_>>();
        (kinds, message["stop_reason"].as_str().unwrap().to_owned())
    };
    let is =
        |names: &[&str], stop: &str| (names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), stop.to_owned());
    assert_eq!(kinds(json!({ "type": "auto" }), "Bonjour").await, is(&["text"], "end_turn"));
    assert_eq!(kinds(json!({ "type": "auto" }), "chercher").await, is(&["chercher"], "tool_use"));
    assert_eq!(kinds(json!({ "type": "none" }), "chercher").await, is(&["text"], "end_turn"));
    assert_eq!(kinds(json!({ "type": "any" }), "Bonjour").await, is(&["rediger"], "tool_use"));
    let both = "chercher puis rediger";
    assert_eq!(kinds(json!({ "type": "any" }), both).await, is(&["rediger", "chercher"], "tool_use"));
    let one = json!({ "type": "any", "disable_parallel_tool_use": true });
    assert_eq!(kinds(one, both).await, is(&["rediger"], "tool_use"));
    assert_eq!(kinds(json!({ "type": "tool", "name": "chercher" }), both).await, is(&["chercher"], "tool_use"));
}

#[tokio::test]
async fn the_result_of_a_tool_is_answered_with_words() {
    let bench = Bench::start().await;
    let mut body = with_tool(json!({ "type": "auto" }));
    body["messages"] = json!([
        { "role": "user", "content": "Utilise rediger" },
        { "role": "assistant", "content": [{ "type": "tool_use", "id": "toolu_1", "name": "rediger", "input": {} }] },
        { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "toolu_1", "content": "fait" }] },
    ]);
    assert_eq!(answered(&bench, &body).await["stop_reason"], "end_turn");
}

#[tokio::test]
async fn a_stream_takes_the_time_that_its_speed_gives_it() {
    let bench = Bench::start().await;
    let mut body = request();
    body["max_tokens"] = json!(60);
    body["stream"] = json!(true);
    let time = async || {
        let start = Instant::now();
        ask(&bench, &body).await.text().await.unwrap();
        start.elapsed()
    };
    bench.control("PUT", "/anthropic/speed", json!({ "tokens_per_second": 100 })).await;
    let slow = time().await;
    bench.control("PUT", "/anthropic/speed", json!({ "tokens_per_second": null })).await;
    assert!(slow >= Duration::from_millis(550), "sixty tokens at a hundred a second took {slow:?}");
    assert!(time().await < slow / 2);
}

#[tokio::test]
async fn a_slow_stream_shows_that_it_lives() {
    let bench = Bench::start_with(|config| config.model_tokens_per_second = Some(2)).await;
    let mut body = request();
    body["stream"] = json!(true);
    let mut response = ask(&bench, &body).await;
    let begun = Instant::now();
    let mut heard = String::new();
    // A ping after five seconds of writing: 24 tokens at two a second are well beyond.
    while heard.matches("event: ping").count() < 2 {
        assert!(begun.elapsed() < Duration::from_secs(15), "no second ping in {heard}");
        heard.push_str(&String::from_utf8_lossy(&response.chunk().await.unwrap().unwrap()));
    }
    assert!(begun.elapsed() > Duration::from_secs(2) && !heard.contains("message_stop"));
}

#[tokio::test]
async fn thought_comes_before_words_when_it_is_asked_for() {
    let bench = Bench::start().await;
    let mut body = request();
    let usual = answered(&bench, &body).await;
    body["thinking"] = json!({ "type": "enabled", "budget_tokens": 1024 });
    let message = answered(&bench, &body).await;
    assert_eq!(
        (message["content"][0]["type"].clone(), message["content"][1].clone()),
        (json!("thinking"), usual["content"][0].clone())
    );
    body["stream"] = json!(true);
    let events = events(&ask(&bench, &body).await.text().await.unwrap());
    assert!(events.iter().any(|event| event["delta"]["type"] == "thinking_delta"));
    assert!(events.iter().any(|event| event["delta"]["type"] == "signature_delta"));
}

#[tokio::test]
async fn too_few_tokens_cut_the_answer() {
    let bench = Bench::start().await;
    let mut body = request();
    body["max_tokens"] = json!(10);
    let message = answered(&bench, &body).await;
    assert_eq!(
        (message["stop_reason"].clone(), message["usage"]["output_tokens"].clone()),
        (json!("max_tokens"), json!(10))
    );
    assert!(serde_json::from_str::<Value>(text(&message)).is_err());
    let mut tool = forced();
    tool["max_tokens"] = json!(10);
    let message = answered(&bench, &tool).await;
    assert_eq!(
        (message["stop_reason"].clone(), message["content"][0]["input"].clone()),
        (json!("max_tokens"), json!({}))
    );
}

#[tokio::test]
async fn a_stop_sequence_ends_the_answer_where_it_stands() {
    let bench = Bench::start().await;
    let mut body = request();
    body["stop_sequences"] = json!(["jamais là", "\"blocks\""]);
    let message = answered(&bench, &body).await;
    assert_eq!(
        (message["stop_reason"].clone(), message["stop_sequence"].clone()),
        (json!("stop_sequence"), json!("\"blocks\""))
    );
    assert_eq!(text(&message), "{");
}
