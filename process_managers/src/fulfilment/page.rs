//! The pages of a report, made of nothing but what was stored: the same today as on the day of the order, unless the
//! template has changed.

use chrono::{DateTime, Utc};
use domain::{fact::FactSheet, ports::Storage, report::Author};
use studies::{Narrative, Study, pages::Edition};
use uuid::Uuid;

use super::{artefacts, jobs::report_number};
use crate::JobFailure;

/// What a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    pub report: Uuid,
    pub sheet_sha256: &'a str,
    pub narrative_sha256: &'a str,
    /// When its narrative was accepted: the date it bears.
    pub at: DateTime<Utc>,
}

/// A report ready to be printed.
pub struct Page {
    pub sheet: FactSheet,
    pub html: String,
    pub html_sha256: String,
    pub template_version: String,
}

/// Fetches facts and narrative and lays them out.
///
/// # Errors
/// When what was stored does not come back as it was, or the template refuses it.
pub async fn page(storage: &dyn Storage, study: &dyn Study, made: Made<'_>) -> Result<Page, JobFailure> {
    let sheet: FactSheet = artefacts::fetch(storage, made.sheet_sha256).await?;
    let narrative: Narrative = artefacts::fetch(storage, made.narrative_sha256).await?;
    let by_block = narrative.by_block();
    let by_model = by_block.values().filter(|author| **author == Author::Model).count();
    let edition = Edition {
        report_number: report_number(made.report),
        ordered_on: made.at.date_naive(),
        template_version: study.template_version(),
        specimen: sheet.is_specimen(),
        blocks_model: u32::try_from(by_model).unwrap_or(u32::MAX),
        blocks_rules: u32::try_from(by_block.len() - by_model).unwrap_or(u32::MAX),
    };
    let html = study.render(&sheet, &narrative, &edition)?;
    let html_sha256 = artefacts::digest(html.as_bytes());
    Ok(Page { sheet, html, html_sha256, template_version: edition.template_version })
}
