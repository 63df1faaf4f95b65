//! What is asked of the model, as bodies of the Messages API.

use domain::ports::Question;
use serde_json::{Value, json};

/// The stable part first and marked for the hour's cache, the commune's data last.
pub(super) fn message(model: &str, question: &Question, max_tokens: u32, streamed: bool) -> Value {
    let mut body = counted(model, question);
    body["max_tokens"] = json!(max_tokens);
    body["stream"] = json!(streamed);
    body["metadata"] = json!({"user_id": question.subject});
    body
}

/// The same question where only its tokens are counted.
pub(super) fn counted(model: &str, question: &Question) -> Value {
    json!({
        "model": model,
        "system": [{
            "type": "text", "text": question.system, "cache_control": {"type": "ephemeral", "ttl": "1h"},
        }],
        "messages": [{"role": "user", "content": question.user}],
        "output_config": {"format": {"type": "json_schema", "schema": question.schema}},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_holds_no_sampling_parameter_and_caches_its_instructions() {
        let question = Question {
            system: "Consignes".into(),
            user: "<donnees>…</donnees>".into(),
            schema: json!({"type": "object", "additionalProperties": false}),
            max_tokens: 16_000,
            prompt_sha256: String::new(),
            subject: "report-1".into(),
            ..Question::default()
        };
        let body = message("claude-sonnet-4-6", &question, 16_000, false);
        for removed in ["temperature", "top_p", "top_k"] {
            assert!(body.get(removed).is_none());
        }
        assert_eq!(body["system"][0]["cache_control"]["ttl"], "1h");
        assert_eq!(body["output_config"]["format"]["schema"]["additionalProperties"], false);
        assert_eq!(body["messages"][0]["role"], "user");
        assert!(counted("claude-sonnet-4-6", &question).get("max_tokens").is_none());
    }
}
