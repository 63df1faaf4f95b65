//! Ages: six classes that make a hundred, the weight of the old and the young, and the pyramid.

use domain::fact::ScopeKind;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{ABSENT, People, Pyramid, shared_out};
use crate::themes::raw::Raw;
use crate::themes::scoped::{Sheet, all_scopes};
use indicators::{Figure, Moment, SAMPLED_FROM, SheetBuilder, Unit, census_of, fact_id, render};

type Part = fn(&People) -> Option<Decimal>;

/// The classes, and who belongs to each.
const CLASSES: [(&str, Part); 6] = [
    ("dem.age[0014]", |row| row.a0014),
    ("dem.age[1529]", |row| row.a1529),
    ("dem.age[3044]", |row| row.a3044),
    ("dem.age[4559]", |row| row.a4559),
    ("dem.age[6074]", |row| row.a6074),
    ("dem.age[75p]", |row| row.a75p),
];

/// Other ratios: numerator, denominator, and its noun.
const RATIOS: [(&str, Part, Part); 3] = [
    ("dem.part_80p", |row| row.a80p, |row| Some(row.pop)),
    ("dem.vieillissement", |row| row.a65p, |row| row.a0019),
    ("dem.dependance", |row| Some(row.a0019? + row.a65p?), |row| row.a2064),
];

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.people.census);
    let year = raw.people.census.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    for (id, part) in CLASSES {
        table.add(
            sheet,
            id,
            &all_scopes(),
            &moment,
            |row| row.annee == year,
            |row| share(row, part(row), Some(row.pop)),
        );
    }
    for (id, part, whole) in RATIOS {
        table.add(sheet, id, &all_scopes(), &moment, |row| row.annee == year, |row| share(row, part(row), whole(row)));
    }
}

/// `100·part/whole`, where enough inhabitants are behind it.
fn share(row: &People, part: Option<Decimal>, whole: Option<Decimal>) -> Figure {
    let figure = Figure::share(&Figure::or_missing(part, ABSENT), &Figure::or_missing(whole, ABSENT));
    shared_out(census_of(figure, whole, row.habitants, "habitants"), &row.scope, row.estime)
}

/// The age groups of the pyramid, youngest first, and the class that a sentence may cite.
const STEPS: [(&str, &str, &str); 7] = [
    ("0014", "0 à 14 ans", "dem.age[0014]"),
    ("1529", "15 à 29 ans", "dem.age[1529]"),
    ("3044", "30 à 44 ans", "dem.age[3044]"),
    ("4559", "45 à 59 ans", "dem.age[4559]"),
    ("6074", "60 à 74 ans", "dem.age[6074]"),
    ("7589", "75 à 89 ans", "dem.age[75p]"),
    ("90p", "90 ans et plus", "dem.age[75p]"),
];

/// Persons and shares (of all inhabitants, both sexes) by sex and age, at the commune and its département. A scope that
/// lacks one group has no pyramid.
pub fn pyramid(raw: &Raw) -> Value {
    let table = Sheet::new(raw, &raw.people.pyramid);
    let scopes = [ScopeKind::Com, ScopeKind::Dep].map(|kind| {
        let rows: Option<Vec<&Pyramid>> = STEPS
            .iter()
            .flat_map(|(step, ..)| {
                ["H", "F"].map(|sex| table.row(kind, |row| row.classe == *step && row.sexe == sex).ok())
            })
            .collect();
        (kind, rows)
    });
    let classes = STEPS.iter().enumerate().map(|(at, (step, label, indicator))| {
        let mut class = json!({"code": step, "label": label, "fait": fact_id(indicator, None, ScopeKind::Com)});
        for (kind, rows) in &scopes {
            class[indicators::scope_name(*kind)] = rows.as_deref().map_or(Value::Null, |rows| bars(rows, at));
        }
        class
    });
    json!({"annee": raw.people.pyramid.years().last(), "classes": classes.collect::<Vec<_>>()})
}

fn bars(rows: &[&Pyramid], at: usize) -> Value {
    let all: Decimal = rows.iter().map(|row| row.personnes).sum();
    let bar = |row: Option<&&Pyramid>| {
        row.map_or(Value::Null, |row| {
            let step = if row.habitants >= SAMPLED_FROM { Decimal::TEN } else { Decimal::ONE };
            let part = if all.is_zero() { Decimal::ZERO } else { Decimal::ONE_HUNDRED * row.personnes / all };
            json!({"personnes": render(row.personnes, Unit::Count, step), "part": part.round_dp(4).normalize().to_string()})
        })
    };
    json!({"hommes": bar(rows.get(2 * at)), "femmes": bar(rows.get(2 * at + 1))})
}

#[cfg(test)]
mod tests {
    use super::super::samples::person;
    use super::*;
    use domain::fact::FactStatus;

    #[test]
    fn classes_make_a_hundred_and_ratios_are_those_of_a_hand_calculation() {
        let row = person("com");
        let total: Decimal =
            CLASSES.iter().map(|(_, part)| share(&row, part(&row), Some(row.pop)).value.unwrap()).sum();
        assert_eq!(total.round_dp(6), Decimal::ONE_HUNDRED);
        // 1 000 inhabitants: 230 below 20, 540 from 20 to 64, 230 of 65 and more, 60 of 80 and more.
        let values = RATIOS.map(|(_, part, whole)| share(&row, part(&row), whole(&row)).value.unwrap().round_dp(2));
        assert_eq!(values, [Decimal::new(600, 2), Decimal::ONE_HUNDRED, Decimal::new(8_519, 2)]);
    }

    #[test]
    fn a_hamlet_has_no_shares_and_a_missing_column_is_no_zero() {
        let few = People { pop: 19.into(), habitants: 19, ..person("com") };
        assert_eq!(share(&few, few.a0014, Some(few.pop)).status, FactStatus::Missing);
        let without = People { a80p: None, ..person("com") };
        assert_eq!(share(&without, without.a80p, Some(without.pop)).note.as_deref(), Some(ABSENT));
    }

    #[test]
    fn a_divided_commune_is_an_estimate_and_its_region_is_not() {
        let divided = |scope: &str| People { estime: true, ..person(scope) };
        let status = |row: People| share(&row, row.a0014, Some(row.pop)).status;
        assert_eq!(status(divided("com")), FactStatus::Modelled);
        assert_eq!(status(divided("reg")), FactStatus::Ok);
    }
}
