//! How a figure of the commune compares with the intercommunality, then with the département.

use domain::fact::Fact;
use narrative::Claim;
use rust_decimal::Decimal;

use super::subject::{Case, Subject, cited, place};

/// « un niveau supérieur à celui de l’intercommunalité ({…}) », and its claims.
pub struct Gap {
    pub phrase: String,
    pub claims: Vec<Claim>,
    /// The nearest of the territories compared, with the adjective alone: « supérieur », « proche ».
    pub first: Compared,
}

/// One comparison.
#[derive(Debug, Clone)]
pub struct Compared {
    /// `gt`, `lt` or `approx`.
    pub op: &'static str,
    /// « supérieur à », « proche de », for a masculine noun.
    words: &'static str,
    adverb: &'static str,
    /// The figure of the other territory.
    pub other: String,
    /// « de l’intercommunalité »
    pub whose: &'static str,
    claim: Claim,
}

/// The comparison with up to `most` territories; `None` where figures do not compare.
pub fn gap(subject: &Subject<'_>, most: usize) -> Option<Gap> {
    if !subject.compares() {
        return None;
    }
    let compared: Vec<Compared> =
        subject.near.iter().take(most).map(|other| compared(subject.own, other)).collect::<Option<_>>()?;
    let first = compared.first()?.clone();
    // An adverb holds for all that its sentence compares.
    let adverb = if compared.iter().all(|one| one.adverb == first.adverb) { first.adverb } else { "" };
    let mut phrase = String::new();
    for (at, one) in compared.iter().enumerate() {
        let Compared { words, other, whose, .. } = one;
        let preposition = words.split(' ').next_back().unwrap_or_default();
        phrase.push_str(&match (at, one.op == first.op) {
            (0, _) => format!("{adverb}{words} celui {whose} ({other})"),
            (_, true) => format!(" et {preposition} celui {whose} ({other})"),
            (_, false) => format!(" et {adverb}{words} celui {whose} ({other})"),
        });
    }
    Some(Gap { phrase, claims: compared.into_iter().map(|one| one.claim).collect(), first })
}

impl Compared {
    /// « dépasse celle de l’intercommunalité, {…} », for a title; `None` for figures that are near.
    pub fn exceeds(&self, that: &str) -> Option<(String, Claim)> {
        let Self { op, other, whose, claim, .. } = self;
        (*op == "gt").then(|| (format!("dépasse {that} {whose}, {other}"), claim.clone()))
    }
}

fn compared(own: &Fact, other: &Fact) -> Option<Compared> {
    let (a, b) = (own.value?, other.value?);
    let apart = (a - b).abs();
    let relative = apart.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(b.abs()).unwrap_or(Decimal::ONE_HUNDRED);
    let near = own.text == other.text;
    let (op, words) = match (near, a > b) {
        (true, _) => ("approx", "proche de"),
        (false, true) => ("gt", "supérieur à"),
        (false, false) => ("lt", "inférieur à"),
    };
    let adverb = match (near, relative) {
        (false, relative) if relative >= Decimal::from(20) => "nettement ",
        (false, relative) if relative <= Decimal::from(4) => "légèrement ",
        _ => "",
    };
    let claim = Claim { op: op.to_owned(), a: own.id.clone(), b: Some(other.id.clone()), side: None, band: None };
    Some(Compared { op, words, adverb, other: cited(other), whose: place(other, Case::Of), claim })
}
