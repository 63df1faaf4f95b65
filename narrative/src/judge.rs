//! The judge: an answer in, accepted blocks and objections out, by code alone and always the same.

use std::collections::{BTreeMap, BTreeSet};

use domain::fact::FactSheet;
use domain::report::Author;
use serde::Deserialize;

use super::blocks::{Asked, BlockSpec, asked};
use super::lexicon::Lexicons;
use super::rules::{Fault, faults, skeletons};
use super::text::Text;
use super::{Block, Claim, Judgement, Objection};

/// What the model must answer, and nothing else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    blocks: Vec<Item>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    id: String,
    text: String,
    claims: Vec<Claim>,
}

/// Judges an answer against the blocks that were asked.
#[must_use]
pub fn judge(specs: &'static [BlockSpec], sheet: &FactSheet, answer: &str) -> Judgement {
    let mut verdict = Judgement::default();
    let answer: Answer = match serde_json::from_str(answer) {
        Ok(answer) => answer,
        Err(error) => {
            verdict.objections.push(objection("", &Fault::new("V01", error.to_string(), "le JSON du schéma demandé")));
            return verdict;
        }
    };
    let asked = asked(specs, sheet);
    let mut seen = BTreeSet::new();
    let mut told = Told::default();
    for item in answer.blocks {
        let known = asked.iter().find(|block| block.spec.id == item.id && block.has_figures());
        let Some(block) = known.filter(|_| seen.insert(item.id.clone())) else {
            let fault = Fault::new("V01", item.id.as_str(), "chaque bloc demandé, une seule fois, et aucun autre");
            verdict.objections.push(objection(&item.id, &fault));
            // Of two versions of a block neither is the answer.
            verdict.accepted.remove(&item.id);
            continue;
        };
        let mut objections = judge_block(sheet, block, &item.text, &item.claims);
        objections.extend(told.repeated(sheet, block, &item.text));
        told.remember(sheet, block, &item.text);
        if objections.is_empty() {
            let Item { id, text, claims } = item;
            verdict.accepted.insert(id, Block { text, claims, author: Author::Model });
        }
        verdict.objections.extend(objections);
    }
    for block in asked.iter().filter(|block| block.has_figures() && !seen.contains(block.spec.id)) {
        let fault = Fault::new("V01", block.spec.id, "tous les blocs demandés");
        verdict.objections.push(objection(block.spec.id, &fault));
    }
    verdict
}

/// All objections to one block, in reading order.
#[must_use]
pub fn judge_block(sheet: &FactSheet, asked: &Asked<'_>, text: &str, claims: &[Claim]) -> Vec<Objection> {
    judge_with(Lexicons::shared(), sheet, asked, text, claims)
}

/// The same with other word lists.
pub(crate) fn judge_with(
    lexicons: &Lexicons,
    sheet: &FactSheet,
    asked: &Asked<'_>,
    text: &str,
    claims: &[Claim],
) -> Vec<Objection> {
    let id = asked.spec.id;
    if text.len() > MOST_BYTES || claims.len() > MOST_CLAIMS {
        let expected = format!("au plus {MOST_BYTES} octets et {MOST_CLAIMS} affirmations");
        return vec![objection(id, &Fault::new("V01", text.chars().take(60).collect::<String>(), expected))];
    }
    let text = Text::new(lexicons, sheet, asked, text);
    faults(&text, claims).iter().map(|fault| objection(id, fault)).collect()
}

/// No block of a report comes near these; a judge must end on any answer.
const MOST_BYTES: usize = 20_000;
const MOST_CLAIMS: usize = 64;

/// The sentences already in the report, by block: none is told twice (V14).
#[derive(Debug, Default)]
pub struct Told(BTreeMap<String, &'static str>);

impl Told {
    /// The objection to a block that repeats a sentence of another.
    #[must_use]
    pub fn repeated(&self, sheet: &FactSheet, asked: &Asked<'_>, text: &str) -> Option<Objection> {
        let (words, block) = told(sheet, asked, text).into_iter().find_map(|words| {
            let block = *self.0.get(&words)?;
            Some((words, block))
        })?;
        let expected = format!("une autre phrase que celle de {block}");
        Some(objection(asked.spec.id, &Fault::new("V14", words, expected)))
    }

    /// Remembers the sentences of a block.
    pub fn remember(&mut self, sheet: &FactSheet, asked: &Asked<'_>, text: &str) {
        for words in told(sheet, asked, text) {
            self.0.entry(words).or_insert(asked.spec.id);
        }
    }
}

/// Sentences of four words at least: « À titre indicatif. » may be said again.
fn told(sheet: &FactSheet, asked: &Asked<'_>, text: &str) -> BTreeSet<String> {
    let text = Text::new(Lexicons::shared(), sheet, asked, text);
    skeletons(&text).into_iter().filter(|words| words.split(' ').count() >= 4).collect()
}

pub(crate) fn objection(block: &str, fault: &Fault) -> Objection {
    Objection {
        code: fault.code.to_owned(),
        pointer: if block.is_empty() { "/".to_owned() } else { format!("{block}/text") },
        excerpt: fault.excerpt.clone(),
        expected: fault.expected.clone(),
    }
}
