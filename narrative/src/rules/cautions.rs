//! V10: what must be cited is cited, and an unsure figure is said to be so in its block.

use domain::fact::FactStatus;

use super::Fault;
use crate::sentence::{FACT, Text, find_word};

const LOW: &[&str] = &["à lire avec prudence", "ordre de grandeur", "à titre indicatif"];
const MODELLED: &[&str] = &[
    "modélisé",
    "modélisée",
    "modélisés",
    "modélisées",
    "estimé",
    "estimée",
    "estimés",
    "estimées",
    "à titre indicatif",
];
const PROVISIONAL: &[&str] = &["provisoire", "provisoires"];

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for id in &text.asked.mandatory {
        if !text.cited().any(|fact| fact.id == *id) {
            faults.push(Fault::new("V10", *id, format!("la valeur {{{{fact:{id}}}}} citée dans le bloc")));
        }
    }
    for fact in text.cited() {
        let needed = [
            (fact.status == FactStatus::LowN, LOW),
            (fact.status == FactStatus::Modelled, MODELLED),
            (fact.provisional, PROVISIONAL),
        ];
        for (_, markers) in needed.into_iter().filter(|(due, markers)| *due && !said(&text.lower, markers)) {
            faults.push(Fault::new(
                "V10",
                fact.id.as_str(),
                format!("« {} » dans le même bloc", markers.join(" » ou « ")),
            ));
        }
    }
    faults
}

/// A caution that is not denied just before.
fn said(lower: &str, markers: &[&str]) -> bool {
    markers.iter().any(|marker| {
        find_word(lower, marker).is_some_and(|at| {
            let before = lower.get(..at).unwrap_or_default();
            let near = before.rsplit([FACT, '.', ';']).next().unwrap_or_default();
            !["sans", "pas", "aucune", "aucun", "ni", "jamais"].iter().any(|denial| find_word(near, denial).is_some())
        })
    })
}
