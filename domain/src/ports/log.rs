//! The log as its readers meet it: sealed events, in the one order, each exactly once.

use async_trait::async_trait;

use crate::log::{Recorded, Unreadable};

/// Why the log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// An event that this version of the code cannot read: readers stop there, and nothing is skipped.
    #[error("position {position}: {reason}")]
    Unreadable { position: i64, reason: Unreadable },
    /// Metadata or an identifier that nothing of ours could have written.
    #[error("position {position} is malformed: {message}")]
    Malformed { position: i64, message: String },
    #[error("the log could not be read: {0}")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Reads the log.
#[async_trait]
pub trait Log: Send + Sync {
    /// The events after `position`, in order, at most `limit` of them; empty at the head.
    ///
    /// # Errors
    /// When the store cannot answer or holds an event that this binary does not know.
    async fn read_after(&self, position: i64, limit: i64) -> Result<Vec<Recorded>, LogError>;
}
