//! Asks the model. There is no idempotency at the vendor's: each attempt that gets through is billed, so attempts are
//! few, within a budget, and every answer goes back to the caller to be kept.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::ports::{Clock, PortError, Question, Writer, Written};
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, timeout_at},
};

use super::{
    AnthropicConfig, ModelPrice, SERVICE, VERSION,
    answer::{Ending, Message},
    budget::{Tab, at_most_tokens},
    fault::{self, Judged},
    request,
    spending::Spending,
    stream::{self, Broken},
};
use crate::http::{Answer, Backoff, ClientError, Fault, Http, Policy, Terms};

/// Above this a plain answer could take more than ten minutes; the vendor's own clients refuse it.
const LARGEST_PLAIN: u32 = 21_300;
/// No model that we know writes more in one answer.
pub(super) const LARGEST_OUTPUT: u32 = 64_000;
const IDLE: Duration = Duration::from_secs(60);
const ATTEMPTS: u32 = 8;
/// How often a vendor that asked to be left alone is come back to, within the deadline.
const ROUNDS: u32 = 3;
const AT_ONCE: usize = 2;

/// The writer port on the Messages API.
pub struct AnthropicWriter {
    plain: Http,
    streaming: Http,
    config: AnthropicConfig,
    headers: HeaderMap,
    price: ModelPrice,
    slots: Semaphore,
    spending: Spending,
    clock: Arc<dyn Clock>,
}

/// One answer, before it is added up with those before it.
struct Read {
    message: Message,
    body: Vec<u8>,
    request_id: Option<String>,
}

impl AnthropicWriter {
    /// # Errors
    /// When no HTTP client can be made, or the model's price is neither known nor configured.
    pub fn new(config: AnthropicConfig, clock: Arc<dyn Clock>) -> Result<Self, ClientError> {
        let failed = |reason: String| ClientError { service: SERVICE, reason };
        let price = config.price.or_else(|| ModelPrice::of(&config.model)).ok_or_else(|| {
            failed(format!("the price of model « {} » is unknown: configure a model whose price is", config.model))
        })?;
        let key = config.api_key.header("").map_err(|_| failed("the key holds a character that no key has".into()))?;
        let headers = HeaderMap::from_iter([
            (reqwest::header::HeaderName::from_static("x-api-key"), key),
            (reqwest::header::HeaderName::from_static("anthropic-version"), HeaderValue::from_static(VERSION)),
        ]);
        let policy = Policy {
            service: SERVICE,
            attempts: ATTEMPTS,
            timeout: config.deadline,
            patience: config.deadline,
            backoff: Backoff { first: Duration::from_secs(1), factor: 2, cap: Duration::from_secs(30) },
        };
        let terms = Terms { failures: 10, pause: Duration::from_secs(30) };
        let config = AnthropicConfig { base_url: config.base_url.trim_end_matches('/').to_owned(), ..config };
        Ok(Self {
            plain: Http::new(policy.clone())?.breaking(terms),
            streaming: Http::streaming(policy, IDLE)?.breaking(terms),
            config,
            headers,
            price,
            slots: Semaphore::new(AT_ONCE),
            spending: Spending::default(),
            clock,
        })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.config.base_url
    }

    pub(super) fn model(&self) -> &str {
        &self.config.model
    }

    pub(super) fn plain(&self) -> &Http {
        &self.plain
    }

    pub(super) fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    /// Opens the tab of a question. Only one that looks too dear is worth asking the vendor how long it is.
    async fn tab(&self, question: &Question) -> Result<Tab, PortError> {
        let bytes = question.system.len() + question.user.len() + question.schema.to_string().len();
        let rough = self.open_tab(question, at_most_tokens(bytes));
        if rough.affords(question.max_tokens) {
            return Ok(rough);
        }
        let counted = self.count_tokens(question).await?;
        let tab = self.open_tab(question, counted);
        // A refusal is told before anything is paid.
        tab.check(question.max_tokens)?;
        Ok(tab)
    }

    fn open_tab(&self, question: &Question, input_tokens: u64) -> Tab {
        Tab::open(self.price, self.config.budget_cents, question.spent_micro_usd, input_tokens)
    }

    /// Tokens of a question, as the vendor will bill them. Free.
    async fn count_tokens(&self, question: &Question) -> Result<u64, PortError> {
        #[derive(serde::Deserialize)]
        struct Counted {
            input_tokens: u64,
        }
        let url = format!("{}/v1/messages/count_tokens", self.config.base_url);
        let body = request::counted(&self.config.model, question);
        self.plain
            .call(
                "messages.count_tokens",
                |client| client.post(&url).headers(self.headers.clone()).json(&body),
                |answer| {
                    if answer.is_success() {
                        Ok(answer.json::<Counted>()?.input_tokens)
                    } else {
                        Err(self.fault(&answer))
                    }
                },
            )
            .await
    }

    /// A truncated answer is asked for once more, with twice the room, when the budget allows it.
    async fn ask(&self, question: &Question, tab: &Tab, deadline: Instant) -> Result<Written, PortError> {
        let first = self.ask_within(question, question.max_tokens, tab, deadline).await?;
        let larger = question.max_tokens.saturating_mul(2).min(LARGEST_OUTPUT);
        if first.message.ending() != Ending::Truncated || larger <= question.max_tokens || !tab.affords(larger) {
            return Ok(written(first, vec![], tab));
        }
        tracing::warn!(max_tokens = question.max_tokens, larger, "the model's answer was truncated, asking for more");
        match self.ask_within(question, larger, tab, deadline).await {
            Ok(second) => Ok(written(second, first.body, tab)),
            Err(error) => {
                tracing::warn!(%error, "the truncated answer stands");
                Ok(written(first, vec![], tab))
            }
        }
    }

    /// One answer. A vendor that asked to be left alone for less than what is left of the time is come back to.
    async fn ask_within(
        &self,
        question: &Question,
        max_tokens: u32,
        tab: &Tab,
        deadline: Instant,
    ) -> Result<Read, PortError> {
        let mut round = 1;
        loop {
            match self.attempts(question, max_tokens, tab).await {
                Err(PortError::Transient { retry_after: Some(wait), .. })
                    if round < ROUNDS && Instant::now() + Duration::from_secs(wait) < deadline =>
                {
                    round += 1;
                    sleep(Duration::from_secs(wait)).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn attempts(&self, question: &Question, max_tokens: u32, tab: &Tab) -> Result<Read, PortError> {
        let streamed = self.config.stream || max_tokens > LARGEST_PLAIN;
        let body = request::message(&self.config.model, question, max_tokens, streamed);
        let url = format!("{}/v1/messages", self.config.base_url);
        let http = if streamed { &self.streaming } else { &self.plain };
        http.call_while(
            "messages.create",
            || tab.ask(max_tokens),
            |client| client.post(&url).headers(self.headers.clone()).json(&body),
            |answer| {
                if !answer.is_success() {
                    tab.forget(max_tokens);
                    return Err(self.fault(&answer));
                }
                let message = if streamed { streamed_message(&answer)? } else { answer.json::<Message>()? };
                tab.settle(max_tokens, &message.usage);
                if message.ending() == Ending::Failed {
                    let reason = message.stop_reason.as_deref().unwrap_or("no reason");
                    return Err(Fault::passing(format!("{}: the model stopped for {reason}", answer.summary())));
                }
                Ok(Read { message, request_id: answer.request_id().map(str::to_owned), body: answer.body })
            },
        )
        .await
    }

    fn fault(&self, answer: &Answer) -> Fault {
        match fault::judge(answer) {
            Judged::Fault(fault) => fault,
            Judged::SpendLimit(message) => {
                self.spending.stop(self.clock.now(), &message);
                Fault::Lasting(PortError::Refused { service: SERVICE, message })
            }
        }
    }
}

#[async_trait]
impl Writer for AnthropicWriter {
    async fn write(&self, question: &Question) -> Result<Written, PortError> {
        let _slot = self.slots.acquire().await;
        self.spending.check(self.clock.now())?;
        // Waiting for a slot is our doing; the deadline is for the vendor.
        let patience = question.patience.map_or(self.config.deadline, |left| left.min(self.config.deadline));
        let deadline = Instant::now() + patience;
        let asking = async {
            let tab = self.tab(question).await?;
            self.ask(question, &tab, deadline).await
        };
        timeout_at(deadline, asking).await.unwrap_or_else(|_| {
            let message = format!("no answer within {} s", patience.as_secs());
            Err(PortError::Transient { service: SERVICE, message, retry_after: None })
        })
    }
}

/// The answer with all that it took: the bytes and the cost of a truncated one before it are a part of it.
fn written(read: Read, before: Vec<u8>, tab: &Tab) -> Written {
    let Read { message, body, request_id } = read;
    let sums = tab.sums();
    let raw = if before.is_empty() { body } else { [before, body].join(&b"\n\n"[..]) };
    Written {
        text: message.text(),
        raw,
        stop_reason: message.stop_reason.unwrap_or_default(),
        model: message.model,
        input_tokens: sums.input_tokens,
        output_tokens: sums.output_tokens,
        cost_micro_usd: sums.spent_micro_usd,
        at_risk_micro_usd: sums.at_risk_micro_usd,
        request_id,
    }
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
