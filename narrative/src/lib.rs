//! Words about facts: blocks of text that cite figures by placeholder and never type one, and the judge of such blocks.

mod anchors;
mod blocks;
mod claims;
mod cut;
mod judge;
mod lexicon;
mod line;
mod mask;
mod phrase;
mod place;
mod placeholder;
mod question;
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
pub use blocks::{Asked, BlockKind, BlockSpec, asked};
pub use judge::{Told, judge, judge_block};
pub use line::{Checked, check_line};
pub use place::Name;
pub use placeholder::{Segment, SegmentError, rendered, segments};
pub use question::{Prompt, question};
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

/// Every block of a report by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrative {
    pub blocks: BTreeMap<String, Block>,
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

/// The verdict on an answer: blocks without objection, and all objections in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    pub accepted: BTreeMap<String, Block>,
    pub objections: Vec<Objection>,
}

impl Judgement {
    /// The codes of the objections, once each, for the event `NarrativeRejected`.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        let codes: std::collections::BTreeSet<_> = self.objections.iter().map(|o| o.code.clone()).collect();
        codes.into_iter().collect()
    }
}

impl Narrative {
    /// The accepted blocks, and the rules' block wherever there is none.
    #[must_use]
    pub fn complete(judgement: Judgement, by_rules: Self) -> Self {
        let mut blocks = by_rules.blocks;
        blocks.extend(judgement.accepted.into_iter().filter(|(id, _)| !id.is_empty()));
        Self { blocks }
    }

    /// Who wrote each block, for the event `NarrativeAccepted`.
    #[must_use]
    pub fn by_block(&self) -> BTreeMap<String, Author> {
        self.blocks.iter().map(|(id, block)| (id.clone(), block.author)).collect()
    }
}
