//! The model's answers, plain and streamed, against a server that misbehaves.

use std::{sync::Arc, time::Duration};

use domain::ports::{PortError, Question, Writer};
use infra::{
    anthropic::{AnthropicConfig, AnthropicWriter},
    clock::SystemClock,
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
        ..Question::default()
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

fn config(vendor: &Vendor) -> AnthropicConfig {
    AnthropicConfig {
        base_url: format!("{}/anthropic", vendor.url),
        api_key: Secret::new("sk-ant-canary"),
        model: "claude-sonnet-4-6".into(),
        price: None,
        stream: false,
        budget_cents: 200,
        deadline: Duration::from_secs(4),
    }
}

fn built(config: AnthropicConfig) -> AnthropicWriter {
    AnthropicWriter::new(config, Arc::new(SystemClock)).unwrap()
}

fn writer(vendor: &Vendor) -> AnthropicWriter {
    built(config(vendor))
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
async fn every_answer_is_streamed_when_so_configured() {
    let whole = stream("event: message_stop\ndata: {\"type\": \"message_stop\"}\n\n");
    let vendor = Vendor::answering([Reply::text(200, "text/event-stream", whole)]).await;
    built(AnthropicConfig { stream: true, ..config(&vendor) }).write(&question(6_000)).await.unwrap();
    assert_eq!(vendor.asked()[0].json()["stream"], true);
}

#[tokio::test]
async fn what_no_repetition_would_better_goes_back_to_the_caller_at_once() {
    for reason in ["refusal", "model_context_window_exceeded"] {
        let answer = message(reason, &json!([{"type": "text", "text": "{\"titre\": \"Nan"}]));
        let vendor = Vendor::answering([Reply::json(200, &answer)]).await;
        let written = writer(&vendor).write(&question(16_000)).await.unwrap();
        assert_eq!((written.text.as_str(), written.stop_reason.as_str()), ("", reason));
        assert!(!written.raw.is_empty() && vendor.asked().len() == 1);
    }
}

#[tokio::test]
async fn a_truncated_answer_is_asked_for_once_more_with_twice_the_room() {
    let cut = message("max_tokens", &json!([{"type": "text", "text": "{\"titre\": \"Nan"}]));
    let whole = message("end_turn", &json!([{"type": "text", "text": "{\"titre\": \"Nantes\"}"}]));
    let vendor = Vendor::answering([Reply::json(200, &cut), Reply::json(200, &whole)]).await;
    let written = writer(&vendor).write(&question(8_000)).await.unwrap();
    assert_eq!(written.text, "{\"titre\": \"Nantes\"}");
    assert_eq!((written.output_tokens, written.cost_micro_usd), (100, 2 * 12_150), "both were paid");
    assert_eq!(written.raw, format!("{cut}\n\n{whole}").into_bytes());
    let rooms: Vec<_> = vendor.asked().iter().map(|asked| asked.json()["max_tokens"].clone()).collect();
    assert_eq!(rooms, [8_000, 16_000]);

    let vendor = Vendor::answering([Reply::json(200, &cut), Reply::json(200, &cut)]).await;
    let twice = writer(&vendor).write(&question(8_000)).await.unwrap();
    assert_eq!((twice.text.as_str(), twice.stop_reason.as_str()), ("", "max_tokens"));
    assert_eq!(vendor.asked().len(), 2);
}

#[tokio::test]
async fn a_stop_that_we_do_not_know_is_a_failed_attempt_and_paid_for() {
    let odd = message("pause_turn", &json!([{"type": "text", "text": "{}"}]));
    let whole = message("end_turn", &json!([{"type": "text", "text": "{}"}]));
    let vendor = Vendor::answering([Reply::json(200, &odd), Reply::json(200, &whole)]).await;
    let written = writer(&vendor).write(&question(8_000)).await.unwrap();
    assert_eq!((written.text.as_str(), written.cost_micro_usd), ("{}", 2 * 12_150));
}

#[tokio::test]
async fn nothing_is_asked_that_could_cost_more_than_the_budget() {
    let count = Reply::json(200, &json!({"input_tokens": 50}));
    let vendor = Vendor::answering([count.clone()]).await;
    let poor = built(AnthropicConfig { budget_cents: 5, ..config(&vendor) });
    let error = poor.write(&question(8_000)).await.unwrap_err();
    assert!(matches!(&error, PortError::Refused { message, .. } if message.contains("BUDGET")), "{error}");
    assert_eq!(vendor.asked()[0].path, "/anthropic/v1/messages/count_tokens");
    assert!(vendor.asked().len() == 1 && vendor.asked()[0].json().get("max_tokens").is_none());

    // A long question that turns out to be short enough, once its tokens are counted.
    let answer = message("end_turn", &json!([{"type": "text", "text": "{}"}]));
    let vendor = Vendor::answering([count, Reply::json(200, &answer)]).await;
    let tight = built(AnthropicConfig { budget_cents: 13, ..config(&vendor) });
    let long = Question { user: "a".repeat(40_000), ..question(8_000) };
    assert!(tight.write(&long).await.is_ok());
}

#[tokio::test]
async fn what_earlier_rounds_took_is_gone_from_the_budget() {
    let count = Reply::json(200, &json!({"input_tokens": 50}));
    let vendor = Vendor::answering([count]).await;
    // An answer may cost 12 cents and a little, and 10 are left.
    let config = AnthropicConfig { budget_cents: 50, ..config(&vendor) };
    let later = Question { spent_micro_usd: 400_000, ..question(8_000) };
    let error = built(config).write(&later).await.unwrap_err();
    assert!(matches!(&error, PortError::Refused { message, .. } if message.contains("BUDGET")), "{error}");
}

#[tokio::test]
async fn an_answer_tells_what_attempts_before_it_may_have_cost() {
    let cut = Reply::text(200, "text/event-stream", stream(""));
    let whole =
        Reply::text(200, "text/event-stream", stream("event: message_stop\ndata: {\"type\": \"message_stop\"}\n\n"));
    let vendor = Vendor::answering([cut, whole]).await;
    let config = AnthropicConfig { stream: true, budget_cents: 50, ..config(&vendor) };
    let written = built(config).write(&question(8_000)).await.unwrap();
    assert!(written.at_risk_micro_usd > 120_000, "{}", written.at_risk_micro_usd);
}

#[tokio::test]
async fn attempts_that_may_have_been_billed_end_with_the_budget() {
    let cut = Reply::text(200, "text/event-stream", stream(""));
    let vendor = Vendor::answering([cut.clone(), cut.clone(), cut.clone(), cut]).await;
    // An attempt may cost 12 cents and a little.
    let poor = AnthropicConfig { stream: true, budget_cents: 30, deadline: Duration::from_secs(30), ..config(&vendor) };
    let error = built(poor).write(&question(8_000)).await.unwrap_err();
    assert!(matches!(&error, PortError::Refused { message, .. } if message.contains("BUDGET")), "{error}");
    assert_eq!(vendor.asked().len(), 2);
}

#[tokio::test]
async fn a_limit_with_an_end_is_waited_for_and_a_ceiling_is_not() {
    let limit = json!({"type": "error", "error": {"type": "rate_limit_error", "message": "…"}});
    let answer = message("end_turn", &json!([{"type": "text", "text": "{}"}]));
    let vendor = Vendor::answering([Reply::json(429, &limit).with("retry-after", &1), Reply::json(200, &answer)]).await;
    let started = std::time::Instant::now();
    writer(&vendor).write(&question(16_000)).await.unwrap();
    assert!(started.elapsed().as_millis() >= 1_000);
}

#[tokio::test]
async fn a_spending_limit_stops_all_calls_of_the_day() {
    let ceiling = json!({"type": "error", "error": {"type": "rate_limit_error", "message": "…",
        "details": {"error_code": "enforced_spend_limit_reached"}}});
    let vendor = Vendor::answering([Reply::json(429, &ceiling)]).await;
    let writer = writer(&vendor);
    let error = writer.write(&question(8_000)).await.unwrap_err();
    assert!(matches!(&error, PortError::Refused { message, .. } if message.contains("spend_limit")), "{error}");
    let error = writer.write(&question(8_000)).await.unwrap_err();
    assert!(matches!(&error, PortError::Refused { message, .. } if message.contains("spend limit")), "{error}");
    assert_eq!(vendor.asked().len(), 1, "the second order asked nobody");
}

#[tokio::test]
async fn an_overload_that_lasts_is_transient_and_a_bad_request_is_not() {
    let overload = json!({"type": "error", "error": {"type": "overloaded_error", "message": "…"}});
    let vendor = Vendor::answering([(); 9].map(|()| Reply::json(529, &overload))).await;
    assert!(writer(&vendor).write(&question(16_000)).await.unwrap_err().is_transient());
    assert!((2..=8).contains(&vendor.asked().len()), "{}", vendor.asked().len());
    let unknown = json!({"type": "error", "error": {"type": "not_found_error", "message": "model: claude-x"}});
    let vendor = Vendor::answering([Reply::json(404, &unknown)]).await;
    let error = writer(&vendor).write(&question(16_000)).await.unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains("not_found_error"), "{error}");
}

#[tokio::test]
async fn the_models_future_is_a_warning_and_never_an_error() {
    let model =
        |lifecycle| json!({"type": "model", "id": "claude-sonnet-4-6", "lifecycle": lifecycle, "max_tokens": 128_000});
    let vendor = Vendor::answering([
        Reply::json(200, &model("active")),
        Reply::json(200, &model("deprecated")),
        Reply::json(404, &json!({"type": "error", "error": {"type": "not_found_error", "message": "model"}})),
    ])
    .await;
    let writer = writer(&vendor);
    assert_eq!(writer.check_model().await.unwrap(), Vec::<String>::new());
    assert!(writer.check_model().await.unwrap()[0].contains("deprecated"));
    assert!(writer.check_model().await.unwrap()[0].contains("does not exist"));
    assert_eq!(vendor.asked()[0].path, "/anthropic/v1/models/claude-sonnet-4-6");
    assert_eq!(vendor.asked()[0].header("x-api-key"), "sk-ant-canary");
}
