//! E-mail, at least asked for; accepted is not delivered.

use async_trait::async_trait;
use uuid::Uuid;

use super::PortError;

/// A mail ready to go.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Derived from the order and the kind: the same mail is never sent twice within the vendor's memory.
    pub key: Uuid,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub tag: &'static str,
}

/// Hands mails to the vendor.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// The vendor's message id, angle brackets included; `None` when it says that this key was already handled.
    ///
    /// # Errors
    /// `Refused` for a bad address or account, `Transient` otherwise.
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PortError>;
}
