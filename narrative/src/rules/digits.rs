//! V04: no digit outside placeholders, whatever its dress.

use super::Fault;
use crate::placeholder::Token;
use crate::text::{Kind, Text};

const EXPECTED: &str = "une valeur, une année ou un nom cité par {{…}}, jamais saisi";

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, piece) in text.pieces.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Word) {
        // An elided article is no letter on its own.
        let word = piece
            .typed
            .strip_suffix('’')
            .map_or(piece.typed.as_str(), |word| if word.chars().count() == 1 { "" } else { word });
        // An indicator's name may hold a class letter, « F ou G »; a digit, never.
        if word.chars().any(is_digit) || (!piece.locked && (is_roman(word) || is_look_alike(word))) {
            faults.push(Fault::at(at, "V04", &piece.typed, EXPECTED));
        }
    }
    for (at, piece) in text.pieces.iter().enumerate() {
        if matches!(piece.kind, Kind::Mark(c) if is_digit(c)) {
            faults.push(Fault::at(at, "V04", &piece.typed, EXPECTED));
        }
    }
    // What unveiling dropped or turned into a letter was typed all the same. The names of the report are masked only
    // there, so a digit of theirs is looked for among the pieces.
    let typed = text.tokens.iter().filter_map(|token| if let Token::Text(words) = token { Some(*words) } else { None });
    let odd = |c: &char| is_digit(*c) && !c.is_ascii_digit();
    faults.extend(typed.flat_map(str::chars).filter(odd).map(|c| Fault::new("V04", c, EXPECTED)));
    faults
}

/// Whether a word is a matter of this rule: a digit in it, a Roman numeral, letters that look like digits.
pub fn is_number_like(word: &str) -> bool {
    word.chars().any(is_digit) || is_roman(word) || is_look_alike(word)
}

/// Classes Nd, Nl and No, and the letters and symbols that enclose a number.
fn is_digit(c: char) -> bool {
    c.is_numeric()
        || matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{1f100}'..='\u{1f10c}' | '\u{20e3}' | '\u{3220}'..='\u{325f}' | '\u{1d360}'..='\u{1d378}')
        || matches!(c, '\u{1f51f}' | '\u{1f4af}')
}

/// A Roman numeral of two letters or more, or of one with an ordinal ending; in lower case only letters that no French
/// word is made of alone.
fn is_roman(word: &str) -> bool {
    let endings = ["", "e", "er", "re", "nd", "nde", "ème", "ième", "es", "èmes", "ièmes"];
    let stems = endings.into_iter().filter_map(|end| Some((word.strip_suffix(end)?, end)));
    let numeral = |(stem, end): (&str, &str)| {
        let capitals = stem.chars().all(|c| "IVXLCDM".contains(c));
        let long_enough = stem.len() >= 2 || (!end.is_empty() && matches!(stem, "I" | "V" | "X"));
        capitals && long_enough && reads_as_roman(stem)
    };
    let lower = word.len() >= 2 && word.chars().all(|c| "ivx".contains(c));
    stems.into_iter().any(numeral) || (lower && reads_as_roman(&word.to_uppercase()))
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

/// Letters made to be read as a number: « lO », « OO », « O ».
fn is_look_alike(word: &str) -> bool {
    let looks = |c: char| matches!(c, 'O' | 'o' | 'l' | 'I' | 'i');
    let alone = matches!(word, "O" | "o" | "l" | "I" | "i");
    let length = word.chars().count();
    alone && !word.is_empty()
        || (length >= 2
            && word.chars().all(looks)
            && (word.chars().skip(1).any(char::is_uppercase) || word.chars().all(|c| c == 'l' || c == 'o')))
}
