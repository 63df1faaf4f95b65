//! `read.catalogue`, `read.catalogue_duration`: how often each study is ordered, and how long its making takes.

pub mod query;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use domain::log::{Event, Recorded};
use domain::order::OrderEvent;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Projector;

/// Keeps `read.catalogue` and `read.catalogue_duration`.
pub struct Catalogue;

/// The orders of a batch, by what happened to them.
#[derive(Default)]
struct Changes {
    placed: (Vec<Uuid>, Vec<String>),
    paid: (Vec<Uuid>, Vec<DateTime<Utc>>),
    delivered: (Vec<Uuid>, Vec<DateTime<Utc>>),
}

impl Projector for Catalogue {
    const NAME: &'static str = "catalogue";
    const VERSION: i32 = 1;
    const TABLES: &'static [&'static str] = &["catalogue", "catalogue_duration"];

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        let Changes { placed, paid, delivered } = changes(batch);
        // In the order of an order's life: one batch may hold all of it.
        if !placed.0.is_empty() {
            record_placed(tx, &placed.0, &placed.1).await?;
        }
        if !paid.0.is_empty() {
            record_paid(tx, &paid.0, &paid.1).await?;
        }
        if !delivered.0.is_empty() {
            record_delivered(tx, &delivered.0, &delivered.1).await?;
        }
        Ok(())
    }
}

fn changes(batch: &[Recorded]) -> Changes {
    let mut changes = Changes::default();
    for recorded in batch {
        let (order, at) = (recorded.aggregate_id, recorded.recorded_at);
        match &recorded.event {
            Event::Order(OrderEvent::OrderPlaced { study, .. }) => {
                changes.placed.0.push(order);
                changes.placed.1.push(study.clone());
            }
            Event::Order(OrderEvent::OrderPaid { .. }) => {
                changes.paid.0.push(order);
                changes.paid.1.push(at);
            }
            Event::Order(OrderEvent::OrderDelivered { .. }) => {
                changes.delivered.0.push(order);
                changes.delivered.1.push(at);
            }
            Event::Order(
                OrderEvent::CheckoutOpened { .. }
                | OrderEvent::CheckoutExpired { .. }
                | OrderEvent::PaymentHeld { .. }
                | OrderEvent::DownloadLinkIssued { .. }
                | OrderEvent::DeliveryEmailSent { .. }
                | OrderEvent::DeliveryEmailBounced { .. }
                | OrderEvent::OrderFailed { .. }
                | OrderEvent::PaymentInitiated { .. }
                | OrderEvent::PaymentFailed { .. }
                | OrderEvent::DeliveryEmailTracked { .. }
                | OrderEvent::DeliveryEmailFailed { .. }
                | OrderEvent::RefundRequested { .. }
                | OrderEvent::OrderRefunded { .. }
                | OrderEvent::RefundFailed { .. }
                | OrderEvent::DisputeOpened { .. }
                | OrderEvent::DisputeClosed { .. }
                | OrderEvent::OrderCancelled { .. }
                | OrderEvent::OrderOverdue { .. }
                | OrderEvent::VendorCallRetried { .. }
                | OrderEvent::NoteAdded { .. },
            )
            | Event::Report(_)
            | Event::Reconciliation(_) => {}
        }
    }
    changes
}

async fn record_placed(tx: &mut PgConnection, orders: &[Uuid], studies: &[String]) -> sqlx::Result<()> {
    sqlx::query(
        "WITH placed AS (
           INSERT INTO catalogue_duration (order_id, study)
           SELECT * FROM unnest($1::uuid[], $2::text[])
           RETURNING study)
         INSERT INTO catalogue AS known (study, placed)
         SELECT study, count(*) FROM placed GROUP BY study
         ON CONFLICT (study) DO UPDATE SET placed = known.placed + excluded.placed",
    )
    .bind(orders)
    .bind(studies)
    .execute(tx)
    .await?;
    Ok(())
}

async fn record_paid(tx: &mut PgConnection, orders: &[Uuid], times: &[DateTime<Utc>]) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE catalogue_duration AS known SET paid_at = paid.at
         FROM unnest($1::uuid[], $2::timestamptz[]) AS paid (order_id, at) WHERE known.order_id = paid.order_id",
    )
    .bind(orders)
    .bind(times)
    .execute(tx)
    .await?;
    Ok(())
}

async fn record_delivered(tx: &mut PgConnection, orders: &[Uuid], times: &[DateTime<Utc>]) -> sqlx::Result<()> {
    sqlx::query(
        "WITH delivered AS (
           UPDATE catalogue_duration AS known SET delivered_at = done.at
           FROM unnest($1::uuid[], $2::timestamptz[]) AS done (order_id, at) WHERE known.order_id = done.order_id
           RETURNING known.study)
         UPDATE catalogue AS known SET delivered = known.delivered + counted.n
         FROM (SELECT study, count(*) AS n FROM delivered GROUP BY study) AS counted
         WHERE known.study = counted.study",
    )
    .bind(orders)
    .bind(times)
    .execute(tx)
    .await?;
    Ok(())
}
