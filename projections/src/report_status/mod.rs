//! `read.report_status`: one row per report, how far its making has come and what came out.

pub mod query;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use anyhow::Context as _;
use domain::log::{Event, Recorded};
use domain::report::{Author, ReportEvent};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::Projector;
use query::ReportStatus;

/// Keeps `read.report_status`.
pub struct ReportStatuses;

impl Projector for ReportStatuses {
    const NAME: &'static str = "report_status";
    const VERSION: i32 = 1;
    const TABLES: &'static [&'static str] = &["report_status"];

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        let events: Vec<_> = batch
            .iter()
            .filter_map(|recorded| match &recorded.event {
                Event::Report(event) => Some((recorded, event)),
                Event::Order(_) | Event::Reconciliation(_) => None,
            })
            .collect();
        if events.is_empty() {
            return Ok(());
        }
        let touched: Vec<Uuid> = events.iter().map(|(recorded, _)| recorded.aggregate_id).collect();
        let mut rows: BTreeMap<Uuid, ReportStatus> =
            query::of_reports(tx, &touched).await?.into_iter().map(|row| (row.report_id, row)).collect();
        for (recorded, event) in events {
            fold(&mut rows, recorded, event)?;
        }
        store(tx, &rows.into_values().collect::<Vec<_>>()).await
    }
}

fn fold(rows: &mut BTreeMap<Uuid, ReportStatus>, recorded: &Recorded, event: &ReportEvent) -> anyhow::Result<()> {
    let (report, at) = (recorded.aggregate_id, recorded.recorded_at);
    if let ReportEvent::ReportRequested { order, version, study, commune } = event {
        let row = ReportStatus {
            report_id: report,
            order_id: *order,
            version: i32::try_from(*version)?,
            study: study.clone(),
            commune: commune.clone(),
            requested_at: at,
            position: recorded.position,
            ..ReportStatus::default()
        };
        rows.insert(report, row);
        return Ok(());
    }
    let row = rows.get_mut(&report).with_context(|| format!("report {report} has {} but no status", event.name()))?;
    row.position = recorded.position;
    match event {
        ReportEvent::ReportRequested { .. } | ReportEvent::NarrativeRejected { .. } => {}
        ReportEvent::FactsCollected { n, specimen, .. } => {
            row.collected_at = Some(at);
            row.facts = Some(i32::try_from(*n)?);
            row.specimen = Some(*specimen);
        }
        ReportEvent::NarrativeReceived { cost_micro_usd, .. } => {
            row.received_at = Some(at);
            row.cost_micro_usd += cost_micro_usd;
        }
        ReportEvent::NarrativeAccepted { by_block, .. } => {
            let by_model = by_block.values().filter(|author| **author == Author::Model).count();
            row.accepted_at = Some(at);
            row.blocks_model = Some(i32::try_from(by_model)?);
            row.blocks_rules = Some(i32::try_from(by_block.len() - by_model)?);
        }
        ReportEvent::ReportRendered { pages, bytes, pdf_sha256, .. } => {
            row.rendered_at = Some(at);
            row.pages = Some(i32::try_from(*pages)?);
            row.bytes = Some(i64::try_from(*bytes)?);
            row.sha256 = Some(pdf_sha256.clone());
        }
        ReportEvent::ReportStored { key, sha256, bytes, filename } => {
            row.stored_at = Some(at);
            row.storage_key = Some(key.clone());
            row.sha256 = Some(sha256.clone());
            row.bytes = Some(i64::try_from(*bytes)?);
            row.filename = Some(filename.clone());
        }
        ReportEvent::StepFailed { .. } => row.attempts += 1,
        ReportEvent::ReportFailed { step, .. } => {
            row.failed_at = Some(at);
            row.failed_step = serde_json::to_value(step)?.as_str().map(str::to_owned);
        }
    }
    Ok(())
}

async fn store(tx: &mut PgConnection, rows: &[ReportStatus]) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO report_status
         SELECT * FROM jsonb_populate_recordset(NULL::report_status, $1)
         ON CONFLICT (report_id) DO UPDATE SET
           order_id = excluded.order_id, version = excluded.version, study = excluded.study,
           commune = excluded.commune, requested_at = excluded.requested_at, collected_at = excluded.collected_at,
           received_at = excluded.received_at, accepted_at = excluded.accepted_at,
           rendered_at = excluded.rendered_at, stored_at = excluded.stored_at, failed_at = excluded.failed_at,
           failed_step = excluded.failed_step, attempts = excluded.attempts, facts = excluded.facts,
           specimen = excluded.specimen, blocks_model = excluded.blocks_model, blocks_rules = excluded.blocks_rules,
           cost_micro_usd = excluded.cost_micro_usd, pages = excluded.pages, bytes = excluded.bytes,
           sha256 = excluded.sha256, storage_key = excluded.storage_key, filename = excluded.filename,
           position = excluded.position",
    )
    .bind(Json(rows))
    .execute(tx)
    .await?;
    Ok(())
}
