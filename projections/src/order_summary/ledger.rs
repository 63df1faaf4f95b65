//! What the money columns of a row are computed from: refunds and disputes can be undone, so each is remembered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::query::OrderSummary;

/// Outcomes of a dispute that leave the money with us.
const LIFTED: [&str; 3] = ["won", "warning_closed", "prevented"];

/// The bookkeeping of a row; screens read the columns that it fills.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ledger {
    /// The status when nothing is refunded.
    pub(super) stage: String,
    /// By the vendor's id.
    pub(super) refunds: BTreeMap<String, Refund>,
    /// By the vendor's id: the outcome, once there is one.
    pub(super) disputes: BTreeMap<String, Option<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refund {
    pub payment: String,
    pub amount_cents: i64,
    pub failed: bool,
}

impl Ledger {
    /// What went back of a payment, in cents.
    fn refunded_cents(&self, payment: &str) -> i64 {
        self.refunds.values().filter(|refund| refund.payment == payment && !refund.failed).map(|r| r.amount_cents).sum()
    }

    /// `open` while any dispute is, else `lost` when one was, else nothing.
    fn disputed(&self) -> Option<&'static str> {
        let lost = |outcome: &Option<String>| outcome.as_deref().is_some_and(|word| !LIFTED.contains(&word));
        if self.disputes.values().any(Option::is_none) {
            Some("open")
        } else {
            self.disputes.values().any(lost).then_some("lost")
        }
    }
}

/// Brings the columns into line with the ledger.
pub(super) fn settle(row: &mut OrderSummary) {
    let ledger = &row.ledger.0;
    row.refunded_cents = row.payment.as_deref().map_or(0, |payment| ledger.refunded_cents(payment));
    row.disputed = ledger.disputed().map(str::to_owned);
    let returned = row.paid_cents > 0 && row.refunded_cents >= row.paid_cents;
    row.status = if returned { "refunded".to_owned() } else { ledger.stage.clone() };
}
