//! Certificates of any commune, made from its code and the seed: the same question has the same answer.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::geography::{Place, is_arrondissement, place};
use super::row::{Cell, Row};
use super::{Dataset, Store};
use crate::world::{Dice, World};

/// Labels A to G: share in thousandths, near that of the whole country, and consumption from and to.
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
const QUALITIES: [&str; 4] = ["très bonne", "bonne", "moyenne", "insuffisante"];
/// Communes of more than 200,000 inhabitants: as many certificates as a double should make.
pub const LARGE: [&str; 8] = ["31555", "06088", "44109", "34172", "67482", "33063", "59350", "35238"];
/// Lines kept for the next question; beyond, all are made again.
const KEPT: usize = 120_000;

/// The lines of a commune: those that were loaded, or generated ones.
pub fn rows(world: &World, dataset: Dataset, code: &str) -> Arc<Vec<Row>> {
    let place = (dataset, code.to_owned());
    let kept = {
        let store = world.ademe.lock();
        store.loaded.get(&place).or_else(|| store.generated.get(&place)).cloned()
    };
    kept.unwrap_or_else(|| {
        let made = Arc::new(generated(code, dataset, world.seed.load(Ordering::SeqCst), usize::MAX));
        keep(&mut world.ademe.lock(), place, made.clone());
        made
    })
}

fn keep(store: &mut Store, place: (Dataset, String), made: Arc<Vec<Row>>) {
    if store.generated.values().map(|rows| rows.len()).sum::<usize>() + made.len() > KEPT {
        store.generated.clear();
    }
    store.generated.insert(place, made);
}

/// The first `most` generated certificates of a commune.
pub fn generated(code: &str, dataset: Dataset, seed: u64, most: usize) -> Vec<Row> {
    let Some(place) = place(code) else { return Vec::new() };
    let salt = format!("{}/{code}", dataset.id())
        .bytes()
        .fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mut dice = Dice::new(salt);
    let new = dataset == Dataset::New;
    let count = count(code, &mut dice) / if new { 8 } else { 1 };
    // A commune has its own stock: some are greener, some have more flats.
    let stock = Stock { code, place, new, flats: dice.below(80) + 10, drift: dice.below(5) };
    (0..count).take(most).map(|number| stock.row(number, &mut dice)).collect()
}

/// How many certificates a commune has.
fn count(code: &str, dice: &mut Dice) -> u64 {
    if LARGE.contains(&code) {
        return 6_000 + dice.below(2_000);
    }
    if is_arrondissement(code) {
        return 1_500 + dice.below(1_500);
    }
    // Most communes are villages: three dice in a row make large numbers rare.
    20 + dice.below(40) * dice.below(10) + dice.below(6) * dice.below(6) * dice.below(120)
}

/// What the certificates of one commune have in common.
struct Stock<'a> {
    code: &'a str,
    place: Place,
    new: bool,
    /// Flats in a hundred.
    flats: u64,
    /// Certificates in twenty that are one label worse.
    drift: u64,
}

impl Stock<'_> {
    fn row(&self, number: u64, dice: &mut Dice) -> Row {
        let Self { code, place, new, .. } = *self;
        let flat = dice.below(100) < self.flats;
        let whole = flat && dice.below(40) == 0;
        let drawn = if new { dice.below(3) } else { weighted(LABELS.map(|(_, weight, ..)| weight), dice) };
        let drawn = usize::try_from(drawn).unwrap_or(0);
        let label = if dice.below(20) < self.drift { (drawn + 1).min(6) } else { drawn };
        let (name, _, low, high) = LABELS[label];
        let conso = (low + (high - low) * dice.chance()).round();
        let period = usize::try_from(weighted(PERIODS.map(|(_, weight, ..)| weight), dice)).unwrap_or(0);
        let (period, _, first, last) = if new { ("après 2021", 0, 2021, 2026) } else { PERIODS[period] };
        let year = first + dice.below(last - first + 1);
        let flats = 4 + dice.below(40);
        let surface = if flat { 20 + dice.below(75) } else { 55 + dice.below(110) };
        let surface = real(if whole { surface * flats } else { surface });
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
        let cost = (conso * surface * 0.11).round();
        let (building, method) = match (flat, whole) {
            (_, true) => ("immeuble", "dpe immeuble collectif"),
            (true, false) => ("appartement", "dpe appartement individuel"),
            (false, false) => ("maison", "dpe maison individuelle"),
        };
        let dwelling = |value: Cell| if whole { Cell::Missing } else { value };
        let building_only = |value: Cell| if whole { value } else { Cell::Missing };
        // Walls and windows are better or worse than the whole by one step.
        let quality = (label / 2).min(3);
        let part = |dice: &mut Dice| text(QUALITIES[(quality + pick(2, dice)).min(3)]);
        let mut cells = vec![
            owned(format!("26{}E{number:07}{}", place.department, &code[place.department.len()..])),
            owned(date.clone()),
            owned(date),
            text(name),
            text(ges_label(ges)),
            text(building),
            text(method),
            text(if new { "DPE RE2020" } else { "DPE 3CL 2021 méthode logement" }),
            text(period),
            Cell::Number(real(year)),
            if flat { dwelling(text(["T1", "T2", "T3", "T4", "T5"][pick(5, dice)])) } else { Cell::Missing },
            dwelling(Cell::Number(surface)),
            building_only(Cell::Number(surface)),
            building_only(Cell::Number(real(flats))),
            Cell::Number(conso),
            Cell::Number(ges),
            Cell::Number(cost),
            Cell::Number((cost * 0.7).round()),
            text(energy),
            text(if flat && dice.below(3) == 0 { "collectif" } else { "individuel" }),
            text(if electric { "Électricité" } else { "Gaz naturel" }),
            text(QUALITIES[quality]),
            part(dice),
            part(dice),
            part(dice),
            text(place.climate),
            owned(code.to_owned()),
            text(place.department),
            text(place.region),
        ];
        cells.resize(super::row::COLUMNS.len(), Cell::Missing);
        Row::new(cells)
    }
}

fn text(value: &'static str) -> Cell {
    Cell::Text(Cow::Borrowed(value))
}

fn owned(value: String) -> Cell {
    Cell::Text(Cow::Owned(value))
}

fn real(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn pick(bound: u64, dice: &mut Dice) -> usize {
    usize::try_from(dice.below(bound)).unwrap_or(0)
}

fn weighted<const N: usize>(weights: [u64; N], dice: &mut Dice) -> u64 {
    let mut left = dice.below(weights.iter().sum());
    for (index, weight) in (0_u64..).zip(weights) {
        if left < weight {
            return index;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ademe::row::{COLUMNS, LABEL};

    fn made(code: &str, seed: u64) -> Vec<Row> {
        generated(code, Dataset::Existing, seed, usize::MAX)
    }

    #[test]
    fn the_same_commune_has_the_same_certificates_and_another_seed_others() {
        let shown = |seed| format!("{:?}", made("35238", seed).first());
        assert_eq!(shown(1), shown(1));
        assert_ne!(shown(1), shown(2));
    }

    #[test]
    fn whole_cities_have_none_and_their_arrondissements_have() {
        for (whole, arrondissement) in [("75056", "75101"), ("69123", "69381"), ("13055", "13201")] {
            assert!(made(whole, 1).is_empty());
            assert!(made(arrondissement, 1).len() > 1_000);
        }
        assert!(!made("2A004", 1).is_empty() && !made("97411", 1).is_empty() && made("99001", 1).is_empty());
    }

    #[test]
    fn labels_are_shared_out_as_in_the_country_and_fit_the_consumption() {
        let rows = made("44109", 1);
        assert!(rows.iter().all(|row| row.cells.len() == COLUMNS.len()));
        let share = |label: &str| {
            let with = rows.iter().filter(|row| row.cell(LABEL).compare(label).is_some_and(std::cmp::Ordering::is_eq));
            real(with.count() as u64) / real(rows.len() as u64)
        };
        assert!((0.2..0.4).contains(&share("C")) && (0.2..0.45).contains(&share("D")), "{} {}", share("C"), share("D"));
        assert!(share("A") < 0.06 && share("G") < 0.12 && share("G") > 0.01);
    }
}
