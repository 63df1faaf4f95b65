//! Why a reconciliation refuses a command.

use chrono::{DateTime, Utc};

/// A refusal changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReconciliationError {
    #[error("the window from {from} to {to} is empty: it must begin before it ends")]
    Window { from: DateTime<Utc>, to: DateTime<Utc> },
}
