//! `read.order_summary`: one row per order, as its page shows it.

pub mod query;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use anyhow::Context as _;
use domain::log::{Event, Recorded};
use domain::order::OrderEvent;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::Projector;
use query::OrderSummary;

/// Keeps `read.order_summary`.
pub struct OrderSummaries;

impl Projector for OrderSummaries {
    const NAME: &'static str = "order_summary";
    const VERSION: i32 = 1;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        let events: Vec<_> = batch
            .iter()
            .filter_map(|recorded| match &recorded.event {
                Event::Order(event) => Some((recorded, event)),
                Event::Report(_) | Event::Reconciliation(_) => None,
            })
            .collect();
        if events.is_empty() {
            return Ok(());
        }
        let touched: Vec<Uuid> = events.iter().map(|(recorded, _)| recorded.aggregate_id).collect();
        let mut rows: BTreeMap<Uuid, OrderSummary> =
            query::of_orders(tx, &touched).await?.into_iter().map(|row| (row.order_id, row)).collect();
        for (recorded, event) in events {
            fold(&mut rows, recorded, event)?;
        }
        store(tx, &rows.into_values().collect::<Vec<_>>()).await
    }

    async fn reset(&self, tx: &mut PgConnection) -> anyhow::Result<()> {
        sqlx::query("TRUNCATE read.order_summary").execute(tx).await?;
        Ok(())
    }
}

fn fold(rows: &mut BTreeMap<Uuid, OrderSummary>, recorded: &Recorded, event: &OrderEvent) -> anyhow::Result<()> {
    let order = recorded.aggregate_id;
    if let OrderEvent::OrderPlaced { commune, study, price, recipient, .. } = event {
        let recipient = serde_json::to_value(recipient)?.as_str().unwrap_or_default().to_owned();
        let row = OrderSummary {
            order_id: order,
            status: "pending".to_owned(),
            study: study.clone(),
            commune: commune.clone(),
            recipient,
            ht_cents: price.ht_cents,
            vat_cents: price.vat_cents,
            ttc_cents: price.ttc_cents,
            vat_rate_bp: price.vat_rate_bp,
            currency: price.currency.clone(),
            placed_at: recorded.recorded_at,
            ..OrderSummary::default()
        };
        rows.insert(order, OrderSummary { position: recorded.position, ..row });
        return Ok(());
    }
    let row = rows.get_mut(&order).with_context(|| format!("order {order} has {} but no summary", event.name()))?;
    row.position = recorded.position;
    match event {
        OrderEvent::OrderPlaced { .. } => {}
        OrderEvent::CheckoutOpened { session, url, attempt, .. } => {
            row.status = "pending".to_owned();
            row.session = Some(session.clone());
            row.payment_url = Some(url.clone());
            row.attempt = i32::try_from(*attempt)?;
        }
        OrderEvent::CheckoutExpired { .. } => {
            row.status = "expired".to_owned();
            row.payment_url = None;
        }
        OrderEvent::OrderPaid { .. } => {
            row.status = "paid".to_owned();
            row.payment_url = None;
            row.paid_at = Some(recorded.recorded_at);
        }
        // A second payment of a settled order is looked at without stopping the first.
        OrderEvent::PaymentHeld { .. } if !row.can_still_be_paid() => {}
        OrderEvent::PaymentHeld { .. } => {
            row.status = "held".to_owned();
            row.payment_url = None;
        }
        OrderEvent::OrderDelivered { report, version } => {
            row.status = "delivered".to_owned();
            row.report_id = Some(*report);
            row.report_version = Some(i32::try_from(*version)?);
            row.delivered_at = Some(recorded.recorded_at);
        }
        OrderEvent::DownloadLinkIssued { number, .. } => row.link_number = i32::try_from(*number)?,
        OrderEvent::DeliveryEmailSent { message_id, .. } => {
            row.mail_message = Some(message_id.clone());
            row.mail_state = Some("sent".to_owned());
        }
        OrderEvent::DeliveryEmailBounced { message_id, .. } => {
            if row.mail_message.as_ref() == Some(message_id) {
                row.mail_state = Some("bounced".to_owned());
            }
        }
        OrderEvent::OrderFailed { report, .. } => {
            row.status = "failed".to_owned();
            row.report_id = Some(*report);
        }
        OrderEvent::PaymentInitiated { .. } => {
            row.status = "awaiting".to_owned();
            row.payment_url = None;
        }
        OrderEvent::PaymentFailed { .. } => {
            row.status = "expired".to_owned();
            row.payment_url = None;
        }
        OrderEvent::OrderCancelled { .. } => {
            row.status = "cancelled".to_owned();
            row.payment_url = None;
        }
        OrderEvent::DeliveryEmailTracked { .. }
        | OrderEvent::DeliveryEmailFailed { .. }
        | OrderEvent::RefundRequested { .. }
        | OrderEvent::OrderRefunded { .. }
        | OrderEvent::RefundFailed { .. }
        | OrderEvent::DisputeOpened { .. }
        | OrderEvent::DisputeClosed { .. }
        | OrderEvent::VendorCallRetried { .. }
        | OrderEvent::NoteAdded { .. } => {}
    }
    Ok(())
}

async fn store(tx: &mut PgConnection, rows: &[OrderSummary]) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO read.order_summary
         SELECT * FROM jsonb_populate_recordset(NULL::read.order_summary, $1)
         ON CONFLICT (order_id) DO UPDATE SET
           status = excluded.status, study = excluded.study, commune = excluded.commune,
           recipient = excluded.recipient, ht_cents = excluded.ht_cents, vat_cents = excluded.vat_cents,
           ttc_cents = excluded.ttc_cents, vat_rate_bp = excluded.vat_rate_bp, currency = excluded.currency,
           session = excluded.session, payment_url = excluded.payment_url, attempt = excluded.attempt,
           report_id = excluded.report_id, report_version = excluded.report_version,
           link_number = excluded.link_number, mail_message = excluded.mail_message,
           mail_state = excluded.mail_state, placed_at = excluded.placed_at, paid_at = excluded.paid_at,
           delivered_at = excluded.delivered_at, position = excluded.position",
    )
    .bind(Json(rows))
    .execute(tx)
    .await?;
    Ok(())
}
