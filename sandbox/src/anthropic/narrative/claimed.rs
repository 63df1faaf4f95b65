//! Wordings that claim something: comparisons, directions, ranks and shares that the data say are true.

use serde_json::{Value, json};

use super::super::prompt::Fact;
use super::words::{self, Named};

/// A wording, what it claims, and the figures that it cites.
pub struct Claimed<'a> {
    pub wording: String,
    pub claim: Value,
    pub facts: Vec<&'a Fact>,
}

/// What may be claimed of the first fact, beside the others.
pub fn wordings<'a>(subject: &Named, facts: &[&'a Fact]) -> Vec<Claimed<'a>> {
    let Some((first, others)) = facts.split_first().filter(|(first, _)| first.scope() == "com") else {
        return Vec::new();
    };
    first.claims.iter().filter_map(|claim| wording(subject, first, others, claim)).collect()
}

fn wording<'a>(subject: &Named, first: &'a Fact, others: &[&'a Fact], claim: &str) -> Option<Claimed<'a>> {
    let (name, a) = (&subject.text, format!("{{{{fact:{}}}}}", first.id));
    let is = words::is(first, subject);
    let be = if subject.plural { "sont" } else { "est" };
    let s = if subject.plural { "s" } else { "" };
    let parts: Vec<&str> = claim.split_whitespace().collect();
    let (wording, claim, facts) = match parts[..] {
        [op @ ("gt" | "lt" | "approx"), b] => {
            let b = *others.iter().find(|fact| fact.id == b)?;
            let than = words::of_territory(b.scope())?;
            let level = match op {
                "gt" => "supérieur",
                "lt" => "inférieur",
                _ => "comparable",
            };
            let wording =
                format!("{name} {is} {a} dans la commune, un niveau {level} à celui {than} ({{{{fact:{}}}}})", b.id);
            (wording, json!({ "op": op, "a": first.id, "b": b.id }), vec![first, b])
        }
        ["up"] => (
            format!("{name} {be} en hausse\u{a0}: {a} dans la commune"),
            json!({ "op": "up", "a": first.id }),
            vec![first],
        ),
        ["down"] => (
            format!("{name} {be} en baisse\u{a0}: {a} dans la commune"),
            json!({ "op": "down", "a": first.id }),
            vec![first],
        ),
        ["flat"] => (
            format!("{name} {be} stable{s} dans la commune, à {a}"),
            json!({ "op": "flat", "a": first.id }),
            vec![first],
        ),
        ["rank", side, "marked"] => {
            let level = if side == "high" { "élevé" } else { "faible" };
            let claim = json!({ "op": "rank", "a": first.id, "side": side, "band": "marked" });
            (format!("{name} {is} {a} dans la commune, un niveau {level}"), claim, vec![first])
        }
        ["share", "majority"] => {
            let claim = json!({ "op": "share", "a": first.id, "band": "majority" });
            (format!("{name} {be} majoritaire{s} dans la commune, à {a}"), claim, vec![first])
        }
        _ => return None,
    };
    Some(Claimed { wording, claim, facts })
}
