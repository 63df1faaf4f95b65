//! LOG-01 « Diagnostic logement »: what a commune's dwellings are, how many stand empty, what they cost.

mod analysis;
mod eligibility;
mod rules;
#[cfg(test)]
mod tests;
mod view;

use async_trait::async_trait;
use domain::eligibility::Eligibility;
use domain::fact::FactSheet;
use domain::ports::{EnergyCertificates, Question};
use sqlx::PgPool;

use crate::pages::{self, Edition};
use crate::study::{Study, StudyError, StudyInfo};
use crate::themes::{self, Reach};
use narrative::{self, Checked, Judgement, Narrative, Prompt};

/// The code of the study.
pub const CODE: &str = "LOG-01";

/// The study itself.
#[derive(Debug, Clone, Copy)]
pub struct Log01;

const PROMPT: Prompt = Prompt {
    system: concat!(include_str!("prompt.md"), include_str!("../writing.md")),
    specs: analysis::BLOCKS,
    max_tokens: 6_000,
};

pub(crate) const INFO: StudyInfo = StudyInfo {
    code: CODE,
    title: "Diagnostic logement",
    promise: "Le parc, la vacance et le marché du logement de votre commune, comparés et sourcés chiffre par chiffre.",
    audience: "Communes et intercommunalités (PLH, PLUi), services de l’État, bailleurs sociaux, bureaux d’études.",
    questions: &[
        "Combien de logements compte la commune, et qui les occupe\u{a0}?",
        "Combien sont vacants, selon le recensement et selon les fichiers fiscaux\u{a0}?",
        "À quels prix se vendent et se louent les logements\u{a0}?",
        "Où se situe la commune dans son intercommunalité, son département et parmi les communes comparables\u{a0}?",
    ],
    contents: &[
        (1, "Couverture"),
        (2, "Lire ce rapport"),
        (3, "Synthèse\u{a0}: dix chiffres clés"),
        (4, "La vacance"),
        (5, "Le marché\u{a0}: ventes, loyers, zonage"),
        (6, "Sources, méthodes et limites"),
    ],
    limits: &[
        "Les données ouvertes ne disent rien de la demande de logement social, de l’hébergement d’urgence ni de l’habitat indigne.",
        "La vacance du recensement et celle des fichiers fiscaux ne mesurent pas la même chose\u{a0}: les deux sont données.",
        "Les diagnostics énergétiques portent sur les logements vendus, loués ou rénovés, pas sur tout le parc.",
        "Un chiffre protégé par le secret statistique est indiqué «\u{a0}n.d.\u{a0}», jamais reconstitué.",
    ],
    figures: &[
        "dem.pop",
        "dem.tcam",
        "dem.menages",
        "log.n",
        "log.rp",
        "log.rs",
        "log.vac",
        "log.tx_",
        "log.maison",
        "log.appart",
        "log.proprio",
        "log.loc_prive",
        "log.loc_hlm",
        "lov.parc",
        "lov.vac",
        "lov.vac2",
        "lov.tx",
        "lov.tx2",
        "lov.part2",
        "rpl.n",
        "rpl.tx",
        "zon.",
        "ani.",
        "dvf.n",
        "dvf.med",
        "dvf.q1",
        "dvf.q3",
        "dvf.evol1",
        "dvf.evol5",
        "fil.med",
        "dpe.n",
        "dpe.fg",
    ],
    datasets: themes::DATASETS,
};

#[async_trait]
impl Study for Log01 {
    fn sheet(&self) -> &'static StudyInfo {
        &INFO
    }

    async fn eligibility(&self, db: &PgPool, commune: &str) -> Result<Eligibility, StudyError> {
        eligibility::of(db, commune).await
    }

    async fn collect(&self, db: &PgPool, commune: &str, dpe: &dyn EnergyCertificates) -> Result<FactSheet, StudyError> {
        let raw = themes::read(db, commune, INFO.datasets, Reach::Report(dpe)).await?;
        Ok(themes::assemble(&INFO, &raw))
    }

    async fn collect_public(&self, db: &PgPool, commune: &str) -> Result<FactSheet, StudyError> {
        let raw = themes::read(db, commune, INFO.datasets, Reach::Commune).await?;
        Ok(themes::assemble(&INFO, &raw))
    }

    fn key_facts(&self) -> &'static [&'static str] {
        &["dem.pop@com", "log.n@com", "lov.tx@com", "zon.abc@com", "ani.loyer[appt]@com", "log.proprio@com"]
    }

    fn question(&self, sheet: &FactSheet, subject: &str) -> Question {
        narrative::question(&PROMPT, sheet, subject)
    }

    fn judge(&self, sheet: &FactSheet, answer: &str) -> Judgement {
        narrative::judge(analysis::BLOCKS, sheet, answer)
    }

    fn check(&self, sheet: &FactSheet, line: &str) -> Checked {
        narrative::check_line(analysis::BLOCKS, sheet, line)
    }

    fn by_rules(&self, sheet: &FactSheet) -> Narrative {
        rules::by_rules(sheet)
    }

    fn template_version(&self) -> String {
        format!("log_01-{}", pages::template_digest().chars().take(12).collect::<String>())
    }

    fn render(&self, sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, StudyError> {
        Ok(view::render(sheet, narrative, edition)?)
    }
}
