//! Which hedge covers which cause: it stands in the cause's own clause, and before it.

use std::ops::Range;

use crate::text::{Kind, Text};

/// Words that open another clause without a comma.
const BOUNDS: &[&str] = &["mais", "or", "puis", "qui", "dont", "où", "alors", "tandis", "car", "et", "ou"];

/// Whether the hedge at `hedge` is one of the cause at `cause`. `kind`: a `conj` opens its own clause, a `lien` (noun or
/// connective) may be hedged after it, any other `cause` before it.
pub fn covers(text: &Text<'_>, hedge: usize, cause: Range<usize>, kind: &str) -> bool {
    if hedge > cause.start {
        let near = if kind == "cause" { 3 } else { usize::MAX };
        let opens = kind == "lien" && starts_sentence(text, cause.start) && text.mark(cause.end) == Some(',');
        let clause = if opens { text.clause_of(cause.end + 1) } else { text.clause_of(cause.start) };
        let within = clause.contains(&hedge) && (cause.end..hedge).all(|at| !is_bound(text, at));
        return within && hedge - cause.end < near;
    }
    // « peut-être parce que »: right before.
    if kind == "conj" {
        return cause.start - hedge <= 2 && text.clause_of(hedge) == text.clause_of(cause.start);
    }
    // « peut tenir à l’âge du parc et résulter de sa taille »: one modal for both infinitives.
    let infinitive = ["er", "ir", "re", "oir"].iter().any(|end| text.word(cause.end - 1).ends_with(end));
    let bound = |at: usize| is_bound(text, at) && !(infinitive && matches!(text.word(at), "et" | "ou"));
    clause_with_insets(text, cause.start).contains(&hedge) && (hedge..cause.start).all(|at| !bound(at))
}

fn is_bound(text: &Text<'_>, at: usize) -> bool {
    let joins_nouns = matches!(text.word(at), "et" | "ou") && !opens_clause(text, at + 1);
    BOUNDS.contains(&text.word(at)) && !joins_nouns
}

/// Whether what follows « et » is a verb or its subject, not one more noun.
fn opens_clause(text: &Text<'_>, at: usize) -> bool {
    matches!(text.word(at), "il" | "elle" | "ils" | "elles" | "cela" | "ce" | "s’" | "se" | "y" | "en")
        || text.lexicons.find("v11", text.pieces.get(at..at + 2).unwrap_or_default()).iter().any(|hit| hit.start == 0)
}

/// The clause of a place with those before it, over insets that only hold a figure: « la vacance, de {{…}}, résulte … ».
fn clause_with_insets(text: &Text<'_>, at: usize) -> Range<usize> {
    let own = text.clause_of(at);
    let sentence = text.sentence_of(at);
    let mut start = own.start;
    while start > sentence.start {
        let inset = text.clause_of(start - 1);
        let words = inset.clone().filter(|place| !text.word(*place).is_empty()).count();
        let holds_figure = inset.clone().any(|place| text.is_figure(place));
        if !(holds_figure && words <= 4) || inset.start <= sentence.start {
            break;
        }
        start = text.clause_of(inset.start - 1).start;
    }
    start..own.end
}

fn starts_sentence(text: &Text<'_>, at: usize) -> bool {
    let sentence = text.sentence_of(at);
    (sentence.start..at).all(|place| matches!(text.pieces.get(place).map(|piece| piece.kind), Some(Kind::Mark(_))))
}
