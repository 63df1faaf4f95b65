//! Households, families and occupations: the complementary exploitation, a sample that villages are too small for; and
//! the size of households, which is counted.

use rust_decimal::Decimal;

use domain::fact::ScopeKind;

use super::{ABSENT, Households, People, shared_out};
use crate::themes::raw::Raw;
use crate::themes::scoped::{Sheet, all_scopes};
use indicators::{Figure, Moment, SheetBuilder, census_of, complementary};

type Part = fn(&People) -> Option<Decimal>;

/// Shares of the complementary exploitation: both sides are of it, never one of it and one of the main one.
const SHARES: [(&str, Part, Part); 12] = [
    ("dem.seul", |row| row.c_seuls, |row| row.c_men),
    ("dem.monop", |row| row.c_mono, |row| row.c_men),
    ("dem.couple_enf", |row| row.c_couples_avec, |row| row.c_men),
    ("dem.fam3", |row| row.c_fam3, |row| row.c_fam),
    ("dem.csp[1]", |row| row.cs1, |row| row.cs_tous),
    ("dem.csp[2]", |row| row.cs2, |row| row.cs_tous),
    ("dem.csp[3]", |row| row.cs3, |row| row.cs_tous),
    ("dem.csp[4]", |row| row.cs4, |row| row.cs_tous),
    ("dem.csp[5]", |row| row.cs5, |row| row.cs_tous),
    ("dem.csp[6]", |row| row.cs6, |row| row.cs_tous),
    ("dem.csp[7]", |row| row.cs7, |row| row.cs_tous),
    ("dem.csp[8]", |row| row.cs8, |row| row.cs_tous),
];

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.people.census);
    let year = raw.people.census.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    let wanted = |row: &People| row.annee == year;
    for (id, part, whole) in SHARES {
        table.add(sheet, id, &all_scopes(), &moment, wanted, |row| share(row, part(row), whole(row)));
    }
    let country = table.row(ScopeKind::Fr, wanted).map_or_else(|withheld| withheld, executives);
    table.add(sheet, "dem.ind_cadres", &all_scopes(), &moment, wanted, |row| against(&executives(row), &country));
    sizes(sheet, raw);
}

/// `100·part/whole`, where the sample is large enough.
fn share(row: &People, part: Option<Decimal>, whole: Option<Decimal>) -> Figure {
    let figure = Figure::share(&Figure::or_missing(part, ABSENT), &Figure::or_missing(whole, ABSENT));
    shared_out(complementary(figure, row.habitants), &row.scope, row.estime)
}

fn executives(row: &People) -> Figure {
    share(row, row.cs3, row.cs_tous)
}

/// `100·share/share of the country`; as many are behind it as behind the share.
fn against(own: &Figure, country: &Figure) -> Figure {
    Figure { n: own.n, ..Figure::ratio(own, country, Decimal::ONE_HUNDRED) }
}

fn sizes(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.people.households);
    let year = raw.people.households.years().last().copied().unwrap_or_default();
    let before = raw.people.households.rows.iter().find_map(|row| row.annee_m5);
    let wanted = |row: &Households| row.annee == year;
    table.add(sheet, "dem.taille_men", &all_scopes(), &Moment::during(year.to_string()), wanted, size);
    let period = before.map_or_else(|| year.to_string(), |before| format!("{before}-{year}"));
    table.add(sheet, "dem.d_taille", &all_scopes(), &Moment::during(period), wanted, change_of_size);
}

/// `PMEN/MEN`.
fn size(row: &Households) -> Figure {
    mean(row, row.pmen, Some(row.men))
}

/// `PMEN/MEN` now less five or six years before.
fn change_of_size(row: &Households) -> Figure {
    let (now, before) = (mean(row, row.pmen_suivis, row.men_suivis), mean(row, row.pmen_m5, row.men_m5));
    match (now.value, before.value) {
        (Some(a), Some(b)) => Figure { value: Some(a - b), status: now.status.max(before.status), ..now },
        (None, _) => now,
        (Some(_), None) => before,
    }
}

fn mean(row: &Households, persons: Option<Decimal>, households: Option<Decimal>) -> Figure {
    const ALONE: &str = "ménages absents d’un recensement chargé";
    let figure =
        Figure::ratio(&Figure::or_missing(persons, ALONE), &Figure::or_missing(households, ALONE), Decimal::ONE);
    shared_out(census_of(figure, households, row.habitants, "ménages"), &row.scope, row.estime)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{household, person};
    use super::*;
    use domain::fact::FactStatus;

    #[test]
    fn shares_are_of_households_of_families_and_of_people_of_fifteen_and_more() {
        // 400 households, 150 of one person, 40 of a lone parent, 100 of a couple with children; 240 families, 24 with
        // three children; 800 people of fifteen and more, 80 of them executives.
        let row = People { habitants: 2_000, ..person("com") };
        let of = |id: &str| {
            let (_, part, whole) = SHARES.iter().find(|(known, ..)| *known == id).unwrap();
            share(&row, part(&row), whole(&row)).value.unwrap()
        };
        assert_eq!(of("dem.seul"), Decimal::new(375, 1));
        assert_eq!(of("dem.monop"), Decimal::TEN);
        assert_eq!(of("dem.couple_enf"), Decimal::from(25));
        assert_eq!(of("dem.fam3"), Decimal::TEN);
        assert_eq!(of("dem.csp[3]"), Decimal::TEN);
        let occupations: Decimal = (1..=8).map(|group| of(&format!("dem.csp[{group}]"))).sum();
        assert_eq!(occupations, Decimal::ONE_HUNDRED);
        let country = Figure::ok(Decimal::from(8));
        assert_eq!(against(&executives(&row), &country).value, Some(Decimal::from(125)));
    }

    #[test]
    fn villages_are_marked_and_hamlets_are_hidden() {
        let status = |habitants| executives(&People { habitants, ..person("com") }).status;
        assert_eq!(
            [2_000, 1_999, 500, 499].map(status),
            [FactStatus::Ok, FactStatus::LowN, FactStatus::LowN, FactStatus::Missing]
        );
    }

    #[test]
    fn households_of_2_3_persons_that_were_2_5_have_shrunk_by_0_2() {
        // 920/400 now, 950/380 before.
        let row = household("com");
        assert_eq!(size(&row).value, Some(Decimal::new(23, 1)));
        assert_eq!(change_of_size(&row).value, Some(Decimal::new(-2, 1)));
        let alone = Households { men_m5: None, ..household("com") };
        assert_eq!((change_of_size(&alone).status, change_of_size(&alone).value), (FactStatus::Missing, None));
    }
}
