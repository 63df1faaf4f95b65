//! Cuts a text into words, marks and placeholders.

use super::mask::{is_private, kind_of};
use super::text::{Kind, Piece};
use super::unveil::unveil;

/// The words of a phrase of a list or of an anchor.
pub fn words(phrase: &str) -> Vec<Piece> {
    cut(&unveil(phrase))
}

/// Cuts a text into pieces. An apostrophe ends its word; a hyphen between words ties them.
pub fn cut(text: &str) -> Vec<Piece> {
    let mut cutter = Cutter::default();
    for c in text.chars() {
        cutter.read(c);
    }
    cutter.end_word();
    cutter.pieces
}

#[derive(Default)]
struct Cutter {
    pieces: Vec<Piece>,
    word: String,
    sentence: usize,
    clause: usize,
    joined: bool,
}

impl Cutter {
    fn read(&mut self, c: char) {
        // « privé¹ »: a raised or enclosed digit is no letter of the word.
        if c.is_alphabetic() || c.is_ascii_digit() {
            self.word.push(c);
            return;
        }
        if c == '’' && !self.word.is_empty() {
            self.word.push(c);
            self.end_word();
            return;
        }
        let after_word = !self.word.is_empty();
        self.end_word();
        match c {
            '-' if after_word => self.joined = true,
            ' ' => self.joined = false,
            c if is_private(c) => self.push(kind_of(c), c),
            c => {
                self.joined = false;
                self.push(Kind::Mark(c), c);
            }
        }
        match c {
            '.' | '!' | '?' | '…' | '\n' => {
                self.sentence += 1;
                self.clause += 1;
            }
            ',' | ';' | ':' | '(' | ')' | '—' | '–' => self.clause += 1,
            _ => {}
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            let word = std::mem::take(&mut self.word);
            self.push_typed(Kind::Word, word);
        }
    }

    fn push(&mut self, kind: Kind, c: char) {
        self.push_typed(kind, c.to_string());
    }

    fn push_typed(&mut self, kind: Kind, typed: String) {
        let lower = typed.to_lowercase();
        let joined = std::mem::take(&mut self.joined);
        self.pieces.push(Piece {
            kind,
            typed,
            lower,
            sentence: self.sentence,
            clause: self.clause,
            joined,
            locked: false,
        });
    }
}
