//! `read.order_payment`, `read.order_refund`: which order a payment belongs to, and what of it went back. News of refunds and
//! disputes name the payment only.

pub mod query;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use domain::log::{Event, Recorded};
use domain::order::OrderEvent;
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::Projector;

/// Keeps `read.order_payment` and `read.order_refund`.
pub struct OrderPayments;

#[derive(Serialize)]
struct Payment<'a> {
    payment: &'a str,
    order_id: Uuid,
    session: &'a str,
    paid_cents: i64,
    currency: &'a str,
    position: i64,
}

#[derive(Serialize)]
struct Refund<'a> {
    refund: &'a str,
    payment: &'a str,
    order_id: Uuid,
    amount_cents: i64,
    failed: bool,
    position: i64,
}

/// The rows of a batch, the later of two events about one thing winning.
#[derive(Default)]
struct Rows<'a> {
    payments: BTreeMap<&'a str, Payment<'a>>,
    refunds: BTreeMap<&'a str, Refund<'a>>,
}

impl Projector for OrderPayments {
    const NAME: &'static str = "order_payment";
    const VERSION: i32 = 1;
    const TABLES: &'static [&'static str] = &["order_payment", "order_refund"];

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        let Rows { payments, refunds } = rows(batch);
        if !payments.is_empty() {
            sqlx::query(
                "INSERT INTO order_payment
                 SELECT * FROM jsonb_populate_recordset(NULL::order_payment, $1)
                 ON CONFLICT (payment) DO UPDATE SET
                   order_id = excluded.order_id, session = excluded.session, paid_cents = excluded.paid_cents,
                   currency = excluded.currency, position = excluded.position",
            )
            .bind(Json(payments.into_values().collect::<Vec<_>>()))
            .execute(&mut *tx)
            .await?;
        }
        if !refunds.is_empty() {
            sqlx::query(
                "INSERT INTO order_refund
                 SELECT * FROM jsonb_populate_recordset(NULL::order_refund, $1)
                 ON CONFLICT (refund) DO UPDATE SET
                   amount_cents = excluded.amount_cents, failed = excluded.failed, position = excluded.position",
            )
            .bind(Json(refunds.into_values().collect::<Vec<_>>()))
            .execute(&mut *tx)
            .await?;
        }
        Ok(())
    }
}

fn rows(batch: &[Recorded]) -> Rows<'_> {
    let mut rows = Rows::default();
    for recorded in batch {
        let Event::Order(event) = &recorded.event else { continue };
        let (order_id, position) = (recorded.aggregate_id, recorded.position);
        match event {
            OrderEvent::OrderPaid { session, payment: Some(payment), paid_cents, currency }
            | OrderEvent::PaymentHeld { session, payment: Some(payment), paid_cents, currency, .. } => {
                let row = Payment { payment, order_id, session, paid_cents: *paid_cents, currency, position };
                rows.payments.insert(payment, row);
            }
            OrderEvent::OrderRefunded { refund, payment, amount_cents, .. } => {
                let amount_cents = *amount_cents;
                rows.refunds
                    .insert(refund, Refund { refund, payment, order_id, amount_cents, failed: false, position });
            }
            OrderEvent::RefundFailed { refund: Some(refund), payment, amount_cents, .. } => {
                let amount_cents = *amount_cents;
                rows.refunds.insert(refund, Refund { refund, payment, order_id, amount_cents, failed: true, position });
            }
            // A payment without an id moved no money; a refund that never began has none either.
            OrderEvent::OrderPaid { payment: None, .. }
            | OrderEvent::PaymentHeld { payment: None, .. }
            | OrderEvent::RefundFailed { refund: None, .. }
            | OrderEvent::OrderPlaced { .. }
            | OrderEvent::CheckoutOpened { .. }
            | OrderEvent::CheckoutExpired { .. }
            | OrderEvent::PaymentInitiated { .. }
            | OrderEvent::PaymentFailed { .. }
            | OrderEvent::OrderDelivered { .. }
            | OrderEvent::DownloadLinkIssued { .. }
            | OrderEvent::DeliveryEmailSent { .. }
            | OrderEvent::DeliveryEmailBounced { .. }
            | OrderEvent::DeliveryEmailTracked { .. }
            | OrderEvent::DeliveryEmailFailed { .. }
            | OrderEvent::OrderFailed { .. }
            | OrderEvent::RefundRequested { .. }
            | OrderEvent::DisputeOpened { .. }
            | OrderEvent::DisputeClosed { .. }
            | OrderEvent::OrderCancelled { .. }
            | OrderEvent::OrderOverdue { .. }
            | OrderEvent::VendorCallRetried { .. }
            | OrderEvent::NoteAdded { .. } => {}
        }
    }
    rows
}
