//! What may be asked of a reconciliation.

use chrono::{DateTime, Utc};

use super::Difference;

/// Commands of a reconciliation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReconciliationCommand {
    /// The sessions made in `[from, to)` were compared; the same run records once.
    Record { from: DateTime<Utc>, to: DateTime<Utc>, sessions: u32, differences: Vec<Difference> },
}
