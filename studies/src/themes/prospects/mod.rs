//! What INSEE projects for the département and the région, in three scenarios. The model serves zones of fifty thousand
//! inhabitants and more: nothing is ever said of a commune.

use domain::fact::{FactStatus, ScopeKind};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use super::scoped::Sheet;
use crate::study::StudyError;
use indicators::{Figure, Moment, Origin, SheetBuilder, fact_id, indicator};

const QUERY: &str = "themes/prospects/projections";
const SQL: &str = include_str!("projections.sql");

row! {
    /// The population of one year in one scenario (`central`, `haut`, `bas`).
    Projection {
        scenario: String,
        /// Year the model starts from.
        base: i32,
        population: Decimal,
        /// Those of 65 and more, where the file has ages.
        agees: Option<Decimal>,
    }
}

/// What the query of this theme returns.
#[derive(Debug, Clone)]
pub struct Tables {
    pub projections: Table<Projection>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { projections: Table::empty("projections", QUERY, SQL) }
    }
}

/// Reads the theme for one commune.
///
/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    Ok(Tables { projections: asked.own("projections", QUERY, SQL).await? })
}

/// The levels that are projected.
const LEVELS: [ScopeKind; 2] = [ScopeKind::Dep, ScopeKind::Reg];
/// Facts are cited at the end of each decade; the last one is also the indicator without a year.
const DECADE: i32 = 10;

type Formula = fn(&Year<'_>) -> Figure;

/// What is printed, from the figures of one year.
const FIGURES: [(&str, Formula); 6] = [
    ("pro.pop", |year| year.of(CENTRAL)),
    ("pro.haut", |year| year.of(HIGH)),
    ("pro.bas", |year| year.of(LOW)),
    ("pro.evol", evolution),
    ("pro.part65", old_share),
    ("pro.fourchette", range),
];
const CENTRAL: &str = "central";
const HIGH: &str = "haut";
const LOW: &str = "bas";

/// One level, one year.
struct Year<'a> {
    raw: &'a Raw,
    kind: ScopeKind,
    year: i32,
}

/// Adds the facts of the theme.
pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let base = base(raw);
    let years = horizons(raw);
    let last = years.last().copied();
    for kind in LEVELS {
        for year in years.iter().copied() {
            put(sheet, &Year { raw, kind, year }, &Moment::year(year));
        }
        let period = base.zip(last).map(|(base, last)| format!("{base}-{last}"));
        let moment = Moment { period, ..Moment::default() };
        put(sheet, &Year { raw, kind, year: last.unwrap_or_default() }, &moment);
    }
}

fn put(sheet: &mut SheetBuilder<'_>, year: &Year<'_>, moment: &Moment) {
    let table = Sheet::new(year.raw, &year.raw.prospects.projections);
    for (id, formula) in FIGURES {
        let Some(line) = indicator(id) else { continue };
        let figure = formula(year);
        let origin = table.origin(year.row(CENTRAL, year.year).ok());
        let origin = Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin };
        sheet.put(line, year.kind, figure, &origin, moment, None);
    }
}

impl<'a> Year<'a> {
    /// The row of a scenario. Paris is a département of one commune: the projection is that of the département all the same.
    fn row(&self, scenario: &str, year: i32) -> Result<&'a Projection, Figure> {
        let rows = &self.raw.prospects.projections;
        let mut wanted = rows.of(self.kind).filter(|row| row.scenario == scenario && row.annee == year);
        match wanted.next() {
            Some(row) if row.part < super::scoped::NEARLY_ALL => {
                Err(Figure::missing("projections absentes d’un département de la région"))
            }
            Some(row) => Ok(row),
            None if rows.rows.is_empty() => Err(Figure::missing("projections de population non chargées")),
            None => Err(Figure::missing("absent du fichier du producteur")),
        }
    }

    fn of(&self, scenario: &str) -> Figure {
        self.row(scenario, self.year).map_or_else(|withheld| withheld, |row| projected(row.population))
    }
}

/// A projection is not a forecast, and never an observation.
fn projected(value: Decimal) -> Figure {
    Figure::ok(value).with_caution(FactStatus::Modelled, "projection de l’Insee, pas une prévision")
}

/// `(pop_h/pop_base − 1)·100`, central scenario.
fn evolution(year: &Year<'_>) -> Figure {
    let then = year.row(CENTRAL, year.year);
    let start = then.as_ref().ok().map(|row| year.row(CENTRAL, row.base));
    match (then, start) {
        (Err(withheld), _) | (Ok(_), Some(Err(withheld))) => withheld,
        (Ok(then), Some(Ok(start))) if !start.population.is_zero() => {
            projected(Decimal::ONE_HUNDRED * (then.population / start.population - Decimal::ONE))
        }
        (Ok(_), _) => Figure::withheld(FactStatus::NotApplicable, "population nulle"),
    }
}

/// `100·P65+/pop`, central scenario.
fn old_share(year: &Year<'_>) -> Figure {
    match year.row(CENTRAL, year.year) {
        Err(withheld) => withheld,
        Ok(row) => match row.agees {
            None => Figure::missing("âges absents du fichier de projections"),
            Some(_) if row.population.is_zero() => Figure::withheld(FactStatus::NotApplicable, "population nulle"),
            Some(old) => projected(Decimal::ONE_HUNDRED * old / row.population),
        },
    }
}

/// `high − low`.
fn range(year: &Year<'_>) -> Figure {
    match (year.row(HIGH, year.year), year.row(LOW, year.year)) {
        (Ok(high), Ok(low)) => projected(high.population - low.population),
        (Err(withheld), _) | (_, Err(withheld)) => withheld,
    }
}

fn base(raw: &Raw) -> Option<i32> {
    raw.prospects.projections.rows.iter().map(|row| row.base).max()
}

/// The base and the ends of decades well after it.
fn horizons(raw: &Raw) -> Vec<i32> {
    let Some(base) = base(raw) else { return Vec::new() };
    let years = raw.prospects.projections.years().into_iter();
    years.filter(|year| *year == base || (*year >= base + 5 && year % DECADE == 0)).collect()
}

/// `projections`: the years, and the facts of the three scenarios at the département and the région.
pub fn exhibit(raw: &Raw) -> Value {
    let years = horizons(raw);
    let ids = |kind| {
        let of = |id: &str| years.iter().map(|year| fact_id(id, Some(*year), kind)).collect::<Vec<_>>();
        json!({"central": of("pro.pop"), "haut": of("pro.haut"), "bas": of("pro.bas")})
    };
    json!({"base": base(raw), "annees": years, "facts": {"dep": ids(ScopeKind::Dep), "reg": ids(ScopeKind::Reg)}})
}

#[cfg(test)]
pub mod samples {
    //! Prospects of the invented département.

    use super::*;

    /// The tables of the invented town.
    pub fn tables() -> Tables {
        let mut tables = Tables::default();
        for (scope, weight) in [("dep", 40), ("reg", 110)] {
            for (scenario, per_year) in [("bas", -12), ("central", 20), ("haut", 55)] {
                for annee in [2018, 2020, 2025, 2030, 2035, 2040, 2045, 2050] {
                    let since = i64::from(annee - 2018);
                    let population = (14_500 + per_year * since) * weight;
                    tables.projections.rows.push(Projection {
                        scope: scope.to_owned(),
                        annee,
                        sources: vec![10],
                        part: Decimal::ONE,
                        scenario: scenario.to_owned(),
                        base: 2018,
                        population: population.into(),
                        agees: Some(Decimal::from(population) * Decimal::new(220 + 3 * since, 3)),
                    });
                }
            }
        }
        tables
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::themes::{assemble, fixture};

    #[test]
    fn the_departement_of_the_sample_is_that_of_a_hand_calculation() {
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &fixture::ordinary());
        let value = |id: &str| sheet.facts[id].value.unwrap();
        // Forty times 14 500 in 2018, 20 more each year: 15 140 in 2050, between 14 116 and 16 260.
        assert_eq!(value("pro.pop[2018]@dep"), Decimal::from(580_000));
        assert_eq!(value("pro.pop[2050]@dep"), Decimal::from(605_600));
        assert_eq!(value("pro.evol@dep").round_dp(4), Decimal::new(44_138, 4));
        assert_eq!(value("pro.fourchette[2050]@dep"), Decimal::from(85_760));
        assert_eq!(value("pro.part65[2050]@dep"), Decimal::new(316, 1));
        assert_eq!(sheet.facts["pro.evol@dep"].period.as_deref(), Some("2018-2050"));
        assert_eq!(value("pro.evol[2018]@dep"), Decimal::ZERO);
    }

    #[test]
    fn nothing_is_projected_below_the_departement_and_everything_is_modelled() {
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &fixture::ordinary());
        let projected: Vec<_> = sheet.facts.values().filter(|fact| fact.id.starts_with("pro.")).collect();
        assert!(projected.iter().all(|fact| matches!(fact.scope.kind, ScopeKind::Dep | ScopeKind::Reg)));
        assert!(projected.iter().all(|fact| fact.status == FactStatus::Modelled));
        assert_eq!(projected.len(), 2 * 6 * 5, "six figures, four horizons and the last one again, two levels");
    }

    #[test]
    fn a_region_without_one_of_its_departements_has_no_projection() {
        let mut raw = fixture::ordinary();
        raw.prospects
            .projections
            .rows
            .iter_mut()
            .filter(|row| row.scope == "reg")
            .for_each(|row| row.part = Decimal::new(9, 1));
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &raw);
        assert_eq!(sheet.facts["pro.pop@reg"].status, FactStatus::Missing);
        assert!(sheet.facts["pro.pop@dep"].status.is_citable());
        raw.prospects = Tables::default();
        let bare = assemble(&crate::themes::fixture::EVERYTHING, &raw);
        assert_eq!(bare.facts["pro.pop@dep"].note.as_deref(), Some("projections de population non chargées"));
    }
}
