//! Population, and the standard of living of households.

use domain::fact::ScopeKind;
use rust_decimal::{Decimal, MathematicalOps as _};

use super::scoped::{OWN, Sheet, all_scopes};
use crate::themes::raw::{Demography, Raw};
use indicators::{Figure, Moment, Origin, SheetBuilder, indicator};

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    population(sheet, raw);
    income(sheet, raw);
}

fn population(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.population);
    let year = raw.population.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    table.add(sheet, "dem.pop", &OWN, &moment, |row| row.annee == year, |row| Figure::ok(row.pop));

    let table = Sheet::new(raw, &raw.demography);
    let year = raw.demography.years().last().copied().unwrap_or_default();
    let from = raw.demography.rows.iter().find_map(|row| row.annee_m5);
    let period = from.map_or_else(|| year.to_string(), |from| format!("{from}-{year}"));
    table.add(sheet, "dem.tcam", &all_scopes(), &Moment::during(period), |row| row.annee == year, annual_growth);
}

/// `((P_yy/P_y5)^(1/(yy−y5)) − 1)·100`, over five years or more.
fn annual_growth(row: &Demography) -> Figure {
    let (Some(before), Some(from)) = (row.pop_m5, row.annee_m5) else {
        return Figure::missing("recensement précédent non chargé");
    };
    let years = row.annee - from;
    if years < 5 {
        return Figure::missing("moins de cinq ans entre les deux recensements");
    }
    if before <= Decimal::ZERO || row.pop <= Decimal::ZERO {
        return Figure::withheld(domain::fact::FactStatus::NotApplicable, "population nulle");
    }
    let ratio = row.pop / before;
    let root = ratio.checked_powd(Decimal::ONE / Decimal::from(years));
    Figure::or_missing(root.map(|root| (root - Decimal::ONE) * Decimal::ONE_HUNDRED), "taux non calculable")
}

fn income(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.income);
    let year = raw.income.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    let scopes = [ScopeKind::Com, ScopeKind::Sim];
    table.add(
        sheet,
        "fil.med",
        &scopes,
        &moment,
        |row| row.annee == year,
        |row| match (row.med, row.statut.as_deref()) {
            (Some(med), _) => Figure::ok(med),
            (None, Some("s")) => Figure::secret(),
            (None, _) => Figure::missing("non publié pour la commune"),
        },
    );
    for kind in [ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg, ScopeKind::Fr] {
        let origin = table.origin(None);
        let Some(line) = indicator("fil.med") else { return };
        // A median is not the mean of medians: only the producer's own row of that level would do.
        let figure = Figure::missing("médiane de ce niveau non chargée");
        sheet.put(line, kind, figure, &Origin { synthetic: false, ..origin }, &moment, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::fact::FactStatus;

    fn growth(before: Option<i64>, now: i64, from: i32) -> Figure {
        let pop_m5 = before.map(Decimal::from);
        let (scope, sources, part) = ("com".to_owned(), vec![1], Decimal::ONE);
        annual_growth(&Demography { scope, annee: 2021, sources, part, pop: now.into(), pop_m5, annee_m5: Some(from) })
    }

    #[test]
    fn from_10000_to_11000_inhabitants_in_six_years_is_1_6_percent_a_year() {
        // 1.1^(1/6) = 1.016011868…
        let rate = growth(Some(10_000), 11_000, 2015).value.unwrap();
        assert_eq!(rate.round_dp(4), Decimal::new(16_012, 4));
        assert!(growth(Some(11_000), 10_000, 2015).value.unwrap() < Decimal::ZERO);
    }

    #[test]
    fn censuses_less_than_five_years_apart_are_not_compared() {
        assert_eq!(growth(Some(10_000), 11_000, 2017).status, FactStatus::Missing);
        assert_eq!(growth(None, 11_000, 2015).status, FactStatus::Missing);
        assert_eq!(growth(Some(0), 11, 2015).status, FactStatus::NotApplicable);
    }
}
