//! Order: from the click to the delivered report. Decides; does nothing.

mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};

pub use command::{OrderCommand, PaymentNotice};
pub use error::OrderError;
pub use event::{HoldReason, OrderEvent, RecipientKind};

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
    /// Sessions whose payment was already recorded, paid or held.
    settled: BTreeSet<String>,
    mails: BTreeSet<String>,
    bounced: BTreeSet<String>,
    links: u32,
}

impl Order {
    #[must_use]
    pub fn state(&self) -> OrderState {
        self.state
    }

    /// The business rules, as a pure function of history and command.
    fn decide(&self, command: OrderCommand) -> Result<Vec<OrderEvent>, OrderError> {
        use {OrderCommand as C, OrderEvent as E, OrderState as S};
        match (command, self.state) {
            (C::Place { customer, commune, study, eligibility, price, recipient, consents }, S::Unknown) => {
                if !eligibility.can_be_ordered() {
                    return Err(OrderError::Unavailable { study, commune });
                }
                let eligibility = eligibility.status;
                Ok(vec![E::OrderPlaced { customer, commune, study, eligibility, price, recipient, consents }])
            }
            (command, S::Unknown) => Err(OrderError::Unknown { command: command.name() }),
            (C::Place { .. }, _) => Ok(vec![]),
            (C::OpenCheckout { session, .. }, S::Pending) if self.open_session.as_ref() == Some(&session) => Ok(vec![]),
            (C::OpenCheckout { session, url, attempt, expires_at }, S::Pending) => {
                Ok(vec![E::CheckoutOpened { session, url, attempt, expires_at }])
            }
            (C::ExpireCheckout { session }, S::Pending) if self.open_session.as_ref() == Some(&session) => {
                Ok(vec![E::CheckoutExpired { session }])
            }
            // A session of the past, or of an order that was paid in the meantime.
            (C::ExpireCheckout { .. }, _) => Ok(vec![]),
            (C::ConfirmPayment(notice), state) => Ok(self.settle(notice, state)),
            (C::Deliver { report, version }, S::Paid) => Ok(vec![E::OrderDelivered { report, version }]),
            (C::Deliver { .. }, S::Delivered) => Ok(vec![]),
            (C::IssueDownloadLink { number, expires_at }, S::Delivered) if number == self.links + 1 => {
                Ok(vec![E::DownloadLinkIssued { number, expires_at }])
            }
            (C::IssueDownloadLink { number, .. }, S::Delivered) if number <= self.links => Ok(vec![]),
            (C::RecordEmailSent { kind, message_id }, S::Delivered) if !self.mails.contains(&message_id) => {
                Ok(vec![E::DeliveryEmailSent { kind, message_id }])
            }
            (C::RecordEmailSent { .. }, S::Delivered) => Ok(vec![]),
            (C::RecordEmailBounced { message_id, reason }, _) => {
                let known = self.mails.contains(&message_id) && !self.bounced.contains(&message_id);
                Ok(if known { vec![E::DeliveryEmailBounced { message_id, reason }] } else { vec![] })
            }
            (C::Fail { report, step }, S::Paid) => Ok(vec![E::OrderFailed { report, step }]),
            (C::Fail { .. }, S::Failed | S::Delivered) => Ok(vec![]),
            (command, state) => Err(OrderError::NotNow { command: command.name(), state }),
        }
    }

    /// Money has moved: that is a fact to record, never a request to refuse.
    fn settle(&self, notice: PaymentNotice, state: OrderState) -> Vec<OrderEvent> {
        let PaymentNotice { session, payment, paid_cents, currency, livemode_expected, reference_matches } = notice;
        // Stripe sends a webhook more than once: a second confirmation is not an error.
        if self.settled.contains(&session) {
            return vec![];
        }
        let expected = self.price.as_ref();
        let hold = if !livemode_expected {
            Some(HoldReason::Mode)
        } else if !reference_matches {
            Some(HoldReason::Reference)
        } else if !matches!(state, OrderState::Pending) {
            Some(HoldReason::AlreadySettled)
        } else if expected.is_some_and(|price| !price.currency.eq_ignore_ascii_case(&currency)) {
            Some(HoldReason::Currency)
        } else if expected.is_some_and(|price| price.ttc_cents != paid_cents) {
            Some(HoldReason::Amount)
        } else {
            None
        };
        vec![match hold {
            Some(reason) => OrderEvent::PaymentHeld { session, payment, paid_cents, currency, reason },
            None => OrderEvent::OrderPaid { session, payment, paid_cents, currency },
        }]
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
        match event {
            OrderEvent::OrderPlaced { study, commune, price, .. } => {
                self.state = OrderState::Pending;
                self.study = study;
                self.commune = commune;
                self.price = Some(price);
            }
            OrderEvent::CheckoutOpened { session, .. } => self.open_session = Some(session),
            OrderEvent::CheckoutExpired { .. } => self.open_session = None,
            OrderEvent::OrderPaid { session, .. } => {
                self.settled.insert(session);
                self.open_session = None;
                self.state = OrderState::Paid;
            }
            OrderEvent::PaymentHeld { session, .. } => {
                self.settled.insert(session);
                // A second payment of a settled order is looked at without stopping the first.
                if self.state == OrderState::Pending {
                    self.state = OrderState::Held;
                }
            }
            OrderEvent::OrderDelivered { .. } => self.state = OrderState::Delivered,
            OrderEvent::DownloadLinkIssued { number, .. } => self.links = number,
            OrderEvent::DeliveryEmailSent { message_id, .. } => {
                self.mails.insert(message_id);
            }
            OrderEvent::DeliveryEmailBounced { message_id, .. } => {
                self.bounced.insert(message_id);
            }
            OrderEvent::OrderFailed { .. } => self.state = OrderState::Failed,
        }
    }
}
