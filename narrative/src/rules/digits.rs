//! V04: no digit outside placeholders, whatever its dress.

use super::Fault;
use crate::sentence::Text;

const EXPECTED: &str = "une valeur, une année ou un nom cité par {{…}}, jamais saisi";

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    // The names of the report are masked: an « Arrondissement » carries its number by right.
    for word in text.typed.split(|c: char| !(c.is_alphanumeric() || c == '\u{200d}')).filter(|word| !word.is_empty()) {
        if word.chars().any(char::is_numeric) || is_roman(word) || is_disguised(word) {
            faults.push(Fault::new("V04", word, EXPECTED));
        }
    }
    let circled = |c: &char| matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{1f100}'..='\u{1f10c}' | '\u{20e3}');
    faults.extend(text.typed.chars().filter(circled).map(|c| Fault::new("V04", c, EXPECTED)));
    faults
}

/// A Roman numeral of two letters or more, with or without an ordinal ending; in lower case only letters that no
/// French word is made of alone.
fn is_roman(word: &str) -> bool {
    let capital = |stem: &&str| stem.len() >= 2 && stem.chars().all(|c| "IVXLCDM".contains(c));
    let stems = ["", "e", "er", "re", "nd", "nde", "ème", "ième"].into_iter().filter_map(|end| word.strip_suffix(end));
    let lower = word.len() >= 2 && word.chars().all(|c| "ivx".contains(c));
    stems.into_iter().filter(capital).any(reads_as_roman)
        || matches!(word, "Ier" | "Ire")
        || (lower && reads_as_roman(&word.to_uppercase()))
}

fn reads_as_roman(numeral: &str) -> bool {
    let parts = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"];
    let mut rest = numeral;
    for part in parts {
        let most = if matches!(part, "M" | "C" | "X" | "I") { 4 } else { 1 };
        for _ in 0..most {
            match rest.strip_prefix(part) {
                Some(shorter) => rest = shorter,
                None => break,
            }
        }
    }
    rest.is_empty()
}

/// Letters that look like digits, made to be read as a number: « lO », « OO », « IO ».
fn is_disguised(word: &str) -> bool {
    let look_alike =
        |c: char| matches!(c, 'O' | 'o' | 'l' | 'I' | '\u{0417}' | '\u{041e}' | '\u{043e}' | '\u{039f}' | '\u{03bf}');
    word.chars().count() >= 2 && word.chars().all(look_alike) && word.chars().skip(1).any(|c| !c.is_lowercase())
}
