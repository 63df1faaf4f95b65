//! Certificates of any commune, made from its code and the seed: the same question has the same answer.

use super::row::{Cell, Row};
use crate::world::Dice;

/// Label shares in thousandths, A to G: close to those of the whole country.
const LABELS: [(&str, u64, f64, f64); 7] = [
    ("A", 25, 20.0, 69.0),
    ("B", 55, 71.0, 109.0),
    ("C", 290, 111.0, 179.0),
    ("D", 330, 181.0, 249.0),
    ("E", 185, 251.0, 329.0),
    ("F", 75, 331.0, 419.0),
    ("G", 40, 421.0, 700.0),
];
const PERIODS: [(&str, u64, u64, u64); 7] = [
    ("avant 1948", 280, 1850, 1947),
    ("1948-1974", 240, 1948, 1974),
    ("1975-1977", 60, 1975, 1977),
    ("1978-1988", 130, 1978, 1988),
    ("1989-2000", 120, 1989, 2000),
    ("2001-2005", 60, 2001, 2005),
    ("2006-2012", 110, 2006, 2012),
];
/// The codes of Paris, Lyon and Marseille as wholes: certificates carry the arrondissement instead.
const WHOLE_CITIES: [&str; 3] = ["75056", "69123", "13055"];
/// Communes of more than 200,000 inhabitants, and arrondissements: as many certificates as a double should make.
const LARGE: [&str; 8] = ["31555", "06088", "44109", "34172", "67482", "33063", "59350", "35238"];

/// How many certificates a commune has.
fn count(code: &str, dice: &mut Dice) -> u64 {
    let plausible = code.len() == 5 && code.chars().skip(2).all(|digit| digit.is_ascii_digit());
    if !plausible || WHOLE_CITIES.contains(&code) {
        return 0;
    }
    let arrondissement = ["751", "6938", "132"].iter().any(|prefix| code.starts_with(prefix));
    if arrondissement || LARGE.contains(&code) {
        return 6_000 + dice.below(2_000);
    }
    // Most communes are villages: three dice in a row make large numbers rare.
    20 + dice.below(40) * dice.below(10) + dice.below(6) * dice.below(6) * dice.below(120)
}

/// All certificates of the commune `code` in `dataset`.
pub fn rows(code: &str, dataset: &str, seed: u64) -> Vec<Row> {
    let salt = format!("{dataset}/{code}")
        .bytes()
        .fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mut dice = Dice::new(salt);
    let new = dataset == "dpe02neuf";
    let count = count(code, &mut dice) / if new { 8 } else { 1 };
    // A commune has its own climate and its own stock: some are greener, some have more flats.
    let flats = dice.below(80) + 10;
    let drift = dice.below(5);
    (0..count).map(|number| row(code, number, flats, drift, new, &mut dice)).collect()
}

fn row(code: &str, number: u64, flats: u64, drift: u64, new: bool, dice: &mut Dice) -> Row {
    let flat = dice.below(100) < flats;
    let label = if new { dice.below(3) } else { weighted(LABELS.map(|(_, weight, ..)| weight), dice) };
    let label = usize::try_from(label).unwrap_or(0);
    // One certificate in twenty shifts by a label, so that communes differ.
    let label = if dice.below(20) < drift { (label + 1).min(6) } else { label };
    let (name, _, low, high) = LABELS[label];
    let conso = (low + (high - low) * dice.chance()).round();
    let period = usize::try_from(weighted(PERIODS.map(|(_, weight, ..)| weight), dice)).unwrap_or(0);
    let (period, _, first, last) = if new { ("après 2021", 0, 2021, 2026) } else { PERIODS[period] };
    let year = first + dice.below(last - first + 1);
    let surface = if flat { 20 + dice.below(75) } else { 55 + dice.below(110) };
    let surface = count_as_number(surface);
    let electric = dice.below(100) < if flat { 45 } else { 38 };
    let date = format!("{}-{:02}-{:02}", 2021 + (6 + dice.below(64)) / 12, 1 + dice.below(12), 1 + dice.below(28));
    let energy = if electric {
        "Électricité"
    } else if flat {
        "Gaz naturel"
    } else {
        ["Gaz naturel", "Fioul domestique", "Bois – Bûches"][pick(3, dice)]
    };
    let ges = (conso * if electric { 0.04 } else { 0.19 }).round();
    let department = if code.starts_with("97") { &code[..3] } else { &code[..2] };
    let text = |value: &str| Cell::Text(value.to_owned());
    let cost = (conso * surface * 0.11).round();
    Row(vec![
        Cell::Text(format!("26{department}E{number:07}{}", &code[2..])),
        Cell::Text(date.clone()),
        Cell::Text(date),
        text(name),
        text(ges_label(ges)),
        text(if flat { "appartement" } else { "maison" }),
        text(if flat { "dpe appartement individuel" } else { "dpe maison individuelle" }),
        text(period),
        Cell::Number(count_as_number(year)),
        if flat { Cell::Text(format!("T{}", 1 + pick(5, dice))) } else { Cell::Missing },
        Cell::Number(surface),
        Cell::Number(conso),
        Cell::Number(ges),
        Cell::Number(cost),
        Cell::Number((cost * 0.7).round()),
        text(energy),
        text(if flat && dice.below(3) == 0 { "collectif" } else { "individuel" }),
        text(if electric { "Électricité" } else { "Gaz naturel" }),
        text(["très bonne", "bonne", "moyenne", "insuffisante"][(label / 2).min(3)]),
        text(["H1a", "H2b", "H3"][department.bytes().map(usize::from).sum::<usize>() % 3]),
        text(code),
        text(department),
        Cell::Missing,
        Cell::Missing,
    ])
}

fn pick(bound: u64, dice: &mut Dice) -> usize {
    usize::try_from(dice.below(bound)).unwrap_or(0)
}

fn weighted<const N: usize>(weights: [u64; N], dice: &mut Dice) -> u64 {
    let mut left = dice.below(weights.iter().sum());
    for (index, weight) in weights.into_iter().enumerate() {
        if left < weight {
            return index as u64;
        }
        left -= weight;
    }
    0
}

/// The label of greenhouse gases, by kilograms of CO₂ per square metre and year.
fn ges_label(ges: f64) -> &'static str {
    let limits = [(6.0, "A"), (11.0, "B"), (30.0, "C"), (50.0, "D"), (70.0, "E"), (100.0, "F")];
    limits.into_iter().find(|(limit, _)| ges < *limit).map_or("G", |(_, label)| label)
}

fn count_as_number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_commune_has_the_same_certificates_and_another_seed_others() {
        let shown = |seed| format!("{:?}", rows("35238", "dpe03existant", seed).first());
        assert_eq!(shown(1), shown(1));
        assert_ne!(shown(1), shown(2));
    }

    #[test]
    fn whole_cities_have_none_and_their_arrondissements_have() {
        for (whole, arrondissement) in [("75056", "75101"), ("69123", "69381"), ("13055", "13201")] {
            assert!(rows(whole, "dpe03existant", 1).is_empty());
            assert!(rows(arrondissement, "dpe03existant", 1).len() > 1_000);
        }
        assert!(!rows("2A004", "dpe03existant", 1).is_empty());
    }
}
