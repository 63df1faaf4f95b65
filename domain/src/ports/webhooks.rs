//! What vendors tell us: authenticity first, then the few fields we need.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Notice, SessionNews};
use crate::order::{DisputeNotice, RefundNotice};

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

/// An authentic message about money, reduced to its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentNews {
    /// A payment page of an order of ours changed.
    Session { notice: Notice, order: Uuid, news: SessionNews },
    /// A refund began, went on or failed; its order is the payment's.
    Refund { notice: Notice, refund: RefundNotice },
    /// Money of this payment went back: the vendor's list of refunds says which.
    Refunded { notice: Notice, payment: String },
    /// A dispute began or ended; its order is the payment's.
    Dispute { notice: Notice, dispute: DisputeNotice },
    /// Authentic, and nothing to do: another type, an order reference we never gave.
    Noted { notice: Notice, reason: &'static str },
}

/// Reads the payment vendor's messages.
pub trait PaymentWebhooks: Send + Sync {
    /// # Errors
    /// When the signature is absent, wrong, or out of time.
    fn read(&self, signature: Option<&str>, body: &[u8], now: DateTime<Utc>) -> Result<PaymentNews, WebhookRefusal>;

    /// The meaning of a message that was kept: its authenticity was seen to when it came.
    fn reread(&self, body: &[u8]) -> PaymentNews;
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

    /// The meaning of a message that was kept: its authenticity was seen to when it came.
    fn reread(&self, body: &[u8]) -> Vec<MailNews>;
}
