//! Whether LOG-01 can be made for a commune: known before payment, page by page.

use domain::eligibility::{DroppedPage, Eligibility, EligibilityStatus};
use domain::fact::{FactSheet, ScopeKind};
use sqlx::PgPool;

use super::{CODE, INFO};
use crate::eligibility::{before_reading, unavailable};
use crate::study::StudyError;
use crate::themes::{self, Reach};
use indicators::fact_id;

/// A page and the figures of which one at least must be published for the commune.
const PAGES: &[(u32, &[&str])] = &[
    (4, &["lov.tx", "lov.tx2", "log.tx_vac"]),
    (5, &["dvf.med[appt]", "dvf.med[mais]", "ani.loyer[appt]", "ani.loyer[maison]"]),
];

/// Figures that count as key figures; five must remain.
const KEYS: &[&str] = &[
    "dem.pop",
    "log.n",
    "log.tx_rp",
    "log.tx_vac",
    "log.proprio",
    "log.maison",
    "lov.tx",
    "zon.abc",
    "ani.loyer[appt]",
    "dvf.med[appt]",
    "dvf.med[mais]",
    "rpl.n",
];

/// Below this the study is made at the scope of the intercommunality.
const SMALL: i64 = 200;

pub async fn of(db: &PgPool, commune: &str) -> Result<Eligibility, StudyError> {
    if let Some(verdict) = before_reading(&INFO, db, commune).await? {
        return Ok(verdict);
    }
    let raw = themes::read(db, commune, INFO.datasets, Reach::Commune).await?;
    if raw.territory.population == 0 {
        return Ok(unavailable(&INFO, "commune sans habitant"));
    }
    Ok(judge(&themes::assemble(&INFO, &raw), raw.territory.population, raw.territory.epci.is_some()))
}

/// The verdict on a sheet.
pub fn judge(sheet: &FactSheet, population: i64, has_epci: bool) -> Eligibility {
    let published =
        |id: &str| sheet.facts.get(&fact_id(id, None, ScopeKind::Com)).is_some_and(|fact| fact.status.is_citable());
    let dropped_pages: Vec<DroppedPage> = PAGES
        .iter()
        .filter(|(_, ids)| !ids.iter().any(|id| published(id)))
        .map(|(page, ids)| DroppedPage { page: *page, title: title(*page), reason: reason(sheet, ids) })
        .collect();
    let remaining = INFO.contents.len() - dropped_pages.len();
    let keys = KEYS.iter().filter(|id| published(id)).count();
    if keys < 5 || remaining * 10 < INFO.contents.len() * 6 {
        return unavailable(&INFO, "moins de cinq chiffres clés publiés pour cette commune");
    }
    let status = match (dropped_pages.is_empty(), population < SMALL && has_epci) {
        (_, true) => EligibilityStatus::EpciScope,
        (true, false) => EligibilityStatus::Full,
        (false, false) => EligibilityStatus::Reduced,
    };
    Eligibility { study: CODE.to_owned(), status, dropped_pages, reason: None }
}

fn title(page: u32) -> String {
    INFO.contents.iter().find(|(number, _)| *number == page).map_or_else(String::new, |(_, title)| (*title).to_owned())
}

fn reason(sheet: &FactSheet, ids: &[&str]) -> String {
    let notes = ids.iter().filter_map(|id| sheet.facts.get(&fact_id(id, None, ScopeKind::Com))?.note.clone());
    notes.into_iter().next().unwrap_or_else(|| "données non publiées".to_owned())
}
