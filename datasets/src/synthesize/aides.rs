//! Allowances of the départements, in the normalised layout: two payers in the Rhône, one in Corsica, unanswered cells.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::output::{Charset, Output, table};
use super::places::Place;
use crate::engine::ImportError;

const METROPOLE_OF_LYON: &str = "200046977";
/// Benefit, where it is lived, and what one beneficiary costs in a year, in thousands of euro.
const BENEFITS: [(&str, &str, f64); 4] =
    [("APA", "domicile", 4.6), ("APA", "etablissement", 4.9), ("PCH", "ensemble", 6.9), ("ACTP", "ensemble", 4.4)];

/// `aides_dept_2023.csv`: seven years.
pub fn allowances(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let header = ["departement", "annee", "prestation", "lieu", "beneficiaires", "depenses_milliers_eur", "estime"];
    let payers = payers(places);
    let rows = payers.iter().flat_map(|(payer, (people, old))| {
        (2017..=2023).flat_map(move |year: i32| {
            BENEFITS.map(|(benefit, place, cost)| cells(payer, year, (benefit, place, cost), *people, *old))
        })
    });
    output.file("aides_dept_2023.csv", Charset::Utf8, table(&header, rows))
}

/// Inhabitants and people of 75 and more, by payer.
fn payers(places: &[Place]) -> BTreeMap<String, (f64, f64)> {
    let mut payers: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for place in places.iter().filter(|place| place.city.is_none()) {
        let payer = match (place.departement.as_str(), place.epci.0.as_str()) {
            ("69", METROPOLE_OF_LYON) => "69M",
            ("69", _) => "69D",
            ("2A" | "2B", _) => "20",
            (other, _) => other,
        };
        let sums = payers.entry(payer.to_owned()).or_default();
        sums.0 += place.population;
        sums.1 += place.population * place.old * 0.38;
    }
    payers
}

fn cells(payer: &str, year: i32, benefit: (&str, &str, f64), people: f64, old: f64) -> Vec<String> {
    let (name, lived, cost) = benefit;
    let mut dice = Dice::named(&format!("aides {payer} {name} {lived} {year}"));
    let since = f64::from(year - 2017);
    let beneficiaries = match (name, lived) {
        ("APA", "domicile") => old * 0.115 * (1.0 + 0.012 * since),
        ("APA", _) => old * 0.075 * (1.0 + 0.008 * since),
        ("PCH", _) => people * 0.0053 * (1.0 + 0.045 * since),
        _ => people * 0.0008 * (1.0 - 0.05 * since),
    } * dice.between(0.985, 1.015);
    let spent = beneficiaries * cost * (1.0 + 0.02 * since);
    let mut row = vec![payer.to_owned(), year.to_string(), name.to_owned(), lived.to_owned()];
    // One payer in sixty does not answer; others are estimated by the producer.
    let silent = dice.chance(0.016);
    row.extend([beneficiaries, spent].map(|figure| if silent { "nd".to_owned() } else { format!("{figure:.0}") }));
    row.push(if !silent && dice.chance(0.02) { "oui".to_owned() } else { String::new() });
    row
}
