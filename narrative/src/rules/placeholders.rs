//! V02 and V03: the grammar of placeholders, what they may cite, and what may stand beside a figure.

use super::Fault;
use crate::placeholder::Token;
use crate::sentence::Text;

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
    faults
}

fn cited(text: &Text<'_>, token: &Token<'_>) -> Option<Fault> {
    let (id, must_be_published) = match token {
        Token::Text(_) | Token::Geo { .. } => return None,
        Token::Stray(braces) => return Some(Fault::new("V02", *braces, GRAMMAR)),
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
        Token::Fact { abs: true, .. } if !fact.signed => {
            Some(Fault::new("V02", id, "|abs est réservé aux évolutions, qui portent un signe"))
        }
        // Without its direction word the absolute value would lose its sign, and those words need a claim.
        Token::Fact { abs: true, .. } => Some(Fault::new("V06", id, "la valeur avec son signe, sans |abs")),
        _ => None,
    }
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
    &['+', '-', '\u{2212}', '–', '—', '×', '*', '/', '÷', '=', '≈', '≃', '~', '<', '>', '≤', '≥', '±', '^'];
const UNITS: &[&str] =
    &["%", "‰", "€", "k€", "m€", "m²", "m2", "pour mille", "pour cent", "points", "point", "euros", "euro"];

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
        let unit = UNITS
            .iter()
            .find(|unit| lower.strip_prefix(**unit).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)));
        if unit.is_some() || first.is_some_and(|c| SIGNS.contains(&c) || c.is_numeric()) {
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
