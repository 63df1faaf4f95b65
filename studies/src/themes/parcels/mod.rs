//! Parcels of the cadastre, of the communes that somebody asked about.

use domain::fact::ScopeKind;
use indicators::{Figure, Moment, SheetBuilder};
use rust_decimal::Decimal;
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use super::scoped::Sheet;
use crate::study::StudyError;

const PARCELS: &str = concat!(include_str!("../sql/membres.sql"), include_str!("parcelles.sql"));

row! {
    /// The parcels of a commune, in m² of the land register.
    Parcels { n: i64, aire: Option<Decimal>, grandes: Decimal, mediane: Option<Decimal>, millesime: String }
}

/// What the query of this theme returns.
#[derive(Debug, Clone)]
pub struct Tables {
    pub parcels: Table<Parcels>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { parcels: Table::empty("parcelles", "themes/parcelles", PARCELS) }
    }
}

/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    // A partition per commune that somebody asked about: all of them are opened to find that none is this commune's.
    let loaded: bool = sqlx::query_scalar(LOADED).bind(asked.commune).fetch_one(asked.db).await?;
    if !loaded {
        return Ok(Tables::default());
    }
    Ok(Tables { parcels: asked.own("parcelles", "themes/parcelles", PARCELS).await? })
}

const LOADED: &str = "SELECT EXISTS (SELECT FROM data.data_sources WHERE active AND dataset = 'parcelles'
    AND (perimetre IN ('FR', $1) OR data.commune_mere(perimetre) = data.commune_mere($1)
         OR perimetre = (SELECT departement FROM data.communes WHERE code_insee = data.commune_mere($1))))";

const ABSENT: &str = "contenances absentes du cadastre chargé";

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.parcels.parcels);
    let edition = raw.parcels.parcels.rows.first().map_or_else(String::new, |row| row.millesime.clone());
    let moment = Moment::during(edition);
    let com = [ScopeKind::Com];
    table.add(sheet, "cad.nb", &com, &moment, |_| true, |row| Figure::ok(row.n.into()));
    table.add(sheet, "cad.surf_mediane", &com, &moment, |_| true, |row| Figure::or_missing(row.mediane, ABSENT));
    table.add(sheet, "cad.part_grandes", &com, &moment, |_| true, large);
}

/// Share of the area, not of the number.
fn large(row: &Parcels) -> Figure {
    Figure { n: None, ..Figure::share(&Figure::ok(row.grandes), &Figure::or_missing(row.aire, ABSENT)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hectares_of_five_lie_in_large_parcels() {
        let aire = Some(50_000.into());
        let (scope, sources, millesime) = ("com".to_owned(), vec![1], "2025-07-01".to_owned());
        let row = Parcels {
            scope,
            annee: 2025,
            sources,
            part: Decimal::ONE,
            n: 80,
            aire,
            grandes: 20_000.into(),
            mediane: None,
            millesime,
        };
        assert_eq!(large(&row).value, Some(40.into()));
        assert!(!large(&Parcels { aire: None, ..row }).status.is_citable());
    }
}
