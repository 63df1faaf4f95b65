//! What a study is: facts from the database, a question to the writer, a judgement of the answer, a page of HTML.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::eligibility::Eligibility;
use domain::fact::FactSheet;
use domain::ports::{EnergyCertificates, Question, Specimen};
use indicators::territory::Territory;
use sqlx::PgPool;

use crate::pages::Edition;
use crate::themes::{self, Reach};
use narrative::{Assignment, Checked, Judgement, Mismatch, Narrative, Prompt};

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
    /// Inhabitants below which it speaks of the intercommunality, and shows the commune beside it; 0 for any commune.
    pub least_population: i64,
}

impl StudyInfo {
    /// Whether it must speak of the intercommunality: files say next to nothing of a few households.
    #[must_use]
    pub fn is_too_small(&self, territory: &Territory) -> bool {
        territory.population < self.least_population && territory.epci.is_some()
    }
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
    async fn collect(&self, db: &PgPool, commune: &str, dpe: &dyn EnergyCertificates) -> Result<FactSheet, StudyError> {
        let raw = themes::read(db, commune, self.sheet(), Reach::Report(dpe)).await?;
        Ok(themes::assemble(self.sheet(), &raw))
    }

    /// The facts of the commune alone, quickly: no other scope, no peers, no energy certificates.
    ///
    /// # Errors
    /// As for [`Study::collect`].
    async fn collect_public(&self, db: &PgPool, commune: &str) -> Result<FactSheet, StudyError> {
        let raw = themes::read(db, commune, self.sheet(), Reach::Commune).await?;
        Ok(themes::assemble(self.sheet(), &raw))
    }

    /// The six figures that anybody may see, by id.
    fn key_facts(&self) -> &'static [&'static str];

    /// Instructions and blocks, the same for every commune.
    fn prompt(&self) -> &'static Prompt;

    /// Figures of the commune that do not go together, strongest first: what recommendations are about.
    fn mismatches(&self, _: &FactSheet) -> Vec<Mismatch> {
        Vec::new()
    }

    /// The narrative that needs no model; it passes the same judge.
    fn by_rules(&self, sheet: &FactSheet) -> Narrative;

    /// What the model is asked after the answers before; nothing came before the first. `subject` is the opaque id of the
    /// report.
    fn question(&self, sheet: &FactSheet, before: &Judgement, subject: &str) -> Question {
        Assignment::new(self.prompt(), sheet, self.mismatches(sheet)).question(before, subject)
    }

    /// Accepts or refuses each block of an answer, and keeps what was accepted before.
    fn judge(&self, sheet: &FactSheet, before: Judgement, answer: &str) -> Judgement {
        Assignment::new(self.prompt(), sheet, self.mismatches(sheet)).judge(before, answer)
    }

    /// The verdict on one line `{"id", "text", "claims"}` of a file of blocks.
    fn check(&self, sheet: &FactSheet, line: &str) -> Checked {
        Assignment::new(self.prompt(), sheet, self.mismatches(sheet)).check(line)
    }

    /// The words of the report: what was accepted, and the rules’ own for the rest.
    fn complete(&self, sheet: &FactSheet, judgement: Judgement) -> Narrative {
        Assignment::new(self.prompt(), sheet, self.mismatches(sheet)).complete(judgement, self.by_rules(sheet))
    }

    /// Drawings for the shop, made from the sample of the study's folder; a study may show none.
    ///
    /// # Errors
    /// When the sample lacks what a drawing needs.
    fn specimens(&self) -> Result<Vec<Specimen>, StudyError> {
        Ok(Vec::new())
    }

    /// Changes with every template, style or prompt.
    fn template_version(&self) -> String;

    /// The whole report as one HTML document.
    ///
    /// # Errors
    /// When the narrative and the sheet do not belong together.
    fn render(&self, sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, StudyError>;
}

/// Every study, in the order of the shop. A new one is a folder, its `mod` line and one line here.
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
