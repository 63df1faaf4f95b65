//! Small households beside small dwellings. The commune files tell kinds of households and not their sizes: the share of
//! households of one or two persons is our estimate, and says so.

#[cfg(test)]
pub mod samples;

use domain::fact::FactStatus;
use rust_decimal::Decimal;
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use super::scoped::{Sheet, all_scopes};
use crate::study::StudyError;
use indicators::{Figure, Moment, SheetBuilder, census_rate, complementary};

const SIZES: &str = concat!(include_str!("../sql/membres.sql"), include_str!("tailles.sql"));

row! {
    /// Households by kind, and main residences by rooms.
    Sizes {
        habitants: i64, menages: Option<Decimal>, seuls: Option<Decimal>, couples: Option<Decimal>,
        rp: Option<Decimal>, rp_12: Option<Decimal>,
    }
}

/// What the query of this theme returns.
#[derive(Debug, Clone)]
pub struct Tables {
    pub sizes: Table<Sizes>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { sizes: Table::empty("rp_demographics", "themes/tailles", SIZES) }
    }
}

/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    Ok(Tables { sizes: asked.with_peers("rp_demographics", "themes/tailles", SIZES).await? })
}

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.sizes.sizes);
    let year = raw.sizes.sizes.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    table.add(sheet, "log.p12", &all_scopes(), &moment, |row| row.annee == year, small_households);
    table.add(sheet, "log.ecart_taille", &all_scopes(), &moment, |row| row.annee == year, gap);
}

const ABSENT: &str = "variable absente du fichier";

/// Persons alone and couples without a child: nearly always one or two persons, since a lone parent with one child is left
/// out and a couple sharing its home with a relative is in.
fn small_households(row: &Sizes) -> Figure {
    let small = row.seuls.zip(row.couples).map(|(alone, couples)| alone + couples);
    let share = Figure::share(&Figure::or_missing(small, ABSENT), &Figure::or_missing(row.menages, ABSENT));
    complementary(census_rate(share, row.menages, row.habitants), row.habitants)
        .with_caution(FactStatus::Modelled, "estimé d’après les types de ménages")
}

/// Points between the share of small households and that of small dwellings: the second is no denominator of the first.
fn gap(row: &Sizes) -> Figure {
    let households = small_households(row);
    let share = Figure::share(&Figure::or_missing(row.rp_12, ABSENT), &Figure::or_missing(row.rp, ABSENT));
    let dwellings = census_rate(share, row.rp, row.habitants);
    match (households.value, dwellings.value) {
        (Some(a), Some(b)) => Figure { value: Some(a - b), ..households },
        (None, _) => households,
        (_, None) => dwellings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn village(habitants: i64) -> Sizes {
        let some = |value: i64| Some(Decimal::from(value));
        Sizes {
            scope: "com".to_owned(),
            annee: 2021,
            sources: vec![1],
            part: Decimal::ONE,
            habitants,
            menages: some(1_000),
            seuls: some(350),
            couples: some(270),
            rp: some(1_010),
            rp_12: some(101),
        }
    }

    #[test]
    fn sixty_two_percent_of_small_households_and_ten_of_small_dwellings_are_fifty_two_points_apart() {
        let row = village(2_400);
        assert_eq!(small_households(&row).value, Some(Decimal::from(62)));
        assert_eq!((gap(&row).value, gap(&row).status), (Some(Decimal::from(52)), FactStatus::Modelled));
    }

    #[test]
    fn a_village_of_four_hundred_has_no_figure_of_the_sample() {
        assert_eq!(gap(&village(400)).status, FactStatus::Missing);
        assert_eq!(gap(&Sizes { seuls: None, ..village(2_400) }).status, FactStatus::Missing);
        assert_eq!(gap(&Sizes { rp_12: None, ..village(2_400) }).status, FactStatus::Missing);
    }
}
