//! V08: a scope that is named is cited, a scope that is cited is named, in the same order.

use domain::fact::ScopeKind;

use super::Fault;
use crate::lexicon::{SCOPES, entries};
use crate::placeholder::Token;
use crate::sentence::{FACT, NAMES, OTHER, Text, find_word};

/// What a masked sentence mentions, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mention {
    Word(ScopeKind),
    /// A word for a territory that no fact describes.
    Refused(&'static str),
}

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    // Labels of withheld figures count as citations: a block may say for which territory a figure is not published.
    let mut cited = text.tokens.iter().filter_map(|token| match token {
        Token::Fact { id, .. } => Some((FACT, scope_of(id))),
        Token::Label(id) | Token::Period(id) | Token::Vintage(id) => Some((OTHER, scope_of(id))),
        Token::Law(_) | Token::Stray(_) => Some((OTHER, None)),
        Token::Text(_) | Token::Geo { .. } => None,
    });
    let masked = marked(text);
    let mut faults = Vec::new();
    for sentence in masked.split(['.', '!', '?', '…', '\n']) {
        let marks = sentence.chars().filter(|c| matches!(*c, FACT | OTHER)).count();
        let scopes: Vec<_> = cited.by_ref().take(marks).filter_map(|(_, scope)| scope).collect();
        faults.extend(disagreement(sentence, &mentions(sentence), &scopes));
    }
    faults
}

/// The text in lower case with one mark per citation: locked terms must not leave marks of their own.
fn marked(text: &Text<'_>) -> String {
    text.typed.to_lowercase()
}

fn scope_of(id: &str) -> Option<ScopeKind> {
    match id.rsplit_once('@')?.1 {
        "com" => Some(ScopeKind::Com),
        "epci" => Some(ScopeKind::Epci),
        "dep" => Some(ScopeKind::Dep),
        "reg" => Some(ScopeKind::Reg),
        "fr" => Some(ScopeKind::Fr),
        "sim" => Some(ScopeKind::Sim),
        _ => None,
    }
}

fn mentions(sentence: &str) -> Vec<Mention> {
    let mut rest = sentence.to_owned();
    let mut found: Vec<(usize, Mention)> = Vec::new();
    for entry in entries(SCOPES) {
        let Some((scope, phrase)) = entry.split_once(": ") else { continue };
        while let Some(at) = find_word(&rest, phrase) {
            let mention = match scope {
                "com" => Some(Mention::Word(ScopeKind::Com)),
                "epci" => Some(Mention::Word(ScopeKind::Epci)),
                "dep" => Some(Mention::Word(ScopeKind::Dep)),
                "reg" => Some(Mention::Word(ScopeKind::Reg)),
                "fr" => Some(Mention::Word(ScopeKind::Fr)),
                "sim" => Some(Mention::Word(ScopeKind::Sim)),
                "refuse" => Some(Mention::Refused(phrase)),
                _ => None,
            };
            found.extend(mention.map(|mention| (at, mention)));
            // Blanked byte for byte, so that positions keep their meaning.
            rest.replace_range(at..at + phrase.len(), &"\u{1}".repeat(phrase.len()));
        }
    }
    let names = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg];
    for (at, c) in sentence.char_indices() {
        if let Some(scope) = NAMES.iter().position(|name| *name == c).and_then(|place| names.get(place)) {
            found.push((at, Mention::Word(*scope)));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, mention)| mention).collect()
}

fn disagreement(sentence: &str, mentions: &[Mention], cited: &[ScopeKind]) -> Option<Fault> {
    let excerpt = || sentence.trim().replace([FACT, OTHER], "{{…}}").chars().take(80).collect::<String>();
    let mut words = Vec::new();
    for mention in mentions {
        match mention {
            Mention::Refused(phrase) => {
                return Some(Fault::new("V08", *phrase, "un territoire du rapport : aucun fait ne décrit celui-ci"));
            }
            Mention::Word(scope) => words.push(*scope),
        }
    }
    for scope in &words {
        if !cited.contains(scope) {
            let expected = format!("une valeur {}, ou la phrase sans ce territoire", name(*scope));
            return Some(Fault::new("V08", excerpt(), expected));
        }
    }
    for scope in cited.iter().filter(|scope| **scope != ScopeKind::Com) {
        if !words.contains(scope) {
            return Some(Fault::new("V08", excerpt(), format!("le territoire {} nommé dans la phrase", name(*scope))));
        }
    }
    let mut order = cited.to_vec();
    // The commune may go without saying.
    if !words.contains(&ScopeKind::Com) {
        order.retain(|scope| *scope != ScopeKind::Com);
    }
    order.dedup();
    words.dedup();
    (words != order).then(|| Fault::new("V08", excerpt(), "les territoires dans l’ordre de leurs valeurs"))
}

fn name(scope: ScopeKind) -> &'static str {
    match scope {
        ScopeKind::Com => "@com (la commune)",
        ScopeKind::Epci => "@epci (l’intercommunalité)",
        ScopeKind::Dep => "@dep (le département)",
        ScopeKind::Reg => "@reg (la région)",
        ScopeKind::Fr => "@fr (la France)",
        ScopeKind::Sim => "@sim (les communes comparables)",
    }
}
