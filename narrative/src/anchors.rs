//! Where a text names indicators: the phrases of the sheet's facts (`anchors`), the longest at each place.

use std::collections::{BTreeMap, BTreeSet};

use domain::fact::{Fact, FactSheet};

use super::cut::words;
use super::text::{Kind, Piece};

/// An indicator's name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    pub start: usize,
    pub end: usize,
    /// Indicators that the phrase may name, ids without scope.
    pub owners: Vec<String>,
}

/// `lov.tx` of `lov.tx@com`.
pub fn indicator_of(id: &str) -> &str {
    id.rsplit_once('@').map_or(id, |(indicator, _)| indicator)
}

/// Every naming of a text, in order, none within another.
pub fn namings(sheet: &FactSheet, pieces: &[Piece]) -> Vec<Naming> {
    let phrases = phrases(sheet, pieces);
    let mut found = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let first = head(pieces.get(at));
        let singular = first.strip_suffix('s').unwrap_or(first);
        let heads = [Some(first), (singular != first).then_some(singular)];
        let here = heads.into_iter().flatten().filter_map(|first| phrases.get(first)).flatten();
        let longest = here.filter(|(phrase, _)| stands(phrase, pieces, at)).max_by_key(|(phrase, _)| phrase.len());
        match longest {
            Some((phrase, owners)) => {
                found.push(Naming { start: at, end: at + phrase.len(), owners: owners.clone() });
                at += phrase.len();
            }
            None => {
                if let Some(naming) = found.last().and_then(|last| taken_up(&phrases, pieces, last, at)) {
                    at = naming.end;
                    found.push(naming);
                } else {
                    at += 1;
                }
            }
        }
    }
    found
}

/// « la part des maisons …, celle des appartements »: the pronoun stands for the head of the name before it.
fn taken_up(phrases: &Phrases, pieces: &[Piece], last: &Naming, at: usize) -> Option<Naming> {
    let (pronoun, named) = (pieces.get(at)?, pieces.get(last.start)?);
    if !matches!(pronoun.lower.as_str(), "celle" | "celui" | "celles" | "ceux") || named.sentence != pronoun.sentence {
        return None;
    }
    let is_link = |word: &String| matches!(word.as_str(), "de" | "des" | "du" | "d’");
    let rest_of = |phrase: &Vec<String>| {
        let link = phrase.iter().position(is_link)?;
        let head = phrase.iter().take(link).zip(pieces.iter().skip(last.start));
        let same = head.into_iter().all(|(word, piece)| *word == piece.lower);
        let rest = phrase.get(link..)?;
        (same && link > 0 && stands(rest, pieces, at + 1)).then_some(rest.len())
    };
    let alike = phrases.get(&named.lower)?.iter();
    let (length, owners) =
        alike.filter_map(|(phrase, owners)| Some((rest_of(phrase)?, owners))).max_by_key(|(n, _)| *n)?;
    Some(Naming { start: at, end: at + 1 + length, owners: owners.clone() })
}

/// Phrases by their first word, each with its owners.
type Phrases = BTreeMap<String, Vec<(Vec<String>, Vec<String>)>>;

fn phrases(sheet: &FactSheet, pieces: &[Piece]) -> Phrases {
    let heads = pieces.iter().map(|piece| piece.lower.as_str());
    // Plurals open the same names.
    let typed: BTreeSet<&str> = heads.flat_map(|word| [Some(word), word.strip_suffix('s')]).flatten().collect();
    // A sheet has a thousand facts and a block thirty words: an anchor whose first word is not there is not looked at.
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for fact in sheet.facts.values() {
        let own = indicator_of(&fact.id);
        for anchor in fact.anchors.iter().filter(|anchor| may_open(anchor, &typed)) {
            named.entry(anchor).or_default().insert(own);
        }
    }
    let mut owners: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for (anchor, own) in named {
        let phrase: Vec<String> = words(anchor).into_iter().map(|piece| piece.lower).collect();
        owners.entry(phrase).or_default().extend(own.into_iter().map(str::to_owned));
    }
    let mut phrases = Phrases::new();
    for (phrase, owners) in owners {
        if let Some(first) = phrase.first().cloned() {
            phrases.entry(first).or_default().push((phrase, owners));
        }
    }
    phrases
}

/// Whether the first word of an anchor is among those of the text.
fn may_open(anchor: &str, typed: &BTreeSet<&str>) -> bool {
    let first = anchor.split([' ', '-', '’', '\'', '\u{a0}']).next().unwrap_or_default();
    typed.contains(first) || !first.chars().all(|c| c.is_ascii_lowercase())
}

fn head(piece: Option<&Piece>) -> &str {
    piece.filter(|piece| piece.kind == Kind::Word).map_or("", |piece| piece.lower.as_str())
}

fn stands(phrase: &[String], pieces: &[Piece], at: usize) -> bool {
    phrase.iter().enumerate().all(|(offset, word)| {
        pieces
            .get(at + offset)
            .is_some_and(|piece| piece.lower == *word || (phrase.len() > 1 && is_plural_of(&piece.lower, word)))
    })
}

/// « prix médians des appartements » names what « prix médian des appartements » does.
fn is_plural_of(word: &str, singular: &str) -> bool {
    word.strip_suffix('s') == Some(singular) && singular.len() > 3
}

/// Indicators of the sheet that no phrase names: their subject cannot be judged.
pub fn unnamed(sheet: &FactSheet) -> Vec<&str> {
    let mut ids: Vec<&str> =
        sheet.facts.values().filter(|fact| is_unnamed(fact)).map(|fact| indicator_of(&fact.id)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

pub fn is_unnamed(fact: &Fact) -> bool {
    fact.anchors.is_empty()
}
