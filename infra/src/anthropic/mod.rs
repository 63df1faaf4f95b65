//! Anthropic's Messages API: the model that words a report, within a JSON schema.

mod answer;
mod price;
mod stream;
mod writer;

use crate::http::Secret;

pub use price::ModelPrice;
pub use writer::AnthropicWriter;

const SERVICE: &str = "anthropic";
/// The wire version that our requests are written for: no sampling parameters exist in it.
const VERSION: &str = "2026-10-21";

/// Which model writes, where, and what it costs.
#[derive(Debug, Clone)]
pub struct AnthropicConfig {
    /// `https://api.anthropic.com`, or the sandbox; a final slash is optional.
    pub base_url: String,
    pub api_key: Secret,
    /// Without a date suffix, e.g. `claude-sonnet-4-6`.
    pub model: String,
    /// Overrides the list prices that we know; needed for a model that we do not.
    pub price: Option<ModelPrice>,
}
