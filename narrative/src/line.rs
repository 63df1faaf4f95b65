//! A file of blocks, judged line by line: `{"id", "text", "claims"}`, or a recommendation with its own fields.

use domain::fact::FactSheet;
use serde::Serialize;

use super::Objection;
use super::blocks::{Asked, BlockKind, BlockSpec, asked};
use super::judge::{judge_block, objection};
use super::recommendation;
use super::rules::{Draft, Fault};

/// What the judge says of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub id: String,
    /// Codes of the errors, once each, in order.
    pub codes: Vec<String>,
    pub errors: Vec<Objection>,
}

const fn open(id: &'static str, kind: BlockKind, max_chars: usize) -> BlockSpec {
    BlockSpec { id, kind, page: 0, max_chars, facts: &[], mandatory: &[] }
}

/// Blocks that no study asks for are judged by what their id says they are, and may cite the whole sheet.
static TITLE: BlockSpec = open("titre", BlockKind::Title, 90);
static LEDE: BlockSpec = open("chapeau", BlockKind::Lede, 280);
static TEXT: BlockSpec = open("texte", BlockKind::Text, 1200);
static RECOMMENDATION: BlockSpec = open("recommandation", BlockKind::Text, 1200);

/// Judges one line of a file of blocks, on its own: what other blocks say does not count.
#[must_use]
pub fn check_line(specs: &'static [BlockSpec], sheet: &FactSheet, line: &str) -> Checked {
    let item: Draft = match serde_json::from_str(line) {
        Ok(item) => item,
        Err(error) => {
            let fault = Fault::new("V01", error.to_string(), "un objet {\"id\", \"text\", \"claims\"} par ligne");
            // An object of another shape is answered under its id all the same.
            let object: Option<serde_json::Value> = serde_json::from_str(line).ok();
            let id = object.as_ref().and_then(|object| object.get("id")?.as_str()).unwrap_or_default();
            return Checked::new(id.to_owned(), vec![objection(id, &fault)]);
        }
    };
    let is_recommendation = is_recommendation(&item);
    let known = asked(specs, sheet).into_iter().find(|block| block.spec.id == item.id);
    let block = known.unwrap_or_else(|| {
        let spec = if is_recommendation { &RECOMMENDATION } else { spec_of(&item.id) };
        Asked {
            spec,
            facts: sheet.facts.values().collect(),
            mandatory: vec![],
            open: true,
            recommends: is_recommendation,
        }
    });
    if is_recommendation {
        let errors = recommendation::objections(sheet, &block, None, &item);
        return Checked::new(item.id, errors);
    }
    let mut errors = judge_block(sheet, &block, &item.text, &item.claims);
    for error in &mut errors {
        error.pointer = format!("{}/text", item.id);
    }
    Checked::new(item.id, errors)
}

fn is_recommendation(item: &Draft) -> bool {
    let named = item.id.split(['.', '_', '-']).any(|part| part.starts_with("reco"));
    named || item.actor.is_some() || item.lever.is_some() || item.horizon.is_some() || item.evidence.is_some()
}

fn spec_of(id: &str) -> &'static BlockSpec {
    let is = |starts: &[&str]| {
        id.split(['.', '_', '-', '/', ':']).any(|part| starts.iter().any(|start| part.starts_with(start)))
    };
    if is(&["tit"]) {
        &TITLE
    } else if is(&["lede", "chap"]) {
        &LEDE
    } else {
        &TEXT
    }
}

impl Checked {
    fn new(id: String, errors: Vec<Objection>) -> Self {
        let mut codes: Vec<String> = errors.iter().map(|error| error.code.clone()).collect();
        codes.sort();
        codes.dedup();
        Self { id, codes, errors }
    }
}
