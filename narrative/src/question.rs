//! The question to the model: stable instructions first, then the data of one commune, and the form of the answer. A
//! repair is the same question about what was refused alone, with the refused words and what is wrong with them.

use std::collections::BTreeMap;

use domain::fact::Fact;
use domain::ports::Question;
use serde_json::{Value, json};

use super::assignment::{Assignment, Open};
use super::blocks::BlockSpec;
use super::offers::{offers, short};
use super::recommendation::{ACTORS, HORIZONS, LEVERS, key};
use super::unveil::is_invisible;
use super::{Claim, Judgement};
use indicators::sha256;

/// What a study asks, whatever the commune.
#[derive(Debug, Clone, Copy)]
pub struct Prompt {
    /// French instructions: the cached prefix.
    pub system: &'static str,
    pub specs: &'static [BlockSpec],
    pub max_tokens: u32,
}

const WRITE: &str = "Rédigez chaque élément de la liste « blocks » et de la liste « mismatches », à partir des seules \
                     données suivantes.";
const REPAIR: &str = "Le contrôle a refusé une partie de votre réponse. Rédigez de nouveau chaque élément des listes \
                      « blocks » et « mismatches », et rien d’autre : « refused » est le texte refusé, « errors » dit \
                      pourquoi. Écrivez une autre phrase plutôt que la même à peine changée.";

/// The longest block, with its claims, needs no more.
const LEAST_TOKENS: u32 = 1_000;
/// A refused text beyond this length says no more about what was wrong with it.
const MOST_REFUSED: usize = 1_500;

impl Assignment<'_> {
    /// The question about what the answers before left open. Names and labels of files enter as data, without braces or
    /// angle brackets. `subject` is the opaque id of the report.
    #[must_use]
    pub fn question(&self, before: &Judgement, subject: &str) -> Question {
        let open = self.open(before);
        let order = if before.is_first() { WRITE } else { REPAIR };
        let user = format!("{order}\n<donnees>\n{}\n</donnees>", self.data(&open, before));
        let schema = schema(&open);
        let prompt_sha256 = sha256(format!("{}\n{user}\n{schema}", self.prompt.system).as_bytes());
        Question {
            system: self.prompt.system.to_owned(),
            user,
            schema,
            max_tokens: self.room(&open),
            prompt_sha256,
            subject: subject.to_owned(),
            patience: None,
            spent_micro_usd: 0,
        }
    }

    /// Tokens for what is open, as a part of those for all: what is reserved for an answer counts against the order's budget.
    fn room(&self, open: &Open<'_>) -> u32 {
        let items = |open: &Open<'_>| u64::try_from(open.keys().count()).unwrap_or(1);
        let (all, here) = (items(&self.open(&Judgement::default())).max(1), items(open));
        let part = u64::from(self.prompt.max_tokens).saturating_mul(here).div_ceil(all);
        u32::try_from(part).unwrap_or(u32::MAX).max(LEAST_TOKENS).min(self.prompt.max_tokens)
    }

    fn data(&self, open: &Open<'_>, before: &Judgement) -> String {
        let mut facts: BTreeMap<&str, &Fact> = BTreeMap::new();
        let of_mismatches: Vec<_> = open.mismatches.iter().map(|mismatch| mismatch.asked(self.sheet)).collect();
        for fact in open.blocks.iter().chain(&of_mismatches).flat_map(|block| &block.facts) {
            facts.insert(&fact.id, fact);
        }
        let listed: Vec<&Fact> = facts.into_values().collect();
        let claims = offers(self.sheet, &listed);
        let facts: Vec<Value> = listed.iter().map(|fact| told(fact, claims.get(&fact.id))).collect();
        let blocks: Vec<Value> = open
            .blocks
            .iter()
            .map(|block| {
                let ids: Vec<_> = block.facts.iter().map(|fact| fact.id.as_str()).collect();
                let asked = json!({"id": block.spec.id, "kind": block.spec.kind.name(), "page": block.spec.page,
                                   "max_chars": block.spec.max_chars, "facts": ids, "mandatory": block.mandatory});
                with_errors(asked, block.spec.id, before)
            })
            .collect();
        let mismatches: Vec<Value> = open
            .mismatches
            .iter()
            .map(|mismatch| {
                let asked = json!({"id": mismatch.id, "finding": mismatch.finding, "facts": mismatch.evidence,
                                   "evidence": mismatch.proofs(self.sheet)});
                with_errors(asked, &key(mismatch.id), before)
            })
            .collect();
        let mut data = json!({"facts": facts, "blocks": blocks, "mismatches": mismatches});
        // An answer that could not be read at all has one error for all its blocks.
        let of_all: Vec<Value> =
            before.objections.iter().filter(|objection| objection.pointer == "/").map(error).collect();
        if !of_all.is_empty() {
            data["errors"] = Value::Array(of_all);
        }
        // No text of a file can close the data block.
        data.to_string().replace('<', "\\u003c").replace('>', "\\u003e")
    }
}

/// A fact as data, with the claims that are true of it.
fn told(fact: &Fact, claims: Option<&Vec<Claim>>) -> Value {
    let mut told = json!({
        "id": fact.id, "label": clean(&fact.label), "text": clean(&fact.text), "status": fact.status.name(),
        "unit": fact.unit, "anchors": fact.anchors, "scope": indicators::scope_name(fact.scope.kind),
    });
    for (field, holds) in [("signed", fact.signed), ("provisional", fact.provisional)] {
        if holds {
            told[field] = Value::Bool(true);
        }
    }
    if let Some(claims) = claims {
        told["claims"] = claims.iter().map(short).collect();
    }
    told
}

fn with_errors(mut asked: Value, key: &str, before: &Judgement) -> Value {
    if let Some(refused) = before.refused.get(key) {
        asked["refused"] = refused.chars().take(MOST_REFUSED).collect::<String>().into();
        let own = |pointer: &str| pointer.rsplit_once('/').is_some_and(|(block, _)| block == key);
        asked["errors"] = before.objections.iter().filter(|objection| own(&objection.pointer)).map(error).collect();
    }
    asked
}

fn error(objection: &super::Objection) -> Value {
    json!({"code": objection.code, "excerpt": objection.excerpt, "expected": objection.expected})
}

/// A name or label as data: one line, no braces, at most 160 characters.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !is_invisible(*c) && !matches!(c, '{' | '}' | '\u{2028}' | '\u{2029}'))
        .take(160)
        .collect()
}

/// The form of the answer: closed lists, no further field.
fn schema(open: &Open<'_>) -> Value {
    let text = json!({"type": "string"});
    let one_of = |allowed: &[&str]| json!({"type": "string", "enum": allowed});
    let object = |fields: Value, optional: &[&str]| {
        let required: Vec<&String> = fields
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.keys())
            .filter(|field| !optional.contains(&field.as_str()))
            .collect();
        json!({"type": "object", "additionalProperties": false, "required": required, "properties": fields})
    };
    let claim = object(
        json!({
            "op": one_of(&["gt", "lt", "approx", "up", "down", "flat", "accel", "decel", "rank", "share"]),
            "a": text, "b": text, "side": one_of(&["high", "low"]),
            "band": one_of(&["extreme", "marked", "middle", "majority", "minority"]),
        }),
        &["b", "side", "band"],
    );
    let claims = json!({"type": "array", "items": claim});
    let mut lists = serde_json::Map::new();
    if !open.blocks.is_empty() {
        let ids: Vec<&str> = open.blocks.iter().map(|block| block.spec.id).collect();
        let block = object(json!({"id": one_of(&ids), "text": text, "claims": claims}), &[]);
        lists.insert("blocks".to_owned(), json!({"type": "array", "minItems": 1, "items": block}));
    }
    if !open.mismatches.is_empty() {
        let ids: Vec<&str> = open.mismatches.iter().map(|mismatch| mismatch.id).collect();
        let recommendation = object(
            json!({
                "id": one_of(&ids), "title": text, "actor": one_of(ACTORS), "lever": one_of(LEVERS), "text": text,
                "evidence": {"type": "array", "minItems": 1, "items": text}, "horizon": one_of(HORIZONS),
                "claims": claims,
            }),
            &[],
        );
        lists.insert("recommendations".to_owned(), json!({"type": "array", "items": recommendation}));
    }
    object(Value::Object(lists), &[])
}
