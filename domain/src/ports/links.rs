//! Our own links: `/r/{token}` to a report, and the follow-up token of an order. Tokens are derived, stored hashed.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::PortError;

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Follow-up of an order, read-only.
    Follow,
    /// The stored report, for 30 days.
    Download,
}

/// A token as it stands in an address.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    pub order: Uuid,
    pub kind: LinkKind,
    /// The n-th link of its kind; 1 for follow-up.
    pub number: u32,
    pub token: String,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Whether a token opens anything now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    Open { order: Uuid },
    Expired { order: Uuid },
    Revoked { order: Uuid },
    Unknown,
}

/// Derives, keeps and checks tokens. Deriving twice gives the same token, so a crash between steps is healed.
#[async_trait]
pub trait Links: Send + Sync {
    /// The token itself, without storing anything.
    fn derive(&self, order: Uuid, kind: LinkKind, number: u32) -> String;

    /// Stores the hash of a token with its end; repeating it changes nothing.
    ///
    /// # Errors
    /// When the store cannot answer.
    async fn open(
        &self,
        order: Uuid,
        kind: LinkKind,
        number: u32,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<Link, PortError>;

    /// What a token opens at `now`.
    ///
    /// # Errors
    /// When the store cannot answer.
    async fn resolve(&self, kind: LinkKind, token: &str, now: DateTime<Utc>) -> Result<LinkState, PortError>;
}
