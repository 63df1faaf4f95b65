//! What vendors tell us: authenticity first, then the few fields we need.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Notice;
use crate::order::PaymentNotice;

/// Only these are answered with 400 or 401; anything authentic is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefusal {
    #[error("the signature header is missing or malformed")]
    Header,
    #[error("no signature matches the body")]
    Signature,
    #[error("the signature is older or newer than five minutes")]
    Time,
    #[error("the bearer token is missing or wrong")]
    Token,
}

/// An authentic message about a payment, reduced to its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentNews {
    /// Money was captured for this order.
    Paid { notice: Notice, order: Uuid, payment: PaymentNotice },
    /// The session ended unpaid.
    Expired { notice: Notice, order: Uuid, session: String },
    /// Authentic, and nothing to do: another type, a delayed method that waits, an order reference we never gave.
    Noted { notice: Notice, reason: &'static str },
}

/// Reads the payment vendor's messages.
pub trait PaymentWebhooks: Send + Sync {
    /// # Errors
    /// When the signature is absent, wrong, or out of time.
    fn read(&self, signature: Option<&str>, body: &[u8], now: DateTime<Utc>) -> Result<PaymentNews, WebhookRefusal>;
}

/// What happened to a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailNews {
    pub notice: Notice,
    pub message_id: String,
    /// The vendor's event name, e.g. `hard_bounce`.
    pub event: String,
    /// The mail is lost for good.
    pub failed: bool,
    pub reason: String,
}

/// Reads the mail vendor's messages; one body may hold several.
pub trait MailWebhooks: Send + Sync {
    /// # Errors
    /// When the bearer token is absent or wrong.
    fn read(&self, authorization: Option<&str>, body: &[u8]) -> Result<Vec<MailNews>, WebhookRefusal>;
}
