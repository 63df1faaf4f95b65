//! V01 and V14 within a block: not empty, within its budget once rendered, no sentence twice, no question, titles that say
//! something.

use super::Fault;
use crate::blocks::BlockKind;
use crate::placeholder::rendered;
use crate::text::{Kind, Text};

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let spec = text.asked.spec;
    let length = rendered(text.sheet, text.raw).chars().count();
    if text.raw.trim().is_empty() {
        faults.push(Fault::new("V01", "", "un texte"));
    }
    if length > spec.max_chars {
        let expected =
            format!("{} caractères au plus une fois les valeurs placées, au lieu de {length}", spec.max_chars);
        faults.push(Fault::new("V01", text.raw.chars().take(60).collect::<String>(), expected));
    }
    if spec.kind == BlockKind::Title {
        faults.extend(title(text));
    }
    faults.extend(questions(text));
    let mut seen = std::collections::BTreeSet::new();
    for words in skeletons(text) {
        if !seen.insert(words.clone()) {
            faults.push(Fault::new("V14", words, "chaque phrase une seule fois"));
        }
    }
    faults
}

fn title(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let raw = text.raw.trim_end();
    // Titles of our studies stand without a final point; a title from elsewhere may have one.
    let ends = if text.asked.open { raw.ends_with([':', ';']) } else { raw.ends_with(['.', '!', ':', ';']) };
    if ends {
        faults.push(Fault::new("V14", raw, "un titre sans ponctuation finale"));
    }
    if !has_verb(text) {
        faults.push(Fault::new("V14", raw, "une phrase avec un verbe conjugué, pas le nom d’un sujet"));
    }
    faults
}

/// Whether a finite verb stands in the text, or a pronoun that only a verb follows.
fn has_verb(text: &Text<'_>) -> bool {
    let places = || 0..text.pieces.len();
    places().any(|at| is_finite_verb(text, at))
        || places().any(|at| matches!(text.word(at), "se" | "s’" | "ne" | "n’") && !text.word(at + 1).is_empty())
}

/// A word of the list of verbs, or one that ends like a verb in the plural or in the past; after a determiner or a
/// preposition it is a noun: « la demande », « en offre ».
pub fn is_finite_verb(text: &Text<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| text.word(before));
    let noun = [
        "le", "la", "les", "l’", "un", "une", "des", "du", "de", "d’", "ce", "cette", "ces", "son", "sa", "ses",
        "leur", "leurs", "en", "par", "sans", "sur", "sous", "avec", "à", "au", "aux", "pour", "entre",
    ];
    let opens = starts_sentence(text, at);
    if noun.contains(&before) || opens {
        return false;
    }
    let verbs = text.lexicons.list("v14").entries.iter().filter(|entry| entry.tag == "verbe");
    let mut listed = verbs.filter(|entry| entry.phrase.heads().iter().any(|head| head == text.word(at)));
    listed.any(|entry| entry.phrase.end_at(&text.pieces, at, true).is_some()) || ends_like_a_verb(text.word(at))
}

fn ends_like_a_verb(word: &str) -> bool {
    let nouns = [
        "portrait",
        "extrait",
        "retrait",
        "souhait",
        "attrait",
        "bienfait",
        "parfait",
        "récent",
        "présent",
        "différent",
        "pourcent",
        "parent",
        "résident",
        "président",
        "souvent",
        "précédent",
        "équivalent",
        "fréquent",
        "adjacent",
        "permanent",
        "excédent",
        "incident",
        "pertinent",
        "évident",
        "urgent",
        "contingent",
    ];
    let long = word.chars().count() >= 6;
    let plural = word.ends_with("ent") && !["ment", "tient", "vient"].iter().any(|end| word.ends_with(end));
    long && !nouns.contains(&word) && (plural || ["ait", "aient", "èrent"].iter().any(|end| word.ends_with(end)))
}

/// A question mark, a word that asks, or a verb before its pronoun.
fn questions(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let expected = "une affirmation, pas une question";
    for (at, piece) in text.pieces.iter().enumerate() {
        let inverted = piece.joined && matches!(piece.lower.as_str(), "il" | "elle" | "ils" | "elles" | "on" | "ce");
        if matches!(piece.kind, Kind::Mark('?' | '\u{61f}' | '\u{37e}' | '\u{ff1f}' | '\u{203d}')) || inverted {
            faults.push(Fault::at(at, "V14", &piece.typed, expected));
        }
    }
    for hit in text.lexicons.find("v14", &text.pieces).iter().filter(|hit| hit.entry.tag == "question") {
        if starts_sentence(text, hit.start) {
            faults.push(Fault::at(hit.start, "V14", text.excerpt(hit.start, hit.end), expected));
        }
    }
    faults
}

fn starts_sentence(text: &Text<'_>, at: usize) -> bool {
    let sentence = text.sentence_of(at);
    (sentence.start..at).all(|place| text.word(place).is_empty() && text.token(place).is_none())
}

/// The sentences of a block without case, punctuation and placeholders.
pub fn skeletons(text: &Text<'_>) -> Vec<String> {
    (0..text.sentences()).map(|sentence| skeleton(text, sentence)).filter(|words| !words.is_empty()).collect()
}

fn skeleton(text: &Text<'_>, sentence: usize) -> String {
    let words = text.pieces.iter().filter(|piece| piece.sentence == sentence && piece.kind == Kind::Word);
    words.map(|piece| piece.lower.as_str()).collect::<Vec<_>>().join(" ")
}
