//! Whether a claim is true, by exact decimals.

use domain::fact::{Fact, ScopeKind};
use rust_decimal::Decimal;

use super::{Band, Op, Share, Side};
use crate::Claim;
use crate::anchors::indicator_of;
use crate::placeholder::Token;
use crate::text::Text;

/// Pairs of indicators of the same territory that stand for two periods.
const PERIODS: &[(&str, &str)] = &[("dem.tcam", "dem.tcam_prec")];

/// # Errors
/// What would have to hold.
pub fn holds(text: &Text<'_>, claim: &Claim, op: Op, claims: &[Claim]) -> Result<(), String> {
    // What may not be cited has its own objection.
    if [Some(claim.a.as_str()), claim.b.as_deref()].into_iter().flatten().any(|id| is_refused(text, id)) {
        return Ok(());
    }
    let a = operand(text, &claim.a)?;
    match op {
        Op::Gt | Op::Lt | Op::Approx => {
            let b = claim.b.as_deref().ok_or("deux opérandes, a et b")?;
            let b = operand(text, b)?;
            if !are_comparable(a, b) {
                return Err(
                    "deux valeurs du même indicateur dans deux territoires, ou une paire de périodes prévue".to_owned()
                );
            }
            compare(a, b, op, claims)
        }
        Op::Up | Op::Down | Op::Flat => direction(a, op),
        Op::Accel | Op::Decel if !is_gap_of_rates(a) => {
            Err("l’écart signé de deux rythmes, comme dem.accel".to_owned())
        }
        Op::Accel => direction(a, Op::Up),
        Op::Decel => direction(a, Op::Down),
        Op::Rank(side, band) => rank(a, side, band),
        Op::Share(share) => majority(a, share),
    }
}

/// Whether a figure is cited that the sheet does not have or does not publish (V02, V03).
fn is_refused(text: &Text<'_>, id: &str) -> bool {
    let cited = text.tokens.iter().any(|token| matches!(token, Token::Fact { id: cited, .. } if *cited == id));
    cited && text.sheet.facts.get(id).is_none_or(|fact| !fact.status.is_citable())
}

fn operand<'a>(text: &Text<'a>, id: &str) -> Result<&'a Fact, String> {
    let cited = text.cited().map(|(_, fact)| fact).find(|fact| fact.id == id);
    cited.ok_or_else(|| format!("{{{{fact:{id}}}}} cité dans le même texte"))
}

fn value(fact: &Fact) -> Result<Decimal, String> {
    fact.value.ok_or_else(|| format!("une valeur numérique publiée, ce que {} n’est pas", fact.id))
}

pub fn are_comparable(a: &Fact, b: &Fact) -> bool {
    let (left, right) = (indicator_of(&a.id), indicator_of(&b.id));
    let periods =
        PERIODS.iter().any(|(now, before)| (left, right) == (*now, *before) || (left, right) == (*before, *now));
    (left == right && a.scope.kind != b.scope.kind) || (periods && a.scope.kind == b.scope.kind)
}

fn compare(a: &Fact, b: &Fact, op: Op, claims: &[Claim]) -> Result<(), String> {
    let (unit, gap) = (unit(a).max(unit(b)), difference(a, b)?);
    let margins = a.moe.unwrap_or_default() + b.moe.unwrap_or_default();
    match op {
        Op::Approx => {
            let claimed =
                claims.iter().any(|other| matches!(other.op.as_str(), "gt" | "lt") && is_same_pair(other, a, b));
            let near = gap.abs() <= (unit * Decimal::TWO).max(margins);
            (near && !claimed)
                .then_some(())
                .ok_or_else(|| "un écart d’au plus deux unités d’arrondi ou les marges, sans gt ni lt".to_owned())
        }
        _ => {
            let gap = if op == Op::Gt { gap } else { -gap };
            if gap >= unit.max(margins) && a.text != b.text {
                return Ok(());
            }
            let may_be_near = gap.abs() <= (unit * Decimal::TWO).max(margins);
            Err(if may_be_near { "seul approx est vrai ici" } else { "la comparaison dans le sens des valeurs" }
                .to_owned())
        }
    }
}

fn is_same_pair(claim: &Claim, a: &Fact, b: &Fact) -> bool {
    let pair = (claim.a.as_str(), claim.b.as_deref().unwrap_or_default());
    pair == (a.id.as_str(), b.id.as_str()) || pair == (b.id.as_str(), a.id.as_str())
}

fn difference(a: &Fact, b: &Fact) -> Result<Decimal, String> {
    let (a, b) = (value(a)?, value(b)?);
    a.checked_sub(b).ok_or_else(|| "deux valeurs comparables".to_owned())
}

/// The gap relative to the second operand, in percent; `None` where there is none.
pub fn relative_gap(a: &Fact, b: &Fact) -> Option<Decimal> {
    let reference = b.value?.abs();
    let gap = a.value?.checked_sub(b.value?)?.abs();
    gap.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(reference)
}

fn direction(fact: &Fact, op: Op) -> Result<(), String> {
    if !fact.signed {
        return Err("une évolution, qui porte un signe".to_owned());
    }
    let (value, half) = (value(fact)?, unit(fact) / Decimal::TWO);
    let true_ = match op {
        Op::Up => value >= half,
        Op::Down => value <= -half,
        _ => printed(fact).is_some_and(|printed| printed.is_zero()) || fact.moe.is_some_and(|moe| value.abs() <= moe),
    };
    true_.then_some(()).ok_or_else(|| format!("le sens de la valeur imprimée, {}", fact.text))
}

fn is_gap_of_rates(fact: &Fact) -> bool {
    fact.signed && (indicator_of(&fact.id).ends_with("accel") || fact.unit.starts_with("point") || fact.unit == "pts")
}

fn rank(fact: &Fact, side: Side, band: Band) -> Result<(), String> {
    let Some(peer) = fact.peer.as_ref().filter(|_| fact.scope.kind == ScopeKind::Com) else {
        return Err("une valeur de la commune située parmi les communes comparables".to_owned());
    };
    let holds = match (side, band) {
        (_, Band::Middle) => (40..=60).contains(&peer.pct),
        (Side::High, Band::Extreme) => peer.pct >= 90,
        (Side::High, Band::Marked) => peer.pct >= 75,
        (Side::Low, Band::Extreme) => peer.pct <= 10,
        (Side::Low, Band::Marked) => peer.pct <= 25,
    };
    holds.then_some(()).ok_or_else(|| format!("un rang que confirme le centile de la commune, {}", peer.pct))
}

fn majority(fact: &Fact, share: Share) -> Result<(), String> {
    let (value, half, unit) = (value(fact)?, Decimal::from(50), unit(fact));
    let is_share = fact.unit.starts_with("pct") || fact.unit == "%";
    let holds = match share {
        Share::Majority => value > half + unit,
        Share::Minority => value < half - unit,
    };
    let fits = is_share && !fact.signed && holds;
    fits.then_some(()).ok_or_else(|| format!("une part de l’autre côté de la moitié que {}", fact.text))
}

/// The printed step: of the last decimal, or of the ten to which euros and sampled counts are rounded.
pub fn unit(fact: &Fact) -> Decimal {
    let step = Decimal::new(1, fact.decimals.min(20));
    let in_tens = fact.decimals == 0
        && printed(fact).zip(fact.value).is_some_and(|(printed, value)| (printed - value).abs() > Decimal::new(5, 1));
    let is_building = fact.unit == "eur_m2" && !fact.id.starts_with("dvf.terrain");
    if in_tens || is_building || fact.unit == "eur_year" { Decimal::TEN } else { step }
}

/// The number that is printed, read back from the text.
fn printed(fact: &Fact) -> Option<Decimal> {
    let mut digits = String::new();
    for c in fact.text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ',' | '.' if !digits.contains('.') => digits.push('.'),
            '\u{2212}' | '-' if digits.is_empty() => digits.push('-'),
            c if c.is_whitespace() || c == '+' => {}
            _ if digits.chars().any(|digit| digit.is_ascii_digit()) => break,
            _ => {}
        }
    }
    digits.trim_end_matches('.').parse().ok()
}
