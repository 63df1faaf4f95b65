//! `read.support_case`: what a person has to look at. A case is opened by one event and closed by another; most close
//! themselves when the money or the mail has found its way.

mod book;
pub mod query;
#[cfg(test)]
mod tests;

use domain::log::{Event, Recorded};
use domain::order::OrderEvent;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Poison, Projector};
use book::Book;

/// Keeps `read.support_case`.
pub struct SupportCases;

impl Projector for SupportCases {
    const NAME: &'static str = "support_case";
    const VERSION: i32 = 1;
    const TABLES: &'static [&'static str] = &["support_case", "support_case_payment"];
    /// A comparison of the books closes what other orders opened: a gap would close the wrong case.
    const POISON: Poison = Poison::StopShard;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        let mut wanted = Wanted::default();
        for recorded in batch {
            wanted.look(recorded);
        }
        let Wanted { orders, closes, reconciled } = wanted;
        if orders.is_empty() && !reconciled {
            return Ok(());
        }
        let mut book = Book::default();
        for case in query::open_about(tx, &orders, &closes, reconciled).await? {
            book.cases.insert(case.case_id, case);
        }
        for paid in query::payments_of(tx, &orders).await? {
            book.paid.insert(paid.order_id, paid);
        }
        for recorded in batch {
            match &recorded.event {
                Event::Order(event) => book.order(recorded, event),
                Event::Reconciliation(event) => book.reconciliation(recorded, event)?,
                Event::Report(_) => {}
            }
        }
        store(tx, book).await
    }
}

/// The rows that a batch may change.
#[derive(Default)]
struct Wanted {
    orders: Vec<Uuid>,
    closes: Vec<Uuid>,
    reconciled: bool,
}

impl Wanted {
    fn look(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::Order(event) => {
                self.orders.push(recorded.aggregate_id);
                if let OrderEvent::NoteAdded { closes: Some(case), .. } = event {
                    self.closes.push(*case);
                }
            }
            Event::Reconciliation(_) => self.reconciled = true,
            Event::Report(_) => {}
        }
    }
}

async fn store(tx: &mut PgConnection, book: Book) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO support_case SELECT * FROM jsonb_populate_recordset(NULL::support_case, $1)
         ON CONFLICT (case_id) DO UPDATE SET
           returned_cents = excluded.returned_cents, closed_at = excluded.closed_at, closed_by = excluded.closed_by,
           closed_position = excluded.closed_position",
    )
    .bind(Json(book.cases.into_values().collect::<Vec<_>>()))
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO support_case_payment
         SELECT * FROM jsonb_populate_recordset(NULL::support_case_payment, $1)
         ON CONFLICT (order_id) DO UPDATE SET
           payment = excluded.payment, paid_cents = excluded.paid_cents, refunded_cents = excluded.refunded_cents",
    )
    .bind(Json(book.paid.into_values().collect::<Vec<_>>()))
    .execute(&mut *tx)
    .await?;
    Ok(())
}
