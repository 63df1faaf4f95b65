//! Phrases of the word lists, and where they stand in a text.
//!
//! A phrase is written as in a sentence. `à/au/aux` stands for any of the three, `augment~er` for every form of a family
//! of endings (`lexicons/flexions.txt`), and `…` for up to eight words of the same clause.

use std::collections::BTreeMap;

use super::cut::words;
use super::text::{Kind, Piece};
use super::unveil::unaccented;

/// Families of endings by name.
pub type Endings = BTreeMap<String, Vec<String>>;

#[derive(Debug, Clone)]
enum Part {
    One(Vec<String>),
    Gap,
}

/// One entry of a list, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Phrase(Vec<Part>);

const GAP: usize = 8;

impl Phrase {
    pub fn new(source: &str, endings: &Endings) -> Self {
        let mut parts = Vec::new();
        for chunk in source.split(' ').filter(|chunk| !chunk.is_empty()) {
            if chunk == "…" {
                parts.push(Part::Gap);
                continue;
            }
            let mut rest = chunk;
            while let Some(at) = rest.find(['’', '-']) {
                let end = at + rest.get(at..).and_then(|tail| tail.chars().next()).map_or(1, char::len_utf8);
                let cut = if rest.get(at..end) == Some("-") { at } else { end };
                parts.push(Part::One(forms(rest.get(..cut).unwrap_or_default(), endings)));
                rest = rest.get(end..).unwrap_or_default();
            }
            if !rest.is_empty() {
                parts.push(Part::One(forms(rest, endings)));
            }
        }
        Self(parts)
    }

    /// Forms of the first word, for the index of a list.
    pub fn heads(&self) -> &[String] {
        match self.0.first() {
            Some(Part::One(forms)) => forms,
            Some(Part::Gap) | None => &[],
        }
    }

    /// The plainest wording, for tests.
    #[cfg(test)]
    pub fn example(&self) -> String {
        let mut text = String::new();
        for part in &self.0 {
            let word = match part {
                Part::One(forms) => forms[0].as_str(),
                Part::Gap => "grand",
            };
            if !text.is_empty() && !text.ends_with('’') {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    }

    /// The end of the phrase where it stands at `from`. Locked words are not looked into unless `locked` says so.
    pub fn end_at(&self, pieces: &[Piece], from: usize, locked: bool) -> Option<usize> {
        end_of(&self.0, pieces, from, locked)
    }

    /// Whether the hyphens of the text are those of `source`: locked terms are exact.
    pub fn is_joined_as(source: &str, pieces: &[Piece], from: usize) -> bool {
        words(source).iter().skip(1).zip(pieces.iter().skip(from + 1)).all(|(word, piece)| word.joined == piece.joined)
    }
}

fn end_of(parts: &[Part], pieces: &[Piece], from: usize, locked: bool) -> Option<usize> {
    let Some((first, rest)) = parts.split_first() else { return Some(from) };
    match first {
        Part::One(forms) => {
            let piece = pieces.get(from)?;
            let fits = piece.kind == Kind::Word && (locked || !piece.locked) && forms.contains(&piece.lower);
            if fits { end_of(rest, pieces, from + 1, locked) } else { None }
        }
        Part::Gap => {
            let clause = pieces.get(from)?.clause;
            let within = |at: &usize| pieces.get(*at).is_some_and(|piece| piece.clause == clause);
            (from..=from + GAP).take_while(within).find_map(|at| end_of(rest, pieces, at, locked))
        }
    }
}

fn forms(word: &str, endings: &Endings) -> Vec<String> {
    let mut forms = spelled(word, endings);
    let bare: Vec<String> = forms.iter().filter_map(|form| without_accents(form)).collect();
    forms.extend(bare);
    forms
}

/// « superieur » for « supérieur »: an accent left out hides no word. Where the accent is only that of a participle, or
/// the word is short, the bare form is another word (« marque », « cote »).
fn without_accents(form: &str) -> Option<String> {
    let stem = ["é", "ée", "és", "ées"].iter().find_map(|end| form.strip_suffix(end)).unwrap_or(form);
    let bare = unaccented(stem);
    (form.chars().count() >= 6 && bare != stem).then(|| unaccented(form))
}

fn spelled(word: &str, endings: &Endings) -> Vec<String> {
    word.split('/')
        .flat_map(|form| match form.split_once('~') {
            None => vec![form.to_owned()],
            Some((stem, family)) => endings.get(family).map_or_else(
                || vec![stem.to_owned()],
                |endings| endings.iter().map(|ending| format!("{stem}{ending}")).collect(),
            ),
        })
        .collect()
}
