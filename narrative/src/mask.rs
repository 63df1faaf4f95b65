//! Characters that stand for placeholders and for the names of the report while a text is cut.

use domain::fact::{FactSheet, ScopeKind};

use super::place::Name;
use super::placeholder::{GeoForm, Token};
use super::text::Kind;
use super::unveil::unveil;

/// Placeholders are marked by characters that no text holds (`unveil` drops them from what is typed).
const TOKENS: u32 = 0xE000;
/// Names of the report: four scopes, three forms each.
const NAMES: u32 = 0xF800;
const GEO: [ScopeKind; 4] = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg];
const FORMS: [GeoForm; 3] = [GeoForm::Plain, GeoForm::De, GeoForm::A];

/// More placeholders than this no block has; a later one is not looked at.
pub const MOST_TOKENS: usize = 0x1000;

/// The text with a mark for each placeholder and each name, and read as it is seen.
pub fn masked(sheet: &FactSheet, tokens: &[Token<'_>]) -> String {
    let mut marked = String::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Text(words) => marked.extend(words.chars().filter(|c| !is_private(*c))),
            _ => marked.extend(u32::try_from(at).ok().and_then(|at| char::from_u32(TOKENS + at))),
        }
    }
    mask_names(sheet, &unveiled(&marked))
}

/// Whether a character is a mark of ours.
pub fn is_private(c: char) -> bool {
    ('\u{e000}'..='\u{f8ff}').contains(&c)
}

/// `unveil` between our marks, which it would drop.
fn unveiled(marked: &str) -> String {
    let mut out = String::with_capacity(marked.len());
    for part in marked.split_inclusive(is_private) {
        let mark = part.chars().next_back().filter(|c| is_private(*c));
        out.push_str(&unveil(part.trim_end_matches(is_private)));
        out.extend(mark);
    }
    out
}

fn mask_names(sheet: &FactSheet, text: &str) -> String {
    let mut forms: Vec<(String, char)> = Vec::new();
    for (scope, base) in GEO.iter().zip((NAMES..).step_by(4)) {
        let Some(name) = Name::find(sheet, *scope) else { continue };
        for (form, offset) in FORMS.iter().zip(0..) {
            let mark = char::from_u32(base + offset);
            forms.extend(name.typed(*form).into_iter().filter_map(|typed| Some((unveil(&typed), mark?))));
        }
    }
    forms.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
    let mut text = text.to_owned();
    for (form, mark) in forms {
        text = replace_word(&text, &form, mark);
    }
    text
}

/// Replaces a phrase where it stands as whole words. A capital is asked for: « À Nantes » may open a sentence.
fn replace_word(text: &str, phrase: &str, by: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let capital = capitalised(phrase);
    loop {
        let found =
            [phrase, &capital].into_iter().filter_map(|form| find_word(rest, form, out.chars().next_back())).min();
        let Some((at, length)) = found else { break };
        out.push_str(rest.get(..at).unwrap_or_default());
        out.push(by);
        rest = rest.get(at + length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn capitalised(phrase: &str) -> String {
    let mut chars = phrase.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Where a phrase stands as whole words, and its length, in bytes. A hyphen or an apostrophe after it would make another
/// name of it: « Nantes-Sud » is not « Nantes ».
fn find_word(text: &str, phrase: &str, before_text: Option<char>) -> Option<(usize, usize)> {
    let letter = |c: char| c.is_alphanumeric() || c == '-';
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find(phrase).filter(|_| !phrase.is_empty()) {
        let at = from + found;
        let before = text.get(..at)?.chars().next_back().or(before_text);
        let mut after = text.get(at + phrase.len()..)?.chars();
        let (next, second) = (after.next(), after.next());
        let goes_on =
            next.is_some_and(|c| c.is_alphanumeric() || (c == '-' && second.is_some_and(char::is_alphanumeric)));
        if !before.is_some_and(letter) && !goes_on {
            return Some((at, phrase.len()));
        }
        from = at + phrase.chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// What a mark stands for.
pub fn kind_of(c: char) -> Kind {
    let code = u32::from(c);
    let place = |offset: u32| usize::try_from(offset).unwrap_or_default();
    match code.checked_sub(NAMES) {
        None => Kind::Token(place(code - TOKENS)),
        Some(name) => {
            let scope = GEO.get(place(name / 4)).copied().unwrap_or(ScopeKind::Com);
            Kind::Name(scope, FORMS.get(place(name % 4)).copied().unwrap_or(GeoForm::Plain))
        }
    }
}
