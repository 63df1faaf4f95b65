//! Messages of vendors that are kept: those that wait are read again, until their order is known.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Notice, PortError};

/// A message that waits for its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub notice: Notice,
    /// When it came.
    pub since: DateTime<Utc>,
}

/// The inbox, as the upkeep sees it.
#[async_trait]
pub trait Notices: Send + Sync {
    /// The messages that wait, oldest first, beginning behind `after`; empty at the end.
    ///
    /// # Errors
    /// When the database cannot answer.
    async fn waiting(&self, after: Option<&Waiting>, limit: u32) -> Result<Vec<Waiting>, PortError>;

    /// Notes what became of a message that waited; one that does not wait is left as it is.
    ///
    /// # Errors
    /// When the database cannot answer.
    async fn settle(&self, source: &str, message_id: &str, outcome: &str) -> Result<(), PortError>;
}
