//! Figures in French: decimal comma, narrow spaces in thousands, no-break space before units.

use rust_decimal::Decimal;

/// A figure with its unit, as the facts' own texts are written.
pub fn figure(value: Decimal, decimals: u32, unit: &str) -> String {
    let number = number(value, decimals);
    match unit {
        "pct" => format!("{number}\u{a0}%"),
        "eur" => format!("{number}\u{a0}€"),
        "eur_m2" => format!("{number}\u{a0}€/m²"),
        "eur_m2_month" => format!("{number}\u{a0}€/m²/mois"),
        _ => number,
    }
}

/// A number with `decimals` digits after the comma, rounded half away from zero.
pub fn number(value: Decimal, decimals: u32) -> String {
    let rounded = value.round_dp_with_strategy(decimals, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let text = format!("{:.*}", decimals as usize, rounded.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() { "−" } else { "" };
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped},{fraction}") }
}

/// An amount in cents: « 348 € », « 1 347,99 € »; another currency keeps its code.
#[must_use]
pub fn money(cents: i64, currency: &str) -> String {
    let sign =
        if currency.is_empty() || currency.eq_ignore_ascii_case("eur") { "€" } else { &currency.to_uppercase() };
    let decimals = if cents % 100 == 0 { 0 } else { 2 };
    format!("{}\u{a0}{sign}", number(Decimal::new(cents, 2), decimals))
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// « 1er mars 2026 ».
pub fn day(year: i32, month: u32, day: u32) -> String {
    let name = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
    let day = if day == 1 { "1er".to_owned() } else { day.to_string() };
    format!("{day}\u{a0}{name}\u{a0}{year}")
}

/// « 1re », « 2e », of a feminine noun.
pub fn ordinal(n: i64) -> String {
    if n == 1 { "1re".to_owned() } else { format!("{n}e") }
}

/// `1 essai`, `2 essais`: a count with its noun.
pub fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", number(Decimal::from(count), 0), if count.abs() < 2 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_french_usage() {
        assert_eq!(figure(Decimal::new(81_25, 2), 1, "pct"), "81,3\u{a0}%");
        assert_eq!(figure(Decimal::new(3_450, 0), 0, "eur_m2"), "3\u{202f}450\u{a0}€/m²");
        assert_eq!(number(Decimal::new(-1_234_567, 0), 0), "−1\u{202f}234\u{202f}567");
        assert_eq!(number(Decimal::new(-4, 2), 1), "0,0");
        assert_eq!(money(134_799, "eur"), "1\u{202f}347,99\u{a0}€");
        assert_eq!(money(34_800, "EUR"), "348\u{a0}€");
        assert_eq!(money(-50, "usd"), "−0,50\u{a0}USD");
        assert_eq!(day(2026, 3, 1), "1er\u{a0}mars\u{a0}2026");
        assert_eq!((ordinal(1), ordinal(2)), ("1re".to_owned(), "2e".to_owned()));
        assert_eq!(counted(1, "essai", "essais"), "1\u{a0}essai");
        assert_eq!(counted(12, "essai", "essais"), "12\u{a0}essais");
    }
}
