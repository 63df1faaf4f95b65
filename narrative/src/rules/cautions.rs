//! V10: what must be cited is cited, and an unsure figure is said to be so in its block.

use domain::fact::FactStatus;

use super::Fault;
use crate::text::Text;

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for id in &text.asked.mandatory {
        if !text.cited().any(|(_, fact)| fact.id == *id) {
            faults.push(Fault::new("V10", *id, format!("la valeur {{{{fact:{id}}}}} citée dans le bloc")));
        }
    }
    for (at, fact) in text.cited() {
        let needed = [
            (
                fact.status == FactStatus::LowN,
                "faible",
                "« à lire avec prudence », « ordre de grandeur » ou « à titre indicatif »",
            ),
            (
                fact.status == FactStatus::Modelled,
                "modele",
                "une forme de « modélisé » ou « estimé », ou « à titre indicatif »",
            ),
            (fact.provisional, "provisoire", "« provisoire »"),
        ];
        for (_, _, words) in needed.into_iter().filter(|(due, tag, _)| *due && !is_said(text, tag)) {
            faults.push(Fault::at(at, "V10", &fact.id, format!("{words} dans le même bloc, sans négation")));
        }
    }
    faults
}

/// A caution of a kind that is not denied. The locked words of an indicator's name count: they are read all the same.
fn is_said(text: &Text<'_>, tag: &str) -> bool {
    let entries = text.lexicons.list("v10").entries.iter().filter(|entry| entry.tag.split('+').any(|own| own == tag));
    entries.into_iter().any(|entry| {
        (0..text.pieces.len()).any(|at| {
            entry
                .phrase
                .end_at(&text.pieces, at, true)
                .is_some_and(|end| !text.is_denied(at, end) && !is_outdone(text, at))
        })
    })
}

/// « bien plus qu’un ordre de grandeur »: more than a caution is none.
fn is_outdone(text: &Text<'_>, at: usize) -> bool {
    let than = (at.saturating_sub(3)..at).find(|place| matches!(text.word(*place), "que" | "qu’"));
    than.and_then(|than| than.checked_sub(1))
        .is_some_and(|more| matches!(text.word(more), "plus" | "mieux" | "autre" | "chose"))
}
