//! Which of two figures a comparison speaks of: the subject of the sentence is `a`, what it is compared with is `b`.

use domain::fact::ScopeKind;

use super::Mention;
use super::words::Second;
use crate::Claim;
use crate::rules::scopes;
use crate::text::Text;

/// Words that bring in the second term of an adjective, and those that may where none of them stands.
const JOINS: &[&str] = &["à", "au", "aux", "que", "qu’"];
const LOOSE_JOINS: &[&str] = &["de", "du", "des", "d’"];

/// Whether the claim's `b` is what the words compare with, and its `a` is not.
pub fn is_subject_first(text: &Text<'_>, mention: &Mention, claim: &Claim) -> bool {
    let Some(b) = claim.b.as_deref() else { return false };
    let sentence = text.sentence_of(mention.start);
    let terms = second_terms(text, mention, sentence.end);
    let (of_a, of_b) = (scopes::of_id(&claim.a), scopes::of_id(b));
    if terms.is_empty() {
        // « Par rapport à la région, le taux est supérieur »: the second term comes first.
        return match brought_in_before(text, sentence.start..mention.start) {
            Some(scope) if of_a != of_b => Some(scope) == of_b,
            _ => first_cited(text, sentence, &claim.a, b),
        };
    }
    // « supérieur à celui du département et à celui de la région »: each may be the second term, the subject none.
    for term in terms {
        match term {
            Term::Fact(id) if id == b => return true,
            Term::Fact(id) if id == claim.a => return false,
            Term::Scope(_) if of_a == of_b => return first_cited(text, sentence, &claim.a, b),
            Term::Scope(scope) if Some(scope) == of_b => return true,
            Term::Scope(scope) if Some(scope) == of_a => return false,
            Term::Fact(_) | Term::Scope(_) => {}
        }
    }
    false
}

/// The territory after « par rapport à », « comparé à », « face à ».
fn brought_in_before(text: &Text<'_>, before: std::ops::Range<usize>) -> Option<ScopeKind> {
    let brings = |at: &usize| {
        let to = matches!(text.word(at + 1), "à" | "au" | "aux");
        matches!(text.word(*at), "rapport" | "comparé" | "comparée" | "comparés" | "comparées" | "face") && to
    };
    let at = before.clone().find(brings)?;
    scopes::words(text).iter().find(|word| word.start > at && before.contains(&word.start)).map(|word| word.scope)
}

/// Figures that a comparison has as further second terms, « et à celui de la région ({{…}}) »: each needs its claim.
pub fn further_terms<'t>(text: &Text<'t>, mention: &Mention) -> Vec<&'t str> {
    let sentence = text.sentence_of(mention.start);
    let joins = |at: usize| {
        let and = matches!(text.word(at), "et" | "ou" | "comme" | "puis") || text.mark(at) == Some(',');
        and && JOINS.contains(&text.word(at + 1)) && !text.is_figure(at + 2)
    };
    let further = (mention.end..sentence.end).filter(|at| joins(*at));
    further
        .filter_map(|at| (at..sentence.end).find_map(|place| text.fact(place)))
        .map(|fact| fact.id.as_str())
        .collect()
}

enum Term<'t> {
    Fact(&'t str),
    Scope(ScopeKind),
}

/// The figures and territories after the word that brings in the second term, in order.
fn second_terms<'t>(text: &Text<'t>, mention: &Mention, end: usize) -> Vec<Term<'t>> {
    // « supérieur, à {{…}} » gives the figure of the first term.
    let gives = |at: usize| text.is_figure(at + 1) && at.checked_sub(1).and_then(|at| text.mark(at)) == Some(',');
    let after = |joins: &[&str]| (mention.end..end).find(|at| joins.contains(&text.word(*at)) && !gives(*at));
    let is_join = |at: usize| JOINS.contains(&text.word(at)) || LOOSE_JOINS.contains(&text.word(at));
    let from = match mention.second {
        Second::Nowhere => return Vec::new(),
        Second::Directly => mention.end,
        // « proche de », « au-dessus du », « voisin de »: the joining word is at hand.
        Second::AfterJoin if is_join(mention.end) || is_join(mention.end - 1) => mention.end,
        Second::AfterJoin => after(JOINS).or_else(|| after(LOOSE_JOINS)).unwrap_or(end),
    };
    let words = scopes::words(text);
    let term = |at| match text.fact(at) {
        Some(fact) => Some(Term::Fact(fact.id.as_str())),
        None => words.iter().find(|word| word.start == at).map(|word| Term::Scope(word.scope)),
    };
    (from..end).filter_map(term).collect()
}

fn first_cited(text: &Text<'_>, sentence: std::ops::Range<usize>, a: &str, b: &str) -> bool {
    let place = |id: &str| sentence.clone().find(|at| text.fact(*at).is_some_and(|fact| fact.id == id));
    match (place(a), place(b)) {
        (Some(a), Some(b)) => a < b,
        _ => true,
    }
}
