//! Words about facts: blocks of text that cite figures by placeholder and never type one, and the judge of such blocks.

mod anchors;
mod assignment;
mod blocks;
mod claims;
mod cut;
mod judge;
mod lexicon;
mod line;
mod mask;
mod offers;
mod phrase;
mod place;
mod placeholder;
mod question;
mod recommendation;
mod rules;
mod sheet;
#[cfg(test)]
mod tests;
mod text;
mod unveil;

use std::collections::BTreeMap;

use domain::report::Author;
use serde::{Deserialize, Serialize};

pub use anchors::unnamed;
pub use assignment::Assignment;
pub use blocks::{Asked, BlockKind, BlockSpec, asked};
pub use judge::{Told, judge_block};
pub use line::{Checked, check_line};
pub use place::Name;
pub use placeholder::{Segment, SegmentError, rendered, segments};
pub use question::Prompt;
pub use recommendation::{
    ACTORS, HORIZONS, LEVERS, MOST_RECOMMENDATIONS, Mismatch, Recommendation, judge_recommendation,
};
pub use sheet::{SheetError, read_sheet};

/// A statement that can be computed, with the words that make it in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub op: String,
    pub a: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub b: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<String>,
}

/// One block of the report, figures still as placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub text: String,
    pub claims: Vec<Claim>,
    pub author: Author,
}

/// The words of a report: every block by id, and what is recommended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrative {
    pub blocks: BTreeMap<String, Block>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recommendations: Vec<Recommendation>,
}

/// What was found wrong with a block, and what would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// `V01` to `V16`.
    pub code: String,
    /// The block, and the field where it matters: `p4.lede/text`.
    pub pointer: String,
    pub excerpt: String,
    pub expected: String,
}

/// The verdict on the answers so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    pub accepted: BTreeMap<String, Block>,
    pub recommendations: Vec<Recommendation>,
    /// What was asked for and is still open, by name, with the text that was refused; empty where there was none.
    pub refused: BTreeMap<String, String>,
    /// To the last answer, in reading order.
    pub objections: Vec<Objection>,
}

impl Judgement {
    /// Whether no answer came before.
    pub(crate) fn is_first(&self) -> bool {
        *self == Self::default()
    }

    /// The objections in short, once each, for the event `NarrativeRejected`: `V07 p11.lede/text`.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        let short = |objection: &Objection| format!("{} {}", objection.code, objection.pointer);
        let errors: std::collections::BTreeSet<String> = self.objections.iter().map(short).collect();
        errors.into_iter().collect()
    }
}

impl Narrative {
    /// Who wrote each block and each recommendation, for the event `NarrativeAccepted` and the last page.
    #[must_use]
    pub fn by_block(&self) -> BTreeMap<String, Author> {
        let blocks = self.blocks.iter().map(|(id, block)| (id.clone(), block.author));
        blocks.chain(self.recommendations.iter().map(|given| (given.key(), given.author))).collect()
    }
}
