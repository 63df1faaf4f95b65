//! People of the invented town, and rows small enough to be worked out by hand.

use rust_decimal::Decimal;

use super::{HOUSEHOLDS, Households, People, Population, Pyramid, Tables};
use crate::themes::fixture::{moved, table};
use crate::themes::raw::Table;

fn some(value: i64) -> Option<Decimal> {
    Some(value.into())
}

/// A thousand inhabitants.
pub fn person(scope: &str) -> People {
    People {
        scope: scope.to_owned(),
        annee: 2021,
        sources: vec![2],
        part: Decimal::ONE,
        habitants: 1_000,
        estime: false,
        annee_m5: Some(2015),
        annee_m10: Some(2010),
        pop: 1_000.into(),
        pop_suivie: some(1_000),
        pop_m5: some(970),
        pop_m10: some(950),
        naissances: some(72),
        deces: some(60),
        a0014: some(170),
        a1529: some(160),
        a3044: some(180),
        a4559: some(200),
        a6074: some(170),
        a75p: some(120),
        a0019: some(230),
        a2064: some(540),
        a65p: some(230),
        a80p: some(60),
        cs1: some(8),
        cs2: some(32),
        cs3: some(80),
        cs4: some(120),
        cs5: some(140),
        cs6: some(100),
        cs7: some(220),
        cs8: some(100),
        cs_tous: some(800),
        c_men: some(400),
        c_seuls: some(150),
        c_couples_avec: some(100),
        c_mono: some(40),
        c_fam: some(240),
        c_fam3: some(24),
    }
}

/// Four hundred households of 2.3 persons, which were 380 of 2.5.
pub fn household(scope: &str) -> Households {
    Households {
        scope: scope.to_owned(),
        annee: 2021,
        sources: vec![3],
        part: Decimal::ONE,
        habitants: 1_000,
        estime: false,
        annee_m5: Some(2015),
        men: 400.into(),
        pmen: some(920),
        men_suivis: some(400),
        pmen_suivis: some(920),
        men_m5: some(380),
        pmen_m5: some(950),
    }
}

/// The tables of the invented town.
pub fn tables() -> Tables {
    let empty = Tables::default();
    Tables {
        population: table("population", "themes/people/population", super::POPULATION, |scope, weight, wobble| {
            let years = [(1968, 9_100), (1975, 10_420), (1982, 11_380), (1990, 12_150), (1999, 12_760), (2008, 13_500)];
            let years = years.into_iter().chain([(2013, 14_050), (2018, 14_560), (2024, 14_870)]);
            let near = |annee: i32| annee == 2024 || matches!(scope, "com" | "epci" | "dep");
            let row = |(annee, pop): (i32, i64)| Population {
                scope: scope.to_owned(),
                annee,
                sources: vec![1],
                part: Decimal::ONE,
                pop: if annee == 2024 { (pop * weight).into() } else { moved(pop, weight, wobble) },
                estime: annee < 1999,
            };
            years.filter(|(annee, _)| near(*annee)).map(row).collect()
        }),
        census: census(),
        households: table("rp_housing", "themes/people/menages", HOUSEHOLDS, |scope, weight, wobble| {
            let men = 7_266 * weight;
            vec![Households {
                habitants: 14_870 * weight,
                men: men.into(),
                pmen: Some(moved(15_980, weight, wobble / 8)),
                men_suivis: Some(men.into()),
                pmen_suivis: Some(moved(15_980, weight, wobble / 8)),
                men_m5: Some((6_960 * weight).into()),
                pmen_m5: Some(moved(15_700, weight, wobble / 10)),
                ..household(scope)
            }]
        }),
        pyramid: Table { rows: pyramid(), ..empty.pyramid },
    }
}

/// A thousand inhabitants, many times over, older or younger by the wobble.
fn census() -> Table<People> {
    table("rp_demographics", "themes/people/recensement", super::CENSUS, |scope, weight, wobble| {
        let model = person(scope);
        let times = |value: Option<Decimal>| value.map(|value| value * Decimal::new(1_469 * weight, 2));
        let shifted = |value: Option<Decimal>, by: i64| {
            times(value).map(|value| (value * Decimal::new(1_000 + by, 3)).round_dp(3))
        };
        let (a0014, a75p) = (shifted(model.a0014, -wobble / 2), shifted(model.a75p, wobble));
        let moved_away = |part: Option<Decimal>, plain: Option<Decimal>| Some(part? - times(plain)?);
        // What the young and the old gain, those from 30 to 44 lose: the six classes stay the whole.
        let gained = moved_away(a0014, model.a0014).zip(moved_away(a75p, model.a75p)).map(|(a, b)| a + b);
        vec![People {
            habitants: 14_870 * weight,
            pop: (14_690 * weight).into(),
            pop_suivie: Some((14_690 * weight).into()),
            pop_m5: Some(moved(14_300, weight, wobble / 10)),
            pop_m10: Some(moved(13_900, weight, wobble / 12)),
            naissances: shifted(model.naissances, -wobble),
            deces: shifted(model.deces, wobble),
            a0014,
            a1529: times(model.a1529),
            a3044: times(model.a3044).zip(gained).map(|(value, gained)| value - gained),
            a4559: times(model.a4559),
            a6074: times(model.a6074),
            a75p,
            a0019: shifted(model.a0019, -wobble / 2),
            a2064: times(model.a2064),
            a65p: shifted(model.a65p, wobble),
            a80p: shifted(model.a80p, wobble),
            cs1: times(model.cs1),
            cs2: times(model.cs2),
            cs3: shifted(model.cs3, wobble),
            cs4: times(model.cs4),
            cs5: times(model.cs5),
            cs6: times(model.cs6),
            cs7: times(model.cs7),
            cs8: times(model.cs8)
                .zip(times(model.cs3))
                .zip(shifted(model.cs3, wobble))
                .map(|((others, plain), c)| others + plain - c),
            cs_tous: times(model.cs_tous),
            c_men: times(model.c_men),
            c_seuls: shifted(model.c_seuls, wobble),
            c_couples_avec: shifted(model.c_couples_avec, -wobble),
            c_mono: shifted(model.c_mono, wobble / 2),
            c_fam: times(model.c_fam),
            c_fam3: shifted(model.c_fam3, -wobble),
            ..model
        }]
    })
}

fn pyramid() -> Vec<Pyramid> {
    let steps = [("0014", 1_277, 1_220), ("1529", 1_199, 1_151), ("3044", 1_309, 1_335), ("4559", 1_454, 1_484)];
    let older = [("6074", 1_186, 1_311), ("7589", 646, 892), ("90p", 63, 163)];
    let scopes = [("com", 1), ("dep", 40)];
    let rows = scopes.iter().flat_map(|(scope, weight)| {
        steps.iter().chain(&older).enumerate().flat_map(move |(at, (classe, men, women))| {
            // The département is a little older than the town.
            let age = if *scope == "dep" { 30 * i64::try_from(at).unwrap() - 90 } else { 0 };
            [("H", *men), ("F", *women)].map(|(sexe, number)| Pyramid {
                scope: (*scope).to_owned(),
                annee: 2021,
                sources: vec![2],
                part: Decimal::ONE,
                habitants: 14_870 * weight,
                classe: (*classe).to_owned(),
                sexe: sexe.to_owned(),
                personnes: moved(number, *weight, age),
            })
        })
    });
    rows.collect()
}
