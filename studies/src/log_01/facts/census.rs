//! Population, dwellings and tenure: the census, and the social stock beside its main residences.

use domain::fact::ScopeKind;
use rust_decimal::{Decimal, MathematicalOps as _};

use super::table::{OWN, Sheet, all_scopes};
use crate::facts::{Figure, Moment, Origin, SAMPLED_FROM, SheetBuilder, census_rate, indicator};
use crate::log_01::raw::{Demography, Housing, Raw, Social};

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    population(sheet, raw);
    dwellings(sheet, raw);
    social(sheet, raw);
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

type Part = fn(&Housing) -> Option<Decimal>;

/// Rates of the census: numerator and denominator.
const RATES: &[(&str, Part, Part)] = &[
    ("log.tx_rp", |row| Some(row.rp), |row| Some(row.log)),
    ("log.tx_rs", |row| Some(row.rsecocc), |row| Some(row.log)),
    ("log.tx_vac", |row| Some(row.logvac), |row| Some(row.log)),
    ("log.maison", |row| row.maison, |row| Some(row.log)),
    ("log.appart", |row| row.appart, |row| Some(row.log)),
    ("log.proprio", |row| row.rp_prop, |row| Some(row.rp)),
    ("log.loc_prive", |row| Some(row.rp_loc? - row.rp_hlm?), |row| Some(row.rp)),
    ("log.loc_hlm", |row| row.rp_hlm, |row| Some(row.rp)),
];

const COUNTS: &[(&str, Part)] = &[
    ("dem.menages", |row| row.men),
    ("log.n", |row| Some(row.log)),
    ("log.rp", |row| Some(row.rp)),
    ("log.rs", |row| Some(row.rsecocc)),
    ("log.vac", |row| Some(row.logvac)),
];

const ABSENT: &str = "variable absente du fichier";

fn dwellings(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.housing);
    let years = raw.housing.years();
    let latest = years.last().copied().unwrap_or_default();
    let moment = Moment::during(latest.to_string());
    for (id, count) in COUNTS {
        table.add(
            sheet,
            id,
            &OWN,
            &moment,
            |row| row.annee == latest,
            |row| Figure::or_missing(count(row), ABSENT).sampled(row.habitants >= SAMPLED_FROM),
        );
    }
    for (id, numerator, denominator) in RATES {
        table.add(
            sheet,
            id,
            &all_scopes(),
            &moment,
            |row| row.annee == latest,
            |row| rate(row, numerator(row), denominator(row)),
        );
    }
    for year in years {
        let own_and_near = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep];
        table.add(
            sheet,
            "log.tx_vac",
            &own_and_near,
            &Moment::year(year),
            |row| row.annee == year,
            |row| rate(row, Some(row.logvac), Some(row.log)),
        );
    }
}

fn rate(row: &Housing, numerator: Option<Decimal>, denominator: Option<Decimal>) -> Figure {
    let share = Figure::share(&Figure::or_missing(numerator, ABSENT), &Figure::or_missing(denominator, ABSENT));
    census_rate(share, denominator, row.habitants)
}

fn social(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.social);
    let year = raw.social.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    table.add(sheet, "rpl.n", &OWN, &moment, |row| row.annee == year, stock);

    let Some(line) = indicator("rpl.tx") else { return };
    let homes = Sheet::new(raw, &raw.housing);
    let census = raw.housing.years().last().copied().unwrap_or_default();
    for kind in OWN {
        let (dwellings, residences) =
            (table.row(kind, |row| row.annee == year), homes.row(kind, |row| row.annee == census));
        // The rate rests on two files: one generated row on either side makes it a specimen's.
        let origin =
            table.origin(dwellings.as_ref().ok().copied()).and(&homes.origin(residences.as_ref().ok().copied()));
        let figure = social_rate(kind, dwellings, residences);
        let origin = Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin };
        sheet.put(line, kind, figure, &origin, &moment, None);
    }
}

fn social_rate(kind: ScopeKind, dwellings: Result<&Social, Figure>, residences: Result<&Housing, Figure>) -> Figure {
    let residences = residences.map_or_else(|withheld| withheld, |row| Figure::ok(row.rp));
    match dwellings {
        Err(withheld) => withheld,
        Ok(row) if kind == ScopeKind::Com && !row.secret && row.nb_ls < Decimal::from(11) => {
            Figure::missing("moins de onze logements sociaux\u{a0}: pas de taux").with_n(whole(row.nb_ls))
        }
        Ok(row) => Figure::share(&stock(row), &residences),
    }
}

/// A commune that a complete file does not name has no social dwelling: that zero is a figure.
fn stock(row: &Social) -> Figure {
    if row.secret { Figure::secret() } else { Figure::ok(row.nb_ls) }
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

fn whole(value: Decimal) -> Option<i64> {
    i64::try_from(value.round()).ok()
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
