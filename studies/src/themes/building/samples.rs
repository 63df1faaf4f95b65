//! Permits of the invented town: about forty dwellings a year, two thirds of them in blocks of flats.

use rust_decimal::Decimal;

use super::{NEEDS, Needs, TOTALS, Tables, Totals, YEARS, Year};
use crate::themes::fixture::{moved, table};

const AUTHORISED: [i64; 10] = [52, 61, 38, 44, 71, 29, 48, 57, 36, 31];
const STARTED: [i64; 10] = [44, 47, 50, 33, 49, 52, 22, 41, 38, 12];

pub fn tables() -> Tables {
    let years = table("sitadel", "themes/permis", YEARS, |scope, weight, wobble| {
        let year = |(annee, (authorised, started)): (i32, (i64, i64))| Year {
            scope: scope.to_owned(),
            annee,
            sources: vec![11],
            part: Decimal::ONE,
            autorises: moved(authorised, weight, wobble).round(),
            commences: moved(started, weight, wobble).round(),
            sans_nombre: 0,
            provisoire: annee >= 2024,
            cinq_ans: moved(201, weight, wobble).round(),
        };
        match scope {
            "com" | "epci" | "dep" => (2015..).zip(AUTHORISED.into_iter().zip(STARTED)).map(year).collect(),
            _ => vec![],
        }
    });
    let totals = table("sitadel", "themes/construction", TOTALS, |scope, weight, wobble| {
        let of = |value: i64| moved(value, weight, wobble).round();
        vec![Totals {
            scope: scope.to_owned(),
            annee: 2024,
            sources: vec![11],
            part: Decimal::ONE,
            fin_commences: 2023,
            habitants: 14_870 * weight,
            log: Some((8_142 * weight).into()),
            log_sources: vec![3],
            cinq: Some(of(201)),
            dix: Some(of(467)),
            collectifs: of(134),
            demolis: of(17),
            autorises: Some(of(241)),
            commences: of(202),
            delai: Some(Decimal::new(6_400 + wobble, 3)),
            delai_n: 48 * weight,
        }]
    });
    let needs = table("sitadel", "themes/besoins", NEEDS, |scope, weight, wobble| {
        let of = |value: i64| moved(value, weight, 0);
        vec![Needs {
            scope: scope.to_owned(),
            annee: 2021,
            sources: vec![3, 11],
            part: Decimal::ONE,
            habitants: 14_870 * weight,
            annee_m5: 2015,
            log: of(8_142),
            log_m5: of(7_805),
            rsecocc: of(171),
            rsecocc_m5: of(160),
            logvac: of(705),
            logvac_m5: of(668),
            men: Some(of(7_266)),
            men_m5: Some(of(6_977)),
            pmen: Some(of(14_546)),
            pmen_m5: Some(of(14_303)),
            construits: Some(moved(372, weight, wobble).round()),
        }]
    });
    Tables { years, totals, needs }
}
