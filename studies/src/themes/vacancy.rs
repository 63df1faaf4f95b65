//! Vacancy of the private stock, from the tax files (LOVAC). The census says otherwise by definition; both are printed.

use domain::fact::{FactStatus, ScopeKind};
use rust_decimal::Decimal;

use super::scoped::{OWN, Sheet, all_scopes};
use crate::themes::raw::{Raw, Row as _, Vacancy};
use indicators::{Figure, Moment, Origin, SheetBuilder, evolution, indicator};

/// Secret communes are left out of the sums: the rest must still be nearly the whole territory.
const PUBLISHED_SHARE: Decimal = Decimal::from_parts(9, 0, 0, false, 1);

/// First year counted from the owners’ declaration.
const DECLARED_SINCE: i32 = 2023;

type Formula = fn(&Vacancy) -> Figure;

const COUNTS: &[(&str, Formula)] = &[("lov.parc", stock), ("lov.vac", vacant), ("lov.vac2", long_vacant)];
const RATES: &[(&str, Formula)] = &[("lov.tx", rate), ("lov.tx2", long_rate), ("lov.part2", long_part)];

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet { least: PUBLISHED_SHARE, ..Sheet::new(raw, &raw.vacancy) };
    let latest = latest_year(raw);
    let moment = Moment::during(latest.to_string());
    for (id, formula) in COUNTS {
        table.add(sheet, id, &OWN, &moment, |row| row.annee == latest, formula);
    }
    for (id, formula) in RATES {
        table.add(sheet, id, &all_scopes(), &moment, |row| row.annee == latest, formula);
    }
    change(sheet, raw, latest);
    for year in raw.vacancy.years() {
        let near = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep];
        for (id, formula) in COUNTS.iter().chain(RATES) {
            table.add(sheet, id, &near, &Moment::year(year), |row| row.annee == year, formula);
        }
    }
}

/// `100·(vac2(v)/vac2(v−3) − 1)`, of the commune alone: sums above it leave different communes out from year to year.
fn change(sheet: &mut SheetBuilder<'_>, raw: &Raw, latest: i32) {
    let Some(line) = indicator("lov.evol2") else { return };
    let table = Sheet::new(raw, &raw.vacancy);
    let of = |year: i32| table.row(ScopeKind::Com, |row| row.annee == year);
    let figure = match (of(latest - 3), of(latest)) {
        (Err(_), Ok(_)) => Figure::missing(format!("vacance de {} non chargée", latest - 3)),
        (before, now) => {
            let long = |row: Result<&Vacancy, Figure>| row.map_or_else(|withheld| withheld, long_vacant);
            evolution(&long(before), &long(now))
        }
    };
    // Owners declare how they use their dwellings since 2023: a year before it and a year after count different things.
    let figure = match latest - 3 < DECLARED_SINCE && latest >= DECLARED_SINCE {
        true => figure.with_caution(
            FactStatus::LowN,
            "déclaration des propriétaires changée en 2023\u{a0}: à lire avec prudence",
        ),
        false => figure,
    };
    let origin = table.origin(of(latest).ok());
    let origin = Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin };
    sheet.put(line, ScopeKind::Com, figure, &origin, &Moment::during(format!("{}-{latest}", latest - 3)), None);
}

/// The last year whose rate can be computed: for the commune if any, else anywhere.
pub fn latest_year(raw: &Raw) -> i32 {
    let last = |own_only: bool| {
        let rows = raw.vacancy.rows.iter().filter(|row| !own_only || row.scope == "com");
        rows.filter(|row| rate(row).status.is_citable()).map(|row| row.annee).max()
    };
    last(true).or_else(|| last(false)).or_else(|| raw.vacancy.years().last().copied()).unwrap_or_default()
}

fn stock(row: &Vacancy) -> Figure {
    count(row, row.parc, row.secret_parc, row.sans_vac)
}

fn vacant(row: &Vacancy) -> Figure {
    count(row, row.vac, row.secret_vac, row.sans_vac)
}

fn long_vacant(row: &Vacancy) -> Figure {
    count(row, row.vac2, row.secret_vac2, row.sans_vac2)
}

pub fn rate(row: &Vacancy) -> Figure {
    quotient(row, row.tx_vac, row.tx_parc, row.secret_vac || row.secret_parc, row.sans_vac).with_note(stock_of(row))
}

fn long_rate(row: &Vacancy) -> Figure {
    quotient(row, row.tx2_vac2, row.tx2_parc, row.secret_vac2 || row.secret_parc, row.sans_vac2)
        .with_note(stock_of(row))
}

/// The last published year may have no stock of its own.
fn stock_of(row: &Vacancy) -> Option<String> {
    row.parc_precedent.then(|| format!("rapporté au parc de {}", row.year() - 1))
}

fn long_part(row: &Vacancy) -> Figure {
    quotient(row, row.part2_vac2, row.part2_vac, row.secret_vac2 || row.secret_vac, row.sans_vac2)
}

fn count(row: &Vacancy, value: Option<Decimal>, secret: bool, without: i64) -> Figure {
    if row.scope == "com" && secret {
        return Figure::secret();
    }
    Figure::or_missing(value, "non publié pour cette année").with_note(left_out(row, without))
}

fn quotient(
    row: &Vacancy,
    numerator: Option<Decimal>,
    denominator: Option<Decimal>,
    secret: bool,
    without: i64,
) -> Figure {
    if matches!(row.scope.as_str(), "com" | "sim") && secret {
        return Figure::secret();
    }
    let part = |value| Figure::or_missing(value, "non publié pour cette année");
    let share = Figure::share(&part(numerator), &part(denominator));
    if share.status == FactStatus::NotApplicable {
        return Figure::withheld(FactStatus::NotApplicable, "aucun logement au dénominateur");
    }
    share.with_note(left_out(row, without))
}

/// Sums leave secret and absent communes out, and say so.
fn left_out(row: &Vacancy, without: i64) -> Option<String> {
    match without {
        _ if matches!(row.scope.as_str(), "com" | "sim") => None,
        0 => None,
        1 => Some("hors une commune non publiée".to_owned()),
        n => Some(format!("hors {n} communes non publiées")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(vac: Option<i64>, vac2: Option<i64>, parc: i64) -> Vacancy {
        let (vac, vac2, parc) = (vac.map(Decimal::from), vac2.map(Decimal::from), Some(Decimal::from(parc)));
        Vacancy {
            scope: "com".to_owned(),
            annee: 2024,
            sources: vec![1],
            part: Decimal::ONE,
            parc,
            vac,
            vac2,
            tx_vac: vac,
            tx_parc: vac.and(parc),
            tx2_vac2: vac2,
            tx2_parc: vac2.and(parc),
            part2_vac2: vac2,
            part2_vac: vac2.and(vac),
            sans_vac: 0,
            sans_vac2: 0,
            secret_vac: vac.is_none(),
            secret_vac2: vac2.is_none(),
            secret_parc: false,
            parc_precedent: false,
        }
    }

    #[test]
    fn eighty_vacant_of_a_thousand_thirty_of_them_for_long() {
        let row = row(Some(80), Some(30), 1_000);
        assert_eq!(rate(&row).value, Some(Decimal::from(8)));
        assert_eq!(long_rate(&row).value, Some(Decimal::from(3)));
        assert_eq!(long_part(&row).value, Some(Decimal::new(375, 1)));
    }

    #[test]
    fn no_vacant_dwelling_is_a_rate_of_zero_and_no_share_of_long_vacancy() {
        let row = row(Some(0), Some(0), 1_000);
        assert_eq!((rate(&row).value, rate(&row).status), (Some(Decimal::ZERO), FactStatus::Ok));
        assert_eq!(long_part(&row).status, FactStatus::NotApplicable);
    }

    #[test]
    fn a_secret_count_hides_every_ratio_made_of_it() {
        let row = row(Some(80), None, 1_000);
        assert_eq!(rate(&row).status, FactStatus::Ok);
        for figure in [long_vacant(&row), long_rate(&row), long_part(&row)] {
            assert_eq!((figure.status, figure.value), (FactStatus::Secret, None));
        }
    }

    #[test]
    fn the_stock_of_the_year_before_is_said() {
        let row = Vacancy { parc_precedent: true, ..row(Some(80), Some(30), 1_000) };
        assert_eq!(rate(&row).note.as_deref(), Some("rapporté au parc de 2023"));
    }
}
