//! V08: a scope that is named is cited, a scope that is cited is named, in the same order.

use domain::fact::ScopeKind;

use super::Fault;
use crate::placeholder::Token;
use crate::text::{Kind, Text};

/// A word for a territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    pub start: usize,
    pub scope: ScopeKind,
}

/// The territory of a fact's id.
pub fn of_id(id: &str) -> Option<ScopeKind> {
    scope_named(id.rsplit_once('@')?.1)
}

fn scope_named(name: &str) -> Option<ScopeKind> {
    match name {
        "com" => Some(ScopeKind::Com),
        "epci" => Some(ScopeKind::Epci),
        "dep" => Some(ScopeKind::Dep),
        "reg" => Some(ScopeKind::Reg),
        "fr" => Some(ScopeKind::Fr),
        "sim" => Some(ScopeKind::Sim),
        _ => None,
    }
}

/// The words and names of territories, in order.
pub fn words(text: &Text<'_>) -> Vec<Word> {
    let listed = text.lexicons.find("v08", &text.pieces);
    let listed = listed.iter().filter_map(|hit| Some(Word { start: hit.start, scope: scope_named(&hit.entry.tag)? }));
    let mut words: Vec<Word> = listed.collect();
    for (at, piece) in text.pieces.iter().enumerate() {
        match (piece.kind, text.token(at)) {
            (Kind::Name(scope, _), _) => words.push(Word { start: at, scope }),
            (_, Some(Token::Geo { scope, .. })) => words.push(Word { start: at, scope: *scope }),
            _ => {}
        }
    }
    words.sort_by_key(|word| word.start);
    words
}

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for hit in text.lexicons.find("v08", &text.pieces).iter().filter(|hit| hit.entry.tag == "refuse") {
        let expected = "un territoire du rapport : aucun fait ne décrit celui-ci";
        faults.push(Fault::at(hit.start, "V08", text.excerpt(hit.start, hit.end), expected));
    }
    let words = words(text);
    // « dans la moyenne des communes comparables », « parmi les plus … des communes comparables »: what a rank is among.
    let ranks: Vec<usize> = crate::claims::mentions(text)
        .iter()
        .filter(|mention| matches!(mention.op, crate::claims::Op::Rank(..)))
        .map(|mention| text.pieces.get(mention.start).map_or(0, |piece| piece.sentence))
        .collect();
    for sentence in 0..text.sentences() {
        let within = |at: usize| text.pieces.get(at).is_some_and(|piece| piece.sentence == sentence);
        let named: Vec<ScopeKind> = words.iter().filter(|word| within(word.start)).map(|word| word.scope).collect();
        let cited: Vec<ScopeKind> =
            (0..text.pieces.len()).filter(|at| within(*at)).filter_map(|at| cited(text.token(at)?)).collect();
        let first = (0..text.pieces.len()).find(|at| within(*at)).unwrap_or_default();
        let last = (0..text.pieces.len()).rfind(|at| within(*at)).map_or(first, |last| last + 1);
        if let Some(expected) = disagreement(named, cited, ranks.contains(&sentence)) {
            faults.push(Fault::at(first, "V08", text.excerpt(first, last), expected));
        }
    }
    faults
}

/// Labels count as citations: a block may say for which territory a figure is not published.
fn cited(token: &Token<'_>) -> Option<ScopeKind> {
    match token {
        Token::Fact { id, .. } | Token::Label(id) | Token::Period(id) | Token::Vintage(id) => of_id(id),
        _ => None,
    }
}

fn disagreement(mut named: Vec<ScopeKind>, mut cited: Vec<ScopeKind>, among_peers: bool) -> Option<String> {
    if among_peers && !cited.contains(&ScopeKind::Sim) {
        named.retain(|scope| *scope != ScopeKind::Sim);
    }
    if let Some(scope) = named.iter().find(|scope| !cited.contains(scope)) {
        return Some(format!("une valeur {}, ou la phrase sans ce territoire", name(*scope)));
    }
    if let Some(scope) = cited.iter().find(|scope| **scope != ScopeKind::Com && !named.contains(scope)) {
        return Some(format!("le territoire {} nommé dans la phrase", name(*scope)));
    }
    // The commune may go without saying.
    if !named.contains(&ScopeKind::Com) {
        cited.retain(|scope| *scope != ScopeKind::Com);
    }
    cited.dedup();
    named.dedup();
    // The commune may be named once more than its figures are.
    (!in_order(&named, &cited)).then(|| "les territoires dans l’ordre de leurs valeurs".to_owned())
}

fn in_order(named: &[ScopeKind], cited: &[ScopeKind]) -> bool {
    match (named.split_first(), cited.split_first()) {
        (None, None) => true,
        (Some((first, rest)), Some((own, others))) if first == own && in_order(rest, others) => true,
        (Some((ScopeKind::Com, rest)), _) => in_order(rest, cited),
        _ => false,
    }
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
