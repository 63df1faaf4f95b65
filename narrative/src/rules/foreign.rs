//! V12: characters that no sentence needs, persons spoken to, chat, instructions, English.

use super::Fault;
use crate::placeholder::Token;
use crate::text::{Kind, Text};

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = odd_character(text).into_iter().chain(address(text)).collect();
    let found = text.lexicons.find("v12", &text.pieces);
    for hit in found.iter().filter(|hit| hit.entry.tag.is_empty()) {
        let expected = "un texte français impersonnel, sans consigne ni adresse";
        faults.push(Fault::at(hit.start, "V12", text.excerpt(hit.start, hit.end), expected));
    }
    // One word may be French by chance; two are not.
    let mut english: Vec<_> = found.iter().filter(|hit| hit.entry.tag == "en").collect();
    english.dedup_by_key(|hit| hit.entry.source.clone());
    if let [first, second, ..] = english.as_slice() {
        let words = format!("{}, {}", first.entry.source, second.entry.source);
        faults.push(Fault::at(first.start, "V12", words, "un texte français"));
    }
    for (at, piece) in text.pieces.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Word) {
        let polite = piece.lower.ends_with("ez") && !["chez", "assez", "nez", "rez"].contains(&piece.lower.as_str());
        if polite && !piece.locked {
            faults.push(Fault::at(at, "V12", &piece.typed, "un texte impersonnel"));
        }
    }
    faults
}

/// « lobster.fr »: a point between letters is no full stop.
fn address(text: &Text<'_>) -> Option<Fault> {
    let typed = text.tokens.iter().filter_map(|token| if let Token::Text(words) = token { Some(*words) } else { None });
    let dotted = |word: &&str| {
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        let mut parts = inner.split('.');
        let lettered = |part: &str| part.chars().count() >= 2 && part.chars().all(char::is_alphabetic);
        inner.contains('.')
            && parts.all(lettered)
            && inner.rsplit('.').next().is_some_and(|end| end.chars().all(char::is_lowercase))
    };
    let word = typed.flat_map(str::split_whitespace).find(dotted)?;
    Some(Fault::new("V12", word, "du texte français sans adresse, une espace après le point"))
}

/// Letters of French, and the punctuation of a plain sentence: markup, addresses, emoji, control and invisible characters
/// and letters of other scripts are none of these.
fn odd_character(text: &Text<'_>) -> Option<Fault> {
    use unicode_normalization::UnicodeNormalization;
    let plain = |c: char| {
        c.is_ascii_alphanumeric()
            || "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ".contains(c)
            || " ,;:.!?…’'«»“”\"()-–—\u{2212}\u{2010}\u{2011}\u{a0}\u{202f}\u{2009}".contains(c)
            // Digits of any script have their own rule.
            || c.is_numeric()
    };
    let names: String = [domain::fact::ScopeKind::Com, domain::fact::ScopeKind::Epci]
        .into_iter()
        .filter_map(|scope| crate::place::Name::find(text.sheet, scope))
        .map(|name| name.plain().to_owned())
        .collect();
    let figure = |at: Option<usize>| at.is_some_and(|at| matches!(text.tokens.get(at), Some(Token::Fact { .. })));
    // Signs and units beside a figure have their own rule.
    let units = |c: char| c == ' ' || "=+~/%€‰×÷≈±$".contains(c);
    let typed = text.tokens.iter().enumerate().filter_map(|(at, token)| {
        let Token::Text(words) = token else { return None };
        let words = if figure(at.checked_sub(1)) { words.trim_start_matches(units) } else { words };
        Some(if figure(Some(at + 1)) { words.trim_end_matches(units) } else { words })
    });
    let odd = typed
        .flat_map(UnicodeNormalization::nfc)
        .find(|c| !(plain(*c) || (c.is_alphabetic() && names.contains(*c))))?;
    let expected = "du texte français sans balise, entité, adresse ni symbole";
    Some(Fault::new("V12", format!("U+{:04X}", u32::from(odd)), expected))
}
