//! Placeholders: the only way for a sentence to carry a figure, a period or a name of ours.

use domain::fact::{Fact, FactSheet, ScopeKind};
use serde::Serialize;

use super::place::Name;

/// A stretch of a sentence, ready to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    Text(String),
    /// A figure: its fact, and the text to print (without sign where the sentence carries the direction).
    Fact {
        id: String,
        text: String,
    },
}

/// Why a sentence cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    #[error(
        "« {0} » is no placeholder: write {{{{fact:ID}}}}, {{{{label:ID}}}}, {{{{period:ID}}}}, {{{{vintage:ID}}}} or {{{{geo:SCOPE}}}}"
    )]
    Grammar(String),
    #[error("the sheet has no fact {0}: cite one that it has")]
    UnknownFact(String),
    #[error("fact {0} is not published: it may be named by its label only")]
    Withheld(String),
    #[error("this report names no law {0}")]
    UnknownLaw(String),
}

/// A piece of text as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'a> {
    Text(&'a str),
    Fact {
        id: &'a str,
        abs: bool,
    },
    Label(&'a str),
    Period(&'a str),
    Vintage(&'a str),
    Law(&'a str),
    Geo {
        scope: ScopeKind,
        form: GeoForm,
    },
    /// Braces that are no placeholder.
    Stray(&'a str),
}

/// The preposition that a name is joined to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeoForm {
    Plain,
    De,
    A,
}

/// Cuts a text at its placeholders. Nothing is lost: stray braces come back as such.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, braces) = rest.split_at(at);
        if !before.is_empty() {
            found.push(Token::Text(before));
        }
        let end = braces.strip_prefix("{{").and_then(|inner| inner.find("}}")).map(|end| end + 4);
        let (token, length) = match end.and_then(|end| braces.get(..end)) {
            Some(whole) => match whole.get(2..whole.len() - 2).and_then(inside) {
                Some(token) => (token, whole.len()),
                None => (Token::Stray(whole), whole.len()),
            },
            None => (Token::Stray(braces.get(..1).unwrap_or(braces)), 1),
        };
        found.push(token);
        rest = braces.get(length..).unwrap_or("");
    }
    if !rest.is_empty() {
        found.push(Token::Text(rest));
    }
    found
}

fn inside(inner: &str) -> Option<Token<'_>> {
    let (kind, rest) = inner.split_once(':')?;
    match kind {
        "fact" => match rest.strip_suffix("|abs") {
            Some(id) => is_id(id).then_some(Token::Fact { id, abs: true }),
            None => is_id(rest).then_some(Token::Fact { id: rest, abs: false }),
        },
        "label" => is_id(rest).then_some(Token::Label(rest)),
        "period" => is_id(rest).then_some(Token::Period(rest)),
        "vintage" => is_id(rest).then_some(Token::Vintage(rest)),
        "law" => {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            (!rest.is_empty() && rest.chars().all(plain)).then_some(Token::Law(rest))
        }
        "geo" => {
            let (scope, form) = match rest.split_once('|') {
                None => (rest, GeoForm::Plain),
                Some((scope, "de")) => (scope, GeoForm::De),
                Some((scope, "a")) => (scope, GeoForm::A),
                Some(_) => return None,
            };
            let scope = match scope {
                "com" => ScopeKind::Com,
                "epci" => ScopeKind::Epci,
                "dep" => ScopeKind::Dep,
                "reg" => ScopeKind::Reg,
                _ => return None,
            };
            Some(Token::Geo { scope, form })
        }
        _ => None,
    }
}

/// `[a-z]{3} "." [a-z0-9_]+ ( "[" [^\]\s{}|"]+ "]" )? "@" (com|epci|dep|reg|fr|sim)`.
fn is_id(id: &str) -> bool {
    let Some((indicator, scope)) = id.rsplit_once('@') else { return false };
    let Some((family, rest)) = indicator.split_once('.') else { return false };
    let (name, modality) = match rest.split_once('[') {
        Some((name, open)) => (name, open.strip_suffix(']')),
        None => (rest, Some("-")),
    };
    let forbidden = |c: char| c == ']' || c.is_whitespace() || matches!(c, '{' | '}' | '|' | '"');
    matches!(scope, "com" | "epci" | "dep" | "reg" | "fr" | "sim")
        && family.len() == 3
        && family.chars().all(|c| c.is_ascii_lowercase())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && modality.is_some_and(|modality| !modality.is_empty() && !modality.contains(forbidden))
}

/// The text with its figures and names put in.
///
/// # Errors
/// The first placeholder that the sheet cannot fill.
pub fn segments(sheet: &FactSheet, text: &str) -> Result<Vec<Segment>, SegmentError> {
    let mut out: Vec<Segment> = Vec::new();
    for token in tokens(text) {
        let words = match token {
            Token::Text(words) => words.to_owned(),
            Token::Stray(braces) => return Err(SegmentError::Grammar(braces.to_owned())),
            Token::Law(key) => return Err(SegmentError::UnknownLaw(key.to_owned())),
            Token::Fact { id, abs } => {
                let text = &published(sheet, id)?.text;
                let text = if abs { text.trim_start_matches(['+', '\u{2212}']) } else { text };
                out.push(Segment::Fact { id: id.to_owned(), text: text.to_owned() });
                continue;
            }
            Token::Label(id) => find(sheet, id)?.label.clone(),
            Token::Period(id) => published(sheet, id)?.period.clone().unwrap_or_default(),
            Token::Vintage(id) => published(sheet, id)?.prov.vintage.clone(),
            Token::Geo { scope, form } => {
                let name = Name::of(sheet, scope);
                match form {
                    GeoForm::Plain => name.plain().to_owned(),
                    GeoForm::De => name.de(),
                    GeoForm::A => name.a(),
                }
            }
        };
        match out.last_mut() {
            Some(Segment::Text(last)) => last.push_str(&words),
            _ => out.push(Segment::Text(words)),
        }
    }
    Ok(out)
}

/// The text as it will be read; placeholders that cannot be filled are left out (the judge names them elsewhere).
#[must_use]
pub fn rendered(sheet: &FactSheet, text: &str) -> String {
    let one = |token: Token<'_>| match token {
        Token::Text(words) => words.to_owned(),
        Token::Fact { id, .. } => sheet.facts.get(id).map_or_else(String::new, |fact| fact.text.clone()),
        Token::Label(id) => sheet.facts.get(id).map_or_else(String::new, |fact| fact.label.clone()),
        Token::Period(id) => sheet.facts.get(id).and_then(|fact| fact.period.clone()).unwrap_or_default(),
        Token::Vintage(id) => sheet.facts.get(id).map_or_else(String::new, |fact| fact.prov.vintage.clone()),
        Token::Geo { scope, form: GeoForm::Plain } => Name::of(sheet, scope).plain().to_owned(),
        Token::Geo { scope, form: GeoForm::De } => Name::of(sheet, scope).de(),
        Token::Geo { scope, form: GeoForm::A } => Name::of(sheet, scope).a(),
        Token::Law(_) | Token::Stray(_) => String::new(),
    };
    tokens(text).into_iter().map(one).collect()
}

fn find<'a>(sheet: &'a FactSheet, id: &str) -> Result<&'a Fact, SegmentError> {
    sheet.facts.get(id).ok_or_else(|| SegmentError::UnknownFact(id.to_owned()))
}

fn published<'a>(sheet: &'a FactSheet, id: &str) -> Result<&'a Fact, SegmentError> {
    let fact = find(sheet, id)?;
    if fact.status.is_citable() { Ok(fact) } else { Err(SegmentError::Withheld(id.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_cut_at_its_placeholders() {
        let found = tokens("Soit {{fact:dvf.med[appt-2024]@com}} {{geo:com|a}}.");
        assert_eq!(
            found,
            [
                Token::Text("Soit "),
                Token::Fact { id: "dvf.med[appt-2024]@com", abs: false },
                Token::Text(" "),
                Token::Geo { scope: ScopeKind::Com, form: GeoForm::A },
                Token::Text("."),
            ]
        );
    }

    #[test]
    fn anything_else_in_braces_is_stray() {
        for text in [
            "{{fact:lov.tx}}",
            "{{ fact:lov.tx@com }}",
            "{{fact:lov.tx@com|round}}",
            "{{Fact:lov.tx@com}}",
            "{{geo:fr}}",
            "{{fact:lov.tx[a b]@com}}",
            "{{fact:lov.tx[]@com}}",
            "{{fact:lovac.tx@com}}",
            "{{fact:LOV.tx@com}}",
            "{{geo:com|au}}",
            "{% if %}",
            "{# #}",
            "{{label:lov.tx@com|abs}}",
            "{{{{fact:lov.tx@com}}}}",
            "{{fact:lov.tx@com",
            "}}",
            "{{law:Loi ALUR}}",
        ] {
            assert!(tokens(text).iter().any(|token| matches!(token, Token::Stray(_))), "{text}");
        }
    }
}
