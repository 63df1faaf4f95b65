//! What the double of the model refuses, and how.

use pretty_assertions::assert_eq;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::anthropic::{answered, ask, forced, request, with_tool};
use crate::bench::Bench;

const OLD: &str = "2023-06-01";

/// Asserts that a body is refused with 400 and a message that starts with `path`.
async fn refused(bench: &Bench, body: &Value, path: &str) {
    let response = ask(bench, body).await;
    let status = response.status();
    let error: Value = response.json().await.unwrap();
    assert_eq!(status, 400, "{path}: {error}");
    assert_eq!(error["error"]["type"], "invalid_request_error");
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.starts_with(path), "expected `{path}…`, got `{message}`");
}

fn with(field: &str, value: Value) -> Value {
    let mut body = request();
    body[field] = value;
    body
}

/// What is made wrong in a request that was right.
type Change = fn(&mut Value);

fn said(messages: Value) -> Value {
    with("messages", messages)
}

fn user(content: &Value) -> Value {
    said(json!([{ "role": "user", "content": content }]))
}

#[tokio::test]
async fn parameters_are_checked_with_their_path() {
    let bench = Bench::start().await;
    let mut nothing = request();
    nothing.as_object_mut().unwrap().remove("model");
    refused(&bench, &nothing, "model: Field required").await;
    for (field, value, path) in [
        ("temperature", json!(1.0), "temperature: "),
        ("top_p", json!(0.9), "top_p: "),
        ("top_k", json!(40), "top_k: "),
        ("max_tokens", json!(0), "max_tokens: "),
        ("max_tokens", json!(128_001), "max_tokens: 128001 > 128000"),
        ("max_tokens", json!(null), "max_tokens: Field required"),
        ("model", json!(4), "model: "),
        ("prompt", json!("x"), "prompt: Extra inputs"),
        ("stream", json!("yes"), "stream: "),
        ("stop_sequences", json!(["x", " "]), "stop_sequences.1"),
        ("metadata", json!({ "email": "a@example.fr" }), "metadata.email: Extra inputs"),
        ("metadata", json!({ "user_id": "x".repeat(257) }), "metadata.user_id"),
        ("service_tier", json!("best"), "service_tier"),
        ("thinking", json!({ "type": "enabled" }), "thinking.budget_tokens: Field required"),
        ("thinking", json!({ "type": "enabled", "budget_tokens": 100 }), "thinking.budget_tokens"),
        ("thinking", json!({ "type": "enabled", "budget_tokens": 4_000 }), "max_tokens: must be greater"),
        ("thinking", json!({ "type": "on" }), "thinking.type"),
        ("output_config", json!({ "effort": "huge" }), "output_config.effort"),
        ("output_config", json!({ "forme": {} }), "output_config.forme: Extra inputs"),
        ("output_config", json!({ "format": { "type": "xml" } }), "output_config.format.type"),
        (
            "output_config",
            json!({ "format": { "type": "json_schema" } }),
            "output_config.format.schema: Field required",
        ),
        ("system", json!([{ "type": "image" }]), "system.0.type"),
        ("system", json!([{ "type": "text", "text": " " }]), "system.0.text"),
    ] {
        refused(&bench, &with(field, value), path).await;
    }
    let big = user(&json!("x".repeat(4_000_004)));
    refused(&bench, &big, "prompt is too long: 1000001 tokens").await;
}

#[tokio::test]
async fn turns_are_checked_with_their_path() {
    let bench = Bench::start().await;
    let call =
        json!({ "role": "assistant", "content": [{ "type": "tool_use", "id": "toolu_1", "name": "a", "input": {} }] });
    let result =
        json!({ "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "toolu_2", "content": "x" }] });
    let open = json!({ "role": "user", "content": "x" });
    for (messages, path) in [
        (json!([]), "messages: "),
        (json!([{ "role": "assistant", "content": "x" }]), "messages.0.role"),
        (json!([{ "role": "system", "content": "x" }]), "messages.0.role"),
        (json!([{ "role": "user", "content": "" }]), "messages.0.content"),
        (json!([{ "role": "user", "content": [] }]), "messages.0.content"),
        (json!([{ "role": "user" }]), "messages.0.content: Field required"),
        (
            json!([open, { "role": "assistant", "content": "x" }, { "role": "user", "content": 3 }]),
            "messages.2.content",
        ),
        (json!([{ "role": "user", "content": [{ "type": "text", "text": "" }] }]), "messages.0.content.0.text"),
        (json!([{ "role": "user", "content": [{ "type": "video" }] }]), "messages.0.content.0.type"),
        (
            json!([{ "role": "user", "content": [{ "type": "tool_use", "id": "i", "name": "n", "input": {} }] }]),
            "messages.0.content.0: `tool_use`",
        ),
        (json!([{ "role": "user", "content": [{ "type": "image" }] }]), "messages.0.content.0.source"),
        (json!([open, call, open]), "messages.1: `tool_use` ids"),
        (json!([open, result]), "messages.1: unexpected `tool_use_id`"),
        (json!([open, { "role": "assistant", "content": "fin " }]), "messages: final assistant content"),
        (json!([open, { "role": "assistant", "content": "{" }]), "messages.1: a prefilled assistant turn"),
    ] {
        refused(&bench, &said(messages), path).await;
    }
}

#[tokio::test]
async fn what_the_newest_version_removed_the_previous_one_still_takes() {
    let bench = Bench::start().await;
    let cited = json!([{ "type": "text", "text": "x", "citations": [{ "type": "char_location" }] }]);
    let document = json!([{ "role": "user", "content": "x" },
        { "role": "assistant", "content": [{ "type": "document", "source": { "type": "text" } }] },
        { "role": "user", "content": "y" }]);
    let bodies = [with("temperature", json!(0.5)), user(&cited), said(document)];
    for (body, path) in bodies.iter().zip(["temperature", "messages.0.content.0.citations", "messages.1.content.0"]) {
        refused(&bench, body, path).await;
        let post = bench.http.post(bench.url("/anthropic/v1/messages")).json(body);
        let response = post.header("x-api-key", "sk-ant-it").header("anthropic-version", OLD).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn structured_output_goes_with_neither_citations_nor_an_open_schema() {
    let bench = Bench::start().await;
    let cited = json!([{ "type": "document", "source": { "type": "text" }, "citations": { "enabled": true } }]);
    refused(&bench, &user(&cited), "output_config.format: not supported together with citations").await;
    let mut open = request();
    open["output_config"]["format"]["schema"]["additionalProperties"] = json!(true);
    refused(&bench, &open, "output_config.format.schema: For 'object' type").await;
    let mut deep = request();
    deep["output_config"]["format"]["schema"]["properties"]["titles"]["items"]["properties"]["text"]["maxLength"] =
        json!(90);
    refused(&bench, &deep, "output_config.format.schema.properties.titles.items.properties.text: ").await;
}

#[tokio::test]
async fn tools_are_checked_with_their_path() {
    let bench = Bench::start().await;
    let tool = |change: Change| {
        let mut body = forced();
        change(&mut body);
        body
    };
    let cases: [(Change, &str); 9] = [
        (|body| body["tools"][0]["name"] = json!("deux mots"), "tools.0.name"),
        (|body| body["tools"][0]["input_schema"] = json!({ "type": "string" }), "tools.0.input_schema.type"),
        (|body| body["tools"][0]["strict"] = json!("oui"), "tools.0.strict"),
        (|body| body["tools"][0]["type"] = json!("web_search_20260209"), "tools.0.type"),
        (
            |body| body["tools"][0]["input_schema"]["properties"]["blocks"]["maxItems"] = json!(3),
            "tools.0.input_schema.properties.blocks: ",
        ),
        (|body| body["tool_choice"] = json!({ "type": "tool", "name": "autre" }), "tool_choice.name"),
        (|body| body["tool_choice"] = json!({ "type": "some" }), "tool_choice.type"),
        (|body| body["tool_choice"]["disable_parallel_tool_use"] = json!(1), "tool_choice.disable_parallel_tool_use"),
        (|body| body["tools"] = json!([]), "tool_choice: may only"),
    ];
    for (change, path) in cases {
        refused(&bench, &tool(change), path).await;
    }
    let twice = tool(|body| body["tools"] = json!([body["tools"][0], body["tools"][0]]));
    refused(&bench, &twice, "tools: Tool names must be unique").await;
    refused(&bench, &with_tool(json!({ "type": "none", "disable_parallel_tool_use": true })), "tool_choice.disable")
        .await;
    let thinking = tool(|body| body["thinking"] = json!({ "type": "adaptive" }));
    refused(&bench, &thinking, "thinking: not supported when tool_choice forces").await;
    let loose = tool(|body| {
        body["tools"][0]["strict"] = json!(false);
        body["tools"][0]["input_schema"]["properties"]["titles"]["maxItems"] = json!(3);
    });
    assert_eq!(answered(&bench, &loose).await["stop_reason"], "tool_use", "only strict tools keep to the rules");
}

#[tokio::test]
async fn five_cache_marks_are_one_too_many() {
    let bench = Bench::start().await;
    let block = json!({ "type": "text", "text": "Règle", "cache_control": { "type": "ephemeral" } });
    refused(&bench, &with("system", json!(vec![block.clone(); 5])), "system.4.cache_control: A maximum of 4").await;
    answered(&bench, &with("system", json!(vec![block; 4]))).await;
    refused(&bench, &with("cache_control", json!({ "type": "eternal" })), "cache_control.type").await;
}

#[tokio::test]
async fn models_that_cannot_be_asked_are_not_found() {
    let bench = Bench::start().await;
    for model in ["claude-sonnet-4.6", "claude-sonnet-4-6-20260217", "claude-3-7-sonnet-20250219", "gpt"] {
        let response = ask(&bench, &with("model", json!(model))).await;
        assert_eq!(response.status(), 404, "{model}");
        let error: Value = response.json().await.unwrap();
        assert_eq!(error["error"], json!({ "type": "not_found_error", "message": format!("model: {model}") }));
    }
    let small = with("model", json!("claude-sonnet-4-5"));
    assert_eq!(ask(&bench, &small).await.status(), 200);
    let mut large = small.clone();
    large["max_tokens"] = json!(64_001);
    refused(&bench, &large, "max_tokens: 64001 > 64000").await;
    bench.control("POST", "/clock", json!({ "now": "2026-12-01T00:00:00Z" })).await;
    assert_eq!(ask(&bench, &small).await.status(), 404, "its last day was the 30th of November");
}

#[tokio::test]
async fn key_and_version_are_required() {
    let bench = Bench::start().await;
    let post = || bench.http.post(bench.url("/anthropic/v1/messages")).json(&request());
    let status = |request: RequestBuilder| async { request.send().await.unwrap().status().as_u16() };
    let version = |request: RequestBuilder| request.header("anthropic-version", OLD);
    assert_eq!(status(version(post())).await, 401);
    assert_eq!(status(version(post().header("x-api-key", "sk-ant-refused"))).await, 401);
    assert_eq!(status(version(post().header("x-api-key", "autre"))).await, 401);
    assert_eq!(status(post().header("x-api-key", "sk-ant-it")).await, 400);
    assert_eq!(status(post().header("x-api-key", "sk-ant-it").header("anthropic-version", "2020-01-01")).await, 400);
    assert_eq!(status(version(post().header("x-api-key", "sk-ant-it"))).await, 200);
    assert_eq!(status(version(post().bearer_auth("sk-ant-it"))).await, 200);
    assert_eq!(status(version(post().bearer_auth("sk-ant-it").header("x-api-key", "sk-ant-it"))).await, 401);
}

#[tokio::test]
async fn thirty_two_megabytes_are_the_most() {
    let bench = Bench::start().await;
    let body = vec![b' '; 32 * 1024 * 1024 + 1];
    let post = bench.http.post(bench.url("/anthropic/v1/messages")).body(body).header("x-api-key", "sk-ant-it");
    let response = post.header("anthropic-version", OLD).send().await.unwrap();
    assert_eq!(response.status(), 413);
    assert_eq!(response.json::<Value>().await.unwrap()["error"]["type"], "request_too_large");
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_tells_its_request_and_its_limits() {
    let bench = Bench::start().await;
    let bad = with("max_tokens", json!(0));
    let armed = json!({ "service": "anthropic", "after": 2, "effect": { "kind": "status", "status": 529 } });
    bench.fault(armed).await;
    let mut left = Vec::new();
    for (body, status) in [(request(), 200), (bad.clone(), 400), (request(), 529)] {
        let response = ask(&bench, &body).await;
        assert_eq!(response.status(), status);
        assert!(header(&response, "request-id").unwrap().starts_with("req_"));
        for kind in ["requests", "tokens", "input-tokens", "output-tokens"] {
            let part =
                |part: &str| header(&response, &format!("anthropic-ratelimit-{kind}-{part}")).unwrap().to_owned();
            assert!(part("limit").parse::<u64>().unwrap() >= part("remaining").parse::<u64>().unwrap());
            assert!(part("reset").ends_with('Z') && part("reset").contains('T'), "{}", part("reset"));
        }
        left.push(header(&response, "anthropic-ratelimit-requests-remaining").unwrap().parse::<u64>().unwrap());
    }
    assert_eq!(left, [999, 998, 997]);
    bench.control("POST", "/clock", json!({ "advance_s": 61 })).await;
    let later = ask(&bench, &bad).await;
    assert_eq!(header(&later, "anthropic-ratelimit-requests-remaining"), Some("999"));
}

#[tokio::test]
async fn errors_say_whether_to_try_again() {
    let bench = Bench::start().await;
    for (status, kind, retry) in [
        (401, "authentication_error", "false"),
        (402, "billing_error", "false"),
        (403, "permission_error", "false"),
        (404, "not_found_error", "false"),
        (408, "timeout_error", "true"),
        (409, "conflict_error", "true"),
        (413, "request_too_large", "false"),
        (429, "rate_limit_error", "true"),
        (500, "api_error", "true"),
        (503, "api_error", "true"),
        (504, "timeout_error", "true"),
        (529, "overloaded_error", "true"),
    ] {
        bench.fault(json!({ "service": "anthropic", "effect": { "kind": "status", "status": status } })).await;
        let response = ask(&bench, &request()).await;
        assert_eq!(response.status(), status);
        assert_eq!(header(&response, "x-should-retry"), Some(retry), "{status}");
        assert_eq!(header(&response, "retry-after").is_some(), status == 429, "{status}");
        assert_eq!(response.json::<Value>().await.unwrap()["error"]["type"], kind);
    }
}

#[tokio::test]
async fn unknown_routes_are_in_the_vendors_words() {
    let bench = Bench::start().await;
    let get = bench.http.get(bench.url("/anthropic/v1/nothing")).header("x-api-key", "sk-ant-it");
    let response = get.header("anthropic-version", OLD).send().await.unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(response.json::<Value>().await.unwrap()["error"]["type"], "not_found_error");
}
