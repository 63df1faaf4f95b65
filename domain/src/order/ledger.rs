//! The money of an order: what came in, what goes back, what is disputed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DisputeNotice, OrderError, OrderEvent, RefundNotice, RefundReason, RefundState};

/// Outcomes of a dispute that give the money, and the report, back to their owners.
const LIFTED: [&str; 3] = ["won", "warning_closed", "prevented"];

/// Every payment of an order with its refunds, and every dispute.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Ledger {
    /// Sessions whose payment was recorded, paid or held.
    settled: BTreeSet<String>,
    /// By the vendor's id of the payment.
    payments: BTreeMap<String, Payment>,
    /// The payment that pays the order.
    paid_with: Option<String>,
    /// Our requests that the vendor has not answered yet.
    requests: BTreeMap<Uuid, Request>,
    answered: BTreeSet<Uuid>,
    /// Whether each dispute stands: open or lost.
    disputes: BTreeMap<String, Dispute>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Payment {
    paid_cents: i64,
    currency: String,
    /// By the vendor's id; a failed refund stays known, so that late news of its beginning changes nothing.
    refunds: BTreeMap<String, Refund>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Refund {
    amount_cents: i64,
    failed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Request {
    payment: String,
    amount_cents: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Dispute {
    Open,
    Closed { lifted: bool },
}

impl Payment {
    fn refunded_cents(&self) -> i64 {
        self.refunds.values().filter(|refund| !refund.failed).map(|refund| refund.amount_cents).sum()
    }
}

impl Ledger {
    pub fn is_settled(&self, session: &str) -> bool {
        self.settled.contains(session)
    }

    /// No money ever moved.
    pub fn is_empty(&self) -> bool {
        self.payments.is_empty()
    }

    /// A dispute is open, or was lost.
    pub fn is_disputed(&self) -> bool {
        self.disputes.values().any(|dispute| !matches!(dispute, Dispute::Closed { lifted: true }))
    }

    /// The money that paid the order went back whole.
    pub fn is_returned(&self) -> bool {
        let paid_with = self.paid_with.as_ref().and_then(|payment| self.payments.get(payment));
        paid_with.is_some_and(|payment| payment.paid_cents > 0 && payment.refunded_cents() >= payment.paid_cents)
    }

    /// We asked for this refund, and the vendor has not answered yet.
    pub fn awaits(&self, refund: Uuid) -> bool {
        self.requests.contains_key(&refund)
    }

    /// What went back of a payment, failed refunds left out.
    pub fn refunded_cents(&self, payment: &str) -> i64 {
        self.payments.get(payment).map_or(0, Payment::refunded_cents)
    }

    /// Asks for money to go back; never for more than is left.
    pub fn request(
        &self,
        refund: Uuid,
        payment: Option<String>,
        amount_cents: Option<i64>,
        reason: RefundReason,
    ) -> Result<Vec<OrderEvent>, OrderError> {
        if self.requests.contains_key(&refund) || self.answered.contains(&refund) {
            return Ok(vec![]);
        }
        let payment = payment.or_else(|| self.paid_with.clone()).unwrap_or_default();
        let Some(found) = self.payments.get(&payment) else {
            return Err(OrderError::UnknownPayment { payment, known: self.payments.keys().cloned().collect() });
        };
        let asked: i64 = self.requests.values().filter(|r| r.payment == payment).map(|r| r.amount_cents).sum();
        let left_cents = found.paid_cents - found.refunded_cents() - asked;
        let amount_cents = amount_cents.unwrap_or(left_cents);
        if amount_cents <= 0 || amount_cents > left_cents {
            return Err(OrderError::TooMuch { payment, asked_cents: amount_cents, left_cents });
        }
        let currency = found.currency.clone();
        Ok(vec![OrderEvent::RefundRequested { refund, payment, amount_cents, currency, reason }])
    }

    /// What the vendor says of a refund, in any order and as often as it likes: going once, failed once, never back.
    pub fn refund(&self, notice: RefundNotice) -> Vec<OrderEvent> {
        let RefundNotice { refund, request, payment, amount_cents, currency, state } = notice;
        let known = self.payments.get(&payment).and_then(|payment| payment.refunds.get(&refund));
        match (state, known) {
            (_, Some(Refund { failed: true, .. })) | (RefundState::Going, Some(_)) => vec![],
            (RefundState::Going, None) => {
                vec![OrderEvent::OrderRefunded { refund, request, payment, amount_cents, currency }]
            }
            (RefundState::Failed(reason), _) => {
                let refund = Some(refund);
                vec![OrderEvent::RefundFailed { refund, request, payment, amount_cents, currency, reason }]
            }
        }
    }

    /// The vendor refused our request.
    pub fn refuse(&self, refund: Uuid, reason: String) -> Vec<OrderEvent> {
        let Some(Request { payment, amount_cents }) = self.requests.get(&refund).cloned() else { return vec![] };
        let currency = self.payments.get(&payment).map(|payment| payment.currency.clone()).unwrap_or_default();
        let request = Some(refund);
        vec![OrderEvent::RefundFailed { refund: None, request, payment, amount_cents, currency, reason }]
    }

    /// What the vendor says of a dispute; its end may come before its beginning.
    pub fn dispute(&self, notice: DisputeNotice) -> Vec<OrderEvent> {
        let DisputeNotice { dispute, payment, amount_cents, currency, reason, outcome } = notice;
        match (outcome, self.disputes.get(&dispute)) {
            (None, Some(_)) | (Some(_), Some(Dispute::Closed { .. })) => vec![],
            (None, None) => vec![OrderEvent::DisputeOpened { dispute, payment, amount_cents, currency, reason }],
            (Some(outcome), _) => vec![OrderEvent::DisputeClosed { dispute, outcome }],
        }
    }

    pub fn apply_payment(&mut self, session: String, payment: Option<String>, paid_cents: i64, currency: String) {
        self.settled.insert(session);
        if let Some(payment) = payment {
            let known = self.payments.entry(payment).or_default();
            known.paid_cents = paid_cents;
            known.currency = currency;
        }
    }

    pub fn apply_paid_with(&mut self, payment: Option<String>) {
        self.paid_with = payment;
    }

    pub fn apply_request(&mut self, refund: Uuid, payment: String, amount_cents: i64) {
        self.requests.insert(refund, Request { payment, amount_cents });
    }

    pub fn apply_refund(
        &mut self,
        refund: Option<String>,
        request: Option<Uuid>,
        payment: String,
        cents: i64,
        failed: bool,
    ) {
        if let Some(request) = request {
            self.requests.remove(&request);
            self.answered.insert(request);
        }
        if let Some(refund) = refund {
            let refunds = &mut self.payments.entry(payment).or_default().refunds;
            refunds.insert(refund, Refund { amount_cents: cents, failed });
        }
    }

    pub fn apply_dispute(&mut self, dispute: String, outcome: Option<&str>) {
        let state = outcome.map_or(Dispute::Open, |word| Dispute::Closed { lifted: LIFTED.contains(&word) });
        self.disputes.insert(dispute, state);
    }
}
