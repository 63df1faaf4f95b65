//! V02 and V03: the grammar of placeholders, what they may cite, and what may stand beside a figure.

use super::Fault;
use crate::claims::{Op, mentions};
use crate::place::Name;
use crate::placeholder::Token;
use crate::text::Text;

const GRAMMAR: &str = "{{fact:ID}}, {{label:ID}}, {{period:ID}}, {{vintage:ID}} ou {{geo:com|de}}, sans espace";

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = text.tokens.iter().filter_map(|token| cited(text, token)).collect();
    for (index, token) in text.tokens.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| text.tokens.get(at));
        if matches!(token, Token::Fact { .. }) {
            faults.extend(beside(before, text.tokens.get(index + 1)));
        }
        if !matches!(token, Token::Text(_)) && touches(&text.tokens, index) {
            faults.push(Fault::new("V02", "}} {{", "un mot entre deux valeurs"));
        }
    }
    faults.extend(signs(text));
    faults
}

fn cited(text: &Text<'_>, token: &Token<'_>) -> Option<Fault> {
    let (id, must_be_published) = match token {
        Token::Text(_) => return None,
        Token::Geo { scope, .. } => {
            let unnamed = Name::find(text.sheet, *scope).is_none();
            return unnamed.then(|| Fault::new("V02", "{{geo:…}}", "un territoire dont le rapport a le nom"));
        }
        Token::Stray(braces) => return Some(Fault::new("V02", *braces, GRAMMAR)),
        // A sheet from elsewhere has no list of laws to judge by.
        Token::Law(_) if text.asked.open => return None,
        Token::Law(key) => return Some(Fault::new("V02", *key, "ce rapport ne cite aucune loi")),
        Token::Label(id) => (*id, false),
        Token::Fact { id, .. } | Token::Period(id) | Token::Vintage(id) => (*id, true),
    };
    let Some(fact) = text.asked.facts.iter().find(|fact| fact.id == id) else {
        return Some(Fault::new("V02", id, "un identifiant de la liste du bloc"));
    };
    if must_be_published && !fact.status.is_citable() {
        return Some(Fault::new("V03", id, "une valeur publiée, ou son seul libellé {{label:…}}"));
    }
    match token {
        Token::Label(_) if !fact.status.is_citable() && !says_withheld(text) => {
            Some(Fault::new("V03", id, "un bloc qui dit que cette valeur n’est pas publiée"))
        }
        Token::Fact { abs: true, .. } if !fact.signed => {
            Some(Fault::new("V02", id, "|abs est réservé aux évolutions, qui portent un signe"))
        }
        Token::Period(_) if fact.period.is_none() => Some(Fault::new("V02", id, "un fait qui porte une période")),
        _ => None,
    }
}

/// Whether the block says that something is not published.
fn says_withheld(text: &Text<'_>) -> bool {
    let said = text.lexicons.find("v03", &text.pieces);
    said.iter().any(|hit| hit.entry.tag.is_empty() || text.is_denied(hit.start, hit.end))
}

/// A change loses its sign beside a word of direction, and only there: « recule de {{…|abs}} », never « recule de −0,4 % ».
fn signs(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let directions: Vec<_> =
        mentions(text).into_iter().filter(|mention| matches!(mention.op, Op::Up | Op::Down)).collect();
    for (at, fact) in text.cited().filter(|(_, fact)| fact.signed) {
        let Some(&Token::Fact { abs, .. }) = text.token(at) else { continue };
        let clause = text.clause_of(at);
        let beside = directions
            .iter()
            .any(|mention| clause.contains(&mention.start) || (mention.end <= at && at - mention.end <= 4));
        // « baisse de {{…}} »: joined by « de », the figure says by how much.
        let amount = matches!(text.word(at.saturating_sub(1)), "de" | "d’")
            && directions
                .iter()
                .any(|mention| mention.end <= at && at - mention.end <= 4 && clause.contains(&mention.start));
        if abs && !beside {
            faults.push(Fault::at(
                at,
                "V06",
                &fact.id,
                "la valeur avec son signe, ou un mot de hausse ou de baisse à côté",
            ));
        }
        if !abs && amount {
            faults.push(Fault::at(at, "V06", &fact.id, "{{fact:…|abs}} après un mot de hausse ou de baisse"));
        }
    }
    faults
}

/// No two placeholders touch without a word between them.
fn touches(tokens: &[Token<'_>], index: usize) -> bool {
    match (tokens.get(index + 1), tokens.get(index + 2)) {
        (Some(Token::Text(between)), Some(_)) => !between.chars().any(char::is_alphabetic),
        (Some(Token::Text(_)) | None, _) => false,
        (Some(_), _) => true,
    }
}

const SIGNS: &[char] =
    &['+', '-', '\u{2212}', '–', '×', '*', '/', '÷', '=', '≈', '≃', '~', '<', '>', '≤', '≥', '±', '^'];
const UNITS: &[&str] = &[
    "%",
    "‰",
    "€",
    "k€",
    "m€",
    "md€",
    "m²",
    "m2",
    "km²",
    "km",
    "ha",
    "pour mille",
    "pour cent",
    "pourcent",
    "points",
    "point",
    "pts",
    "pt",
    "euros",
    "euro",
];

fn beside(before: Option<&Token<'_>>, after: Option<&Token<'_>>) -> Option<Fault> {
    if let Some(Token::Text(words)) = before {
        let words = words.trim_end();
        let last = words.chars().next_back();
        if last.is_some_and(|c| SIGNS.contains(&c) || c.is_numeric() || matches!(c, '%' | '€' | '$')) {
            return Some(Fault::new(
                "V02",
                tail(words),
                "aucun signe ni unité avant une valeur : elle porte les siens",
            ));
        }
    }
    if let Some(Token::Text(words)) = after {
        let lower = words.trim_start().to_lowercase();
        let first = lower.chars().next();
        let inner = lower.trim_start_matches(['(', '[', '«', ' ', '\u{a0}', '\u{202f}']);
        let symbol = inner.starts_with(['%', '‰', '€']);
        let unit = UNITS
            .iter()
            .find(|unit| lower.strip_prefix(**unit).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)));
        if symbol || unit.is_some() || first.is_some_and(|c| SIGNS.contains(&c) || c.is_numeric()) {
            let head: String = words.chars().take(12).collect();
            return Some(Fault::new("V02", head, "aucun signe ni unité après une valeur : elle porte les siens"));
        }
        // « {{fact}}m² », « {{fact}}s »: the figure must end where the word begins.
        if words.starts_with(char::is_alphanumeric) {
            let head: String = words.chars().take(12).collect();
            return Some(Fault::new("V02", head, "une espace après la valeur"));
        }
    }
    None
}

fn tail(words: &str) -> String {
    words.chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect()
}
