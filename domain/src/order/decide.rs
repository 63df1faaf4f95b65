//! The business rules of an order, as a pure function of history and command.

use super::{
    HeldPayment, HoldReason, MailStatus, Order, OrderCommand, OrderError, OrderEvent, OrderState, PaymentNotice,
};

impl Order {
    pub(super) fn decide(&self, command: OrderCommand) -> Result<Vec<OrderEvent>, OrderError> {
        use {OrderCommand as C, OrderEvent as E, OrderState as S};
        match (command, self.state) {
            (C::Place { customer, commune, study, eligibility, price, recipient, consents }, S::Unknown) => {
                if !eligibility.can_be_ordered() {
                    return Err(OrderError::Unavailable { study, commune });
                }
                let (eligibility, dropped_pages) = (eligibility.status, eligibility.dropped_pages);
                Ok(vec![E::OrderPlaced {
                    customer,
                    commune,
                    study,
                    eligibility,
                    dropped_pages,
                    price,
                    recipient,
                    consents,
                }])
            }
            (command, S::Unknown) => Err(OrderError::Unknown { command: command.name() }),
            (C::Place { .. }, _) => Ok(vec![]),
            (C::OpenCheckout { session, .. }, S::Pending) if self.open_session.as_ref() == Some(&session) => Ok(vec![]),
            (C::OpenCheckout { session, url, attempt, expires_at }, S::Pending) => match &self.awaited {
                // The page of a payment that is under way: it is known already.
                Some(awaited) if *awaited == session => Ok(vec![]),
                Some(awaited) => Err(OrderError::PaymentUnderWay { session: awaited.clone() }),
                None => Ok(vec![E::CheckoutOpened { session, url, attempt, expires_at }]),
            },
            (C::ExpireCheckout { session }, S::Pending) if self.open_session.as_ref() == Some(&session) => {
                Ok(vec![E::CheckoutExpired { session }])
            }
            // A session of the past, or of an order that was paid in the meantime.
            (C::ExpireCheckout { .. }, _) => Ok(vec![]),
            (C::AwaitPayment { session, payment }, S::Pending) if !self.knows_end_of(&session) => {
                Ok(vec![E::PaymentInitiated { session, payment }])
            }
            (C::AwaitPayment { .. }, _) => Ok(vec![]),
            (C::RecordPaymentFailure { session }, S::Pending)
                if !self.failed.contains(&session) && !self.ledger.is_settled(&session) =>
            {
                Ok(vec![E::PaymentFailed { session }])
            }
            (C::RecordPaymentFailure { .. }, _) => Ok(vec![]),
            (C::ConfirmPayment(notice), state) => Ok(self.settle(notice, state)),
            (C::AcceptPayment, S::Held) => match self.held.clone().filter(|held| self.may_accept(held)) {
                Some(HeldPayment { session, payment, paid_cents, currency, .. }) => {
                    Ok(vec![E::OrderPaid { session, payment, paid_cents, currency }])
                }
                None => Err(OrderError::NotAcceptable),
            },
            (C::AcceptPayment, S::Paid | S::Delivered | S::Failed) => Ok(vec![]),
            (C::Cancel { by }, S::Pending) => match &self.awaited {
                Some(session) => Err(OrderError::PaymentUnderWay { session: session.clone() }),
                None => Ok(vec![E::OrderCancelled { session: self.open_session.clone(), by }]),
            },
            (C::Cancel { .. }, S::Cancelled) => Ok(vec![]),
            (C::RequestRefund { .. }, state) if self.ledger.is_empty() => {
                Err(OrderError::NotNow { command: "RequestRefund", state })
            }
            (C::RequestRefund { refund, payment, amount_cents, reason }, _) => {
                self.ledger.request(refund, payment, amount_cents, reason)
            }
            (C::RecordRefund(notice), _) => Ok(self.ledger.refund(notice)),
            (C::RefuseRefund { refund, reason }, _) => Ok(self.ledger.refuse(refund, reason)),
            (C::RecordDispute(notice), _) => Ok(self.ledger.dispute(notice)),
            // The customer has the money back: nothing is owed any more.
            (C::Deliver { .. } | C::IssueDownloadLink { .. }, _) if self.is_refunded() => Ok(vec![]),
            (C::Deliver { report, version }, S::Paid) => Ok(vec![E::OrderDelivered { report, version }]),
            (C::Deliver { .. }, S::Delivered) => Ok(vec![]),
            (C::IssueDownloadLink { number, expires_at }, S::Delivered) if number == self.links + 1 => {
                Ok(vec![E::DownloadLinkIssued { number, expires_at }])
            }
            (C::IssueDownloadLink { number, .. }, S::Delivered) if number <= self.links => Ok(vec![]),
            (C::RecordEmailSent { kind, message_id }, S::Delivered) if !self.mails.contains_key(&message_id) => {
                Ok(vec![E::DeliveryEmailSent { kind, message_id }])
            }
            (C::RecordEmailSent { .. }, S::Delivered) => Ok(vec![]),
            (C::RecordEmailBounced { message_id, reason }, _) => {
                let known = self.mails.contains_key(&message_id) && !self.bounced.contains(&message_id);
                Ok(if known { vec![E::DeliveryEmailBounced { message_id, reason }] } else { vec![] })
            }
            (C::RecordEmailStatus { message_id, status }, _) => Ok(self.track(message_id, status)),
            (C::RecordEmailFailure { kind, reason }, S::Delivered) if !self.failed_mails.contains(&kind) => {
                Ok(vec![E::DeliveryEmailFailed { kind, reason }])
            }
            (C::RecordEmailFailure { .. }, S::Delivered) => Ok(vec![]),
            (C::Fail { report, step }, S::Paid) => Ok(vec![E::OrderFailed { report, step }]),
            (C::Fail { .. }, S::Failed | S::Delivered) => Ok(vec![]),
            (C::RecordDelay { minutes }, S::Paid) if !self.overdue && !self.is_refunded() => {
                Ok(vec![E::OrderOverdue { minutes }])
            }
            // In time, or ended in another way, or told already.
            (C::RecordDelay { .. }, _) => Ok(vec![]),
            (C::RecordRetries { failures, .. }, _) if failures.is_empty() => Ok(vec![]),
            (C::RecordRetries { service, operation, failures }, _) => {
                Ok(vec![E::VendorCallRetried { service, operation, failures }])
            }
            (C::AddNote { note, .. }, _) if self.notes.contains(&note) => Ok(vec![]),
            (C::AddNote { note, sha256, closes }, _) => Ok(vec![E::NoteAdded { note, sha256, closes }]),
            (command, state) => Err(OrderError::NotNow { command: command.name(), state }),
        }
    }

    /// Money of the wrong mode is none, and money that went back pays nothing.
    fn may_accept(&self, held: &HeldPayment) -> bool {
        held.reason != HoldReason::Mode && !self.is_refunded()
    }

    /// The end of a slow payment, or its beginning, is known already.
    fn knows_end_of(&self, session: &str) -> bool {
        let awaited = self.awaited.as_deref() == Some(session);
        awaited || self.failed.contains(session) || self.ledger.is_settled(session)
    }

    /// Only what is stronger than all before is news; a mail that bounced stays lost.
    fn track(&self, message_id: String, status: MailStatus) -> Vec<OrderEvent> {
        let known = self.mails.get(&message_id);
        let news = known.is_some_and(|strongest| *strongest < Some(status)) && !self.bounced.contains(&message_id);
        if news { vec![OrderEvent::DeliveryEmailTracked { message_id, status }] } else { vec![] }
    }

    /// Money has moved: that is a fact to record, never a request to refuse.
    fn settle(&self, notice: PaymentNotice, state: OrderState) -> Vec<OrderEvent> {
        let PaymentNotice { session, payment, paid_cents, currency, livemode_expected, reference_matches } = notice;
        // Stripe sends a webhook more than once: a second confirmation is not an error.
        if self.ledger.is_settled(&session) {
            return vec![];
        }
        let expected = self.price.as_ref();
        let hold = if !livemode_expected {
            Some(HoldReason::Mode)
        } else if !reference_matches {
            Some(HoldReason::Reference)
        } else if state == OrderState::Held {
            Some(HoldReason::AlreadyHeld)
        } else if state != OrderState::Pending {
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
