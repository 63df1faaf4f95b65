//! The writer that needs no model: sentences made of what the dictionary knows of an indicator, from the fullest to the
//! barest; the first that the judge accepts is printed. The fullest say where a figure stands among comparable communes,
//! which way it goes, how it compares with the territories around, each with the claim that proves it. Wording turns with
//! the commune and the block, so that neighbours do not read alike.

mod article;
mod gap;
mod level;
mod phrases;
mod subject;
mod trend;

use domain::fact::{Fact, FactSheet, FactStatus};
use domain::report::Author;
use narrative::{Asked, Block, BlockKind, BlockSpec, Claim, Narrative, Told, asked, judge_block};

pub use article::Named;
use subject::Subject;

/// Every block of the study, written by rules. `subject` says what a page is about, with its article: « les revenus ».
#[must_use]
pub fn by_rules(specs: &'static [BlockSpec], sheet: &FactSheet, subject: impl Fn(u32) -> &'static str) -> Narrative {
    let mut narrative = Narrative::default();
    let mut told = Told::default();
    for block in asked(specs, sheet) {
        let Wording { text, claims } = write(sheet, &block, &told, subject(block.spec.page));
        told.remember(sheet, &block, &text);
        narrative.blocks.insert(block.spec.id.to_owned(), Block { text, claims, author: Author::Rules });
    }
    narrative
}

/// A text with what its words assert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    pub text: String,
    pub claims: Vec<Claim>,
}

impl Wording {
    /// Words that assert nothing beyond their figures.
    fn plain(text: String) -> Self {
        Self { text, claims: vec![] }
    }

    /// The same, and then more.
    fn followed_by(&self, more: &Self) -> Self {
        let claims = self.claims.iter().chain(&more.claims).cloned().collect();
        Self { text: format!("{} {}", self.text, more.text), claims }
    }
}

fn write(sheet: &FactSheet, block: &Asked<'_>, told: &Told, subject: &str) -> Wording {
    said(sheet, block, told).unwrap_or_else(|| Wording::plain(unpublished(block.spec.kind, subject)))
}

/// The fullest text that the judge accepts and that the report does not say already; `None` when there is none.
#[must_use]
pub fn said(sheet: &FactSheet, block: &Asked<'_>, told: &Told) -> Option<Wording> {
    let fits = |wording: &Wording| {
        told.repeated(sheet, block, &wording.text).is_none()
            && judge_block(sheet, block, &wording.text, &wording.claims).is_empty()
    };
    let turn = seed(&sheet.commune, block.spec.id);
    let ranks = phrases::ranks(block.spec.kind, &Subject::all(block));
    // A turn within each rank of fullness, never a barer sentence before a fuller one.
    let turned = ranks.iter().flat_map(|rank| {
        let start = if rank.is_empty() { 0 } else { turn % rank.len() };
        rank.iter().cycle().skip(start).take(rank.len())
    });
    turned.map(|wording| with_caution(block, wording)).find(fits)
}

/// A number that depends on the commune and the block alone.
fn seed(commune: &str, block: &str) -> usize {
    let digest = indicators::sha256(format!("{commune}/{block}").as_bytes());
    usize::from_str_radix(digest.get(..4).unwrap_or("0"), 16).unwrap_or_default()
}

/// What is said where no figure of the block is published.
fn unpublished(kind: BlockKind, subject: &str) -> String {
    match kind {
        BlockKind::Title => format!("Les données sur {subject} ne sont pas publiées"),
        BlockKind::Lede => {
            format!(
                "À ce périmètre, les données sur {subject} ne sont pas publiées ; le motif figure à la dernière page."
            )
        }
        BlockKind::Text => format!("Le détail sur {subject} n’est pas publié à ce périmètre."),
        BlockKind::Keep => format!("Sur {subject}, le motif de l’absence est donné à la dernière page."),
    }
}

/// A caution in the block whenever a cited figure needs one.
fn with_caution(block: &Asked<'_>, wording: &Wording) -> Wording {
    let cited = |fact: &&&Fact| {
        let id = &fact.id;
        ["}}", "|abs}}"].iter().any(|end| wording.text.contains(&format!("{{{{fact:{id}{end}")))
    };
    let cited: Vec<&&Fact> = block.facts.iter().filter(cited).collect();
    let unsure = cited.iter().any(|fact| matches!(fact.status, FactStatus::LowN | FactStatus::Modelled));
    let provisional = cited.iter().any(|fact| fact.provisional);
    let caution = match (unsure, provisional) {
        (false, false) => return wording.clone(),
        (true, false) => "À titre indicatif",
        (false, true) => "À titre provisoire",
        (true, true) => "À titre indicatif et provisoire",
    };
    let text = wording.text.strip_prefix("En bref, ").unwrap_or(&wording.text);
    let text = match text.split_once("Repères communaux") {
        Some(("", list)) => format!("Repères communaux, {}{list}", lower_first(caution)),
        _ => format!("{caution}, {}", lower_first(text)),
    };
    Wording { text, claims: wording.claims.clone() }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests;
