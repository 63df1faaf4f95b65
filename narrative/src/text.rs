//! A block as the rules read it: words, marks, placeholders and our own names, cut into clauses and sentences.

use domain::fact::{Fact, FactSheet, ScopeKind};

use super::anchors::{Naming, namings};
use super::blocks::{Asked, BlockKind};
use super::cut::cut;
use super::lexicon::Lexicons;
use super::mask::{MOST_TOKENS, masked};
use super::placeholder::{GeoForm, Token, tokens};

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    Mark(char),
    /// A placeholder, by its place among the tokens.
    Token(usize),
    /// A name of the report, typed in one of its forms.
    Name(ScopeKind, GeoForm),
}

/// A word, a mark, a placeholder or a name.
#[derive(Debug, Clone)]
pub struct Piece {
    pub kind: Kind,
    pub typed: String,
    pub lower: String,
    pub sentence: usize,
    pub clause: usize,
    /// A hyphen ties it to the word before.
    pub joined: bool,
    /// Part of a locked term or of the name of an indicator: not a word of quantity, direction or comparison.
    pub locked: bool,
}

/// A block under judgement.
pub struct Text<'a> {
    pub sheet: &'a FactSheet,
    pub asked: &'a Asked<'a>,
    pub lexicons: &'a Lexicons,
    pub raw: &'a str,
    pub tokens: Vec<Token<'a>>,
    pub pieces: Vec<Piece>,
    /// Where indicators are named.
    pub namings: Vec<Naming>,
}

impl<'a> Text<'a> {
    pub fn new(lexicons: &'a Lexicons, sheet: &'a FactSheet, asked: &'a Asked<'a>, raw: &'a str) -> Self {
        let tokens: Vec<_> = tokens(raw).into_iter().take(MOST_TOKENS).collect();
        let mut pieces = cut(&masked(sheet, &tokens));
        let namings = namings(sheet, &pieces);
        for naming in &namings {
            for piece in pieces.iter_mut().take(naming.end).skip(naming.start) {
                piece.locked = true;
            }
        }
        lexicons.lock(&mut pieces);
        Self { sheet, asked, lexicons, raw, tokens, pieces, namings }
    }

    pub fn kind(&self) -> BlockKind {
        self.asked.spec.kind
    }

    /// The fact that a piece cites.
    pub fn fact(&self, at: usize) -> Option<&'a Fact> {
        match self.pieces.get(at)?.kind {
            Kind::Token(token) => match self.tokens.get(token)? {
                Token::Fact { id, .. } => self.sheet.facts.get(*id),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a piece is a figure, known to the sheet or not.
    pub fn is_figure(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| matches!(token, Token::Fact { .. }))
    }

    pub fn token(&self, at: usize) -> Option<&Token<'a>> {
        match self.pieces.get(at)?.kind {
            Kind::Token(token) => self.tokens.get(token),
            _ => None,
        }
    }

    /// Facts cited, with their places, in order.
    pub fn cited(&self) -> impl Iterator<Item = (usize, &'a Fact)> + '_ {
        (0..self.pieces.len()).filter_map(|at| self.fact(at).map(|fact| (at, fact)))
    }

    /// The lower-case word at a place; empty for anything else.
    pub fn word(&self, at: usize) -> &str {
        match self.pieces.get(at) {
            Some(piece) if piece.kind == Kind::Word => &piece.lower,
            _ => "",
        }
    }

    /// The punctuation mark at a place.
    pub fn mark(&self, at: usize) -> Option<char> {
        match self.pieces.get(at)?.kind {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    /// Places of the pieces of the sentence of `at`.
    pub fn sentence_of(&self, at: usize) -> std::ops::Range<usize> {
        self.around(at, |piece| piece.sentence)
    }

    /// Places of the pieces of the clause of `at`.
    pub fn clause_of(&self, at: usize) -> std::ops::Range<usize> {
        self.around(at, |piece| piece.clause)
    }

    fn around(&self, at: usize, of: impl Fn(&Piece) -> usize) -> std::ops::Range<usize> {
        let Some(own) = self.pieces.get(at).map(&of) else { return at..at };
        let start = self.pieces.iter().position(|piece| of(piece) == own).unwrap_or(at);
        let end = self.pieces.iter().rposition(|piece| of(piece) == own).map_or(at, |last| last + 1);
        start..end
    }

    /// Whether one of the clause's words before `at`, or of the three after `end`, denies what stands there.
    pub fn is_denied(&self, at: usize, end: usize) -> bool {
        let clause = self.clause_of(at);
        let until = (end + 3).min(clause.end);
        (clause.start..until)
            .any(|place| !(at..end).contains(&place) && self.lexicons.denials.contains(self.word(place)))
    }

    /// What was typed between two places, for an objection.
    pub fn excerpt(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        for piece in self.pieces.iter().take(to).skip(from) {
            let tight =
                piece.joined || out.is_empty() || out.ends_with('’') || matches!(piece.kind, Kind::Mark(',' | '.'));
            out.push_str(if piece.joined {
                "-"
            } else if tight {
                ""
            } else {
                " "
            });
            out.push_str(if matches!(piece.kind, Kind::Token(_)) { "{{…}}" } else { &piece.typed });
        }
        out.chars().take(120).collect()
    }

    /// The number of sentences.
    pub fn sentences(&self) -> usize {
        self.pieces.last().map_or(0, |piece| piece.sentence + 1)
    }
}
