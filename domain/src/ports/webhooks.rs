//! What vendors tell us: authenticity first, then the few fields we need.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Notice, SessionNews};
use crate::order::{self, DisputeNotice, OrderCommand, RefundNotice};

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

/// What became of a mail, weakest first: news come repeated and in any order, and the strongest holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailStatus {
    /// Something that does not change what became of it: an opening, a click, an event that we do not know.
    Other,
    /// The vendor has taken it.
    Accepted,
    /// The recipient's server asks for patience; the vendor goes on trying.
    Deferred,
    /// The recipient's server refuses for now, a full box for example; the vendor goes on trying.
    SoftBounced,
    Delivered,
    /// Lost, for a reason that the vendor does not classify.
    Failed,
    /// Lost: the vendor does not send to this recipient any more.
    Blocked,
    /// Lost: no such address can exist.
    InvalidAddress,
    /// Lost: the recipient's server refuses for good.
    HardBounced,
    /// Delivered, and nothing more is wanted: send nothing but what the law requires.
    Unsubscribed,
    /// Delivered, and called unwanted: send nothing but what the law requires.
    Spam,
}

impl MailStatus {
    /// The mail is lost for good: a person has to look, nobody sends it again by himself.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Blocked | Self::InvalidAddress | Self::HardBounced)
    }

    /// The vendor goes on trying.
    #[must_use]
    pub fn is_temporary(self) -> bool {
        matches!(self, Self::Deferred | Self::SoftBounced)
    }

    /// The recipient wants no more mail.
    #[must_use]
    pub fn ends_mail(self) -> bool {
        matches!(self, Self::Unsubscribed | Self::Spam)
    }
}

/// What happened to a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailNews {
    pub notice: Notice,
    /// The vendor's id of the mail, angle brackets included.
    pub message_id: String,
    pub status: MailStatus,
    /// The vendor's event name, e.g. `hard_bounce`.
    pub event: String,
    /// When it happened; `None` when the vendor does not say.
    pub at: Option<DateTime<Utc>>,
    /// The recipient's server, in its words, without addresses.
    pub reason: String,
}

impl MailNews {
    /// The mail is lost for good.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.status.is_failure()
    }

    /// What the order is to be told; nothing when it changes nothing for the customer. The vendor's words may quote the
    /// address: the log keeps the kind of failure only.
    #[must_use]
    pub fn command(&self) -> Option<OrderCommand> {
        let message_id = self.message_id.clone();
        let status = match self.status {
            lost if lost.is_failure() => {
                return Some(OrderCommand::RecordEmailBounced { message_id, reason: self.event.clone() });
            }
            MailStatus::Deferred | MailStatus::SoftBounced => order::MailStatus::Deferred,
            MailStatus::Delivered => order::MailStatus::Delivered,
            MailStatus::Unsubscribed => order::MailStatus::Unsubscribed,
            MailStatus::Spam => order::MailStatus::Complained,
            _ => return None,
        };
        Some(OrderCommand::RecordEmailStatus { message_id, status })
    }
}

/// Reads the mail vendor's messages; one body may hold several.
pub trait MailWebhooks: Send + Sync {
    /// # Errors
    /// When the bearer token is absent or wrong.
    fn read(&self, authorization: Option<&str>, body: &[u8]) -> Result<Vec<MailNews>, WebhookRefusal>;

    /// The meaning of a message that was kept: its authenticity was seen to when it came.
    fn reread(&self, body: &[u8]) -> Vec<MailNews>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_hears_of_a_mail_only_what_changes_something_for_its_customer() {
        use crate::order::MailStatus as Told;
        let command = |status| {
            let notice = Notice { source: "brevo", message_id: "n".into(), kind: "k".into(), body: vec![] };
            let (message_id, event, reason) = ("<1@x>".to_owned(), "kind".to_owned(), "550 […] unknown".to_owned());
            MailNews { notice, message_id, status, event, at: None, reason }.command()
        };
        let message_id = "<1@x>".to_owned();
        for lost in [MailStatus::Failed, MailStatus::Blocked, MailStatus::InvalidAddress, MailStatus::HardBounced] {
            let bounced = OrderCommand::RecordEmailBounced { message_id: message_id.clone(), reason: "kind".into() };
            assert_eq!(command(lost), Some(bounced), "{lost:?}");
        }
        for (status, told) in [
            (MailStatus::Deferred, Told::Deferred),
            (MailStatus::SoftBounced, Told::Deferred),
            (MailStatus::Delivered, Told::Delivered),
            (MailStatus::Unsubscribed, Told::Unsubscribed),
            (MailStatus::Spam, Told::Complained),
        ] {
            let tracked = OrderCommand::RecordEmailStatus { message_id: message_id.clone(), status: told };
            assert_eq!(command(status), Some(tracked), "{status:?}");
        }
        assert_eq!((command(MailStatus::Other), command(MailStatus::Accepted)), (None, None));
    }
}
