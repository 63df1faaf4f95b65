//! Whether a study can be made for a commune: known before payment, page by page.

use std::collections::BTreeSet;

use domain::eligibility::{DroppedPage, Eligibility, EligibilityStatus};
use domain::fact::{FactSheet, ScopeKind};
use sqlx::PgPool;

use crate::pages::LeafSpec;
use crate::study::{StudyError, StudyInfo};
use crate::themes::{self, Reach};
use indicators::{fact_id, scope_name, scope_order};

/// What the verdict on a study rests on.
pub struct Rules {
    pub info: &'static StudyInfo,
    pub leaves: &'static [LeafSpec],
    /// Figures that count as key figures; five must remain.
    pub keys: &'static [&'static str],
}

impl Rules {
    /// The scopes that pages ask for, the commune first.
    fn scopes(&self) -> BTreeSet<ScopeKind> {
        let named = |id: &&str| scope_order().into_iter().find(|kind| id.ends_with(&format!("@{}", scope_name(*kind))));
        let needs = self.leaves.iter().flat_map(|leaf| leaf.needs);
        needs.filter_map(named).chain([ScopeKind::Com]).collect()
    }
}

/// The verdict for a commune, from the figures of the commune alone; from those of its intercommunality where it is too
/// small for the study.
///
/// # Errors
/// Unknown commune, or an unreadable database.
pub async fn of(rules: &Rules, db: &PgPool, commune: &str) -> Result<Eligibility, StudyError> {
    if let Some(verdict) = before_reading(rules.info, db, commune).await? {
        return Ok(verdict);
    }
    let mut scopes = rules.scopes();
    if population(db, commune).await? < rules.info.least_population {
        scopes.insert(ScopeKind::Epci);
    }
    let scopes: Vec<ScopeKind> = scopes.into_iter().collect();
    let raw = themes::read(db, commune, rules.info, Reach::Scopes(&scopes)).await?;
    if raw.territory.population == 0 {
        return Ok(unavailable(rules.info, "commune sans habitant"));
    }
    Ok(judge(rules, &themes::assemble(rules.info, &raw)))
}

/// Inhabitants of a commune or arrondissement.
async fn population(db: &PgPool, commune: &str) -> Result<i64, StudyError> {
    let known: Option<i64> = sqlx::query_scalar(
        "SELECT population::bigint FROM data.communes WHERE code_insee = $1
         UNION ALL SELECT population::bigint FROM data.arrondissements_plm WHERE code = $1",
    )
    .bind(commune)
    .fetch_optional(db)
    .await?
    .flatten();
    Ok(known.unwrap_or(0))
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

/// The verdict on a sheet: five key figures and six pages of ten must remain, of the territory that the study speaks of.
#[must_use]
pub fn judge(rules: &Rules, sheet: &FactSheet) -> Eligibility {
    let published =
        |id: &&&str| sheet.facts.get(&fact_id(id, None, sheet.lead)).is_some_and(|fact| fact.status.is_citable());
    let dropped_pages: Vec<DroppedPage> = rules
        .leaves
        .iter()
        .filter(|leaf| !leaf.stands(sheet))
        .map(|leaf| DroppedPage { page: leaf.page, title: leaf.subject.to_owned(), reason: reason(sheet, leaf.needs) })
        .collect();
    let pages = rules.info.contents.len();
    let remaining = pages - dropped_pages.len();
    if rules.keys.iter().filter(published).count() < 5 || remaining * 10 < pages * 6 {
        let place = if sheet.lead == ScopeKind::Epci { "cette intercommunalité" } else { "cette commune" };
        return unavailable(rules.info, &format!("moins de cinq chiffres clés publiés pour {place}"));
    }
    let status = match (sheet.lead, dropped_pages.is_empty()) {
        (ScopeKind::Epci, _) => EligibilityStatus::EpciScope,
        (_, true) => EligibilityStatus::Full,
        (_, false) => EligibilityStatus::Reduced,
    };
    Eligibility { study: rules.info.code.to_owned(), status, dropped_pages, reason: None }
}

/// The study cannot be made, and why.
#[must_use]
pub fn unavailable(info: &StudyInfo, reason: &str) -> Eligibility {
    let status = EligibilityStatus::Unavailable;
    Eligibility { study: info.code.to_owned(), status, dropped_pages: vec![], reason: Some(reason.to_owned()) }
}

fn reason(sheet: &FactSheet, ids: &[&str]) -> String {
    let full = |id: &&str| if id.contains('@') { (*id).to_owned() } else { fact_id(id, None, sheet.lead) };
    let notes = ids.iter().filter_map(|id| sheet.facts.get(&full(id))?.note.clone());
    notes.into_iter().next().unwrap_or_else(|| "données non publiées".to_owned())
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;
    use crate::study::Study;
    use crate::themes::fixture;

    /// The same town as everywhere in tests, had it 150 inhabitants.
    fn village() -> FactSheet {
        let mut raw = fixture::ordinary();
        raw.territory.population = 150;
        themes::assemble(&crate::log_01::INFO, &raw)
    }

    fn withhold(sheet: &mut FactSheet, begins: &str, ends: &str) {
        for fact in sheet.facts.values_mut().filter(|fact| fact.id.starts_with(begins) && fact.id.ends_with(ends)) {
            fact.status = domain::fact::FactStatus::Missing;
            fact.value = None;
            fact.note = Some("livre foncier".to_owned());
        }
    }

    #[test]
    fn a_village_is_studied_with_its_intercommunality() {
        let mut sheet = village();
        assert_eq!(sheet.lead, ScopeKind::Epci);
        let verdict = judge(&crate::log_01::RULES, &sheet);
        assert_eq!((verdict.status, verdict.dropped_pages.len()), (EligibilityStatus::EpciScope, 0));
        withhold(&mut sheet, "", "@com");
        assert_eq!(judge(&crate::log_01::RULES, &sheet), verdict, "what the village lacks is no page less");
        withhold(&mut sheet, "dvf.", "@epci");
        let fewer = judge(&crate::log_01::RULES, &sheet);
        assert!(!fewer.dropped_pages.is_empty(), "{fewer:?}");
        assert!(fewer.dropped_pages.iter().all(|page| page.reason == "livre foncier"), "{fewer:?}");
        withhold(&mut sheet, "", "@epci");
        assert_eq!(judge(&crate::log_01::RULES, &sheet).status, EligibilityStatus::Unavailable);
    }

    #[test]
    fn an_island_without_intercommunality_is_studied_alone() {
        let mut raw = fixture::ordinary();
        (raw.territory.population, raw.territory.epci) = (150, None);
        assert_eq!(themes::assemble(&crate::log_01::INFO, &raw).lead, ScopeKind::Com);
        raw.territory.population = 0;
        assert_eq!(themes::assemble(&crate::ter_01::INFO, &raw).lead, ScopeKind::Com, "a portrait is of the commune");
    }

    #[test]
    fn the_words_about_a_village_speak_of_its_intercommunality() {
        let sheet = village();
        let words = crate::log_01::Log01.by_rules(&sheet);
        let cites = |scope: &str| words.blocks.values().filter(|block| block.text.contains(scope)).count();
        assert!(cites("@epci}}") > 20, "{words:?}");
        assert_eq!((cites("@com"), cites("@sim")), (0, 0), "neither the village nor communes like it");
        assert!(words.blocks.values().all(|block| !block.text.contains("ans la commune")), "{words:?}");
        let lines = words
            .blocks
            .iter()
            .map(|(id, block)| serde_json::json!({"id": id, "text": block.text, "claims": block.claims}).to_string());
        let errors: Vec<_> =
            lines.flat_map(|line| crate::log_01::Log01.check(&sheet, &line).errors.into_iter().zip([line])).collect();
        assert_eq!(errors, []);
    }
}
