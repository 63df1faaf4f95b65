//! The double of the model: what it refuses, what it writes, how it fails.

use pretty_assertions::assert_eq;
use reqwest::Response;
use serde_json::{Value, json};

use crate::bench::Bench;

fn schema() -> Value {
    let item = json!({ "type": "object", "additionalProperties": false, "required": ["id", "text", "claims"], "properties": {
        "id": { "type": "string" }, "text": { "type": "string" },
        "claims": { "type": "array", "items": { "type": "object", "additionalProperties": false,
            "properties": { "op": { "type": "string" } } } } } });
    json!({ "type": "object", "additionalProperties": false, "required": ["titles", "blocks"], "properties": {
        "titles": { "type": "array", "items": item }, "blocks": { "type": "array", "items": item } } })
}

fn request() -> Value {
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

async fn ask(bench: &Bench, body: &Value) -> Response {
    let post = bench.http.post(bench.url("/anthropic/v1/messages")).json(body);
    post.header("x-api-key", "sk-ant-it").header("anthropic-version", "2026-10-21").send().await.unwrap()
}

async fn answered(bench: &Bench, body: &Value) -> Value {
    let response = ask(bench, body).await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

fn text(message: &Value) -> &str {
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

fn events(stream: &str) -> Vec<Value> {
    stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

#[tokio::test]
async fn wrong_requests_are_refused_with_a_path() {
    let bench = Bench::start().await;
    let mut open = request();
    open["output_config"]["format"]["schema"]["additionalProperties"] = json!(true);
    let mut cases = vec![(open, 400, "additionalProperties")];
    for (field, value, status, piece) in [
        ("temperature", json!(1.0), 400, "temperature"),
        ("max_tokens", json!(0), 400, "max_tokens"),
        ("max_tokens", json!(200_000), 400, "128000"),
        ("model", json!("claude-sonnet-4.6"), 404, "claude-sonnet-4.6"),
        ("messages", json!([]), 400, "messages"),
        ("messages", json!([{ "role": "assistant", "content": "x" }]), 400, "messages.0.role"),
    ] {
        let mut body = request();
        body[field] = value;
        cases.push((body, status, piece));
    }
    for (body, status, piece) in cases {
        let response = ask(&bench, &body).await;
        assert_eq!(response.status(), status, "{piece}");
        let error: Value = response.json().await.unwrap();
        assert!(error["error"]["message"].as_str().unwrap().contains(piece), "{error}");
        assert!(error["request_id"].as_str().unwrap().starts_with("req_"));
    }
}

#[tokio::test]
async fn key_and_version_are_required() {
    let bench = Bench::start().await;
    let post = || bench.http.post(bench.url("/anthropic/v1/messages")).json(&request());
    let version = ("anthropic-version", "2023-06-01");
    let status = |request: reqwest::RequestBuilder| async { request.send().await.unwrap().status().as_u16() };
    assert_eq!(status(post().header(version.0, version.1)).await, 401);
    assert_eq!(status(post().header("x-api-key", "sk-ant-it")).await, 400);
    assert_eq!(status(post().header("x-api-key", "sk-ant-it").header("anthropic-version", "2020-01-01")).await, 400);
    assert_eq!(status(post().bearer_auth("sk-ant-it").header(version.0, version.1)).await, 200);
    assert_eq!(
        status(post().bearer_auth("sk-ant-it").header("x-api-key", "sk-ant-it").header(version.0, version.1)).await,
        401
    );
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
}

#[tokio::test]
async fn each_scenario_breaks_the_answer_in_its_own_way() {
    let bench = Bench::start().await;
    let usual = text(&answered(&bench, &request()).await).to_owned();
    let parses = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    for name in [
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
    ] {
        bench.fault(json!({ "service": "anthropic", "effect": { "kind": "scenario", "name": name } })).await;
        let message = answered(&bench, &request()).await;
        let said = message["content"][0]["text"].as_str().unwrap_or_default();
        let stop = message["stop_reason"].as_str().unwrap();
        let as_expected = match name {
            "refusal" => stop == "refusal" && message["content"] == json!([]),
            "empty" => stop == "end_turn" && message["content"] == json!([]),
            "max_tokens" => stop == "max_tokens" && !parses(said),
            "context_exceeded" => stop == "model_context_window_exceeded",
            "malformed_json" => !parses(said) && said.starts_with('{'),
            "fenced_json" => said.contains("```json") && !parses(said),
            "wrong_figures" => parses(said) && said.contains("98,7"),
            "html_injection" => parses(said) && said.contains("<script>") && said.contains("{%"),
            "too_long" => parses(said) && said.len() > 3 * 280,
            "schema_violation" => parses(said) && said != usual,
            "thinking_first" => message["content"][0]["type"] == "thinking" && text_at(&message, 1) == usual,
            _ => false,
        };
        assert!(as_expected, "{name}: {message}");
    }
    assert_eq!(text(&answered(&bench, &request()).await), usual, "a scenario is played once");
}

fn text_at(message: &Value, index: usize) -> &str {
    message["content"][index]["text"].as_str().unwrap()
}

#[tokio::test]
async fn a_stream_can_end_badly() {
    let bench = Bench::start().await;
    let mut body = request();
    body["stream"] = json!(true);
    for name in ["stream_cut", "stream_error"] {
        bench.fault(json!({ "service": "anthropic", "effect": { "kind": "scenario", "name": name } })).await;
        let events = events(&ask(&bench, &body).await.text().await.unwrap());
        assert!(events.iter().all(|event| event["type"] != "message_stop"), "{name}");
        assert_eq!(events.iter().any(|event| event["type"] == "error"), name == "stream_error");
    }
}

#[tokio::test]
async fn a_fixed_answer_is_given_to_the_prompt_that_matches() {
    let bench = Bench::start().await;
    let fixed = json!({ "match": { "contains": "log.tx_vac@com" }, "answer": { "titles": [], "blocks": [] } });
    bench.control("PUT", "/anthropic/answers", fixed).await;
    assert_eq!(
        text(&answered(&bench, &request()).await),
        r#"{"titles":[],"blocks":[]}"#.replace(r#""titles":[],"blocks":[]"#, r#""blocks":[],"titles":[]"#)
    );
}

#[tokio::test]
async fn a_marked_prefix_is_cached() {
    let bench = Bench::start().await;
    let mut body = request();
    body["system"] = json!([{ "type": "text", "text": "Règle. ".repeat(800), "cache_control": { "type": "ephemeral", "ttl": "1h" } }]);
    let first = answered(&bench, &body).await["usage"].clone();
    let second = answered(&bench, &body).await["usage"].clone();
    assert!(first["cache_creation_input_tokens"].as_u64().unwrap() > 1_000 && first["cache_read_input_tokens"] == 0);
    assert_eq!(second["cache_read_input_tokens"], first["cache_creation_input_tokens"]);
}

#[tokio::test]
async fn tokens_are_counted_and_models_described() {
    let bench = Bench::start().await;
    let get = |path: &str| {
        let url = bench.url(&format!("/anthropic/v1/{path}"));
        bench.http.get(url).header("x-api-key", "sk-ant-it").header("anthropic-version", "2026-10-21")
    };
    let model: Value = get("models/claude-sonnet-4-6").send().await.unwrap().json().await.unwrap();
    assert_eq!(
        (model["lifecycle"].clone(), model["capabilities"]["structured_outputs"]["supported"].clone()),
        (json!("active"), json!(true))
    );
    assert_eq!(get("models/claude-sonnet-4.6").send().await.unwrap().status(), 404);
    let mut body = request();
    body.as_object_mut().unwrap().remove("max_tokens");
    let url = bench.url("/anthropic/v1/messages/count_tokens");
    let post =
        bench.http.post(url).json(&body).header("x-api-key", "sk-ant-it").header("anthropic-version", "2026-10-21");
    let counted: Value = post.send().await.unwrap().json().await.unwrap();
    assert!(counted["input_tokens"].as_u64().unwrap() > 100);
}
