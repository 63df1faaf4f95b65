//! Dwellings authorised and started. An authorised dwelling is not a built one, and starts are declared late.

use domain::fact::{FactStatus, ScopeKind};
use rust_decimal::Decimal;

use super::{Totals, Year};
use crate::themes::raw::{Raw, Table};
use crate::themes::scoped::{OWN, Sheet, all_scopes};
use indicators::{Figure, Moment, SheetBuilder, permits};

/// Dwellings authorised in five years below which a single year says nothing.
const FEW: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    yearly(sheet, raw);
    means(sheet, raw);
}

fn yearly(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.building.years);
    let near = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep];
    for year in raw.building.years.years() {
        let (moment, wanted) = (Moment::year(year), |row: &Year| row.annee == year);
        table.add(sheet, "sit.aut", &near, &moment, wanted, |row| counted(row, row.autorises));
        table.add(sheet, "sit.com", &near, &moment, wanted, |row| {
            counted(row, row.commences).provisional(row.provisoire)
        });
    }
}

fn counted(row: &Year, value: Decimal) -> Figure {
    if row.cinq_ans < FEW {
        return Figure::missing("moins de vingt logements autorisés en cinq ans\u{a0}: seule la moyenne est donnée");
    }
    let silent = match row.sans_nombre {
        0 => None,
        1 => Some("hors un permis sans nombre de logements".to_owned()),
        n => Some(format!("hors {n} permis sans nombre de logements")),
    };
    Figure::ok(value).with_note(silent)
}

fn means(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let totals = &raw.building.totals;
    let table = Sheet::new(raw, totals);
    let last = totals.years().last().copied().unwrap_or_default();
    let started = totals.rows.first().map_or(last, |row| row.fin_commences);
    let span = |years: i32, last: i32| Moment::during(format!("{}-{last}", last - years + 1));
    let wanted = |row: &Totals| row.annee == last;
    table.add(sheet, "sit.moy5", &OWN, &span(5, last), wanted, |row| mean(row.cinq, 5));
    table.add(sheet, "sit.moy10", &OWN, &span(10, last), wanted, |row| mean(row.dix, 10));
    table.add(sheet, "sit.demol", &OWN, &span(5, last), wanted, demolished);
    table.add(sheet, "sit.par1000", &all_scopes(), &span(5, last), wanted, per_inhabitant);
    table.add(sheet, "sit.part_coll", &all_scopes(), &span(5, last), wanted, flats);
    table.add(sheet, "sit.transfo", &all_scopes(), &span(5, started), wanted, carried_out);
    table.add(sheet, "sit.delai", &all_scopes(), &span(5, started), wanted, |row| permits(row.delai, row.delai_n));
    let beside = beside_dwellings(totals);
    Sheet::new(raw, &beside).add(sheet, "sit.tx", &all_scopes(), &span(5, last), wanted, per_dwelling);
}

/// The same rows, resting on the census as well.
fn beside_dwellings(table: &Table<Totals>) -> Table<Totals> {
    let both = |row: &Totals| {
        let sources = row.sources.iter().chain(&row.log_sources).copied().collect();
        Totals { sources, ..row.clone() }
    };
    Table {
        rows: table.rows.iter().map(both).collect(),
        peers: table.peers.iter().map(both).collect(),
        ..table.clone()
    }
}

fn mean(total: Option<Decimal>, years: i64) -> Figure {
    let value = total.map(|total| total / Decimal::from(years));
    Figure::or_missing(value, "permis non chargés sur toute la période")
}

fn demolished(row: &Totals) -> Figure {
    if row.cinq.is_some() { Figure::ok(row.demolis) } else { mean(None, 5) }
}

fn per_dwelling(row: &Totals) -> Figure {
    let dwellings = Figure::or_missing(row.log, "logements du recensement non chargés");
    Figure::ratio(&mean(row.cinq, 5), &dwellings, Decimal::ONE_THOUSAND)
}

fn per_inhabitant(row: &Totals) -> Figure {
    Figure::ratio(&mean(row.cinq, 5), &Figure::ok(Decimal::from(row.habitants)), Decimal::ONE_THOUSAND)
}

fn flats(row: &Totals) -> Figure {
    let total = Figure::or_missing(row.cinq, "permis non chargés sur toute la période");
    few(Figure::share(&Figure::ok(row.collectifs), &total), row.cinq)
}

fn carried_out(row: &Totals) -> Figure {
    let total = Figure::or_missing(row.autorises, "permis non chargés sur toute la période");
    few(Figure::share(&Figure::ok(row.commences), &total), row.autorises)
}

fn few(figure: Figure, total: Option<Decimal>) -> Figure {
    match (figure.status, total) {
        (FactStatus::NotApplicable, _) => {
            Figure::withheld(FactStatus::NotApplicable, "aucun logement autorisé sur la période")
        }
        (_, Some(total)) if total < FEW => {
            figure.with_caution(FactStatus::LowN, "moins de vingt logements autorisés sur la période")
        }
        _ => figure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(cinq: i64) -> Totals {
        let some = |value: i64| Some(Decimal::from(value));
        Totals {
            scope: "com".to_owned(),
            annee: 2024,
            sources: vec![1],
            part: Decimal::ONE,
            fin_commences: 2023,
            habitants: 5_000,
            log: some(2_000),
            log_sources: vec![2],
            cinq: some(cinq),
            dix: some(150),
            collectifs: Decimal::from(cinq / 4),
            demolis: 3.into(),
            autorises: some(80),
            commences: 60.into(),
            delai: some(7),
            delai_n: 12,
        }
    }

    #[test]
    fn a_hundred_dwellings_in_five_years_are_ten_a_year_for_a_thousand_dwellings() {
        let row = totals(100);
        assert_eq!(mean(row.cinq, 5).value, Some(20.into()));
        assert_eq!(mean(row.dix, 10).value, Some(15.into()));
        assert_eq!(per_dwelling(&row).value, Some(Decimal::TEN));
        assert_eq!(per_inhabitant(&row).value, Some(4.into()));
        assert_eq!((flats(&row).value, flats(&row).status), (Some(25.into()), FactStatus::Ok));
        assert_eq!(carried_out(&row).value, Some(75.into()));
    }

    #[test]
    fn nineteen_dwellings_give_a_share_to_be_read_with_care_and_none_gives_no_share() {
        assert_eq!(flats(&totals(19)).status, FactStatus::LowN);
        assert_eq!(flats(&totals(0)).status, FactStatus::NotApplicable);
        assert_eq!(per_dwelling(&totals(0)).value, Some(Decimal::ZERO), "no permit is a figure");
    }

    #[test]
    fn years_before_the_lists_begin_are_missing_and_not_zero() {
        let short = Totals { dix: None, cinq: None, ..totals(100) };
        assert_eq!(mean(short.dix, 10).status, FactStatus::Missing);
        assert_eq!(demolished(&short).status, FactStatus::Missing);
        assert_eq!(per_dwelling(&short).status, FactStatus::Missing);
    }

    #[test]
    fn a_single_year_of_a_village_is_not_told() {
        let year = |cinq_ans: i64| Year {
            scope: "com".to_owned(),
            annee: 2023,
            sources: vec![1],
            part: Decimal::ONE,
            autorises: 6.into(),
            commences: 4.into(),
            sans_nombre: 2,
            provisoire: true,
            cinq_ans: cinq_ans.into(),
        };
        assert_eq!(counted(&year(19), 6.into()).status, FactStatus::Missing);
        let told = counted(&year(20), 6.into());
        assert_eq!(
            (told.value, told.note.as_deref()),
            (Some(6.into()), Some("hors 2 permis sans nombre de logements"))
        );
    }
}
