//! V05, V06, V07, V09, V11, V12, V16: words that are refused, and characters that no sentence needs.

use super::Fault;
use crate::lexicon::{GLOSSARY, HEDGES, REFUSED, entries};
use crate::sentence::{FACT, NAMES, OTHER, Text};

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for list in REFUSED {
        faults.extend(list.found_in(&text.lower).map(|word| Fault::new(list.code, word, list.expected)));
    }
    faults.extend(one_in_so_many(&text.lower));
    faults.extend(hedged(&text.lower));
    faults.extend(characters(&text.typed));
    faults.extend(unknown_names(&text.typed));
    faults
}

/// « un logement sur onze », « une sur cinq ».
fn one_in_so_many(lower: &str) -> Option<Fault> {
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let fraction = words.windows(4).any(|window| {
        matches!(window, ["un" | "une", "sur", ..] | ["un" | "une", _, "sur", _] | ["un" | "une", _, _, "sur"])
    });
    fraction.then(|| Fault::new("V05", "un … sur …", "une part citée par {{fact:…}}"))
}

fn hedged(lower: &str) -> Option<Fault> {
    let hedge = entries(HEDGES).find(|hedge| {
        lower.split(FACT).rev().skip(1).any(|before| {
            let before = before.trim_end();
            before.strip_suffix(hedge).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        })
    });
    hedge.map(|hedge| Fault::new("V09", hedge, "la valeur seule, qui est exacte"))
}

/// Letters of French, and the punctuation of a plain sentence.
fn characters(typed: &str) -> Option<Fault> {
    let plain = |c: char| {
        c.is_ascii_alphanumeric()
            || "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ".contains(c)
            || " ,;:.!?…’«»()-–—'\u{a0}\u{202f}".contains(c)
            || c == FACT
            || c == OTHER
            || NAMES.contains(&c)
            // Digits of any script have their own rule.
            || c.is_numeric()
    };
    let odd = typed.chars().find(|c| !plain(*c))?;
    Some(Fault::new("V12", format!("U+{:04X}", u32::from(odd)), "du texte français sans balise, adresse ni symbole"))
}

/// Capitalised words that neither open a sentence nor are known.
fn unknown_names(typed: &str) -> Option<Fault> {
    let mut opens = true;
    let mut word = String::new();
    for c in typed.chars().chain([' ']) {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        if word.starts_with(char::is_uppercase) && !opens && !entries(GLOSSARY).any(|known| known == word) {
            return Some(Fault::new("V12", word, "un nom du rapport par {{geo:…}}, ou un sigle du glossaire"));
        }
        if !word.is_empty() || c == FACT || c == OTHER || NAMES.contains(&c) {
            opens = false;
        }
        if matches!(c, '.' | '!' | '?' | '…' | '\n') {
            opens = true;
        }
        word.clear();
    }
    None
}
