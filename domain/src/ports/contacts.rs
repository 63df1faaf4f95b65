//! Personal data: rows of `app`, never events. Erasing a customer deletes rows here.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::PortError;

/// Who ordered.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    pub customer: Uuid,
    pub email: String,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contact").field("customer", &self.customer).field("email", &"[redacted]").finish()
    }
}

/// A consent given at the order: its text version, when, and a digest of the address it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub id: Uuid,
    pub kind: String,
    pub text_version: String,
    pub given_at: DateTime<Utc>,
    pub ip_sha256: Option<String>,
}

/// Where addresses and consents live.
#[async_trait]
pub trait Contacts: Send + Sync {
    /// Keeps the contact and the consents of an order; repeating it changes nothing.
    ///
    /// # Errors
    /// When the store cannot answer.
    async fn keep(&self, order: Uuid, contact: &Contact, consents: &[Consent]) -> Result<(), PortError>;

    /// The contact of an order; `None` once erased.
    ///
    /// # Errors
    /// When the store cannot answer.
    async fn of_order(&self, order: Uuid) -> Result<Option<Contact>, PortError>;
}
