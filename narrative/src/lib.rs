//! Words about facts: blocks of text that cite figures by placeholder and never type one, and the judge of such blocks.

mod blocks;
mod judge;
mod lexicon;
mod place;
mod placeholder;
mod question;
mod rules;
mod sentence;

use std::collections::BTreeMap;

use domain::report::Author;
use serde::{Deserialize, Serialize};

pub use blocks::{Asked, BlockKind, BlockSpec, asked};
pub use judge::{Checked, Told, check_line, judge, judge_block};
pub use lexicon::refused_words;
pub use place::Name;
pub use placeholder::{Segment, SegmentError, rendered, segments};
pub use question::{Prompt, question};

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

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str, author: Author) -> Block {
        Block { text: text.to_owned(), claims: vec![], author }
    }

    #[test]
    fn rules_fill_what_the_model_left_or_lost() {
        let rules = |id: &str| (id.to_owned(), block("règle", Author::Rules));
        let by_rules = Narrative { blocks: [rules("p3.titre"), rules("p3.lede")].into() };
        let accepted = [("p3.lede".to_owned(), block("modèle", Author::Model))].into();
        let whole = Narrative::complete(Judgement { accepted, objections: vec![] }, by_rules);
        let authors: Vec<_> = whole.by_block().into_iter().collect();
        assert_eq!(authors, [("p3.lede".to_owned(), Author::Model), ("p3.titre".to_owned(), Author::Rules)]);
    }
}
