//! Order: from the click to the delivered report. Decides; does nothing.

mod command;
mod decide;
mod error;
mod event;
mod ledger;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use command::{DisputeNotice, OrderCommand, PaymentNotice, RefundNotice, RefundState};
pub use error::OrderError;
pub use event::{HoldReason, MailStatus, OrderEvent, RecipientKind, RefundReason};
use ledger::Ledger;

use crate::money::Price;

/// Where an order stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderState {
    #[default]
    Unknown,
    /// Placed, not paid.
    Pending,
    /// Money moved but something differs: a person looks.
    Held,
    Paid,
    Delivered,
    /// The report could not be made; a person looks.
    Failed,
    /// Nobody will pay.
    Cancelled,
}

/// What `decide` reads, and what was ordered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Order {
    state: OrderState,
    /// What was ordered: the policy that fulfils the order reads it here.
    pub study: String,
    pub commune: String,
    price: Option<Price>,
    /// The Checkout Session in which the customer may pay now.
    open_session: Option<String>,
    /// The session whose payment takes days and has not ended.
    awaited: Option<String>,
    /// Sessions whose payment failed after days.
    failed: BTreeSet<String>,
    /// The payment that waits for a person.
    held: Option<HeldPayment>,
    ledger: Ledger,
    /// Delivery mails by the vendor's id, with the strongest thing told of each.
    mails: BTreeMap<String, Option<MailStatus>>,
    bounced: BTreeSet<String>,
    failed_mails: BTreeSet<String>,
    /// A person was told that it takes too long.
    overdue: bool,
    links: u32,
    notes: BTreeSet<Uuid>,
}

/// Money that moved and was not taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct HeldPayment {
    session: String,
    payment: Option<String>,
    paid_cents: i64,
    currency: String,
    reason: HoldReason,
}

impl Order {
    #[must_use]
    pub fn state(&self) -> OrderState {
        self.state
    }

    /// The money that paid the order went back whole.
    #[must_use]
    pub fn is_refunded(&self) -> bool {
        self.ledger.is_returned()
    }

    /// The payment of this session was recorded, paid or held.
    #[must_use]
    pub fn is_settled(&self, session: &str) -> bool {
        self.ledger.is_settled(session)
    }

    /// This refund was asked for, and the vendor has not answered yet.
    #[must_use]
    pub fn awaits_refund(&self, refund: Uuid) -> bool {
        self.ledger.awaits(refund)
    }

    /// What went back of a payment, in cents; refunds that failed are left out.
    #[must_use]
    pub fn refunded_cents(&self, payment: &str) -> i64 {
        self.ledger.refunded_cents(payment)
    }

    /// Whether a mail about it is known to have been sent.
    #[must_use]
    pub fn was_mailed(&self) -> bool {
        !self.mails.is_empty()
    }

    /// Whether the customer may have the report now: delivered, not refunded, not disputed.
    #[must_use]
    pub fn may_download(&self) -> bool {
        self.state == OrderState::Delivered && !self.is_refunded() && !self.ledger.is_disputed()
    }
}

impl Aggregate for Order {
    const TYPE: &'static str = "order";
    type Command = OrderCommand;
    type Event = OrderEvent;
    type Error = OrderError;
    type Services = ();

    async fn handle(&mut self, command: OrderCommand, (): &(), sink: &EventSink<Self>) -> Result<(), OrderError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: OrderEvent) {
        use OrderEvent as E;
        match event {
            E::OrderPlaced { study, commune, price, .. } => {
                self.state = OrderState::Pending;
                self.study = study;
                self.commune = commune;
                self.price = Some(price);
            }
            E::CheckoutOpened { session, .. } => self.open_session = Some(session),
            E::CheckoutExpired { .. } => self.open_session = None,
            E::PaymentInitiated { session, .. } => {
                self.open_session = None;
                self.awaited = Some(session);
            }
            E::PaymentFailed { session } => {
                self.open_session.take_if(|open| *open == session);
                self.awaited.take_if(|awaited| *awaited == session);
                self.failed.insert(session);
            }
            E::OrderPaid { session, payment, paid_cents, currency } => {
                self.ledger.apply_payment(session, payment.clone(), paid_cents, currency);
                self.ledger.apply_paid_with(payment);
                self.open_session = None;
                self.awaited = None;
                self.held = None;
                self.state = OrderState::Paid;
            }
            E::PaymentHeld { session, payment, paid_cents, currency, reason } => {
                self.ledger.apply_payment(session.clone(), payment.clone(), paid_cents, currency.clone());
                // A second payment of a settled order is looked at without stopping the first.
                if self.state == OrderState::Pending {
                    self.ledger.apply_paid_with(payment.clone());
                    self.held = Some(HeldPayment { session, payment, paid_cents, currency, reason });
                    self.awaited = None;
                    self.state = OrderState::Held;
                }
            }
            E::OrderDelivered { .. } => self.state = OrderState::Delivered,
            E::DownloadLinkIssued { number, .. } => self.links = number,
            E::DeliveryEmailSent { message_id, .. } => {
                self.mails.insert(message_id, None);
            }
            E::DeliveryEmailBounced { message_id, .. } => {
                self.bounced.insert(message_id);
            }
            E::DeliveryEmailTracked { message_id, status } => {
                self.mails.insert(message_id, Some(status));
            }
            E::DeliveryEmailFailed { kind, .. } => {
                self.failed_mails.insert(kind);
            }
            E::OrderFailed { .. } => self.state = OrderState::Failed,
            E::OrderOverdue { .. } => self.overdue = true,
            E::RefundRequested { refund, payment, amount_cents, .. } => {
                self.ledger.apply_request(refund, payment, amount_cents);
            }
            E::OrderRefunded { refund, request, payment, amount_cents, .. } => {
                self.ledger.apply_refund(Some(refund), request, payment, amount_cents, false);
            }
            E::RefundFailed { refund, request, payment, amount_cents, .. } => {
                self.ledger.apply_refund(refund, request, payment, amount_cents, true);
            }
            E::DisputeOpened { dispute, .. } => self.ledger.apply_dispute(dispute, None),
            E::DisputeClosed { dispute, outcome } => self.ledger.apply_dispute(dispute, Some(&outcome)),
            E::OrderCancelled { .. } => {
                self.open_session = None;
                self.state = OrderState::Cancelled;
            }
            // For people: no decision rests on it.
            E::VendorCallRetried { .. } => {}
            E::NoteAdded { note, .. } => {
                self.notes.insert(note);
            }
        }
    }
}
