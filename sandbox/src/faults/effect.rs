//! What a fault does to a call.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One effect, tagged by `kind` as in the control API.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// This status, with the vendor's own error body; nothing is done.
    Status(Failure),
    /// The right answer, later.
    Latency {
        ms: u64,
        #[serde(default)]
        jitter_ms: u64,
    },
    /// Nothing is sent, then the connection is closed.
    Hang { ms: u64 },
    /// The connection is cut: before the work, or in the middle of the answer's body.
    Reset {
        #[serde(default)]
        after_bytes: Option<usize>,
    },
    /// The work is done, then the caller is told that it failed, or told nothing.
    CommitThenFail {
        #[serde(default)]
        status: Option<u16>,
        #[serde(default)]
        reset: bool,
        #[serde(default)]
        headers: Option<BTreeMap<String, String>>,
        #[serde(default)]
        body: Option<Value>,
    },
    /// A behaviour that only one service has.
    Scenario { name: String },
}

/// A failure to answer with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    pub status: u16,
    #[serde(default)]
    pub headers: Option<BTreeMap<String, String>>,
    /// Instead of the vendor's own error body.
    #[serde(default)]
    pub body: Option<Value>,
}

impl Effect {
    /// The name shown in recorded calls.
    pub fn kind(&self) -> String {
        match self {
            Self::Status(failure) => format!("status {}", failure.status),
            Self::Latency { .. } => "latency".into(),
            Self::Hang { .. } => "hang".into(),
            Self::Reset { .. } => "reset".into(),
            Self::CommitThenFail { .. } => "commit_then_fail".into(),
            Self::Scenario { name } => format!("scenario {name}"),
        }
    }
}
