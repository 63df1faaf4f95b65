//! Which way a change goes, in the words of what changes.

use domain::fact::Fact;
use narrative::Claim;
use rust_decimal::Decimal;

use super::subject::{Subject, unsigned};

/// A change that is named: « une hausse de {…} », with its claim.
pub struct Trend {
    pub noun: &'static str,
    pub size: String,
    pub claim: Claim,
}

/// `None` for what is no change, or for one too small to have a direction.
pub fn trend(subject: &Subject<'_>) -> Option<Trend> {
    let rises = rises(subject.own)?;
    let begins = |heads: &[&str]| heads.iter().any(|head| subject.name.bare().starts_with(head));
    let noun = match rises {
        true if begins(&["solde"]) => "un gain",
        false if begins(&["solde"]) => "une perte",
        true if begins(&["variation", "évolution"]) => "une hausse",
        false if begins(&["variation", "évolution"]) => "une baisse",
        _ => return None,
    };
    let op = if rises { "up" } else { "down" };
    let claim = Claim { op: op.to_owned(), a: subject.own.id.clone(), b: None, side: None, band: None };
    Some(Trend { noun, size: unsigned(subject.own), claim })
}

fn rises(fact: &Fact) -> Option<bool> {
    let value = fact.value.filter(|_| fact.signed)?;
    // A change that prints as nil goes nowhere.
    let printed = fact.text.chars().any(|c| ('1'..='9').contains(&c));
    printed.then_some(value > Decimal::ZERO)
}
