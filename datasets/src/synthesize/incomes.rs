//! Standards of living: one file per level, from communes to the country, with the producer's secrets. Overseas, only
//! Martinique and La Réunion are in them.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::output::{Charset, Output, french, table};
use super::places::{Place, covered};
use crate::engine::ImportError;

const HEADER: [&str; 28] = [
    "CODGEO",
    "NBMENFISC21",
    "NBPERSMENFISC21",
    "MED21",
    "PIMP21",
    "TP6021",
    "TP60AGE121",
    "TP60AGE221",
    "TP60AGE321",
    "TP60AGE421",
    "TP60AGE521",
    "TP60AGE621",
    "TP60TOL121",
    "TP60TOL221",
    "PACT21",
    "PTSA21",
    "PCHO21",
    "PBEN21",
    "PPEN21",
    "PPAT21",
    "PPSOC21",
    "PPFAM21",
    "PPMINI21",
    "PPLOGT21",
    "PIMPOT21",
    "D121",
    "D921",
    "RD21",
];
const NOT_COVERED: [&str; 3] = ["971", "973", "976"];

/// The code of the territory that a place lies in.
type CodeOf = fn(&Place) -> &str;

/// What a row is made of.
struct Territory {
    code: String,
    households: f64,
    people: f64,
    median: f64,
}

/// `cc_filosofi_2021_COM.csv`; for the whole country also the files of EPCI, départements, régions and France.
pub fn incomes(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let mut communes = covered(places, &NOT_COVERED).map(|place| row(&of_place(place))).peekable();
    if communes.peek().is_none() {
        return Ok(());
    }
    output.file("cc_filosofi_2021_COM.csv", Charset::Utf8, table(&HEADER, communes))?;
    let whole_country = places.first().zip(places.last()).is_some_and(|(l, r)| l.departement != r.departement);
    if !whole_country {
        return Ok(());
    }
    let levels: [(&str, CodeOf); 4] = [
        ("EPCI", |place| &place.epci.0),
        ("DEP", |place| &place.departement),
        ("REG", |place| &place.region),
        ("FR", |_| "FR"),
    ];
    for (level, code) in levels {
        let rows = zones(places, code).into_iter().map(|zone| row(&zone));
        output.file(&format!("cc_filosofi_2021_{level}.csv"), Charset::Utf8, table(&HEADER, rows))?;
    }
    Ok(())
}

fn of_place(place: &Place) -> Territory {
    Territory {
        code: place.code.clone(),
        households: (place.main * 0.97).floor(),
        people: place.population * 0.985,
        median: place.income,
    }
}

/// Territories above the commune. Nobody can compute their median; this one only has to be plausible.
fn zones(places: &[Place], code: CodeOf) -> Vec<Territory> {
    let mut zones: BTreeMap<&str, Territory> = BTreeMap::new();
    for place in covered(places, &NOT_COVERED).filter(|place| place.city.is_none() && place.population > 0.0) {
        let member = of_place(place);
        let zone = zones.entry(code(place)).or_insert_with(|| Territory {
            code: code(place).to_owned(),
            households: 0.0,
            people: 0.0,
            median: 0.0,
        });
        zone.median = (zone.median * zone.people + member.median * member.people) / (zone.people + member.people);
        zone.households += member.households;
        zone.people += member.people;
    }
    // Islands without an EPCI have no row there.
    zones.into_values().filter(|zone| zone.code != "ZZZZZZZZZ").collect()
}

/// Below fifty households or a hundred people, everything is secret; most of the rest is below two thousand.
fn row(territory: &Territory) -> Vec<String> {
    let Territory { code, households, people, median } = territory;
    let mut dice = Dice::named(&format!("revenu {code}"));
    let mut row = vec![code.clone()];
    if *households < 50.0 || *people < 100.0 {
        row.resize(HEADER.len(), "s".to_owned());
        return row;
    }
    let poverty = (34.0 - (median - 14_000.0) / 620.0 + dice.normal(0.0, 2.0)).clamp(4.0, 45.0);
    let told = |known: bool, value: f64| if known { french(value, 1) } else { "s".to_owned() };
    let large = *people >= 1_970.0;
    row.extend([format!("{households:.0}"), french(*people, 1), format!("{median:.0}")]);
    row.extend([told(large, (30.0 + (median - 15_000.0) / 400.0).min(80.0)), told(large, poverty)]);
    row.extend([1.6, 1.2, 1.1, 1.0, 0.8, 0.7].map(|k| told(*people > 9_850.0, (poverty * k).min(95.0))));
    row.extend([0.35, 1.7].map(|k| told(*people > 4_925.0, (poverty * k).min(95.0))));
    let pensions = dice.between(24.0, 36.0);
    row.extend([102.0 - pensions, 96.0 - pensions, 3.0, 3.0, pensions].map(|share| told(large, share)));
    row.extend(
        [9.5, 2.6 + poverty * 0.2, 2.2, 0.9 + poverty * 0.07, 0.6 + poverty * 0.06, -17.1]
            .map(|share| told(large, share)),
    );
    let (low, high) = (median * 0.56, median * 1.78);
    let whole_euro = |value: f64| if large { format!("{value:.0}") } else { "s".to_owned() };
    row.extend([whole_euro(low), whole_euro(high), told(large, high / low)]);
    row
}
