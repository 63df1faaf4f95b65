//! Projections by département: three scenarios, both sexes, five-year age groups, 2018 to 2070. A small cohort model,
//! so that a département ages as its people do.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::output::{Charset, Output, table};
use super::places::Place;
use crate::engine::ImportError;

const FIRST: i32 = 2018;
const LAST: i32 = 2070;
/// Five-year age groups; the last has no upper bound.
const BANDS: usize = 20;
/// Name, births per woman, deaths and arrivals against the central scenario.
const SCENARIOS: [(&str, f64, f64, f64); 3] =
    [("central", 1.78, 1.0, 0.0), ("haut", 1.95, 0.93, 0.0018), ("bas", 1.60, 1.07, -0.0018)];
/// Share of a band's women who have a child in a year, for 1.8 children per woman, from 15–19 to 45–49.
const BIRTHS: [f64; 7] = [0.004, 0.035, 0.105, 0.128, 0.066, 0.018, 0.004];
/// Share of a band that dies in five years, men; women die later.
const DEATHS: [f64; BANDS] = [
    0.003, 0.0005, 0.0005, 0.002, 0.004, 0.005, 0.006, 0.008, 0.012, 0.020, 0.033, 0.052, 0.075, 0.105, 0.155, 0.245,
    0.40, 0.61, 0.80, 0.95,
];

/// Men, then women, by age group.
type Pyramid = [[f64; BANDS]; 2];

/// `projections_dep_scenario_2018.csv`.
pub fn prospects(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let mut bases: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    for place in places.iter().filter(|place| place.city.is_none()) {
        let (people, old, growth) = bases.entry(&place.departement).or_default();
        *people += place.population;
        *old += place.population * place.old;
        *growth += place.population * place.growth;
    }
    let rows = SCENARIOS.into_iter().flat_map(|scenario| {
        bases.iter().flat_map(move |(departement, (people, old, growth))| {
            let now = people / (1.0 + growth / people).powi(6);
            of_departement(departement, scenario, base(departement, now, old / people), growth / people)
        })
    });
    let header = ["scenario", "departement", "sexe", "age", "annee", "population"];
    output.file("projections_dep_scenario_2018.csv", Charset::Utf8, table(&header, rows))
}

/// A pyramid with the right share of people of 60 and more.
fn base(departement: &str, people: f64, old: f64) -> Pyramid {
    let mut dice = Dice::named(&format!("pyramide {departement}"));
    let shape: Vec<f64> = (0..BANDS)
        .map(|band| if band < 12 { 1.0 } else { 0.86_f64.powi(i32::try_from(band).unwrap_or(0) - 11) })
        .collect();
    let (young, aged): (f64, f64) = (shape[..12].iter().sum(), shape[12..].iter().sum());
    let mut pyramid = [[0.0; BANDS]; 2];
    for (band, weight) in shape.iter().enumerate() {
        let share = if band < 12 { (1.0 - old) * weight / young } else { old * weight / aged };
        let here = people * share * dice.between(0.94, 1.06);
        let men = if band < 12 { 0.505 } else { 0.485 - 0.025 * (band as f64 - 12.0) };
        pyramid[0][band] = here * men;
        pyramid[1][band] = here * (1.0 - men);
    }
    pyramid
}

/// All rows of one département in one scenario.
fn of_departement(
    departement: &str,
    (scenario, fertility, mortality, arrivals): (&'static str, f64, f64, f64),
    base: Pyramid,
    growth: f64,
) -> Vec<Vec<String>> {
    let mut steps = vec![base];
    while steps.len() <= usize::try_from((LAST - FIRST) / 5 + 1).unwrap_or(0) {
        let last = steps[steps.len() - 1];
        steps.push(five_years_later(&last, fertility, mortality, arrivals + growth * 0.5));
    }
    let mut rows = Vec::with_capacity(2 * BANDS * 53);
    for (sex, name) in ["1", "2"].into_iter().enumerate() {
        for band in 0..BANDS {
            let age =
                if band + 1 == BANDS { format!("{}+", band * 5) } else { format!("{}-{}", band * 5, band * 5 + 4) };
            for year in FIRST..=LAST {
                let (step, rest) = ((year - FIRST) / 5, f64::from((year - FIRST) % 5) / 5.0);
                let at =
                    |index: i32| usize::try_from(index).ok().and_then(|i| steps.get(i)).map_or(0.0, |p| p[sex][band]);
                let people = at(step) * (1.0 - rest) + at(step + 1) * rest;
                rows.push(vec![
                    scenario.to_owned(),
                    departement.to_owned(),
                    name.to_owned(),
                    age.clone(),
                    year.to_string(),
                    format!("{people:.1}"),
                ]);
            }
        }
    }
    rows
}

fn five_years_later(now: &Pyramid, fertility: f64, mortality: f64, arrivals: f64) -> Pyramid {
    let mut later = [[0.0; BANDS]; 2];
    for sex in 0..2 {
        let dying = if sex == 0 { 1.0 } else { 0.72 };
        for band in 0..BANDS {
            let left = now[sex][band] * (1.0 - (DEATHS[band] * mortality * dying).min(0.98)) * (1.0 + arrivals * 5.0);
            later[sex][(band + 1).min(BANDS - 1)] += left;
        }
    }
    let births: f64 =
        BIRTHS.iter().enumerate().map(|(k, rate)| now[1][k + 3] * rate * 5.0).sum::<f64>() * fertility / 1.8;
    later[0][0] = births * 0.512;
    later[1][0] = births * 0.488;
    later
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_departement_starts_from_its_population_and_ages() {
        let start = base("44", 1_000_000.0, 0.25);
        let total: f64 = start.iter().flatten().sum();
        assert!((total / 1_000_000.0 - 1.0).abs() < 0.02, "{total}");
        let share = |pyramid: &Pyramid| {
            let old: f64 = pyramid.iter().flat_map(|sex| &sex[13..]).sum();
            old / pyramid.iter().flatten().sum::<f64>()
        };
        let mut later = start;
        for _ in 0..6 {
            later = five_years_later(&later, 1.78, 1.0, 0.0);
        }
        assert!(share(&later) > share(&start), "{} then {}", share(&start), share(&later));
    }
}
