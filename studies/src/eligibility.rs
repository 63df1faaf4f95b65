//! Whether a study can be made for a commune: known before payment, page by page.

use domain::eligibility::{DroppedPage, Eligibility, EligibilityStatus};
use domain::fact::{FactSheet, ScopeKind};
use sqlx::PgPool;

use crate::pages::LeafSpec;
use crate::study::{StudyError, StudyInfo};
use crate::themes::{self, Reach};
use indicators::fact_id;

/// What the verdict on a study rests on.
pub struct Rules {
    pub info: &'static StudyInfo,
    pub leaves: &'static [LeafSpec],
    /// Figures that count as key figures; five must remain.
    pub keys: &'static [&'static str],
}

/// The verdict for a commune, from the figures of the commune alone.
///
/// # Errors
/// Unknown commune, or an unreadable database.
pub async fn of(rules: &Rules, db: &PgPool, commune: &str) -> Result<Eligibility, StudyError> {
    if let Some(verdict) = before_reading(rules.info, db, commune).await? {
        return Ok(verdict);
    }
    let raw = themes::read(db, commune, rules.info.datasets, Reach::Commune).await?;
    if raw.territory.population == 0 {
        return Ok(unavailable(rules.info, "commune sans habitant"));
    }
    Ok(judge(rules, &themes::assemble(rules.info, &raw)))
}

/// The verdict where no figure need be read: nothing is loaded for the commune.
///
/// # Errors
/// Unknown commune, or an unreadable database.
pub async fn before_reading(info: &StudyInfo, db: &PgPool, commune: &str) -> Result<Option<Eligibility>, StudyError> {
    // Indexed: the view over all communes would be asked for one.
    let loaded: Option<bool> =
        sqlx::query_scalar("SELECT chargee FROM data.commune_loaded WHERE code_insee = data.commune_mere($1)")
            .bind(commune)
            .fetch_optional(db)
            .await?;
    match loaded {
        None => Err(StudyError::UnknownCommune(commune.to_owned())),
        Some(false) => Ok(Some(unavailable(info, "données non chargées"))),
        Some(true) => Ok(None),
    }
}

/// The verdict on a sheet: five key figures and six pages of ten must remain.
#[must_use]
pub fn judge(rules: &Rules, sheet: &FactSheet) -> Eligibility {
    let published =
        |id: &&&str| sheet.facts.get(&fact_id(id, None, ScopeKind::Com)).is_some_and(|fact| fact.status.is_citable());
    let dropped_pages: Vec<DroppedPage> = rules
        .leaves
        .iter()
        .filter(|leaf| !leaf.stands(sheet))
        .map(|leaf| DroppedPage { page: leaf.page, title: leaf.subject.to_owned(), reason: reason(sheet, leaf.needs) })
        .collect();
    let pages = rules.info.contents.len();
    let remaining = pages - dropped_pages.len();
    if rules.keys.iter().filter(published).count() < 5 || remaining * 10 < pages * 6 {
        return unavailable(rules.info, "moins de cinq chiffres clés publiés pour cette commune");
    }
    let status = if dropped_pages.is_empty() { EligibilityStatus::Full } else { EligibilityStatus::Reduced };
    Eligibility { study: rules.info.code.to_owned(), status, dropped_pages, reason: None }
}

/// The study cannot be made, and why.
#[must_use]
pub fn unavailable(info: &StudyInfo, reason: &str) -> Eligibility {
    let status = EligibilityStatus::Unavailable;
    Eligibility { study: info.code.to_owned(), status, dropped_pages: vec![], reason: Some(reason.to_owned()) }
}

fn reason(sheet: &FactSheet, ids: &[&str]) -> String {
    let notes = ids.iter().filter_map(|id| sheet.facts.get(&fact_id(id, None, ScopeKind::Com))?.note.clone());
    notes.into_iter().next().unwrap_or_else(|| "données non publiées".to_owned())
}
