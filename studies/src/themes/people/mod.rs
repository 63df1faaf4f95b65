//! People: how many, how old, in which households and occupations, and how their number has moved. The census, and the
//! municipal populations since 1968.

mod ages;
mod growth;
mod households;

use domain::fact::ScopeKind;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use super::scoped::{OWN, Sheet};
use crate::study::StudyError;
use indicators::{Figure, Moment, SheetBuilder, fact_id};

const POPULATION: &str = concat!(include_str!("../sql/niveaux.sql"), include_str!("population.sql"));
const CENSUS: &str = concat!(include_str!("../sql/niveaux.sql"), include_str!("recensement.sql"));
const HOUSEHOLDS: &str = concat!(include_str!("../sql/niveaux.sql"), include_str!("menages.sql"));
const PYRAMID: &str = include_str!("pyramide.sql");

row! {
    /// Municipal population of one year, in the territory of today.
    Population { pop: Decimal, estime: bool }
    /// The newest census on people. Columns are those of the producer: `c_` of the complementary exploitation.
    People {
        /// Inhabitants of the territory, for the thresholds.
        habitants: i64,
        /// The territory was divided since: its figures are shared out.
        estime: bool,
        annee_m5: Option<i32>, annee_m10: Option<i32>,
        pop: Decimal,
        /// Inhabitants of the communes that the census before knew too.
        pop_suivie: Option<Decimal>,
        pop_m5: Option<Decimal>, pop_m10: Option<Decimal>,
        naissances: Option<Decimal>, deces: Option<Decimal>,
        a0014: Option<Decimal>, a1529: Option<Decimal>, a3044: Option<Decimal>, a4559: Option<Decimal>,
        a6074: Option<Decimal>, a75p: Option<Decimal>,
        a0019: Option<Decimal>, a2064: Option<Decimal>, a65p: Option<Decimal>, a80p: Option<Decimal>,
        cs1: Option<Decimal>, cs2: Option<Decimal>, cs3: Option<Decimal>, cs4: Option<Decimal>,
        cs5: Option<Decimal>, cs6: Option<Decimal>, cs7: Option<Decimal>, cs8: Option<Decimal>, cs_tous: Option<Decimal>,
        c_men: Option<Decimal>, c_seuls: Option<Decimal>, c_couples_avec: Option<Decimal>, c_mono: Option<Decimal>,
        c_fam: Option<Decimal>, c_fam3: Option<Decimal>,
    }
    /// Households and the persons in them; the older figures over the communes known at both dates (`_suivis`).
    Households {
        habitants: i64, estime: bool, annee_m5: Option<i32>,
        men: Decimal, pmen: Option<Decimal>,
        men_suivis: Option<Decimal>, pmen_suivis: Option<Decimal>,
        men_m5: Option<Decimal>, pmen_m5: Option<Decimal>,
    }
    /// Persons of one sex (`H`, `F`) and age group.
    Pyramid { habitants: i64, classe: String, sexe: String, personnes: Decimal }
}

/// What the queries of this theme return.
#[derive(Debug, Clone)]
pub struct Tables {
    pub population: Table<Population>,
    pub census: Table<People>,
    pub households: Table<Households>,
    pub pyramid: Table<Pyramid>,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            population: Table::empty("population", "themes/people/population", POPULATION),
            census: Table::empty("rp_demographics", "themes/people/recensement", CENSUS),
            households: Table::empty("rp_housing", "themes/people/menages", HOUSEHOLDS),
            pyramid: Table::empty("rp_demographics", "themes/people/pyramide", PYRAMID),
        }
    }
}

/// Reads the theme for one commune.
///
/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    let (population, census, households, pyramid) = tokio::try_join!(
        asked.with_peers("population", "themes/people/population", POPULATION),
        asked.with_peers("rp_demographics", "themes/people/recensement", CENSUS),
        asked.with_peers("rp_housing", "themes/people/menages", HOUSEHOLDS),
        asked.own("rp_demographics", "themes/people/pyramide", PYRAMID),
    )?;
    Ok(Tables { population, census, households, pyramid })
}

/// Adds the facts of the theme.
pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    population(sheet, raw);
    growth::add(sheet, raw);
    ages::add(sheet, raw);
    households::add(sheet, raw);
}

/// `serie_population` and `pyramide`.
pub fn exhibits(sheet: &SheetBuilder<'_>, raw: &Raw) -> [(String, Value); 2] {
    [("serie_population".to_owned(), series(sheet, raw)), ("pyramide".to_owned(), ages::pyramid(raw))]
}

/// The territories whose long series is drawn.
const NEAR: [ScopeKind; 3] = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep];

fn population(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.people.population);
    let years = raw.people.population.years();
    let year = years.last().copied().unwrap_or_default();
    table.add(sheet, "dem.pop", &OWN, &Moment::during(year.to_string()), |row| row.annee == year, inhabitants);
    arrondissement(sheet, raw);
    for year in years {
        table.add(sheet, "dem.pop", &NEAR, &Moment::year(year), |row| row.annee == year, inhabitants);
    }
}

/// The long series knows cities only: of an arrondissement the census tells the population.
fn arrondissement(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let id = fact_id("dem.pop", None, ScopeKind::Com);
    if raw.territory.ville == raw.territory.commune.code || sheet.is_citable(&id) {
        return;
    }
    let table = Sheet::new(raw, &raw.people.census);
    let year = raw.people.census.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    table.add(sheet, "dem.pop", &[ScopeKind::Com], &moment, |row| row.annee == year, |row| Figure::ok(row.pop));
}

fn inhabitants(row: &Population) -> Figure {
    let figure = Figure::ok(row.pop);
    match row.estime {
        true => {
            figure.with_caution(domain::fact::FactStatus::Modelled, "population reconstituée dans le territoire actuel")
        }
        false => figure,
    }
}

/// Years known for the commune, and the facts of each at the commune, its intercommunality and its département.
fn series(sheet: &SheetBuilder<'_>, raw: &Raw) -> Value {
    let id = |year: i32, kind| fact_id("dem.pop", Some(year), kind);
    let years: Vec<i32> =
        raw.people.population.years().into_iter().filter(|year| sheet.is_citable(&id(*year, ScopeKind::Com))).collect();
    let ids = |kind| years.iter().map(|year| id(*year, kind)).collect::<Vec<_>>();
    json!({"indicator": "dem.pop", "annees": years, "facts":
        {"com": ids(ScopeKind::Com), "epci": ids(ScopeKind::Epci), "dep": ids(ScopeKind::Dep)}})
}

/// A column that the producer's file does not have.
const ABSENT: &str = "variable absente du fichier";

/// A figure of the commune whose territory was divided since the census is an estimate; larger sums hardly move.
fn shared_out(figure: Figure, scope: &str, estimated: bool) -> Figure {
    match estimated && matches!(scope, "com" | "sim") {
        true => figure.with_caution(
            domain::fact::FactStatus::Modelled,
            "commune divisée depuis le recensement\u{a0}: chiffre réparti selon la population",
        ),
        false => figure,
    }
}

#[cfg(test)]
pub mod database;
#[cfg(test)]
pub mod samples;
#[cfg(test)]
mod tests;
