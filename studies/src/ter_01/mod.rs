//! TER-01 « Portrait de territoire »: who lives in a commune, whether it grows, what it offers.

mod analysis;
mod pages;
mod specimens;
mod swot;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub use analysis::BLOCKS;

use async_trait::async_trait;
use domain::eligibility::Eligibility;
use domain::fact::FactSheet;
use domain::ports::Specimen;
use narrative::{Narrative, Prompt};
use sqlx::PgPool;

use crate::eligibility::{Rules, of};
use crate::pages::{Edition, template_digest};
use crate::study::{Study, StudyError, StudyInfo};
use crate::themes;
use crate::writer;

/// Sold since the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ter01;

const CODE: &str = "TER-01";

static PROMPT: Prompt = Prompt {
    system: concat!(include_str!("prompt.md"), include_str!("../writing.md")),
    specs: analysis::BLOCKS,
    max_tokens: 9_000,
};

pub(crate) const INFO: StudyInfo = StudyInfo {
    code: CODE,
    title: "Portrait de territoire",
    promise: "Qui habite votre commune, si elle grandit, ce qu’elle offre, en quatorze pages comparées et sourcées.",
    audience: "Élus, nouveaux arrivants, journalistes, porteurs de projets.",
    questions: &[
        "Combien d’habitants, de quels âges, dans quels ménages\u{a0}?",
        "La population augmente-t-elle, par les naissances ou par les arrivées\u{a0}?",
        "De quels revenus vivent les ménages, dans quels logements\u{a0}?",
        "Où se situe la commune parmi celles qui lui ressemblent\u{a0}?",
    ],
    contents: &[
        (1, "Couverture"),
        (2, "Lire ce rapport"),
        (3, "Synthèse\u{a0}: huit chiffres clés"),
        (4, "Situation"),
        (5, "Population"),
        (6, "Âges"),
        (7, "Ménages et catégories sociales"),
        (8, "Revenus"),
        (9, "Logement"),
        (10, "Marché"),
        (11, "Services et santé"),
        (12, "La commune parmi ses semblables"),
        (13, "Forces et fragilités"),
        (14, "Sources, méthodes et limites"),
    ],
    limits: &[
        "Le portrait décrit\u{a0}; il ne prévoit pas. Les projections n’existent qu’à partir du département.",
        "Les distances aux équipements sont à vol d’oiseau, jamais des temps de trajet.",
        "Un chiffre protégé par le secret statistique est indiqué «\u{a0}n.d.\u{a0}», jamais reconstitué.",
    ],
    figures: &[
        "geo.",
        "dem.",
        "fil.med",
        "fil.d1",
        "fil.d9",
        "fil.d9d1",
        "fil.tp60",
        "fil.impo",
        "log.n",
        "log.rp",
        "log.tx_",
        "log.maison",
        "log.proprio",
        "log.loc_prive",
        "log.loc_hlm",
        "log.suroccup",
        "log.av1971",
        "lov.tx",
        "lov.tx2",
        "rpl.n",
        "rpl.tx",
        "zon.abc",
        "ani.loyer",
        "dvf.n",
        "dvf.med",
        "dvf.q1",
        "dvf.q3",
        "dvf.evol5",
        "sit.aut",
        "sit.moy5",
        "sit.tx",
        "bpe.n",
        "bpe.gamme",
        "bpe.manque",
        "rpp.n",
        "rpp.dens",
        "rpp.acc10",
        "dpe.n",
        "dpe.fg",
    ],
    datasets: themes::DATASETS,
    least_population: 0,
};

const RULES: Rules = Rules { info: &INFO, leaves: pages::LEAVES, keys: analysis::KEYS };

#[async_trait]
impl Study for Ter01 {
    fn sheet(&self) -> &'static StudyInfo {
        &INFO
    }

    async fn eligibility(&self, db: &PgPool, commune: &str) -> Result<Eligibility, StudyError> {
        of(&RULES, db, commune).await
    }

    fn key_facts(&self) -> &'static [&'static str] {
        &["dem.pop@com", "dem.tcam@com", "fil.med@com", "log.n@com", "log.proprio@com", "zon.abc@com"]
    }

    fn prompt(&self) -> &'static Prompt {
        &PROMPT
    }

    fn by_rules(&self, sheet: &FactSheet) -> Narrative {
        writer::by_rules(analysis::BLOCKS, sheet, pages::subject)
    }

    fn specimens(&self) -> Result<Vec<Specimen>, StudyError> {
        specimens::specimens()
    }

    fn template_version(&self) -> String {
        format!("ter_01-{}", template_digest().chars().take(12).collect::<String>())
    }

    fn render(&self, sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, StudyError> {
        Ok(pages::render(sheet, narrative, edition)?)
    }
}
