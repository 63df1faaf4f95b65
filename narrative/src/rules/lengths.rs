//! V01 and V14 within a block: not empty, within its budget once rendered, a title that is one plain sentence.

use super::Fault;
use crate::blocks::BlockKind;
use crate::placeholder::rendered;
use crate::sentence::{Text, sentences};

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let spec = text.asked.spec;
    let length = rendered(text.sheet, text.raw).chars().count();
    if text.raw.trim().is_empty() {
        faults.push(Fault::new("V01", "", "un texte"));
    }
    if length > spec.max_chars {
        let expected =
            format!("{} caractères au plus une fois les valeurs placées, au lieu de {length}", spec.max_chars);
        faults.push(Fault::new("V01", text.raw.chars().take(60).collect::<String>(), expected));
    }
    if spec.kind == BlockKind::Title {
        let ends = text.raw.trim_end().chars().next_back();
        if matches!(ends, Some('.' | '!' | '?' | ':' | ';')) || text.raw.contains('?') {
            faults.push(Fault::new("V14", text.raw, "un titre affirmatif, sans point final ni question"));
        }
        if text.raw.split_whitespace().count() < 4 {
            faults.push(Fault::new("V14", text.raw, "une phrase avec un verbe, pas le nom d’un sujet"));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for sentence in sentences(&text.lower) {
        if !seen.insert(skeleton(sentence)) {
            faults.push(Fault::new("V14", sentence, "chaque phrase une seule fois"));
        }
    }
    faults
}

/// A sentence without case, punctuation and placeholders.
pub fn skeleton(sentence: &str) -> String {
    let letters: String = sentence.chars().map(|c| if c.is_alphabetic() { c } else { ' ' }).collect();
    letters
        .split_whitespace()
        .filter(|word| !word.starts_with(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)))
        .collect::<Vec<_>>()
        .join(" ")
}
