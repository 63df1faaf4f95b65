//! `read.order_timeline`: one line per event of an order and of its reports, for follow-up, support and auditors.

mod detail;
pub mod query;
#[cfg(test)]
mod tests;

use anyhow::Context as _;
use domain::log::{Event, Recorded};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::Projector;
use query::Entry;

/// Keeps `read.order_timeline`.
pub struct OrderTimeline;

/// A line and the order it belongs to.
#[derive(Serialize)]
struct Line {
    order_id: Uuid,
    #[serde(flatten)]
    entry: Entry,
}

impl Projector for OrderTimeline {
    const NAME: &'static str = "order_timeline";
    const VERSION: i32 = 2;
    const TABLES: &'static [&'static str] = &["order_timeline"];
    /// One row per event, and none depends on another: the one read model whose writing grows with the log.
    const SHARDS: i32 = 8;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        let lines =
            batch.iter().filter_map(|recorded| line(recorded).transpose()).collect::<anyhow::Result<Vec<_>>>()?;
        sqlx::query(
            "INSERT INTO order_timeline
             SELECT * FROM jsonb_populate_recordset(NULL::order_timeline, $1)",
        )
        .bind(Json(lines))
        .execute(tx)
        .await?;
        Ok(())
    }
}

/// Nothing for an event that is about no single order.
fn line(recorded: &Recorded) -> anyhow::Result<Option<Line>> {
    let Recorded { position, event_id, event, metadata, recorded_at, .. } = recorded;
    let detail = match event {
        Event::Order(event) => detail::of_order(event),
        Event::Report(event) => detail::of_report(event),
        Event::Reconciliation(_) => return Ok(None),
    };
    Ok(Some(Line {
        order_id: order_of(recorded)?,
        entry: Entry {
            position: *position,
            event_id: *event_id,
            event_type: event.name().to_owned(),
            actor: metadata.actor.clone(),
            caused_by: metadata.causation_id.clone(),
            at: *recorded_at,
            detail,
        },
    }))
}

/// The order that an event is about: its own stream, or the correlation of the report's.
pub(crate) fn order_of(recorded: &Recorded) -> anyhow::Result<Uuid> {
    match &recorded.event {
        Event::Order(_) => Ok(recorded.aggregate_id),
        Event::Report(_) | Event::Reconciliation(_) => {
            let correlation = &recorded.metadata.correlation_id;
            correlation.parse().with_context(|| format!("{} names no order but {correlation:?}", recorded.event.name()))
        }
    }
}
