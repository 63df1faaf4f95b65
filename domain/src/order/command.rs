//! What may be asked of an order: imperative, with every identifier already chosen.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::RecipientKind;
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
    ConfirmPayment(PaymentNotice),
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
    Fail {
        report: Uuid,
        step: String,
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
            Self::ConfirmPayment(_) => "ConfirmPayment",
            Self::Deliver { .. } => "Deliver",
            Self::IssueDownloadLink { .. } => "IssueDownloadLink",
            Self::RecordEmailSent { .. } => "RecordEmailSent",
            Self::RecordEmailBounced { .. } => "RecordEmailBounced",
            Self::Fail { .. } => "Fail",
        }
    }
}
