//! How the number of inhabitants moves: between the last two censuses, between the two before, by births and deaths.

use domain::fact::FactStatus;
use rust_decimal::{Decimal, MathematicalOps as _};

use super::{People, shared_out};
use crate::themes::raw::Raw;
use crate::themes::scoped::{OWN, Sheet, all_scopes};
use indicators::{Figure, Moment, SheetBuilder};

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.people.census);
    let year = raw.people.census.years().last().copied().unwrap_or_default();
    let known = |of: fn(&People) -> Option<i32>| raw.people.census.rows.iter().find_map(of);
    let (m5, m10) = (known(|row| row.annee_m5), known(|row| row.annee_m10));
    let when = |year: Option<i32>| Moment { period: year.map(|year| year.to_string()), ..Moment::default() };
    let between = |from: Option<i32>, to: Option<i32>| match (from, to) {
        (Some(from), Some(to)) => Moment::during(format!("{from}-{to}")),
        _ => when(to),
    };
    let wanted = |row: &People| row.annee == year;
    table.add(sheet, "dem.pop_y5", &OWN, &when(m5), wanted, |row| Figure::or_missing(row.pop_m5, NO_CENSUS));
    table.add(sheet, "dem.pop_y10", &OWN, &when(m10), wanted, |row| Figure::or_missing(row.pop_m10, NO_CENSUS));
    let last = between(m5, Some(year));
    type Formula = fn(&People) -> Figure;
    let counts: [(&str, Formula); 1] = [("dem.evol_abs", change)];
    for (id, formula) in counts {
        table.add(sheet, id, &OWN, &last, wanted, |row| shared_out(formula(row), &row.scope, row.estime));
    }
    let rates: [(&str, Moment, Formula); 5] = [
        ("dem.tcam", last.clone(), growth),
        ("dem.tcam_prec", between(m10, m5), growth_before),
        ("dem.accel", between(m10, Some(year)), acceleration),
        ("dem.solde_nat", last.clone(), natural),
        ("dem.solde_mig", last, apparent),
    ];
    for (id, moment, formula) in rates {
        table.add(sheet, id, &all_scopes(), &moment, wanted, |row| shared_out(formula(row), &row.scope, row.estime));
    }
}

const NO_CENSUS: &str = "recensement précédent non chargé";

/// `P_yy − P_y5`.
fn change(row: &People) -> Figure {
    Figure::or_missing(row.pop_suivie.zip(row.pop_m5).map(|(now, before)| now - before), NO_CENSUS)
}

/// `((P_yy/P_y5)^(1/(yy−y5)) − 1)·100`.
fn growth(row: &People) -> Figure {
    annual(row.pop_suivie, row.pop_m5, Some(row.annee), row.annee_m5)
}

/// The same between the two censuses before.
fn growth_before(row: &People) -> Figure {
    annual(row.pop_m5, row.pop_m10, row.annee_m5, row.annee_m10)
}

/// Over five years or more: each census pools five yearly surveys.
fn annual(now: Option<Decimal>, before: Option<Decimal>, to: Option<i32>, from: Option<i32>) -> Figure {
    let (Some(now), Some(before), Some(to), Some(from)) = (now, before, to, from) else {
        return Figure::missing(NO_CENSUS);
    };
    if to - from < 5 {
        return Figure::missing("moins de cinq ans entre les deux recensements");
    }
    if before <= Decimal::ZERO || now <= Decimal::ZERO {
        return Figure::withheld(FactStatus::NotApplicable, "population nulle");
    }
    let root = (now / before).checked_powd(Decimal::ONE / Decimal::from(to - from));
    Figure::or_missing(root.map(|root| (root - Decimal::ONE) * Decimal::ONE_HUNDRED), "taux non calculable")
}

/// `tcam − tcam_prec`, in points.
fn acceleration(row: &People) -> Figure {
    difference(growth(row), &growth_before(row))
}

/// `100·(births − deaths)/(years·(P_yy + P_y5)/2)`.
fn natural(row: &People) -> Figure {
    let (Some(now), Some(before), Some(from)) = (row.pop_suivie, row.pop_m5, row.annee_m5) else {
        return Figure::missing(NO_CENSUS);
    };
    let (Some(births), Some(deaths)) = (row.naissances, row.deces) else {
        return Figure::missing("naissances et décès absents du fichier");
    };
    if row.annee - from < 5 {
        return Figure::missing("moins de cinq ans entre les deux recensements");
    }
    let lived = Decimal::from(row.annee - from) * (now + before) / Decimal::TWO;
    match lived.is_zero() {
        true => Figure::withheld(FactStatus::NotApplicable, "population nulle"),
        false => Figure::ok(Decimal::ONE_HUNDRED * (births - deaths) / lived),
    }
}

/// What births and deaths do not explain: arrivals less departures, apparent because nobody counts them.
fn apparent(row: &People) -> Figure {
    difference(growth(row), &natural(row))
}

/// `a − b`; what cannot be known of either cannot be known of the difference.
fn difference(a: Figure, b: &Figure) -> Figure {
    match (a.value, b.value) {
        (Some(left), Some(right)) => Figure { value: Some(left - right), status: a.status.max(b.status), ..a },
        (None, _) => a,
        (Some(_), None) => b.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::person;
    use super::*;

    fn from_10000_to_11000() -> People {
        People {
            annee_m5: Some(2015),
            annee_m10: Some(2010),
            pop_suivie: Some(11_000.into()),
            pop_m5: Some(10_000.into()),
            pop_m10: Some(10_000.into()),
            naissances: Some(900.into()),
            deces: Some(270.into()),
            ..person("com")
        }
    }

    #[test]
    fn from_10000_to_11000_inhabitants_in_six_years_is_1_6_percent_a_year() {
        // 1.1^(1/6) = 1.016011868…; births less deaths: 630 over 6 × 10 500 persons and years.
        let row = from_10000_to_11000();
        let of = |figure: Figure| figure.value.unwrap().round_dp(4);
        assert_eq!(of(growth(&row)), Decimal::new(16_012, 4));
        assert_eq!(of(change(&row)), Decimal::from(1_000));
        assert_eq!(of(growth_before(&row)), Decimal::ZERO);
        assert_eq!(of(acceleration(&row)), Decimal::new(16_012, 4));
        assert_eq!(of(natural(&row)), Decimal::ONE);
        assert_eq!(of(apparent(&row)), Decimal::new(6_012, 4));
    }

    #[test]
    fn a_loss_has_a_minus() {
        let row = People { pop_suivie: Some(9_000.into()), ..from_10000_to_11000() };
        assert!(growth(&row).value.unwrap() < Decimal::ZERO);
        assert_eq!(change(&row).value, Some(Decimal::from(-1_000)));
    }

    #[test]
    fn censuses_less_than_five_years_apart_are_not_compared() {
        let near = People { annee_m5: Some(2017), ..from_10000_to_11000() };
        for figure in [growth(&near), natural(&near), apparent(&near), acceleration(&near)] {
            assert_eq!((figure.status, figure.value), (FactStatus::Missing, None));
        }
        let alone = People { pop_m5: None, ..from_10000_to_11000() };
        assert_eq!(growth(&alone).status, FactStatus::Missing);
        let empty = People { pop_m5: Some(Decimal::ZERO), ..from_10000_to_11000() };
        assert_eq!(growth(&empty).status, FactStatus::NotApplicable);
    }

    #[test]
    fn without_births_there_are_no_balances_but_a_growth() {
        let row = People { naissances: None, ..from_10000_to_11000() };
        assert!(growth(&row).status.is_citable());
        assert_eq!(natural(&row).note.as_deref(), Some("naissances et décès absents du fichier"));
        assert_eq!(apparent(&row), natural(&row));
    }
}
