//! What a study is: facts from the database, a question to the writer, a judgement of the answer, a page of HTML.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::eligibility::Eligibility;
use domain::fact::FactSheet;
use domain::ports::{EnergyCertificates, Question};
use sqlx::PgPool;

use crate::pages::Edition;
use narrative::{Checked, Judgement, Narrative};

/// A study as it is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StudyInfo {
    pub code: &'static str,
    pub title: &'static str,
    pub promise: &'static str,
    pub audience: &'static str,
    pub questions: &'static [&'static str],
    /// Page number and subject.
    pub contents: &'static [(u32, &'static str)],
    pub limits: &'static [&'static str],
    /// Indicators whose figures it collects, without modality; those that end with `.` or `_` name all that begin so.
    pub figures: &'static [&'static str],
    /// Datasets that its facts are read from, in the order in which they are cited.
    pub datasets: &'static [&'static str],
}

/// Why a study could not be made.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    #[error("no commune has code {0}: check the code, or import the communes")]
    UnknownCommune(String),
    #[error("the open data could not be read: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the open data were replaced again and again while they were read: try again once the imports are done")]
    Moving,
    #[error("this value has no canonical JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the page cannot be made: {0}")]
    Page(#[from] crate::pages::PageError),
}

/// One study, as the rest of the product sees it.
#[async_trait]
pub trait Study: Send + Sync {
    fn sheet(&self) -> &'static StudyInfo;

    /// Whether the loaded data allow the study for a commune.
    ///
    /// # Errors
    /// Unknown commune, or an unreadable database.
    async fn eligibility(&self, db: &PgPool, commune: &str) -> Result<Eligibility, StudyError>;

    /// Every figure of the report, with status and provenance.
    ///
    /// # Errors
    /// Unknown commune, or an unreadable database. An outage of the energy certificates is no error.
    async fn collect(&self, db: &PgPool, commune: &str, dpe: &dyn EnergyCertificates) -> Result<FactSheet, StudyError>;

    /// The facts of the commune alone, quickly: no other scope, no peers, no energy certificates.
    ///
    /// # Errors
    /// As for [`Study::collect`].
    async fn collect_public(&self, db: &PgPool, commune: &str) -> Result<FactSheet, StudyError>;

    /// The six figures that anybody may see, by id.
    fn key_facts(&self) -> &'static [&'static str];

    /// What the model is asked. `subject` is the opaque id of the report.
    fn question(&self, sheet: &FactSheet, subject: &str) -> Question;

    /// Accepts or refuses each block of an answer.
    fn judge(&self, sheet: &FactSheet, answer: &str) -> Judgement;

    /// The verdict on one line `{"id", "text", "claims"}` of a file of blocks.
    fn check(&self, sheet: &FactSheet, line: &str) -> Checked;

    /// The narrative that needs no model; it passes the same judge.
    fn by_rules(&self, sheet: &FactSheet) -> Narrative;

    /// Changes with every template, style or prompt.
    fn template_version(&self) -> String;

    /// The whole report as one HTML document.
    ///
    /// # Errors
    /// When the narrative and the sheet do not belong together.
    fn render(&self, sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, StudyError>;
}

/// Every study, in the order of the shop. A new one is one line here and one folder.
pub const STUDIES: &[&dyn Study] = &[&crate::log_01::Log01, &crate::ter_01::Ter01];

/// The study of a code, e.g. `LOG-01`.
#[must_use]
pub fn find(code: &str) -> Option<&'static dyn Study> {
    STUDIES.iter().copied().find(|study| study.sheet().code == code)
}

/// The datasets behind the facts of a sheet, once each, for the event `FactsCollected`.
#[must_use]
pub fn datasets_used(sheet: &FactSheet) -> Vec<domain::report::DatasetUse> {
    let mut used = BTreeMap::new();
    for fact in sheet.facts.values().filter(|fact| fact.status.is_citable()) {
        let key = (fact.prov.dataset.clone(), fact.prov.load.clone());
        let entry = used.entry(key).or_insert_with(|| domain::report::DatasetUse {
            dataset: fact.prov.dataset.clone(),
            vintage: fact.prov.vintage.clone(),
            load: fact.prov.load.clone(),
            synthetic: false,
        });
        entry.synthetic |= fact.prov.synthetic;
    }
    used.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_study_has_its_own_code_and_is_found_by_it() {
        let codes: BTreeSet<_> = STUDIES.iter().map(|study| study.sheet().code).collect();
        assert_eq!(codes.len(), STUDIES.len());
        for code in codes {
            assert_eq!(find(code).unwrap().sheet().code, code);
        }
        assert!(find("LOG-99").is_none());
    }
}
