//! What the writer port promises, whoever answers: a whole answer or none, and a bill within the budget.

use std::{sync::Arc, time::Duration};

use domain::ports::{PortError, Question, Writer, Written};
use infra::{
    anthropic::{AnthropicConfig, AnthropicWriter, NARRATIVE_DEADLINE},
    clock::SystemClock,
    http::Secret,
};
use serde_json::{Value, json};

use crate::{
    doubles::{Doubles, passing_effects},
    live,
};

fn writer(doubles: &Doubles, stream: bool) -> AnthropicWriter {
    let config = AnthropicConfig {
        base_url: doubles.url("/anthropic"),
        api_key: Secret::new("sk-ant-contract"),
        model: "claude-sonnet-4-6".into(),
        price: None,
        stream,
        budget_cents: 50,
        deadline: Duration::from_secs(20),
    };
    AnthropicWriter::new(config, Arc::new(SystemClock)).unwrap()
}

fn question() -> Question {
    Question {
        system: "Tu écris en français, en JSON, deux phrases sur la commune.".into(),
        user: "<donnees>{\"commune\": \"Nantes\", \"population\": \"325 070\"}</donnees>".into(),
        schema: json!({
            "type": "object", "additionalProperties": false, "required": ["titre", "texte"],
            "properties": {"titre": {"type": "string"}, "texte": {"type": "string"}},
        }),
        max_tokens: 2_000,
        prompt_sha256: "0".repeat(64),
        subject: "00000000-0000-0000-0000-000000000007".into(),
        ..Question::default()
    }
}

fn is_whole(written: &Written) {
    let value: Value = serde_json::from_str(&written.text).unwrap_or_else(|error| panic!("{error}: {}", written.text));
    assert!(value["titre"].is_string() && value["texte"].is_string(), "{value}");
    assert_eq!(value.as_object().unwrap().len(), 2, "{value}");
    assert_eq!(written.stop_reason, "end_turn");
    assert!(written.input_tokens > 10 && written.output_tokens > 1 && written.cost_micro_usd > 0, "{written:?}");
    assert!(!written.raw.is_empty() && written.request_id.is_some() && written.model.starts_with("claude-"));
}

#[tokio::test]
async fn the_sandbox_keeps_the_contract() {
    let doubles = Doubles::start().await;
    for stream in [false, true] {
        let writer = writer(&doubles, stream);
        is_whole(&writer.write(&question()).await.unwrap());
        assert!(writer.check_model().await.is_ok());
    }
}

#[tokio::test]
async fn live_anthropic_keeps_the_contract() {
    let Some(called) = live::called("anthropic") else { return };
    let config = AnthropicConfig {
        base_url: called.vendors.anthropic_url,
        api_key: called.vendors.anthropic_key.expect("LOBSTER_ANTHROPIC_KEY"),
        model: called.vendors.anthropic_model,
        price: None,
        stream: called.vendors.anthropic_stream,
        budget_cents: called.vendors.anthropic_budget_cents,
        deadline: NARRATIVE_DEADLINE,
    };
    let writer = AnthropicWriter::new(config, Arc::new(SystemClock)).unwrap();
    is_whole(&writer.write(&question()).await.unwrap());
    assert!(writer.check_model().await.is_ok());
}

#[tokio::test]
async fn whatever_happens_on_the_way_the_answer_is_whole() {
    let doubles = Doubles::start().await;
    for stream in [false, true] {
        let writer = writer(&doubles, stream);
        let odd = ["thinking_first", "ping_storm", "unknown_event"];
        let odd = odd.map(|name| (name, json!({"kind": "scenario", "name": name})));
        let overloaded = ("an overload", json!({"kind": "status", "status": 529}));
        for (name, effect) in passing_effects().into_iter().chain(odd).chain([overloaded]) {
            doubles.arm("anthropic", "messages.create", &effect).await;
            let written = writer.write(&question()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            is_whole(&written);
        }
    }
}

#[tokio::test]
async fn a_stream_that_breaks_in_any_way_is_asked_for_again() {
    let doubles = Doubles::start().await;
    let writer = writer(&doubles, true);
    for name in ["stream_error", "stream_cut"] {
        let before = doubles.calls("anthropic", "messages.create").await;
        doubles.arm("anthropic", "messages.create", &json!({"kind": "scenario", "name": name})).await;
        is_whole(&writer.write(&question()).await.unwrap());
        assert_eq!(doubles.calls("anthropic", "messages.create").await, before + 2, "{name}");
    }
}

#[tokio::test]
async fn a_stream_that_falls_silent_ends_with_the_deadline() {
    let doubles = Doubles::start().await;
    doubles.arm("anthropic", "messages.create", &json!({"kind": "scenario", "name": "stream_stall"})).await;
    let config = AnthropicConfig {
        base_url: doubles.url("/anthropic"),
        api_key: Secret::new("sk-ant-contract"),
        model: "claude-sonnet-4-6".into(),
        price: None,
        stream: true,
        budget_cents: 50,
        deadline: Duration::from_secs(2),
    };
    let writer = AnthropicWriter::new(config, Arc::new(SystemClock)).unwrap();
    assert!(writer.write(&question()).await.unwrap_err().is_transient());
}

#[tokio::test]
async fn a_later_round_waits_no_longer_than_what_is_left() {
    let doubles = Doubles::start().await;
    doubles.arm("anthropic", "messages.create", &json!({"kind": "scenario", "name": "stream_stall"})).await;
    let started = std::time::Instant::now();
    let late = Question { patience: Some(Duration::from_secs(1)), ..question() };
    assert!(writer(&doubles, true).write(&late).await.unwrap_err().is_transient());
    assert!(started.elapsed() < Duration::from_secs(10), "{:?} of the 20 s that a first round has", started.elapsed());
}

#[tokio::test]
async fn what_no_repetition_would_better_is_told_once_and_empty() {
    let doubles = Doubles::start().await;
    for stream in [false, true] {
        for (name, reason) in [("refusal", "refusal"), ("context_exceeded", "model_context_window_exceeded")] {
            let before = doubles.calls("anthropic", "messages.create").await;
            doubles.arm("anthropic", "messages.create", &json!({"kind": "scenario", "name": name})).await;
            let written = writer(&doubles, stream).write(&question()).await.unwrap();
            assert_eq!((written.text.as_str(), written.stop_reason.as_str()), ("", reason));
            assert_eq!(doubles.calls("anthropic", "messages.create").await, before + 1, "{name}");
        }
    }
}

#[tokio::test]
async fn a_truncated_answer_is_asked_for_once_more_and_then_never_read() {
    let doubles = Doubles::start().await;
    let cut = json!({"kind": "scenario", "name": "max_tokens"});
    doubles.arm("anthropic", "messages.create", &cut).await;
    is_whole(&writer(&doubles, true).write(&question()).await.unwrap());
    doubles.arm_times("anthropic", "messages.create", &cut, json!(null)).await;
    let before = doubles.calls("anthropic", "messages.create").await;
    let written = writer(&doubles, true).write(&question()).await.unwrap();
    assert_eq!((written.text.as_str(), written.stop_reason.as_str()), ("", "max_tokens"));
    assert_eq!(doubles.calls("anthropic", "messages.create").await, before + 2);
}

/// The form is the judge's business: the port hands the words over as they came.
#[tokio::test]
async fn words_that_do_not_fit_come_back_as_they_are() {
    let doubles = Doubles::start().await;
    let writer = writer(&doubles, true);
    for (name, sign) in [
        ("malformed_json", "["),
        ("fenced_json", "```"),
        ("schema_violation", ""),
        ("wrong_figures", ""),
        ("too_long", ""),
        ("html_injection", "<script>"),
    ] {
        doubles.arm("anthropic", "messages.create", &json!({"kind": "scenario", "name": name})).await;
        let written = writer.write(&question()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!written.text.is_empty() && written.text.contains(sign), "{name}: {}", written.text);
    }
    doubles.arm("anthropic", "messages.create", &json!({"kind": "scenario", "name": "empty"})).await;
    assert_eq!(writer.write(&question()).await.unwrap().text, "");
}

#[tokio::test]
async fn a_spending_limit_ends_the_calls_of_the_day() {
    for limit in ["spend_limit", "own_spend_limit"] {
        let doubles = Doubles::start().await;
        let writer = writer(&doubles, true);
        doubles.arm("anthropic", "messages.create", &json!({"kind": "scenario", "name": limit})).await;
        for _ in 0..2 {
            let error = writer.write(&question()).await.unwrap_err();
            assert!(matches!(error, PortError::Refused { .. }), "{limit}: {error}");
        }
        assert_eq!(doubles.calls("anthropic", "messages.create").await, 1, "{limit}: the second order asked nobody");
    }
}

#[tokio::test]
async fn answers_that_were_made_and_lost_never_cost_more_than_the_budget() {
    let doubles = Doubles::start().await;
    let lost = json!({"kind": "commit_then_fail", "reset": true});
    doubles.arm_times("anthropic", "messages.create", &lost, json!(null)).await;
    let config = AnthropicConfig {
        base_url: doubles.url("/anthropic"),
        api_key: Secret::new("sk-ant-contract"),
        model: "claude-sonnet-4-6".into(),
        price: None,
        stream: true,
        // One attempt costs up to 3 cents and a little.
        budget_cents: 7,
        deadline: Duration::from_secs(30),
    };
    let writer = AnthropicWriter::new(config, Arc::new(SystemClock)).unwrap();
    let error = writer.write(&question()).await.unwrap_err();
    assert!(matches!(error, PortError::Refused { .. }), "{error}");
    assert_eq!(doubles.calls("anthropic", "messages.create").await, 2);
}
