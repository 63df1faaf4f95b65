//! What a writer is to write for one commune: the blocks of a study and the mismatches found in its figures. Answers are
//! judged one after the other; each is asked only for what those before it left open.

use std::collections::BTreeMap;

use domain::fact::FactSheet;

use super::blocks::{Asked, asked};
use super::judge::Told;
use super::line::{Checked, check_line};
use super::recommendation::{MOST_RECOMMENDATIONS, Mismatch, key};
use super::{Judgement, Narrative, Prompt};

/// The words that a report needs.
#[derive(Debug, Clone)]
pub struct Assignment<'a> {
    pub(crate) prompt: &'static Prompt,
    pub(crate) sheet: &'a FactSheet,
    mismatches: Vec<Mismatch>,
}

/// What is still to be written.
pub(crate) struct Open<'a> {
    pub blocks: Vec<Asked<'a>>,
    pub mismatches: Vec<&'a Mismatch>,
}

impl Open<'_> {
    /// The names of all, in reading order.
    pub fn keys(&self) -> impl Iterator<Item = String> + '_ {
        let blocks = self.blocks.iter().map(|block| block.spec.id.to_owned());
        blocks.chain(self.mismatches.iter().map(|mismatch| key(mismatch.id)))
    }
}

impl<'a> Assignment<'a> {
    /// Of the mismatches, strongest first, those that a recommendation can rest on.
    #[must_use]
    pub fn new(prompt: &'static Prompt, sheet: &'a FactSheet, mismatches: Vec<Mismatch>) -> Self {
        let mut mismatches = mismatches;
        mismatches.retain(|mismatch| mismatch.is_answerable(sheet));
        mismatches.truncate(MOST_RECOMMENDATIONS);
        Self { prompt, sheet, mismatches }
    }

    /// Everything the first time; then what was refused. A recommendation that was not given is not asked for again.
    pub(crate) fn open(&self, before: &Judgement) -> Open<'_> {
        let is_open = |key: &str| before.is_first() || before.refused.contains_key(key);
        let mut blocks = asked(self.prompt.specs, self.sheet);
        blocks.retain(|block| block.has_figures() && is_open(block.spec.id));
        let mismatches = self.mismatches.iter().filter(|mismatch| is_open(&key(mismatch.id))).collect();
        Open { blocks, mismatches }
    }

    /// The verdict on one line of a file of blocks.
    #[must_use]
    pub fn check(&self, line: &str) -> Checked {
        check_line(self.prompt.specs, self.sheet, line)
    }

    /// The accepted blocks and recommendations, and the rules' own wherever there is none. An accepted block that says what
    /// a block of the rules says already gives way to the rules': no report says a sentence twice.
    #[must_use]
    pub fn complete(&self, judgement: Judgement, by_rules: Narrative) -> Narrative {
        let mut accepted = judgement.accepted;
        let blocks: BTreeMap<&str, Asked<'_>> =
            asked(self.prompt.specs, self.sheet).into_iter().map(|block| (block.spec.id, block)).collect();
        loop {
            let mut told = Told::default();
            for (id, written) in by_rules.blocks.iter().filter(|(id, _)| !accepted.contains_key(*id)) {
                if let Some(block) = blocks.get(id.as_str()) {
                    told.remember(self.sheet, block, &written.text);
                }
            }
            let repeats = |id: &str, text: &str| {
                blocks.get(id).is_some_and(|block| told.repeated(self.sheet, block, text).is_some())
            };
            let before = accepted.len();
            accepted.retain(|id, written| !by_rules.blocks.contains_key(id) || !repeats(id, &written.text));
            if accepted.len() == before {
                break;
            }
        }
        let mut narrative = by_rules;
        narrative.blocks.extend(accepted);
        for given in judgement.recommendations {
            match narrative.recommendations.iter_mut().find(|own| own.id == given.id) {
                Some(own) => *own = given,
                None => narrative.recommendations.push(given),
            }
        }
        narrative.recommendations.truncate(MOST_RECOMMENDATIONS);
        narrative
    }
}
