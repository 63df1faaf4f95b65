//! The model's answers, plain and streamed, against a server that misbehaves.

use domain::ports::{PortError, Question, Writer};
use infra::{
    anthropic::{AnthropicConfig, AnthropicWriter},
    http::Secret,
};
use serde_json::{Value, json};

use crate::vendor::{Reply, Vendor};

fn question(max_tokens: u32) -> Question {
    Question {
        system: "Consignes stables".into(),
        user: "<donnees>{}</donnees>".into(),
        schema: json!({"type": "object", "additionalProperties": false, "properties": {"titre": {"type": "string"}}}),
        max_tokens,
        prompt_sha256: "0".repeat(64),
        subject: "0199-report".into(),
    }
}

fn message(stop_reason: &str, content: &Value) -> Value {
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-6", "content": content,
        "stop_reason": stop_reason, "stop_sequence": null, "stop_details": null,
        "usage": {"input_tokens": 2_000, "output_tokens": 50, "cache_creation_input_tokens": 0,
                  "cache_read_input_tokens": 18_000, "service_tier": "standard"},
    })
}

fn stream(end: &str) -> String {
    format!(
        "event: message_start\ndata: {{\"type\": \"message_start\", \"message\": {{\"id\": \"msg_2\", \"model\": \
         \"claude-sonnet-4-6\", \"content\": [], \"stop_reason\": null, \"usage\": {{\"input_tokens\": 2000, \
         \"output_tokens\": 1}}}}}}\n\nevent: content_block_start\ndata: {{\"type\": \"content_block_start\", \
         \"index\": 0, \"content_block\": {{\"type\": \"text\", \"text\": \"\"}}}}\n\nevent: content_block_delta\n\
         data: {{\"type\": \"content_block_delta\", \"index\": 0, \"delta\": {{\"type\": \"text_delta\", \"text\": \
         \"{{\\\"titre\\\": \\\"Été\\\"}}\"}}}}\n\nevent: message_delta\ndata: {{\"type\": \"message_delta\", \
         \"delta\": {{\"stop_reason\": \"end_turn\"}}, \"usage\": {{\"output_tokens\": 21}}}}\n\n{end}"
    )
}

fn writer(vendor: &Vendor) -> AnthropicWriter {
    let config = AnthropicConfig {
        base_url: format!("{}/anthropic", vendor.url),
        api_key: Secret::new("sk-ant-canary"),
        model: "claude-sonnet-4-6".into(),
        price: None,
    };
    AnthropicWriter::new(config).unwrap()
}

#[tokio::test]
async fn an_answer_comes_with_its_bytes_its_cost_and_its_request() {
    let body = message("end_turn", &json!([{"type": "text", "text": "{\"titre\": \"Nantes\"}"}]));
    let vendor = Vendor::answering([Reply::json(200, &body).with("request-id", "req_1")]).await;
    let written = writer(&vendor).write(&question(16_000)).await.unwrap();
    assert_eq!(written.text, "{\"titre\": \"Nantes\"}");
    assert_eq!(written.raw, body.to_string().into_bytes());
    assert_eq!((written.input_tokens, written.output_tokens), (20_000, 50));
    // 2,000 × 3 $ + 18,000 × 0.30 $ + 50 × 15 $, per million.
    assert_eq!(written.cost_micro_usd, 6_000 + 5_400 + 750);
    assert_eq!(written.request_id.as_deref(), Some("req_1"));
    let asked = &vendor.asked()[0];
    assert_eq!(asked.path, "/anthropic/v1/messages");
    assert_eq!((asked.header("x-api-key"), asked.header("anthropic-version")), ("sk-ant-canary", "2026-10-21"));
    assert!(asked.headers.get("authorization").is_none());
    assert_eq!(asked.json()["stream"], false);
}

#[tokio::test]
async fn a_long_answer_is_streamed_and_a_cut_stream_is_asked_again() {
    let whole = stream("event: message_stop\ndata: {\"type\": \"message_stop\"}\n\n");
    let vendor = Vendor::answering([
        Reply::text(200, "text/event-stream", stream("")),
        Reply::text(200, "text/event-stream", whole.clone()),
    ])
    .await;
    let written = writer(&vendor).write(&question(32_000)).await.unwrap();
    assert_eq!(written.text, "{\"titre\": \"Été\"}");
    assert_eq!((written.raw, written.output_tokens), (whole.into_bytes(), 21));
    assert_eq!(vendor.asked().len(), 2);
    assert_eq!(vendor.asked()[0].json()["stream"], true);
}

#[tokio::test]
async fn refusals_and_truncations_go_back_to_the_caller() {
    let vendor = Vendor::answering([
        Reply::json(200, &message("refusal", &json!([]))),
        Reply::json(200, &message("max_tokens", &json!([{"type": "text", "text": "{\"titre\": \"Nan"}]))),
    ])
    .await;
    let writer = writer(&vendor);
    let refused = writer.write(&question(16_000)).await.unwrap();
    assert_eq!((refused.text.as_str(), refused.stop_reason.as_str()), ("", "refusal"));
    let cut = writer.write(&question(16_000)).await.unwrap();
    assert_eq!(cut.stop_reason, "max_tokens");
    assert!(!cut.raw.is_empty());
}

#[tokio::test]
async fn a_limit_with_an_end_is_waited_for_and_a_ceiling_is_not() {
    let limit = json!({"type": "error", "error": {"type": "rate_limit_error", "message": "…"}});
    let answer = message("end_turn", &json!([{"type": "text", "text": "{}"}]));
    let vendor = Vendor::answering([Reply::json(429, &limit).with("retry-after", &1), Reply::json(200, &answer)]).await;
    let started = std::time::Instant::now();
    writer(&vendor).write(&question(16_000)).await.unwrap();
    assert!(started.elapsed().as_millis() >= 1_000);

    let ceiling = json!({"type": "error", "error": {"type": "rate_limit_error", "message": "…",
        "details": {"error_code": "enforced_spend_limit_reached"}}});
    let vendor = Vendor::answering([Reply::json(429, &ceiling)]).await;
    let error = writer(&vendor).write(&question(16_000)).await.unwrap_err();
    assert!(matches!(&error, PortError::Refused { message, .. } if message.contains("spend_limit")), "{error}");
    assert_eq!(vendor.asked().len(), 1);
}

#[tokio::test]
async fn an_overload_that_lasts_is_transient_and_a_bad_request_is_not() {
    let overload = json!({"type": "error", "error": {"type": "overloaded_error", "message": "…"}});
    let vendor = Vendor::answering([(); 3].map(|()| Reply::json(529, &overload))).await;
    assert!(writer(&vendor).write(&question(16_000)).await.unwrap_err().is_transient());
    assert_eq!(vendor.asked().len(), 3);
    let unknown = json!({"type": "error", "error": {"type": "not_found_error", "message": "model: claude-x"}});
    let vendor = Vendor::answering([Reply::json(404, &unknown)]).await;
    let error = writer(&vendor).write(&question(16_000)).await.unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains("not_found_error"), "{error}");
}
