//! `read.order_summary`: one row per order, as its page shows it.

mod fold;
mod ledger;
pub mod query;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use domain::log::{Event, Recorded};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::Projector;
use fold::fold;
pub use ledger::Ledger;
use query::OrderSummary;

/// Keeps `read.order_summary`.
pub struct OrderSummaries;

impl Projector for OrderSummaries {
    const NAME: &'static str = "order_summary";
    const VERSION: i32 = 3;
    const TABLES: &'static [&'static str] = &["order_summary"];

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
}

async fn store(tx: &mut PgConnection, rows: &[OrderSummary]) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO order_summary
         SELECT * FROM jsonb_populate_recordset(NULL::order_summary, $1)
         ON CONFLICT (order_id) DO UPDATE SET
           status = excluded.status, study = excluded.study, commune = excluded.commune,
           recipient = excluded.recipient, ht_cents = excluded.ht_cents, vat_cents = excluded.vat_cents,
           ttc_cents = excluded.ttc_cents, vat_rate_bp = excluded.vat_rate_bp, currency = excluded.currency,
           session = excluded.session, payment_url = excluded.payment_url, attempt = excluded.attempt,
           report_id = excluded.report_id, report_version = excluded.report_version,
           link_number = excluded.link_number, mail_message = excluded.mail_message,
           mail_state = excluded.mail_state, placed_at = excluded.placed_at, paid_at = excluded.paid_at,
           delivered_at = excluded.delivered_at, position = excluded.position, payment = excluded.payment,
           paid_cents = excluded.paid_cents, refunded_cents = excluded.refunded_cents, disputed = excluded.disputed,
           link_issued_at = excluded.link_issued_at, link_expires_at = excluded.link_expires_at,
           ledger = excluded.ledger, eligibility = excluded.eligibility, dropped_pages = excluded.dropped_pages",
    )
    .bind(Json(rows))
    .execute(tx)
    .await?;
    Ok(())
}
