//! The question to the model: stable instructions first, then the data of one commune, and the form of the answer.

use domain::fact::FactSheet;
use domain::ports::Question;
use serde_json::{Value, json};

use super::blocks::{BlockSpec, asked};
use super::unveil::is_invisible;
use indicators::sha256;

/// What a study asks, whatever the commune.
#[derive(Debug, Clone, Copy)]
pub struct Prompt {
    /// French instructions: the cached prefix.
    pub system: &'static str,
    pub specs: &'static [BlockSpec],
    pub max_tokens: u32,
}

/// The question for one sheet. Names and labels of files enter as data, without braces or angle brackets.
#[must_use]
pub fn question(prompt: &Prompt, sheet: &FactSheet, subject: &str) -> Question {
    let user = format!(
        "Rédigez chaque bloc de la liste « blocks » à partir des seules données suivantes.\n<donnees>\n{}\n</donnees>",
        data(prompt.specs, sheet)
    );
    let schema = schema(prompt.specs, sheet);
    let prompt_sha256 = sha256(format!("{}\n{user}\n{schema}", prompt.system).as_bytes());
    Question {
        system: prompt.system.to_owned(),
        user,
        schema,
        max_tokens: prompt.max_tokens,
        prompt_sha256,
        subject: subject.to_owned(),
    }
}

/// Published figures first of all: a figure without text cannot be typed.
fn data(specs: &'static [BlockSpec], sheet: &FactSheet) -> String {
    let blocks: Vec<_> = asked(specs, sheet).into_iter().filter(super::blocks::Asked::has_figures).collect();
    let mut facts = std::collections::BTreeMap::new();
    for fact in blocks.iter().flat_map(|block| &block.facts) {
        facts.entry(fact.id.as_str()).or_insert_with(|| {
            json!({
                "id": fact.id, "label": clean(&fact.label), "text": clean(&fact.text), "status": fact.status.name(),
                "unit": fact.unit, "signed": fact.signed, "anchors": fact.anchors, "scope": indicators::scope_name(fact.scope.kind),
            })
        });
    }
    let blocks: Vec<Value> = blocks
        .iter()
        .map(|block| {
            let ids: Vec<_> = block.facts.iter().map(|fact| fact.id.as_str()).collect();
            json!({"id": block.spec.id, "kind": block.spec.kind.name(), "page": block.spec.page,
                   "max_chars": block.spec.max_chars, "facts": ids, "mandatory": block.mandatory})
        })
        .collect();
    let facts: Vec<Value> = facts.into_values().collect();
    let text = json!({"facts": facts, "blocks": blocks}).to_string();
    // No text of a file can close the data block.
    text.replace('<', "\\u003c").replace('>', "\\u003e")
}

/// A name or label as data: one line, no braces, at most 160 characters.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !is_invisible(*c) && !matches!(c, '{' | '}' | '\u{2028}' | '\u{2029}'))
        .take(160)
        .collect()
}

fn schema(specs: &'static [BlockSpec], sheet: &FactSheet) -> Value {
    let ids: Vec<&str> =
        asked(specs, sheet).into_iter().filter(super::blocks::Asked::has_figures).map(|block| block.spec.id).collect();
    let string = json!({"type": "string"});
    let claim = json!({
        "type": "object", "additionalProperties": false, "required": ["op", "a"],
        "properties": {
            "op": {"type": "string", "enum": ["gt", "lt", "approx", "up", "down", "flat", "accel", "decel", "rank", "share"]},
            "a": string, "b": string, "side": {"type": "string", "enum": ["high", "low"]},
            "band": {"type": "string", "enum": ["extreme", "marked", "middle", "majority", "minority"]},
        },
    });
    json!({
        "type": "object", "additionalProperties": false, "required": ["blocks"],
        "properties": {"blocks": {"type": "array", "minItems": 1, "items": {
            "type": "object", "additionalProperties": false, "required": ["id", "text", "claims"],
            "properties": {"id": {"type": "string", "enum": ids}, "text": string, "claims": {"type": "array", "items": claim}},
        }}},
    })
}
