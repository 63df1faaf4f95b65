//! Numbers as the French read them: U+202F between thousands, a comma, U+00A0 before the unit, U+2212 for minus.

use rust_decimal::{Decimal, RoundingStrategy};

use super::Unit;

/// No-break space, before a unit.
pub const NBSP: char = '\u{a0}';
/// Narrow no-break space, between thousands.
pub const THIN: char = '\u{202f}';
/// What stands for a figure that is withheld.
pub const NOT_AVAILABLE: &str = "n.d.";

/// The printed text of a value, unit included. `step` is the rounding unit, half away from zero.
#[must_use]
pub fn render(value: Decimal, unit: Unit, step: Decimal) -> String {
    let rounded = round_to(value, step);
    let number = grouped(rounded, unit.decimals());
    let signed = match (unit.is_signed(), rounded.is_zero(), rounded.is_sign_negative()) {
        (_, false, true) => format!("\u{2212}{number}"),
        (true, false, false) => format!("+{number}"),
        _ => number,
    };
    match unit {
        Unit::Pct | Unit::Change => format!("{signed}{NBSP}%"),
        Unit::EurM2 | Unit::EurLandM2 => format!("{signed}{NBSP}€/m²"),
        Unit::EurM2Month => format!("{signed}{NBSP}€/m²/mois"),
        Unit::EurYear | Unit::Eur => format!("{signed}{NBSP}€"),
        Unit::MillionEur => format!("{signed}{NBSP}M€"),
        Unit::Points => format!("{signed}{NBSP}{}", if rounded.abs() < Decimal::TWO { "point" } else { "points" }),
        Unit::Km => format!("{signed}{NBSP}km"),
        Unit::Km2 => format!("{signed}{NBSP}km²"),
        Unit::PerKm2 => format!("{signed}{NBSP}hab./km²"),
        Unit::M2 => format!("{signed}{NBSP}m²"),
        Unit::Months => format!("{signed}{NBSP}mois"),
        Unit::Years => format!("{signed}{NBSP}ans"),
        Unit::KwhM2 => format!("{signed}{NBSP}kWh/m²/an"),
        Unit::KgCo2M2 => format!("{signed}{NBSP}kg CO₂/m²/an"),
        Unit::Count
        | Unit::Coefficient
        | Unit::Persons
        | Unit::PersonsChange
        | Unit::Ratio
        | Unit::Index
        | Unit::CountChange
        | Unit::PerThousand
        | Unit::PerTenThousand
        | Unit::PerHundredThousand
        | Unit::PerHundred
        | Unit::Rank
        | Unit::Text => signed,
    }
}

/// The nearest multiple of `step`, halves away from zero.
fn round_to(value: Decimal, step: Decimal) -> Decimal {
    if step.is_zero() {
        return value;
    }
    (value / step).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero) * step
}

/// Absolute value with a comma and thin spaces.
fn grouped(value: Decimal, decimals: u32) -> String {
    let fixed = format!("{:.*}", decimals as usize, value.abs());
    let (whole, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let mut text = String::with_capacity(fixed.len() + 6);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(THIN);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(value: &str, unit: Unit) -> String {
        render(value.parse().unwrap(), unit, unit.step())
    }

    #[test]
    fn numbers_read_as_in_a_french_book() {
        assert_eq!(print("323204", Unit::Count), "323\u{202f}204");
        assert_eq!(print("1234567", Unit::Count), "1\u{202f}234\u{202f}567");
        assert_eq!(print("999", Unit::Count), "999");
        assert_eq!(print("3.1372", Unit::Pct), "3,1\u{a0}%");
        assert_eq!(print("0", Unit::Pct), "0,0\u{a0}%");
        assert_eq!(print("12.301", Unit::EurM2Month), "12,3\u{a0}€/m²/mois");
        assert_eq!(print("0.734", Unit::Coefficient), "0,73");
    }

    #[test]
    fn prices_are_printed_to_ten_euros_halves_upwards() {
        assert_eq!(print("2724.9", Unit::EurM2), "2\u{202f}720\u{a0}€/m²");
        assert_eq!(print("2725", Unit::EurM2), "2\u{202f}730\u{a0}€/m²");
        assert_eq!(print("112.5", Unit::EurLandM2), "113\u{a0}€/m²");
        assert_eq!(print("23455", Unit::EurYear), "23\u{202f}460\u{a0}€");
    }

    #[test]
    fn changes_print_their_sign_and_nil_has_none() {
        assert_eq!(print("0.94", Unit::Change), "+0,9\u{a0}%");
        assert_eq!(print("-0.44", Unit::Change), "\u{2212}0,4\u{a0}%");
        assert_eq!(print("-0.04", Unit::Change), "0,0\u{a0}%");
    }

    #[test]
    fn people_and_their_households_have_the_decimals_that_they_can_bear() {
        assert_eq!(print("2.196", Unit::Persons), "2,20");
        assert_eq!(print("-0.056", Unit::PersonsChange), "\u{2212}0,06");
        assert_eq!(print("0.1", Unit::PersonsChange), "+0,10");
        assert_eq!(print("3.19", Unit::Ratio), "3,2");
        assert_eq!(print("85.19", Unit::PerHundred), "85,2");
        assert_eq!(print("104.4", Unit::Index), "104");
        assert_eq!(print("1234", Unit::CountChange), "+1\u{202f}234");
        assert_eq!(print("-0.35", Unit::Points), "\u{2212}0,4\u{a0}point");
    }

    #[test]
    fn sampled_counts_are_printed_to_the_nearest_ten() {
        assert_eq!(render("180334.7".parse().unwrap(), Unit::Count, Decimal::TEN), "180\u{202f}330");
    }
}
