//! LOG-01 « Diagnostic logement »: who is to be housed, in what, at which price, and what does not go together.

mod advice;
mod analysis;
mod info;
mod mismatches;
mod pages;
mod plh;
mod specimens;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub use analysis::BLOCKS;
pub(crate) use info::INFO;

use async_trait::async_trait;
use domain::eligibility::Eligibility;
use domain::fact::FactSheet;
use domain::ports::Specimen;
use narrative::{Mismatch, Narrative, Prompt};
use sqlx::PgPool;

use crate::eligibility::{Rules, of};
use crate::pages::{Edition, template_digest};
use crate::study::{Study, StudyError, StudyInfo};
use crate::writer;

/// The study itself.
#[derive(Debug, Clone, Copy)]
pub struct Log01;

static PROMPT: Prompt = Prompt {
    system: concat!(include_str!("prompt.md"), include_str!("../writing.md")),
    specs: analysis::BLOCKS,
    max_tokens: 16_000,
};

pub(crate) const RULES: Rules = Rules { info: &INFO, leaves: pages::LEAVES, keys: analysis::KEYS };

#[async_trait]
impl Study for Log01 {
    fn sheet(&self) -> &'static StudyInfo {
        &INFO
    }

    async fn eligibility(&self, db: &PgPool, commune: &str) -> Result<Eligibility, StudyError> {
        of(&RULES, db, commune).await
    }

    fn key_facts(&self) -> &'static [&'static str] {
        &["dem.pop@com", "log.n@com", "lov.tx@com", "zon.abc@com", "ani.loyer[appt]@com", "log.proprio@com"]
    }

    fn prompt(&self) -> &'static Prompt {
        &PROMPT
    }

    fn mismatches(&self, sheet: &FactSheet) -> Vec<Mismatch> {
        mismatches::found(sheet).into_iter().map(|rule| mismatches::mismatch(rule, sheet)).collect()
    }

    fn by_rules(&self, sheet: &FactSheet) -> Narrative {
        let words = writer::by_rules(analysis::BLOCKS, sheet, pages::subject);
        Narrative { recommendations: advice::by_rules(sheet), ..words }
    }

    fn specimens(&self) -> Result<Vec<Specimen>, StudyError> {
        specimens::specimens()
    }

    fn template_version(&self) -> String {
        format!("log_01-{}", template_digest().chars().take(12).collect::<String>())
    }

    fn render(&self, sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, StudyError> {
        Ok(pages::render(sheet, narrative, edition)?)
    }
}
