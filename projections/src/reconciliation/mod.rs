//! `read.reconciliation`, `read.reconciliation_difference`: each comparison with the payment vendor's books, and what differed.

pub mod query;
#[cfg(test)]
mod tests;

use anyhow::Context as _;
use domain::log::{Event, Recorded};
use domain::reconciliation::ReconciliationEvent;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::Projector;
use query::{Difference, Run};

/// Keeps `read.reconciliation` and `read.reconciliation_difference`.
pub struct Reconciliations;

impl Projector for Reconciliations {
    const NAME: &'static str = "reconciliation";
    const VERSION: i32 = 1;
    const TABLES: &'static [&'static str] = &["reconciliation", "reconciliation_difference"];

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        let (mut runs, mut differences) = (Vec::new(), Vec::new());
        for recorded in batch {
            let Event::Reconciliation(event) = &recorded.event else { continue };
            let (run, found) = rows(recorded, event)?;
            runs.push(run);
            differences.extend(found);
        }
        if runs.is_empty() {
            return Ok(());
        }
        sqlx::query("INSERT INTO reconciliation SELECT * FROM jsonb_populate_recordset(NULL::reconciliation, $1)")
            .bind(Json(runs))
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO reconciliation_difference
             SELECT * FROM jsonb_populate_recordset(NULL::reconciliation_difference, $1)",
        )
        .bind(Json(differences))
        .execute(&mut *tx)
        .await?;
        Ok(())
    }
}

fn rows(recorded: &Recorded, event: &ReconciliationEvent) -> anyhow::Result<(Run, Vec<Difference>)> {
    let ReconciliationEvent::PaymentsReconciled { from, to, sessions, differences } = event;
    let run_id = recorded.aggregate_id;
    let run = Run {
        run_id,
        from_at: *from,
        to_at: *to,
        sessions: i64::from(*sessions),
        differences: i64::try_from(differences.len())?,
        repaired: i64::try_from(differences.iter().filter(|difference| difference.repaired).count())?,
        recorded_at: recorded.recorded_at,
        position: recorded.position,
    };
    let mut found = Vec::new();
    for (n, difference) in (1..).zip(differences) {
        let kind = serde_json::to_value(difference.kind)?;
        found.push(Difference {
            run_id,
            n,
            kind: kind.as_str().context("the kind of a difference is a word")?.to_owned(),
            session: difference.session.clone(),
            order_id: difference.order,
            repaired: difference.repaired,
        });
    }
    Ok((run, found))
}
