//! The past, as support and auditors look at it. Unsealed events count too: this is the truth, not a read model.

use async_trait::async_trait;
use uuid::Uuid;

use super::LogError;
use crate::history::{Difference, Happening, Past, Point, Stream};

/// Looks back.
#[async_trait]
pub trait History: Send + Sync {
    /// Everything that happened to an order and its reports, in order; empty when there is no such order.
    ///
    /// # Errors
    /// When the store cannot answer or holds an event that this binary does not know.
    async fn story(&self, order: Uuid) -> Result<Vec<Happening>, LogError>;

    /// What the aggregate was at a point; none when nothing ever happened to it.
    ///
    /// # Errors
    /// As for [`History::story`].
    async fn past(&self, stream: Stream, at: Point) -> Result<Option<Past>, LogError>;

    /// What became of the aggregate between an earlier and a later point; nothing changes when they are the other way
    /// round.
    ///
    /// # Errors
    /// As for [`History::story`].
    async fn difference(&self, stream: Stream, from: Point, to: Point) -> Result<Option<Difference>, LogError>;
}
