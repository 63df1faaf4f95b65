//! Payment by a hosted page, and what became of it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::PortError;
use crate::{
    money::Price,
    order::{OrderCommand, PaymentNotice, RefundNotice, RefundReason},
};

/// What is to be paid, and where the customer goes after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutRequest {
    pub order: Uuid,
    /// From 1; a new attempt after an expiry has a new key.
    pub attempt: u32,
    pub price: Price,
    /// One line, in French: study and commune.
    pub title: String,
    pub email: String,
    pub success_url: String,
    pub cancel_url: String,
}

/// An open payment page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    pub session: String,
    pub url: String,
    pub expires_at: DateTime<Utc>,
}

/// How far the payment of a page has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// The customer may still pay.
    Open,
    Expired,
    /// A method that takes days was chosen.
    UnderWay {
        payment: Option<String>,
    },
    /// A method that takes days has failed.
    Failed,
    Paid(PaymentNotice),
}

impl SessionState {
    /// Its name in command ids.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Expired => "expired",
            Self::UnderWay { .. } => "under_way",
            Self::Failed => "failed",
            Self::Paid(_) => "paid",
        }
    }
}

/// A payment page as the vendor holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionNews {
    pub session: String,
    /// The order it names; none when it names none of ours.
    pub order: Option<Uuid>,
    pub state: SessionState,
    /// What went back of its payment, in cents, where the vendor says so.
    pub refunded_cents: Option<i64>,
}

impl SessionNews {
    /// What the order is to be told; nothing while the page is open.
    #[must_use]
    pub fn command(&self) -> Option<OrderCommand> {
        let session = self.session.clone();
        match &self.state {
            SessionState::Open => None,
            SessionState::Expired => Some(OrderCommand::ExpireCheckout { session }),
            SessionState::UnderWay { payment } => {
                Some(OrderCommand::AwaitPayment { session, payment: payment.clone() })
            }
            SessionState::Failed => Some(OrderCommand::RecordPaymentFailure { session }),
            SessionState::Paid(payment) => Some(OrderCommand::ConfirmPayment(payment.clone())),
        }
    }
}

/// Money that is to go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    pub order: Uuid,
    /// Ours; asking twice with the same id refunds once.
    pub refund: Uuid,
    pub payment: String,
    pub amount_cents: i64,
    pub reason: RefundReason,
}

/// Opens and closes payment pages, tells what became of them, gives money back. Asking twice for the same attempt gives
/// the same page, and the same refund.
#[async_trait]
pub trait Payments: Send + Sync {
    /// # Errors
    /// `Transient` after the retries are spent (the session may exist: ask again with the same attempt), `Refused` otherwise.
    async fn open_checkout(&self, request: &CheckoutRequest) -> Result<Checkout, PortError>;

    /// The page as it is now.
    ///
    /// # Errors
    /// `Missing` when the vendor has no such session.
    async fn session(&self, session: &str) -> Result<SessionNews, PortError>;

    /// Closes the page if it is open, and tells how it stands after: it may have been paid in the meantime.
    ///
    /// # Errors
    /// `Missing` when the vendor has no such session.
    async fn close_checkout(&self, session: &str) -> Result<SessionNews, PortError>;

    /// Every page made in `[from, to)`, whatever its state.
    ///
    /// # Errors
    /// When one of the vendor's pages cannot be had: a part is never given for the whole.
    async fn sessions(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<SessionNews>, PortError>;

    /// # Errors
    /// `Transient` after the retries are spent (the refund may exist: ask again with the same id), `Refused` otherwise.
    async fn refund(&self, request: &RefundRequest) -> Result<RefundNotice, PortError>;

    /// Every refund of a payment, by whomever it was asked.
    ///
    /// # Errors
    /// As for [`Payments::sessions`].
    async fn refunds(&self, payment: &str) -> Result<Vec<RefundNotice>, PortError>;
}
