//! Asks the model. There is no idempotency at the vendor's: each attempt that gets through is billed, so attempts are
//! few and every answer, whatever its stop reason, goes back to the caller to be kept.

use std::time::Duration;

use async_trait::async_trait;
use domain::ports::{PortError, Question, Writer, Written};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::{
    AnthropicConfig, ModelPrice, SERVICE, VERSION,
    answer::Message,
    stream::{self, Broken},
};
use crate::http::{Answer, Backoff, ClientError, Fault, Http, Policy};

/// Above this a plain answer could take more than ten minutes; the vendor's own clients refuse it.
const LARGEST_PLAIN: u32 = 21_300;
const IDLE: Duration = Duration::from_secs(60);
/// The narrative step's deadline: after it, rules write the text.
const PATIENCE: Duration = Duration::from_secs(240);
const AT_ONCE: usize = 2;

/// The writer port on the Messages API.
pub struct AnthropicWriter {
    plain: Http,
    streaming: Http,
    config: AnthropicConfig,
    price: ModelPrice,
    slots: Semaphore,
    url: String,
}

impl AnthropicWriter {
    /// # Errors
    /// When no HTTP client can be made, or the model's price is neither known nor configured.
    pub fn new(config: AnthropicConfig) -> Result<Self, ClientError> {
        let price = config.price.or_else(|| ModelPrice::of(&config.model)).ok_or_else(|| ClientError {
            service: SERVICE,
            reason: format!("the price of model « {} » is unknown: configure it", config.model),
        })?;
        let policy = Policy {
            service: SERVICE,
            attempts: 3,
            timeout: PATIENCE,
            patience: PATIENCE,
            backoff: Backoff { first: Duration::from_secs(1), factor: 2, cap: Duration::from_secs(16) },
        };
        let url = format!("{}/v1/messages", config.base_url.trim_end_matches('/'));
        Ok(Self {
            plain: Http::new(policy.clone())?,
            streaming: Http::streaming(policy, IDLE)?,
            config,
            price,
            slots: Semaphore::new(AT_ONCE),
            url,
        })
    }

    fn written(&self, answer: &Answer, message: &Message) -> Written {
        Written {
            text: message.text(),
            raw: answer.body.clone(),
            model: message.model.clone(),
            stop_reason: message.stop_reason.clone().unwrap_or_default(),
            input_tokens: message.usage.all_input(),
            output_tokens: message.usage.output_tokens,
            cost_micro_usd: self.price.cost_micro_usd(&message.usage),
            request_id: answer.request_id().map(str::to_owned),
        }
    }
}

#[async_trait]
impl Writer for AnthropicWriter {
    async fn write(&self, question: &Question) -> Result<Written, PortError> {
        let streamed = question.max_tokens > LARGEST_PLAIN;
        let body = request(&self.config.model, question, streamed);
        let http = if streamed { &self.streaming } else { &self.plain };
        let _slot = self.slots.acquire().await;
        http.call(
            "messages.create",
            |client| {
                client
                    .post(&self.url)
                    .header("x-api-key", self.config.api_key.reveal())
                    .header("anthropic-version", VERSION)
                    .json(&body)
            },
            |answer| {
                if !answer.is_success() {
                    return Err(fault(&answer));
                }
                let message = if streamed { streamed_message(&answer)? } else { answer.json()? };
                Ok(self.written(&answer, &message))
            },
        )
        .await
    }
}

/// The stable part first and marked for the hour's cache, the commune's data last.
fn request(model: &str, question: &Question, streamed: bool) -> Value {
    json!({
        "model": model,
        "max_tokens": question.max_tokens,
        "stream": streamed,
        "system": [{
            "type": "text", "text": question.system, "cache_control": {"type": "ephemeral", "ttl": "1h"},
        }],
        "messages": [{"role": "user", "content": question.user}],
        "output_config": {"format": {"type": "json_schema", "schema": question.schema}},
        "metadata": {"user_id": question.subject},
    })
}

fn streamed_message(answer: &Answer) -> Result<Message, Fault> {
    stream::read(&answer.body).map_err(|broken| {
        let summary = answer.summary();
        Fault::passing(match broken {
            Broken::Cut => format!("{summary}: the stream ended before its message"),
            Broken::Error(kind) => format!("{summary}: {kind} in the stream"),
            Broken::Unreadable(error) => format!("{summary}: the stream is not understood: {error}"),
        })
    })
}

/// The vendor's own advice goes first. A limit without an end is a spending ceiling: asking again today is useless.
fn fault(answer: &Answer) -> Fault {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let kind = body["error"]["type"].as_str().unwrap_or("no error type");
    let code = body["error"]["details"]["error_code"].as_str();
    let ceiling = answer.status == 429 && answer.retry_after().is_none() && code.is_some();
    let passing = match answer.header("x-should-retry") {
        Some("true") => true,
        Some("false") => false,
        _ => matches!(answer.status, 408 | 409 | 429 | 500..=599) && !ceiling,
    };
    let message = format!("{} {kind} {}", answer.summary(), code.unwrap_or_default()).trim_end().to_owned();
    if passing {
        Fault::Passing { message, after: answer.retry_after() }
    } else {
        Fault::Lasting(PortError::Refused { service: SERVICE, message })
    }
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
        };
        let body = request("claude-sonnet-4-6", &question, false);
        for removed in ["temperature", "top_p", "top_k"] {
            assert!(body.get(removed).is_none());
        }
        assert_eq!(body["system"][0]["cache_control"]["ttl"], "1h");
        assert_eq!(body["output_config"]["format"]["schema"]["additionalProperties"], false);
        assert_eq!(body["messages"][0]["role"], "user");
    }

    #[test]
    fn a_model_without_a_price_is_refused_at_start() {
        let config = |price| AnthropicConfig {
            base_url: "http://127.0.0.1:1".into(),
            api_key: crate::http::Secret::new("sk-ant-x"),
            model: "claude-next".into(),
            price,
        };
        assert!(AnthropicWriter::new(config(None)).is_err());
        assert!(AnthropicWriter::new(config(Some(ModelPrice { input_cents: 1, output_cents: 2 }))).is_ok());
    }
}
