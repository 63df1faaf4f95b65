//! The theme as a whole, on the sheet of the invented town.

use domain::fact::FactStatus;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::People;
use crate::themes::{assemble, fixture};

const AGES: [&str; 6] = ["0014", "1529", "3044", "4559", "6074", "75p"];

#[test]
fn ages_and_occupations_make_a_hundred_at_every_scope() {
    let sheet = assemble(&crate::themes::fixture::EVERYTHING, &fixture::ordinary());
    for scope in ["com", "epci", "dep", "reg", "fr"] {
        let sum = |ids: Vec<String>| -> Decimal { ids.iter().map(|id| sheet.facts[id].value.unwrap()).sum() };
        let ages = sum(AGES.map(|class| format!("dem.age[{class}]@{scope}")).to_vec());
        let occupations = sum((1..=8).map(|group| format!("dem.csp[{group}]@{scope}")).collect());
        for total in [ages, occupations] {
            assert!((total - Decimal::ONE_HUNDRED).abs() < Decimal::new(1, 3), "{scope}: {total}");
        }
    }
}

#[test]
fn the_pyramid_holds_every_inhabitant_once() {
    let sheet = assemble(&crate::themes::fixture::EVERYTHING, &fixture::ordinary());
    let pyramid = &sheet.exhibits["pyramide"];
    let classes = pyramid["classes"].as_array().unwrap();
    assert_eq!(classes.len(), 7);
    for scope in ["com", "dep"] {
        let parts = classes.iter().flat_map(|class| ["hommes", "femmes"].map(|sex| &class[scope][sex]["part"]));
        let total: Decimal = parts.map(|part| part.as_str().unwrap().parse::<Decimal>().unwrap()).sum();
        assert!((total - Decimal::ONE_HUNDRED).abs() < Decimal::new(1, 2), "{scope}: {total}");
    }
    assert!(classes.iter().all(|class| sheet.facts.contains_key(class["fait"].as_str().unwrap())));
    assert_eq!(classes[0]["com"]["hommes"]["personnes"], "1\u{202f}280", "a sampled count, to ten");
}

#[test]
fn a_pyramid_without_one_group_is_none() {
    let mut raw = fixture::ordinary();
    raw.people.pyramid.rows.retain(|row| row.scope != "dep" || row.classe != "90p");
    let sheet = assemble(&crate::themes::fixture::EVERYTHING, &raw);
    let first = &sheet.exhibits["pyramide"]["classes"][0];
    assert!(first["dep"].is_null() && first["com"]["femmes"]["part"].is_string());
}

#[test]
fn the_long_series_names_facts_that_exist_and_marks_what_was_rebuilt() {
    let sheet = assemble(&crate::themes::fixture::EVERYTHING, &fixture::ordinary());
    let series = &sheet.exhibits["serie_population"];
    assert_eq!(series["annees"].as_array().unwrap().len(), 9);
    for scope in ["com", "epci", "dep"] {
        let ids = series["facts"][scope].as_array().unwrap();
        assert!(ids.iter().all(|id| sheet.facts.contains_key(id.as_str().unwrap())));
    }
    assert_eq!(sheet.facts["dem.pop[1968]@com"].status, FactStatus::Modelled);
    assert_eq!(sheet.facts["dem.pop[2024]@com"].status, FactStatus::Ok);
    assert_eq!(sheet.facts["dem.pop[2024]@com"].value, sheet.facts["dem.pop@com"].value);
}

#[test]
fn an_arrondissement_has_the_population_of_the_census() {
    let mut raw = fixture::ordinary();
    raw.people.population.rows.retain(|row| row.scope != "com");
    assert_eq!(
        assemble(&crate::themes::fixture::EVERYTHING, &raw).facts["dem.pop@com"].status,
        FactStatus::Missing,
        "a commune without a row has none"
    );
    raw.territory.ville = "00056".to_owned();
    let sheet = assemble(&crate::themes::fixture::EVERYTHING, &raw);
    let fact = &sheet.facts["dem.pop@com"];
    assert_eq!((fact.value, fact.period.as_deref()), (Some(Decimal::from(14_690)), Some("2021")));
    assert_eq!(fact.prov.query, "themes/people/recensement");
    assert_eq!(sheet.facts["dem.pop@dep"].period.as_deref(), Some("2024"));
}

/// Columns that fate may take away from the commune's row.
fn take(row: &mut People, fate: usize) {
    let columns: [&mut Option<Decimal>; 12] = [
        &mut row.pop_suivie,
        &mut row.pop_m5,
        &mut row.pop_m10,
        &mut row.naissances,
        &mut row.a0014,
        &mut row.a65p,
        &mut row.a0019,
        &mut row.a2064,
        &mut row.cs3,
        &mut row.cs_tous,
        &mut row.c_men,
        &mut row.c_fam,
    ];
    if let Some(column) = columns.into_iter().nth(fate) {
        *column = None;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_figure_is_citable_exactly_when_it_has_a_value_whatever_is_lacking(
        fates in proptest::collection::vec(0_usize..16, 0..6), habitants in 0_i64..20_000,
    ) {
        let mut raw = fixture::ordinary();
        let own = raw.people.census.rows.iter_mut().find(|row| row.scope == "com").unwrap();
        own.habitants = habitants;
        for fate in &fates {
            take(own, *fate);
        }
        let taken = own.clone();
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &raw);
        for fact in sheet.facts.values().filter(|fact| fact.id.starts_with("dem.")) {
            prop_assert_eq!(fact.status.is_citable(), fact.value.is_some(), "{}", fact.id);
            prop_assert!(fact.status == FactStatus::Ok || fact.note.is_some(), "{} does not say why", fact.id);
        }
        let withheld = |id: &str| !sheet.facts[&format!("{id}@com")].status.is_citable();
        prop_assert!(taken.a0014.is_some() || withheld("dem.age[0014]"));
        prop_assert!(taken.c_men.is_some() || (withheld("dem.seul") && withheld("dem.monop")));
        prop_assert!(taken.naissances.is_some() || (withheld("dem.solde_nat") && withheld("dem.solde_mig")));
        prop_assert!(habitants >= 500 || withheld("dem.csp[3]"));
    }

    #[test]
    fn a_secret_income_is_never_a_figure(secret in proptest::collection::vec(any::<bool>(), 9)) {
        let mut raw = fixture::ordinary();
        let own = raw.incomes.incomes.rows.iter_mut().find(|row| row.scope == "com").unwrap();
        let marks = [
            (&mut own.med_statut, "fil.med"), (&mut own.d1_statut, "fil.d1"), (&mut own.d9_statut, "fil.d9"),
            (&mut own.rd_statut, "fil.d9d1"), (&mut own.tp60_statut, "fil.tp60"),
            (&mut own.tp60_loc_statut, "fil.tp60_loc"), (&mut own.pimp_statut, "fil.impo"),
            (&mut own.pps_statut, "fil.pps"), (&mut own.ppen_statut, "fil.ppen"),
        ];
        let mut hidden = Vec::new();
        for ((mark, id), secret) in marks.into_iter().zip(secret) {
            if secret {
                *mark = Some("s".to_owned());
                hidden.push(id);
            }
        }
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &raw);
        for id in hidden {
            let fact = &sheet.facts[&format!("{id}@com")];
            prop_assert_eq!((fact.status, fact.value), (FactStatus::Secret, None));
            let above = &sheet.facts[&format!("{id}@dep")];
            prop_assert!(above.status.is_citable());
        }
    }
}
