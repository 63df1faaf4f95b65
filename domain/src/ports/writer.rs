//! The language model that words a report. It never types a figure.

use std::time::Duration;

use async_trait::async_trait;

use super::PortError;

/// A question with the form of its answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Question {
    /// Stable instructions: the cached prefix.
    pub system: String,
    /// The data block of the commune.
    pub user: String,
    /// JSON schema of the answer.
    pub schema: serde_json::Value,
    pub max_tokens: u32,
    /// Digest of system, user and schema.
    pub prompt_sha256: String,
    /// Opaque id of the report, for the vendor's records.
    pub subject: String,
    /// What is left of the time in which the words must be had; the writer's own patience where there is none.
    pub patience: Option<Duration>,
    /// Of the order's budget, what earlier questions took or may have taken, in millionths of a dollar.
    pub spent_micro_usd: i64,
}

/// An answer, as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The JSON text; empty when the answer is refused or truncated, whatever it holds.
    pub text: String,
    /// The vendor's whole answer, after a truncated one that it replaces; to be stored before anything else.
    pub raw: Vec<u8>,
    pub model: String,
    pub stop_reason: String,
    /// Of every answer that came, failed ones included; so are the tokens out and the cost.
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Millionths of a dollar.
    pub cost_micro_usd: i64,
    /// What attempts without an outcome may have cost beside, at their dearest.
    pub at_risk_micro_usd: i64,
    /// The vendor's request id.
    pub request_id: Option<String>,
}

/// Asks the model.
#[async_trait]
pub trait Writer: Send + Sync {
    /// # Errors
    /// `Transient` for overloads and time-outs, after the attempts that the vendor's patience and the order's budget allow;
    /// `Refused` for configuration, budget and spending limits.
    async fn write(&self, question: &Question) -> Result<Written, PortError>;
}
