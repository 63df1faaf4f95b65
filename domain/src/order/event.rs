//! What happened to an order. Names and fields are frozen once released; no personal data.

use chrono::{DateTime, Utc};
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    eligibility::{DroppedPage, EligibilityStatus},
    money::Price,
};

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
    /// The order had been paid, cancelled or refunded before: this money is not owed and goes back.
    AlreadySettled,
    /// An earlier payment of this order still waits for a person.
    AlreadyHeld,
}

/// Why money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    RequestedByCustomer,
    /// The same order was paid more than once.
    Duplicate,
    Fraudulent,
}

/// What became of a delivery mail that is not lost, from weakest to strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailStatus {
    /// The vendor goes on trying.
    Deferred,
    Delivered,
    Unsubscribed,
    /// Marked as spam by its reader.
    Complained,
}

/// Events of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderEvent {
    OrderPlaced {
        customer: Uuid,
        commune: String,
        study: String,
        eligibility: EligibilityStatus,
        /// The pages that the customer was told would be missing, before the payment: empty also in orders placed
        /// before these were kept.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        dropped_pages: Vec<DroppedPage>,
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
    /// The customer chose a method that takes days; the money has not moved yet.
    PaymentInitiated {
        session: String,
        payment: Option<String>,
    },
    /// A payment that takes days did not succeed; the order may be paid again.
    PaymentFailed {
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
    DeliveryEmailTracked {
        message_id: String,
        status: MailStatus,
    },
    /// The vendor did not take the mail: nothing was sent.
    DeliveryEmailFailed {
        kind: String,
        /// `refused` or `unreachable`.
        reason: String,
    },
    /// The report could not be made: a person looks, and the customer is refunded or served.
    OrderFailed {
        report: Uuid,
        step: String,
    },
    /// Paid, and after the promised time neither delivered nor failed nor refunded: a person looks, the making goes on.
    OrderOverdue {
        /// The promised time, counted from the payment.
        minutes: u32,
    },
    RefundRequested {
        /// Ours, derived or given; also the vendor's idempotency key.
        refund: Uuid,
        payment: String,
        amount_cents: i64,
        currency: String,
        reason: RefundReason,
    },
    /// Money is going back, whether we asked for it or somebody did at the vendor's.
    OrderRefunded {
        /// The vendor's id.
        refund: String,
        /// Our request, when there was one.
        request: Option<Uuid>,
        payment: String,
        amount_cents: i64,
        currency: String,
    },
    /// Money did not go back, or came back to us days later.
    RefundFailed {
        /// The vendor's id; none when the vendor did not even begin.
        refund: Option<String>,
        request: Option<Uuid>,
        payment: String,
        amount_cents: i64,
        currency: String,
        reason: String,
    },
    DisputeOpened {
        dispute: String,
        payment: Option<String>,
        amount_cents: i64,
        currency: String,
        reason: String,
    },
    DisputeClosed {
        dispute: String,
        /// The vendor's word: `won`, `lost`, `warning_closed`, `prevented`.
        outcome: String,
    },
    /// Nobody will pay; `session` is the payment page that was open and is now to be closed.
    OrderCancelled {
        session: Option<String>,
        /// `customer` or `staff`.
        by: String,
    },
    /// A vendor failed, was asked again, and answered: what support looks up under the vendor's request ids.
    VendorCallRetried {
        /// `stripe`, `anthropic`, `brevo`, `ademe` or `storage`.
        service: String,
        operation: String,
        /// One short cause per failed attempt, e.g. `HTTP 503 (request req_1)`; never what was sent.
        failures: Vec<String>,
    },
    /// The text is a row of `app.notes`.
    NoteAdded {
        note: Uuid,
        sha256: String,
        /// The case that this note closes.
        closes: Option<Uuid>,
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
            Self::OrderOverdue { .. } => "OrderOverdue",
            Self::PaymentInitiated { .. } => "PaymentInitiated",
            Self::PaymentFailed { .. } => "PaymentFailed",
            Self::DeliveryEmailTracked { .. } => "DeliveryEmailTracked",
            Self::DeliveryEmailFailed { .. } => "DeliveryEmailFailed",
            Self::RefundRequested { .. } => "RefundRequested",
            Self::OrderRefunded { .. } => "OrderRefunded",
            Self::RefundFailed { .. } => "RefundFailed",
            Self::DisputeOpened { .. } => "DisputeOpened",
            Self::DisputeClosed { .. } => "DisputeClosed",
            Self::OrderCancelled { .. } => "OrderCancelled",
            Self::VendorCallRetried { .. } => "VendorCallRetried",
            Self::NoteAdded { .. } => "NoteAdded",
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
