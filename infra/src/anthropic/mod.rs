//! Anthropic's Messages API: the model that words a report, within a JSON schema.

mod answer;
mod budget;
mod fault;
mod models;
mod price;
mod request;
mod spending;
mod stream;
mod writer;

use std::time::Duration;

use crate::http::Secret;

pub use price::ModelPrice;
pub use writer::AnthropicWriter;

/// So long the model may take for the words of a report; after that, rules write them.
pub const NARRATIVE_DEADLINE: Duration = Duration::from_secs(240);

const SERVICE: &str = "anthropic";
/// The wire version that our requests are written for: no sampling parameters exist in it.
const VERSION: &str = "2026-10-21";

/// Which model writes, where, and what it may cost.
#[derive(Debug, Clone)]
pub struct AnthropicConfig {
    /// `https://api.anthropic.com`, or the sandbox; a final slash is optional.
    pub base_url: String,
    pub api_key: Secret,
    /// Without a date suffix, e.g. `claude-sonnet-4-6`.
    pub model: String,
    /// Overrides the list prices that we know; needed for a model that we do not.
    pub price: Option<ModelPrice>,
    /// Streams every answer, so that silence is noticed after a minute; long answers are streamed in any case.
    pub stream: bool,
    /// Dollar cents that the words of one order may cost at most, all attempts together.
    pub budget_cents: u32,
    /// For all attempts at one question: [`NARRATIVE_DEADLINE`] where a customer waits.
    pub deadline: Duration,
}
