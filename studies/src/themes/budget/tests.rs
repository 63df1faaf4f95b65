//! Hand-computed households.

use domain::fact::FactStatus;
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::samples::at as parameters;
use super::{HOUSEHOLDS, affordable, loan, rent_effort};
use crate::themes::fixture::{dec, ordinary};
use crate::themes::{Raw, assemble};
use indicators::Figure;

#[test]
fn a_single_person_pays_444_of_1_850_euros_for_37_square_metres_at_12() {
    // 12 · 12 · 37 / 22200 = 24 %.
    let effort = rent_effort(&HOUSEHOLDS[0], &Figure::ok(12.into()), &Figure::ok(22_200.into()));
    assert_eq!(effort.value.unwrap().round_dp(6), 24.into());
    // A couple: 12 · 10 · 52 / (22200 · 1.5) = 18.738 %.
    let effort = rent_effort(&HOUSEHOLDS[1], &Figure::ok(10.into()), &Figure::ok(22_200.into()));
    assert_eq!(effort.value.unwrap().round_dp(3), dec("18.739"));
}

#[test]
fn without_interest_twenty_years_of_a_third_of_the_income_buy_seven_years_of_it() {
    // 0.35 · 20 = 7; 7 / (0.9 · 1.08) = 7.2016…
    assert_eq!(loan(&parameters("0")).unwrap().round_dp(4), dec("7.2016"));
    // At 3.2 % a month of 1 € for 240 months is worth 177.0968 €: 0.35/12 · 177.0968 / 0.972 = 5.3141.
    assert_eq!(loan(&parameters("3.2")).unwrap().round_dp(3), dec("5.314"));
    assert_eq!(loan(&[]), None);
}

#[test]
fn a_couple_of_median_income_buys_eighty_square_metres_at_two_thousand_euros() {
    let (income, price) = (Figure::ok(20_000.into()), Figure::ok(2_000.into()));
    // 5.3141 · 1.5 · 20000 / 2000.
    let area = affordable(&HOUSEHOLDS[1], &parameters("3.2"), &income, &price);
    assert_eq!(area.value.unwrap().round_dp(1), dec("79.7"));
    assert_eq!(affordable(&HOUSEHOLDS[1], &[], &income, &price).status, FactStatus::Missing);
}

#[test]
fn parameters_are_facts_of_the_sheet() {
    let sheet = assemble(&crate::themes::fixture::EVERYTHING, &ordinary());
    let rate = &sheet.facts["aff.taux@com"];
    assert_eq!((rate.text.as_str(), rate.period.as_deref()), ("3,2\u{a0}%", Some("01/01/2026")));
    assert_eq!(sheet.facts["aff.duree@com"].text, "20,0\u{a0}ans");
    assert!(sheet.facts["aff.m2[couple]@com"].status.is_citable());
}

fn with_income_of(status: &str) -> Raw {
    let mut raw = ordinary();
    raw.coverage.0.iter_mut().filter(|((dataset, _), _)| dataset == status).for_each(|(_, loaded)| *loaded = false);
    raw
}

#[test]
fn what_rests_on_a_file_that_is_not_there_is_not_told() {
    for dataset in ["filosofi", "dvf"] {
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &with_income_of(dataset));
        assert!(!sheet.facts["aff.m2[solo]@com"].status.is_citable(), "{dataset}");
        assert!(!sheet.facts["aff.mois_m2@com"].status.is_citable(), "{dataset}");
    }
}

proptest! {
    #[test]
    fn a_secret_income_never_yields_an_effort(rent in 1_i64..60, price in 500_i64..20_000) {
        let (rent, price) = (Figure::ok(rent.into()), Figure::ok(price.into()));
        for household in &HOUSEHOLDS {
            let effort = rent_effort(household, &rent, &Figure::secret());
            prop_assert_eq!((effort.status, effort.value), (FactStatus::Secret, None));
            let area = affordable(household, &parameters("3.2"), &Figure::secret(), &price);
            prop_assert_eq!((area.status, area.value), (FactStatus::Secret, None::<Decimal>));
        }
    }
}
