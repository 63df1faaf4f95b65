//! Benefits of the family branch: five Decembers, with the producer's rounding and recipients that could not be located.

use super::dice::Dice;
use super::output::{Charset, Output, table};
use super::places::Place;
use crate::engine::ImportError;

const YEARS: [u32; 5] = [2020, 2021, 2022, 2023, 2024];
/// Below this many recipients the producer says nothing of a commune.
const SILENT: f64 = 3.0;
/// What a mean recipient gets in December, in euro.
const PAID: f64 = 410.0;

const HEADER: [&str; 25] = [
    "dtreffre",
    "numcomdo",
    "nomcom",
    "indfoy_ndur",
    "indnbp_ndur",
    "indmtt_ndur",
    "indfoy_af",
    "indfoy_cf",
    "indfoy_asf",
    "indfoy_ab",
    "indfoy_cmg",
    "indfoy_ndurpaje",
    "indfoy_ndural",
    "indnbp_ndural",
    "indmtt_ndural",
    "indfoy_apl",
    "indfoy_als",
    "indfoy_alf",
    "indfoy_rsa",
    "indnbp_rsa",
    "indmtt_rsa",
    "indfoy_ppa",
    "indmtt_ppa",
    "indfoy_aah",
    "indmtt_aah",
];

/// `s_ben_com_f_2024-12.csv`. Paris, Lyon and Marseille appear by arrondissement only.
pub fn benefits(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let located: Vec<&Place> = places.iter().filter(|place| !place.divided && place.population > 0.0).collect();
    let everybody: f64 = located.iter().map(|place| recipients(place)).sum();
    let rows = YEARS.into_iter().flat_map(|year| {
        let growth = 1.0 + 0.006 * (f64::from(year) - 2020.0);
        let communes = located
            .iter()
            .map(move |place| (place, recipients(place) * growth))
            .filter(|(_, recipients)| *recipients >= SILENT)
            .map(move |(place, recipients)| row(year, &place.code, &place.name, recipients, poverty(place)));
        // About one recipient in nine hundred has an address that leads nowhere.
        let lost = row(year, "", "", everybody * growth / 900.0, 1.0);
        communes.chain(std::iter::once(lost))
    });
    let mut lines = table(&HEADER, rows);
    let header = lines.next().map(|header| format!("\u{feff}{header}"));
    output.file("s_ben_com_f_2024-12.csv", Charset::Utf8, header.into_iter().chain(lines))
}

/// Households that receive something; fewer in villages, where farmers belong to another scheme.
fn recipients(place: &Place) -> f64 {
    let mut dice = Dice::named(&format!("caf {}", place.code));
    let farming = if place.population < 500.0 { 0.75 } else { 1.0 };
    place.population * 0.21 * (1.0 + (24_000.0 - place.income) / 30_000.0) * farming * dice.between(0.94, 1.06)
}

/// How much more than usual is paid to the poorest.
fn poverty(place: &Place) -> f64 {
    (1.0 + (23_000.0 - place.income) / 12_000.0).clamp(0.35, 2.2)
}

fn row(year: u32, code: &str, name: &str, all: f64, poverty: f64) -> Vec<String> {
    let (housing, rsa, work, disabled) = (all * 0.44, all * 0.13 * poverty, all * 0.34, all * 0.09);
    let mut row = vec![format!("{year}-12"), code.to_owned(), name.to_owned()];
    row.extend([fives(all), fives(all * 2.3), hundreds(all * PAID)]);
    row.extend([0.36, 0.06, 0.055 * poverty, 0.004, 0.06, 0.13].map(|share| fives(all * share)));
    row.extend([fives(housing), fives(housing * 2.1), hundreds(housing * 232.0)]);
    row.extend([0.45, 0.39, 0.16].map(|share| fives(housing * share)));
    row.extend([fives(rsa), fives(rsa * 2.05), hundreds(rsa * 560.0)]);
    row.extend([fives(work), hundreds(work * 190.0), fives(disabled), hundreds(disabled * 915.0)]);
    row
}

/// Households and persons, to the nearest 5.
fn fives(value: f64) -> String {
    format!("{:.0}", (value / 5.0).round() * 5.0)
}

/// Amounts, to the nearest hundred euro.
fn hundreds(value: f64) -> String {
    format!("{:.0}", (value / 100.0).round() * 100.0)
}
