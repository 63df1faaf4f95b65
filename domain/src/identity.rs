//! Derived identifiers: the same order always yields the same report, mail and storage keys, so a retry cannot do a thing twice.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Namespace of report ids; frozen for ever.
const REPORTS: Uuid = Uuid::from_u128(0x6c6f_6273_7465_7200_7265_706f_7274_0001);
/// Namespace of mail keys; frozen for ever.
const MAILS: Uuid = Uuid::from_u128(0x6c6f_6273_7465_7200_6d61_696c_0000_0001);

/// Namespace of refund ids; frozen for ever.
const REFUNDS: Uuid = Uuid::from_u128(0x6c6f_6273_7465_7200_7265_6675_6e64_0001);
/// Namespace of support cases; frozen for ever.
const CASES: Uuid = Uuid::from_u128(0x6c6f_6273_7465_7200_6361_7365_0000_0001);

/// Namespace of reconciliations; frozen for ever.
const RECONCILIATIONS: Uuid = Uuid::from_u128(0x6c6f_6273_7465_7200_7265_636f_6e00_0001);

/// The report of an order; version 1 is the first, a regeneration with new data makes the next and keeps the old.
#[must_use]
pub fn report_id(order: Uuid, version: u32) -> Uuid {
    Uuid::new_v5(&REPORTS, format!("{order}:{version}").as_bytes())
}

/// The idempotency key of the mail of one kind about one order (Brevo wants a UUID).
#[must_use]
pub fn mail_key(order: Uuid, kind: &str) -> Uuid {
    Uuid::new_v5(&MAILS, format!("{order}:{kind}").as_bytes())
}

/// The idempotency key of the n-th Checkout Session of an order.
#[must_use]
pub fn checkout_key(order: Uuid, attempt: u32) -> String {
    format!("checkout:{order}:{attempt}")
}

/// The refund that gives a payment back which nobody owed: one per session, however often we look.
#[must_use]
pub fn return_of(order: Uuid, session: &str) -> Uuid {
    Uuid::new_v5(&REFUNDS, format!("{order}:{session}").as_bytes())
}

/// The idempotency key of a refund.
#[must_use]
pub fn refund_key(order: Uuid, refund: Uuid) -> String {
    format!("refund:{order}:{refund}")
}

/// The support case that an event opens; `about` tells several cases of one event apart.
#[must_use]
pub fn case_id(event: Uuid, about: &str) -> Uuid {
    Uuid::new_v5(&CASES, format!("{event}:{about}").as_bytes())
}

/// The reconciliation whose window ends at `to`.
#[must_use]
pub fn reconciliation_id(to: DateTime<Utc>) -> Uuid {
    Uuid::new_v5(&RECONCILIATIONS, to.timestamp_micros().to_string().as_bytes())
}

/// Where a finished report is stored: derived from its content, no personal data in it.
#[must_use]
pub fn report_key(report: Uuid, sha256: &str) -> String {
    format!("reports/{report}/{sha256}.pdf")
}

/// Where an intermediate result (fact sheet, model answer, narrative, HTML) is stored, by content.
#[must_use]
pub fn artefact_key(sha256: &str) -> String {
    format!("artefacts/{sha256}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_derived_and_told_apart_by_version_and_kind() {
        let order = Uuid::from_u128(7);
        assert_eq!(report_id(order, 1), report_id(order, 1));
        assert_ne!(report_id(order, 1), report_id(order, 2));
        assert_ne!(mail_key(order, "delivery"), mail_key(order, "renewal"));
        assert_eq!(checkout_key(order, 2), "checkout:00000000-0000-0000-0000-000000000007:2");
    }
}
