//! A block as the rules read it: placeholders and our own names masked, lower case, cut into sentences.

use domain::fact::{FactSheet, ScopeKind};
use unicode_normalization::UnicodeNormalization as _;

use super::blocks::Asked;
use super::lexicon;
use super::place::Name;
use super::placeholder::{Token, tokens};

/// Stands for a cited figure.
pub const FACT: char = '\u{e000}';
/// Stands for a label, a period, a vintage, a law.
pub const OTHER: char = '\u{e001}';
/// Stand for a name of the commune, EPCI, département, région: one character each, in that order.
pub const NAMES: [char; 4] = ['\u{e010}', '\u{e011}', '\u{e012}', '\u{e013}'];
const GEO: [ScopeKind; 4] = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg];

/// A block under judgement.
pub struct Text<'a> {
    pub sheet: &'a FactSheet,
    pub asked: &'a Asked<'a>,
    pub raw: &'a str,
    pub tokens: Vec<Token<'a>>,
    /// As typed, figures and names masked, case kept.
    pub typed: String,
    /// The same in lower case, locked terms masked.
    pub lower: String,
}

impl<'a> Text<'a> {
    pub fn new(sheet: &'a FactSheet, asked: &'a Asked<'a>, raw: &'a str) -> Self {
        let tokens = tokens(raw);
        let mut typed: String = tokens.iter().map(mask).collect();
        typed = typed.nfc().collect::<String>().replace('\'', "’");
        for (scope, masked) in GEO.iter().zip(NAMES) {
            for form in Name::of(sheet, *scope).forms() {
                typed = replace_word(&typed, &form.replace('\'', "’"), masked);
            }
        }
        let lower = lexicon::without_locked(&typed.to_lowercase());
        Self { sheet, asked, raw, tokens, typed, lower }
    }

    /// Facts cited, in order.
    pub fn cited(&self) -> impl Iterator<Item = &'a domain::fact::Fact> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Fact { id, .. } => self.sheet.facts.get(*id),
            _ => None,
        })
    }
}

fn mask(token: &Token<'_>) -> String {
    match token {
        Token::Text(words) => (*words).to_owned(),
        Token::Fact { .. } => FACT.to_string(),
        Token::Geo { scope, .. } => {
            let place = GEO.iter().position(|kind| kind == scope).and_then(|at| NAMES.get(at));
            place.copied().unwrap_or(OTHER).to_string()
        }
        Token::Label(_) | Token::Period(_) | Token::Vintage(_) | Token::Law(_) | Token::Stray(_) => OTHER.to_string(),
    }
}

/// Replaces a phrase where it stands as whole words.
fn replace_word(text: &str, phrase: &str, by: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find_word(rest, phrase) {
        out.push_str(rest.get(..at).unwrap_or_default());
        out.push(by);
        rest = rest.get(at + phrase.len()..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Where a phrase stands as whole words, in bytes.
pub fn find_word(text: &str, phrase: &str) -> Option<usize> {
    if phrase.is_empty() {
        return None;
    }
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find(phrase) {
        let at = from + found;
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at + phrase.len()..)?.chars().next();
        let starts = !letter(before) || !letter(phrase.chars().next());
        let ends = !letter(after) || !letter(phrase.chars().next_back());
        if starts && ends {
            return Some(at);
        }
        from = at + phrase.chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// The sentences of a masked text. A point inside « n.d. » or before a lower-case letter still ends one: shorter
/// sentences only make the rules stricter.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '!', '?', '…', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}
