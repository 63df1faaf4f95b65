//! Dwellings of the census: how many, how they are used, held, built and filled.

use domain::fact::{FactStatus, ScopeKind};
use rust_decimal::{Decimal, MathematicalOps as _};

use super::scoped::{OWN, Sheet, all_scopes};
use crate::themes::raw::{Housing, Raw};
use indicators::{Figure, Moment, SAMPLED_FROM, SheetBuilder, census_rate, complementary};

type Part = fn(&Housing) -> Option<Decimal>;

/// Rates of the census: numerator and denominator.
const RATES: &[(&str, Part, Part)] = &[
    ("log.tx_rp", |row| Some(row.rp), |row| Some(row.log)),
    ("log.tx_rs", |row| Some(row.rsecocc), |row| Some(row.log)),
    ("log.tx_vac", |row| Some(row.logvac), |row| Some(row.log)),
    ("log.maison", |row| row.maison, |row| Some(row.log)),
    ("log.appart", |row| row.appart, |row| Some(row.log)),
    ("log.proprio", |row| row.rp_prop, |row| Some(row.rp)),
    ("log.loc_prive", let_privately, |row| Some(row.rp)),
    ("log.loc_hlm", |row| row.rp_hlm, |row| Some(row.rp)),
    ("log.gratuit", |row| row.rp_grat, |row| Some(row.rp)),
    ("log.pieces[1]", |row| row.rp_1p, |row| Some(row.rp)),
    ("log.pieces[2]", |row| row.rp_2p, |row| Some(row.rp)),
    ("log.pieces[3]", |row| row.rp_3p, |row| Some(row.rp)),
    ("log.pieces[4]", |row| row.rp_4p, |row| Some(row.rp)),
    ("log.pieces[5p]", |row| row.rp_5pp, |row| Some(row.rp)),
    ("log.t1t2", |row| Some(row.rp_1p? + row.rp_2p?), |row| Some(row.rp)),
    ("log.t5p", |row| row.rp_5pp, |row| Some(row.rp)),
    ("log.achev[av1919]", |row| row.ach19, |row| row.achtot),
    ("log.achev[1919-45]", |row| row.ach45, |row| row.achtot),
    ("log.achev[1946-70]", |row| row.ach70, |row| row.achtot),
    ("log.achev[1971-90]", |row| row.ach90, |row| row.achtot),
    ("log.achev[1991-2005]", |row| row.ach05, |row| row.achtot),
    ("log.achev[2006p]", built_since_2006, |row| row.achtot),
    ("log.av1946", |row| Some(row.ach19? + row.ach45?), |row| row.achtot),
    ("log.av1971", |row| Some(row.ach19? + row.ach45? + row.ach70?), |row| row.achtot),
    ("log.emm2", |row| row.anem02, movers),
    ("log.emm10p", |row| row.anem10, movers),
];

const COUNTS: &[(&str, Part)] = &[
    ("dem.menages", |row| row.men),
    ("log.n", |row| Some(row.log)),
    ("log.rp", |row| Some(row.rp)),
    ("log.rs", |row| Some(row.rsecocc)),
    ("log.vac", |row| Some(row.logvac)),
    ("log.loc_prive_n", let_privately),
];

/// Told for every vintage: what the stock was made of five and ten years before.
const SERIES: [&str; 7] = ["log.n", "log.rp", "log.rs", "log.vac", "log.tx_rp", "log.tx_rs", "log.tx_vac"];

const ABSENT: &str = "variable absente du fichier";

fn let_privately(row: &Housing) -> Option<Decimal> {
    Some(row.rp_loc? - row.rp_hlm?)
}

/// The last period ends with the vintage, under a name that changes: it is what the others leave.
fn built_since_2006(row: &Housing) -> Option<Decimal> {
    Some(row.achtot? - row.ach19? - row.ach45? - row.ach70? - row.ach90? - row.ach05?)
}

/// Households whose date of arrival is told.
fn movers(row: &Housing) -> Option<Decimal> {
    Some(row.anem02? + row.anem04? + row.anem09? + row.anem10?)
}

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.housing);
    let years = raw.housing.years();
    let latest = years.last().copied().unwrap_or_default();
    let moment = Moment::during(latest.to_string());
    let now = |row: &Housing| row.annee == latest;
    for (id, part) in COUNTS {
        table.add(sheet, id, &OWN, &moment, now, |row| count(row, part(row)));
    }
    for (id, numerator, denominator) in RATES {
        table.add(sheet, id, &all_scopes(), &moment, now, |row| rate(row, numerator(row), denominator(row)));
    }
    table.add(sheet, "log.suroccup", &all_scopes(), &moment, now, over_occupied);

    let before = raw.housing.rows.iter().find(|row| now(row) && row.annee_m5.is_some()).and_then(|row| row.annee_m5);
    let period = before.map_or_else(|| latest.to_string(), |from| format!("{from}-{latest}"));
    table.add(sheet, "log.tcam", &all_scopes(), &Moment::during(period), now, annual_growth);

    let near = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep];
    for year in years {
        let (moment, wanted) = (Moment::year(year), |row: &Housing| row.annee == year);
        for (id, part) in COUNTS.iter().filter(|(id, _)| SERIES.contains(id)) {
            table.add(sheet, id, &near, &moment, wanted, |row| count(row, part(row)));
        }
        for (id, numerator, denominator) in RATES.iter().filter(|(id, ..)| SERIES.contains(id)) {
            table.add(sheet, id, &near, &moment, wanted, |row| rate(row, numerator(row), denominator(row)));
        }
    }
}

fn count(row: &Housing, value: Option<Decimal>) -> Figure {
    Figure::or_missing(value, ABSENT).sampled(row.habitants >= SAMPLED_FROM)
}

fn rate(row: &Housing, numerator: Option<Decimal>, denominator: Option<Decimal>) -> Figure {
    let share = Figure::share(&Figure::or_missing(numerator, ABSENT), &Figure::or_missing(denominator, ABSENT));
    census_rate(share, denominator, row.habitants)
}

/// Both terms are of the complementary exploitation: a sample is never divided by a count.
fn over_occupied(row: &Housing) -> Figure {
    complementary(rate(row, row.rp_hstu1p_surocc, row.rp_hstu1p), row.habitants)
}

/// `((LOG_yy/LOG_y5)^(1/(yy−y5)) − 1)·100`, over five years or more.
fn annual_growth(row: &Housing) -> Figure {
    let (Some(before), Some(from)) = (row.log_m5, row.annee_m5) else {
        return Figure::missing("recensement précédent non chargé");
    };
    if before <= Decimal::ZERO || row.log <= Decimal::ZERO {
        return Figure::withheld(FactStatus::NotApplicable, "aucun logement");
    }
    let root = (row.log / before).checked_powd(Decimal::ONE / Decimal::from(row.annee - from));
    let growth =
        Figure::or_missing(root.map(|root| (root - Decimal::ONE) * Decimal::ONE_HUNDRED), "taux non calculable");
    census_rate(growth, Some(before), row.habitants)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::themes::assemble;
    use crate::themes::fixture::{dec, ordinary, sheets};

    /// What each whole is cut into.
    const PARTITIONS: [&[&str]; 4] = [
        &["log.tx_rp", "log.tx_rs", "log.tx_vac"],
        &["log.proprio", "log.loc_prive", "log.loc_hlm", "log.gratuit"],
        &["log.pieces[1]", "log.pieces[2]", "log.pieces[3]", "log.pieces[4]", "log.pieces[5p]"],
        &[
            "log.achev[av1919]",
            "log.achev[1919-45]",
            "log.achev[1946-70]",
            "log.achev[1971-90]",
            "log.achev[1991-2005]",
            "log.achev[2006p]",
        ],
    ];

    #[test]
    fn the_parts_of_a_whole_make_a_hundred() {
        let mut seen = 0;
        for sheet in sheets(&crate::themes::fixture::EVERYTHING) {
            for (parts, scope) in PARTITIONS.iter().zip(["com", "epci", "dep", "reg"].iter().cycle()) {
                let value = |id: &&str| sheet.facts[&format!("{id}@{scope}")].value;
                let Some(total) = parts.iter().try_fold(Decimal::ZERO, |sum, id| Some(sum + value(id)?)) else {
                    continue;
                };
                assert!((total - Decimal::ONE_HUNDRED).abs() < dec("0.0001"), "{parts:?}@{scope}: {total}");
                seen += 1;
            }
        }
        assert!(seen > 60, "{seen} wholes were looked at");
    }

    fn own() -> Housing {
        let raw = ordinary();
        raw.housing.of(ScopeKind::Com).last().unwrap().clone()
    }

    #[test]
    fn from_2000_to_2200_dwellings_in_six_years_is_1_6_percent_a_year() {
        // 1.1^(1/6) = 1.016011868…
        let row = Housing { log: 2_200.into(), log_m5: Some(2_000.into()), annee_m5: Some(2015), ..own() };
        assert_eq!(annual_growth(&row).value.unwrap().round_dp(4), dec("1.6012"));
        assert_eq!(annual_growth(&Housing { log_m5: None, ..row.clone() }).status, FactStatus::Missing);
        assert_eq!(annual_growth(&Housing { log: Decimal::ZERO, ..row }).status, FactStatus::NotApplicable);
    }

    #[test]
    fn what_was_built_since_2006_is_what_the_other_periods_leave() {
        let parts = [300, 100, 200, 150, 150].map(|value: i64| Some(Decimal::from(value)));
        let [ach19, ach45, ach70, ach90, ach05] = parts;
        let row = Housing { achtot: Some(1_000.into()), ach19, ach45, ach70, ach90, ach05, ..own() };
        assert_eq!(built_since_2006(&row), Some(100.into()));
        assert_eq!(built_since_2006(&Housing { ach70: None, ..row }), None);
    }

    #[test]
    fn over_occupation_is_not_told_of_a_village_of_four_hundred() {
        let village =
            |habitants| Housing { habitants, rp_hstu1p: Some(150.into()), rp_hstu1p_surocc: Some(6.into()), ..own() };
        assert_eq!(over_occupied(&village(400)).status, FactStatus::Missing);
        let told = over_occupied(&village(1_200));
        assert_eq!((told.value, told.status), (Some(4.into()), FactStatus::LowN));
    }

    #[test]
    fn counts_of_earlier_censuses_have_a_year() {
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &ordinary());
        assert_eq!(sheet.facts["log.n[2015]@com"].text, "7\u{202f}810", "7 805, a sampled count, to the nearest ten");
        assert!(sheet.facts["log.tx_rs[2010]@dep"].status.is_citable());
    }
}
