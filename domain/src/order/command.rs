//! What may be asked of an order: imperative, with every identifier already chosen.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{MailStatus, RecipientKind, RefundReason};
use crate::{eligibility::Eligibility, money::Price};

/// A payment as the payment provider reports it; amounts in cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentNotice {
    pub session: String,
    pub payment: Option<String>,
    pub paid_cents: i64,
    pub currency: String,
    /// The event is of the mode (live or test) that this deployment expects.
    pub livemode_expected: bool,
    /// The session refers to this order.
    pub reference_matches: bool,
}

/// How far a refund has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundState {
    /// Under way or done: the vendor owes it to the customer.
    Going,
    /// Not done, or undone; why, in the vendor's word.
    Failed(String),
}

/// A refund as the payment provider reports it; amounts in cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundNotice {
    /// The vendor's id.
    pub refund: String,
    /// Our request, when the refund names it.
    pub request: Option<Uuid>,
    pub payment: String,
    pub amount_cents: i64,
    pub currency: String,
    pub state: RefundState,
}

/// A dispute as the payment provider reports it; amounts in cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeNotice {
    pub dispute: String,
    pub payment: Option<String>,
    pub amount_cents: i64,
    pub currency: String,
    pub reason: String,
    /// The vendor's final word, once there is one.
    pub outcome: Option<String>,
}

/// Commands of an order.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderCommand {
    Place {
        customer: Uuid,
        commune: String,
        study: String,
        eligibility: Eligibility,
        price: Price,
        recipient: RecipientKind,
        consents: Vec<Uuid>,
    },
    OpenCheckout {
        session: String,
        url: String,
        attempt: u32,
        expires_at: DateTime<Utc>,
    },
    ExpireCheckout {
        session: String,
    },
    /// A payment that takes days has begun.
    AwaitPayment {
        session: String,
        payment: Option<String>,
    },
    /// A payment that takes days has failed.
    RecordPaymentFailure {
        session: String,
    },
    ConfirmPayment(PaymentNotice),
    /// A person takes the held money as the payment of this order.
    AcceptPayment,
    Cancel {
        by: String,
    },
    /// The same `refund` id asks once.
    RequestRefund {
        refund: Uuid,
        /// The payment that goes back; none: the one that paid the order.
        payment: Option<String>,
        /// None: all that is left of it.
        amount_cents: Option<i64>,
        reason: RefundReason,
    },
    RecordRefund(RefundNotice),
    /// The vendor refused the request for good.
    RefuseRefund {
        refund: Uuid,
        reason: String,
    },
    RecordDispute(DisputeNotice),
    Deliver {
        report: Uuid,
        version: u32,
    },
    IssueDownloadLink {
        number: u32,
        expires_at: DateTime<Utc>,
    },
    RecordEmailSent {
        kind: String,
        message_id: String,
    },
    RecordEmailBounced {
        message_id: String,
        reason: String,
    },
    RecordEmailStatus {
        message_id: String,
        status: MailStatus,
    },
    RecordEmailFailure {
        kind: String,
        reason: String,
    },
    Fail {
        report: Uuid,
        step: String,
    },
    /// The promised time is over.
    RecordDelay {
        minutes: u32,
    },
    /// A call to a vendor needed more than one attempt; the command's id keeps it from being told twice.
    RecordRetries {
        service: String,
        operation: String,
        failures: Vec<String>,
    },
    AddNote {
        note: Uuid,
        sha256: String,
        closes: Option<Uuid>,
    },
}

impl OrderCommand {
    /// The command's name, for refusals and logs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Place { .. } => "Place",
            Self::OpenCheckout { .. } => "OpenCheckout",
            Self::ExpireCheckout { .. } => "ExpireCheckout",
            Self::AwaitPayment { .. } => "AwaitPayment",
            Self::RecordPaymentFailure { .. } => "RecordPaymentFailure",
            Self::ConfirmPayment(_) => "ConfirmPayment",
            Self::AcceptPayment => "AcceptPayment",
            Self::Cancel { .. } => "Cancel",
            Self::RequestRefund { .. } => "RequestRefund",
            Self::RecordRefund(_) => "RecordRefund",
            Self::RefuseRefund { .. } => "RefuseRefund",
            Self::RecordDispute(_) => "RecordDispute",
            Self::Deliver { .. } => "Deliver",
            Self::IssueDownloadLink { .. } => "IssueDownloadLink",
            Self::RecordEmailSent { .. } => "RecordEmailSent",
            Self::RecordEmailBounced { .. } => "RecordEmailBounced",
            Self::RecordEmailStatus { .. } => "RecordEmailStatus",
            Self::RecordEmailFailure { .. } => "RecordEmailFailure",
            Self::Fail { .. } => "Fail",
            Self::RecordDelay { .. } => "RecordDelay",
            Self::RecordRetries { .. } => "RecordRetries",
            Self::AddNote { .. } => "AddNote",
        }
    }
}
