//! DEM-01 « Démographie »: how many, how old, and where it goes.

mod analysis;
mod pages;

use async_trait::async_trait;
use domain::eligibility::Eligibility;
use domain::fact::FactSheet;
use narrative::{Narrative, Prompt};
use sqlx::PgPool;

use crate::eligibility::{Rules, of};
use crate::pages::{Edition, template_digest};
use crate::study::{Study, StudyError, StudyInfo};
use crate::writer;

/// A study of people.
#[derive(Debug, Clone, Copy)]
pub struct Dem01;

static PROMPT: Prompt = Prompt {
    system: concat!(include_str!("prompt.md"), include_str!("../writing.md")),
    specs: analysis::BLOCKS,
    max_tokens: 2_000,
};

const INFO: StudyInfo = StudyInfo {
    code: "DEM-01",
    title: "Démographie",
    promise: "La population de votre commune en cinq pages.",
    audience: "Écoles, centres communaux d’action sociale, services d’urbanisme.",
    questions: &["La population augmente-t-elle\u{a0}?", "Vieillit-elle\u{a0}?"],
    contents: &[(1, "Couverture"), (2, "Lire ce rapport"), (3, "Population"), (4, "Âges"), (5, "Sources, méthodes et limites")],
    limits: &["L’étude décrit\u{a0}; elle ne prévoit pas."],
    figures: &["dem."],
    datasets: &["communes", "population", "rp_demographics", "contours"],
    least_population: 0,
};

const RULES: Rules = Rules { info: &INFO, leaves: pages::LEAVES, keys: analysis::KEYS };

#[async_trait]
impl Study for Dem01 {
    fn sheet(&self) -> &'static StudyInfo {
        &INFO
    }

    async fn eligibility(&self, db: &PgPool, commune: &str) -> Result<Eligibility, StudyError> {
        of(&RULES, db, commune).await
    }

    fn key_facts(&self) -> &'static [&'static str] {
        &["dem.pop@com", "dem.tcam@com", "dem.vieillissement@com", "dem.taille_men@com", "dem.seul@com", "dem.monop@com"]
    }

    fn prompt(&self) -> &'static Prompt {
        &PROMPT
    }

    fn by_rules(&self, sheet: &FactSheet) -> Narrative {
        writer::by_rules(analysis::BLOCKS, sheet, pages::subject)
    }

    fn template_version(&self) -> String {
        format!("dem_01-{}", template_digest().chars().take(12).collect::<String>())
    }

    fn render(&self, sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, StudyError> {
        Ok(pages::render(sheet, narrative, edition)?)
    }
}
