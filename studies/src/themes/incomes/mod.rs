//! Standards of living (Filosofi): medians, deciles, poverty and what incomes are made of. Every level has the producer's
//! own figure or none: a median is not the mean of medians.

use domain::fact::FactStatus;
use rust_decimal::Decimal;
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use super::scoped::{Sheet, all_scopes};
use crate::study::StudyError;
use indicators::{Figure, Moment, SheetBuilder};

const QUERY: &str = "themes/incomes/revenus";
const SQL: &str = concat!(include_str!("../sql/niveaux.sql"), include_str!("revenus.sql"));

row! {
    /// Figures of one territory, each with the producer's reason for its absence, or the mark of an estimate.
    Income {
        /// The level above all is metropolitan France alone.
        metropole: bool,
        med: Option<Decimal>, med_statut: Option<String>,
        pimp: Option<Decimal>, pimp_statut: Option<String>,
        tp60: Option<Decimal>, tp60_statut: Option<String>,
        d1: Option<Decimal>, d1_statut: Option<String>,
        d9: Option<Decimal>, d9_statut: Option<String>,
        rd: Option<Decimal>, rd_statut: Option<String>,
        tp60_loc: Option<Decimal>, tp60_loc_statut: Option<String>,
        pps: Option<Decimal>, pps_statut: Option<String>,
        ppen: Option<Decimal>, ppen_statut: Option<String>,
    }
}

/// What the query of this theme returns.
#[derive(Debug, Clone)]
pub struct Tables {
    pub incomes: Table<Income>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { incomes: Table::empty("filosofi", QUERY, SQL) }
    }
}

/// Reads the theme for one commune.
///
/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    Ok(Tables { incomes: asked.with_peers("filosofi", QUERY, SQL).await? })
}

type Published = fn(&Income) -> (Option<Decimal>, Option<&str>);

/// What is printed, and where the producer says it.
const FIGURES: [(&str, Published); 9] = [
    ("fil.med", |row| (row.med, row.med_statut.as_deref())),
    ("fil.d1", |row| (row.d1, row.d1_statut.as_deref())),
    ("fil.d9", |row| (row.d9, row.d9_statut.as_deref())),
    ("fil.d9d1", |row| (row.rd, row.rd_statut.as_deref())),
    ("fil.tp60", |row| (row.tp60, row.tp60_statut.as_deref())),
    ("fil.tp60_loc", |row| (row.tp60_loc, row.tp60_loc_statut.as_deref())),
    ("fil.impo", |row| (row.pimp, row.pimp_statut.as_deref())),
    ("fil.pps", |row| (row.pps, row.pps_statut.as_deref())),
    ("fil.ppen", |row| (row.ppen, row.ppen_statut.as_deref())),
];

const NOT_LOADED: &str = "chiffre de ce niveau non chargé\u{a0}: il ne se recalcule pas";

/// Adds the facts of the theme.
pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    // Each level is a file of its own, and one may be loaded without another.
    let table = Sheet { absent_above: NOT_LOADED, ..Sheet::new(raw, &raw.incomes.incomes) };
    let year = raw.incomes.incomes.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    for (id, figure) in FIGURES {
        table.add(sheet, id, &all_scopes(), &moment, |row| row.annee == year, |row| published(row, figure(row)));
    }
}

/// The producer's figure as it is, with his caution; without a figure, his reason.
fn published(row: &Income, (value, status): (Option<Decimal>, Option<&str>)) -> Figure {
    let figure = match (value, status) {
        // A mark of secrecy beside a figure would be a fault of the file: the mark wins.
        (_, Some("s")) => Figure::secret(),
        (None, Some("ns")) => Figure::missing("non significatif selon le producteur"),
        (None, _) => Figure::missing("non publié à ce niveau"),
        (Some(value), Some("est")) => Figure::ok(value)
            .with_caution(FactStatus::Modelled, "commune modifiée depuis\u{a0}: chiffre de sa partie la plus peuplée"),
        (Some(value), Some("ns")) => {
            Figure::ok(value).with_caution(FactStatus::LowN, "peu significatif selon le producteur")
        }
        (Some(value), _) => Figure::ok(value),
    };
    figure.with_note(row.metropole.then(|| "France métropolitaine".to_owned()))
}

#[cfg(test)]
pub mod samples {
    //! Standards of living of the invented town.

    use super::*;
    use crate::themes::fixture::table;

    /// The tables of the invented town.
    pub fn tables() -> Tables {
        Tables {
            incomes: table("filosofi", QUERY, SQL, |scope, _, wobble| {
                let moved =
                    |value: i64| Some(Decimal::from(value) * Decimal::new(1_000 + wobble / 2, 3) / Decimal::TEN);
                let own = |value: i64| Some(Decimal::new(value, 1));
                vec![Income {
                    scope: scope.to_owned(),
                    annee: 2021,
                    sources: vec![9],
                    part: Decimal::ONE,
                    metropole: false,
                    med: moved(224_100),
                    med_statut: None,
                    pimp: own(512),
                    pimp_statut: None,
                    tp60: moved(141),
                    tp60_statut: None,
                    d1: moved(122_600),
                    d1_statut: None,
                    d9: moved(391_200),
                    d9_statut: None,
                    rd: own(32),
                    rd_statut: None,
                    tp60_loc: moved(264),
                    tp60_loc_statut: None,
                    pps: moved(58),
                    pps_statut: None,
                    ppen: moved(306),
                    ppen_statut: None,
                }]
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Income {
        samples::tables().incomes.rows.swap_remove(0)
    }

    #[test]
    fn what_is_published_is_printed_as_it_is() {
        let value = Decimal::new(224_100, 1);
        assert_eq!(published(&row(), (Some(value), None)), Figure::ok(value));
    }

    #[test]
    fn a_secret_stays_one_and_an_absence_says_why() {
        for value in [None, Some(Decimal::TEN)] {
            let figure = published(&row(), (value, Some("s")));
            assert_eq!((figure.status, figure.value), (FactStatus::Secret, None));
        }
        assert_eq!(published(&row(), (None, Some("nd"))).status, FactStatus::Missing);
        assert_eq!(published(&row(), (None, None)).note.as_deref(), Some("non publié à ce niveau"));
    }

    #[test]
    fn an_estimate_is_modelled_and_metropolitan_france_says_its_name() {
        assert_eq!(published(&row(), (Some(Decimal::TEN), Some("est"))).status, FactStatus::Modelled);
        let country = Income { metropole: true, ..row() };
        assert_eq!(published(&country, (Some(Decimal::TEN), None)).note.as_deref(), Some("France métropolitaine"));
    }
}
