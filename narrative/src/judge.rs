//! The judge: an answer in, accepted blocks and objections out, by code alone and always the same.

use std::collections::{BTreeMap, BTreeSet};

use domain::fact::FactSheet;
use domain::report::Author;
use serde::Deserialize;

use super::assignment::{Assignment, Open};
use super::blocks::{Asked, asked};
use super::lexicon::Lexicons;
use super::recommendation::{Recommendation, judge_draft, key};
use super::rules::{Draft, Fault, faults, skeletons};
use super::text::Text;
use super::{Block, Claim, Judgement, Objection};

/// What the model must answer, and nothing else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    #[serde(default)]
    blocks: Vec<Item>,
    #[serde(default)]
    recommendations: Vec<Draft>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    id: String,
    text: String,
    claims: Vec<Claim>,
}

const ONCE: &str = "chaque élément demandé, une seule fois, et aucun autre";

impl Assignment<'_> {
    /// Judges an answer to what the answers before it left open. What they brought stays; what this one leaves open is in
    /// `refused`, and `objections` are about this one alone.
    #[must_use]
    pub fn judge(&self, before: Judgement, answer: &str) -> Judgement {
        let open = self.open(&before);
        let Judgement { accepted, recommendations, refused, .. } = before;
        let mut verdict = Judgement { accepted, recommendations, ..Judgement::default() };
        match serde_json::from_str(answer) {
            Ok(answer) => self.judge_whole(&open, &mut verdict, answer),
            Err(error) => {
                let fault = Fault::new("V01", error.to_string(), "le JSON du schéma demandé");
                verdict.objections.push(objection("", &fault));
                let still = |key: String| {
                    let text = refused.get(&key).cloned().unwrap_or_default();
                    (key, text)
                };
                verdict.refused = open.keys().map(still).collect();
            }
        }
        verdict
    }

    fn judge_whole(&self, open: &Open<'_>, verdict: &mut Judgement, answer: Answer) {
        let mut told = Told::default();
        for block in asked(self.prompt.specs, self.sheet) {
            if let Some(kept) = verdict.accepted.get(block.spec.id) {
                told.remember(self.sheet, &block, &kept.text);
            }
        }
        let mut seen = BTreeSet::new();
        for Item { id, text, claims } in answer.blocks {
            let known = open.blocks.iter().find(|block| block.spec.id == id);
            let Some(block) = known.filter(|_| seen.insert(id.clone())) else {
                verdict.objections.push(objection(&id, &Fault::new("V01", id.as_str(), ONCE)));
                if known.is_some() {
                    // Of two versions of a block neither is the answer.
                    verdict.accepted.remove(&id);
                    verdict.refused.insert(id, text);
                }
                continue;
            };
            let mut found = judge_block(self.sheet, block, &text, &claims);
            found.extend(told.repeated(self.sheet, block, &text));
            if found.is_empty() {
                told.remember(self.sheet, block, &text);
                verdict.accepted.insert(id, Block { text, claims, author: Author::Model });
            } else {
                verdict.refused.insert(id, text);
            }
            verdict.objections.extend(found);
        }
        for block in open.blocks.iter().filter(|block| !seen.contains(block.spec.id)) {
            let fault = Fault::new("V01", block.spec.id, "tous les blocs demandés");
            verdict.objections.push(objection(block.spec.id, &fault));
            verdict.refused.insert(block.spec.id.to_owned(), String::new());
        }
        self.judge_recommendations(open, verdict, &mut told, answer.recommendations);
    }

    fn judge_recommendations(&self, open: &Open<'_>, verdict: &mut Judgement, told: &mut Told, drafts: Vec<Draft>) {
        let mut seen = BTreeSet::new();
        for draft in drafts {
            let name = key(&draft.id);
            let known = open.mismatches.iter().find(|mismatch| mismatch.id == draft.id);
            let Some(mismatch) = known.filter(|_| seen.insert(draft.id.clone())) else {
                verdict.objections.push(objection(&name, &Fault::new("V01", draft.id.as_str(), ONCE)));
                if known.is_some() {
                    verdict.recommendations.retain(|kept| kept.id != draft.id);
                    verdict.refused.insert(name, draft.text);
                }
                continue;
            };
            let asked = mismatch.asked(self.sheet);
            let mut found = judge_draft(self.sheet, mismatch, &draft);
            found.extend(
                told.repeated(self.sheet, &asked, &draft.text)
                    .map(|o| Objection { pointer: format!("{name}/text"), ..o }),
            );
            if found.is_empty() {
                told.remember(self.sheet, &asked, &draft.text);
                verdict.recommendations.push(Recommendation::of(draft, Author::Model));
            } else {
                verdict.refused.insert(name, draft.text);
            }
            verdict.objections.extend(found);
        }
    }
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
