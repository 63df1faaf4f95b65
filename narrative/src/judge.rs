//! The judge: an answer in, accepted blocks and objections out, by code alone and always the same.

use std::collections::{BTreeMap, BTreeSet};

use domain::fact::FactSheet;
use domain::report::Author;
use serde::{Deserialize, Serialize};

use super::blocks::{Asked, BlockKind, BlockSpec, asked};
use super::rules::{Fault, RULES, skeleton};
use super::sentence::{Text, sentences};
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

/// What the judge says of one line `{"id", "text", "claims"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub id: String,
    /// Codes of the errors, once each, in order.
    pub codes: Vec<String>,
    pub errors: Vec<Objection>,
}

/// A block that no study asks for is judged as a plain text that may cite the whole sheet.
static OPEN: BlockSpec =
    BlockSpec { id: "libre", kind: BlockKind::Text, page: 0, max_chars: 400, facts: &[], mandatory: &[] };

/// Judges one line of a file of blocks, on its own: what other blocks say does not count.
#[must_use]
pub fn check_line(specs: &'static [BlockSpec], sheet: &FactSheet, line: &str) -> Checked {
    let item: Item = match serde_json::from_str(line) {
        Ok(item) => item,
        Err(error) => {
            let fault = Fault::new("V01", error.to_string(), "un objet {\"id\", \"text\", \"claims\"} par ligne");
            return Checked::new(String::new(), vec![objection("", &fault)]);
        }
    };
    let known = asked(specs, sheet).into_iter().find(|block| block.spec.id == item.id);
    let block =
        known.unwrap_or_else(|| Asked { spec: &OPEN, facts: sheet.facts.values().collect(), mandatory: vec![] });
    let errors = judge_block(sheet, &block, &item.text, &item.claims);
    Checked::new(item.id, errors)
}

impl Checked {
    fn new(id: String, errors: Vec<Objection>) -> Self {
        let mut codes: Vec<String> = errors.iter().map(|error| error.code.clone()).collect();
        codes.sort();
        codes.dedup();
        Self { id, codes, errors }
    }
}

/// All objections to one block, in reading order of the rules.
#[must_use]
pub fn judge_block(sheet: &FactSheet, asked: &Asked<'_>, text: &str, claims: &[Claim]) -> Vec<Objection> {
    let id = asked.spec.id;
    let text = Text::new(sheet, asked, text);
    let mut faults: Vec<Fault> = RULES.iter().flat_map(|rule| rule(&text)).collect();
    faults.extend(claims.iter().map(unworded));
    faults.iter().map(|fault| objection(id, fault)).collect()
}

/// The words that a claim would prove are refused in this edition, so no claim has its words.
fn unworded(claim: &Claim) -> Fault {
    let code = match claim.op.as_str() {
        "gt" | "lt" | "approx" => "V07",
        "up" | "down" | "flat" | "accel" | "decel" => "V06",
        "rank" => "V09",
        "share" => "V05",
        _ => "V01",
    };
    Fault::new(code, claim.op.as_str(), "aucune affirmation : juxtaposer les valeurs")
}

/// The sentences already in the report, by block: none is told twice (V14).
#[derive(Debug, Default)]
pub struct Told(BTreeMap<String, &'static str>);

impl Told {
    /// The objection to a block that repeats a sentence of another.
    #[must_use]
    pub fn repeated(&self, sheet: &FactSheet, asked: &Asked<'_>, text: &str) -> Option<Objection> {
        let (words, block) = skeletons(sheet, asked, text).into_iter().find_map(|words| {
            let block = *self.0.get(&words)?;
            Some((words, block))
        })?;
        let expected = format!("une autre phrase que celle de {block}");
        Some(objection(asked.spec.id, &Fault::new("V14", words, expected)))
    }

    /// Remembers the sentences of a block.
    pub fn remember(&mut self, sheet: &FactSheet, asked: &Asked<'_>, text: &str) {
        for words in skeletons(sheet, asked, text) {
            self.0.entry(words).or_insert(asked.spec.id);
        }
    }
}

fn skeletons(sheet: &FactSheet, asked: &Asked<'_>, text: &str) -> BTreeSet<String> {
    let text = Text::new(sheet, asked, text);
    sentences(&text.lower).map(skeleton).filter(|words| words.split(' ').count() >= 4).collect()
}

fn objection(block: &str, fault: &Fault) -> Objection {
    Objection {
        code: fault.code.to_owned(),
        pointer: if block.is_empty() { "/".to_owned() } else { format!("{block}/text") },
        excerpt: fault.excerpt.clone(),
        expected: fault.expected.clone(),
    }
}
