//! How a command travels: its identity, who sends it, what caused it, and the answer.

use serde::{Deserialize, Serialize};

use crate::{order::OrderError, reconciliation::ReconciliationError, report::ReportError};

/// Who acts. Ids only, never a name or an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    Customer,
    Stripe,
    Brevo,
    /// A policy, a janitor, a projection: the system itself.
    System(String),
    /// A person of the staff, by account id.
    Staff(String),
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Customer => f.write_str("customer"),
            Self::Stripe => f.write_str("stripe"),
            Self::Brevo => f.write_str("brevo"),
            Self::System(name) => write!(f, "system:{name}"),
            Self::Staff(id) => write!(f, "staff:{id}"),
        }
    }
}

/// The envelope of a command. The same `command_id` twice is answered with the first result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandContext {
    pub command_id: String,
    pub actor: Actor,
    /// The order everything is about.
    pub correlation_id: String,
    /// The event or command that caused this one.
    pub causation_id: Option<String>,
    pub request_id: Option<String>,
}

/// What a command led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Sequences of the appended events; equal to each other plus one event each, `0..0` when nothing had to change.
    pub first_sequence: i64,
    pub last_sequence: i64,
    /// The command had been handled before; this is its first answer.
    pub repeated: bool,
}

/// Why a command had no effect.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Reconciliation(#[from] ReconciliationError),
    #[error("{aggregate} {id} kept changing under this command; nothing was written, try again")]
    Conflict { aggregate: &'static str, id: String },
    #[error("the event store could not answer: {0}")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
}
