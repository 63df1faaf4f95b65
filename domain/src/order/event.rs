//! What happened to an order. Names and fields are frozen once released; no personal data.

use chrono::{DateTime, Utc};
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{eligibility::EligibilityStatus, money::Price};

/// Who buys; decides which consents and which invoice apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientKind {
    Particulier,
    Entreprise,
    Collectivite,
}

/// Why money that moved was not taken as the payment of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    Amount,
    Currency,
    /// Live money in a test deployment, or the reverse.
    Mode,
    Reference,
    /// The order had been paid, held, delivered or failed before.
    AlreadySettled,
}

/// Events of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderEvent {
    OrderPlaced {
        customer: Uuid,
        commune: String,
        study: String,
        eligibility: EligibilityStatus,
        price: Price,
        recipient: RecipientKind,
        consents: Vec<Uuid>,
    },
    CheckoutOpened {
        session: String,
        url: String,
        attempt: u32,
        expires_at: DateTime<Utc>,
    },
    CheckoutExpired {
        session: String,
    },
    OrderPaid {
        session: String,
        payment: Option<String>,
        paid_cents: i64,
        currency: String,
    },
    PaymentHeld {
        session: String,
        payment: Option<String>,
        paid_cents: i64,
        currency: String,
        reason: HoldReason,
    },
    OrderDelivered {
        report: Uuid,
        version: u32,
    },
    /// The n-th link to the stored report; its token is derived, never in the log.
    DownloadLinkIssued {
        number: u32,
        expires_at: DateTime<Utc>,
    },
    DeliveryEmailSent {
        kind: String,
        message_id: String,
    },
    DeliveryEmailBounced {
        message_id: String,
        reason: String,
    },
    /// The report could not be made: a person looks, and the customer is refunded or served.
    OrderFailed {
        report: Uuid,
        step: String,
    },
}

impl OrderEvent {
    /// The stored type: the variant's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::OrderPlaced { .. } => "OrderPlaced",
            Self::CheckoutOpened { .. } => "CheckoutOpened",
            Self::CheckoutExpired { .. } => "CheckoutExpired",
            Self::OrderPaid { .. } => "OrderPaid",
            Self::PaymentHeld { .. } => "PaymentHeld",
            Self::OrderDelivered { .. } => "OrderDelivered",
            Self::DownloadLinkIssued { .. } => "DownloadLinkIssued",
            Self::DeliveryEmailSent { .. } => "DeliveryEmailSent",
            Self::DeliveryEmailBounced { .. } => "DeliveryEmailBounced",
            Self::OrderFailed { .. } => "OrderFailed",
        }
    }
}

impl DomainEvent for OrderEvent {
    fn event_type(&self) -> String {
        self.name().to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}
