//! Messages of vendors that are kept: those that wait are read again, until their order is known.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Notice, PortError};

/// The inbox, as the upkeep sees it.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Notices that came since `since` and wait, oldest first.
    ///
    /// # Errors
    /// When the database cannot answer.
    async fn waiting(&self, since: DateTime<Utc>, limit: u32) -> Result<Vec<Notice>, PortError>;

    /// Notes what became of a notice that waited.
    ///
    /// # Errors
    /// When the database cannot answer.
    async fn settle(&self, source: &str, message_id: &str, outcome: &str) -> Result<(), PortError>;
}
