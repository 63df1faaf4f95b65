//! What changes hands: how often, at what price, how large; new dwellings, building plots.

#[cfg(test)]
pub mod samples;

use domain::fact::ScopeKind;
use indicators::{Figure, Moment, SheetBuilder, sales};
use rust_decimal::Decimal;
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use super::scoped::{OWN, Sheet, all_scopes};
use crate::study::StudyError;

const MARKET: &str = concat!(include_str!("../sql/membres.sql"), include_str!("marche.sql"));

row! {
    /// Sales of the last whole year; plots of the last five.
    Market {
        log: Option<Decimal>, log_sources: Vec<i32>,
        /// Usable sales of existing dwellings, and sales before completion.
        ventes: i64, vefa: i64,
        /// Euros of the usable sales.
        volume: Decimal,
        appt_n: i64, appt_prix: Option<Decimal>, appt_surface: Option<Decimal>,
        mais_n: i64, mais_prix: Option<Decimal>, mais_surface: Option<Decimal>,
        terrain_n: i64, terrain: Option<Decimal>, terrain_sources: Vec<i32>,
    }
}

/// What the query of this theme returns.
#[derive(Debug, Clone)]
pub struct Tables {
    pub market: Table<Market>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { market: Table::empty("dvf", "themes/marche", MARKET) }
    }
}

/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    Ok(Tables { market: asked.with_peers("dvf", "themes/marche", MARKET).await? })
}

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let market = &raw.transactions.market;
    let table = Sheet::new(raw, market);
    let year = market.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    let wanted = |row: &Market| row.annee == year;
    let mut at = |id: &str, scopes: &[ScopeKind], formula: &dyn Fn(&Market) -> Figure| {
        table.add(sheet, id, scopes, &moment, wanted, formula);
    };
    at("dvf.prix_med[appt]", &OWN, &|row| sales(row.appt_prix, row.appt_n));
    at("dvf.prix_med[mais]", &OWN, &|row| sales(row.mais_prix, row.mais_n));
    at("dvf.surf_med[appt]", &OWN, &|row| sales(row.appt_surface, row.appt_n));
    at("dvf.surf_med[mais]", &OWN, &|row| sales(row.mais_surface, row.mais_n));
    at("dvf.part_vefa", &all_scopes(), &new_dwellings);
    at("dvf.volume", &OWN, &volume);
    let plots = Moment::during(format!("{}-{year}", year - 4));
    let five_years = resting_on(market, |row| &row.terrain_sources);
    let table = Sheet::new(raw, &five_years);
    table.add(sheet, "dvf.terrain", &OWN, &plots, wanted, |row| sales(row.terrain, row.terrain_n));
    table.add(sheet, "dvf.terrain_n", &OWN, &plots, wanted, |row| Figure::ok(row.terrain_n.into()));
    let census = resting_on(market, |row| &row.log_sources);
    Sheet::new(raw, &census).add(sheet, "dvf.rotation", &all_scopes(), &moment, wanted, rotation);
}

/// The same rows, resting on other files as well.
fn resting_on(table: &Table<Market>, more: impl Fn(&Market) -> &[i32]) -> Table<Market> {
    let both = |row: &Market| {
        let sources = row.sources.iter().chain(more(row)).copied().collect();
        Market { sources, ..row.clone() }
    };
    Table {
        rows: table.rows.iter().map(both).collect(),
        peers: table.peers.iter().map(both).collect(),
        ..table.clone()
    }
}

/// Usable sales for a thousand dwellings.
fn rotation(row: &Market) -> Figure {
    let dwellings = Figure::or_missing(row.log, "logements du recensement non chargés");
    Figure::ratio(&Figure::ok(row.ventes.into()), &dwellings, Decimal::ONE_THOUSAND)
}

/// Below eleven sales neither a share nor a total is told: it could be one person's.
fn new_dwellings(row: &Market) -> Figure {
    let all = row.ventes + row.vefa;
    let share = Figure::share(&Figure::ok(row.vefa.into()), &Figure::ok(all.into()));
    sales(share.value, all)
}

fn volume(row: &Market) -> Figure {
    sales(Some(row.volume / Decimal::from(1_000_000)), row.ventes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::fact::FactStatus;

    fn town(ventes: i64, vefa: i64) -> Market {
        Market {
            scope: "com".to_owned(),
            annee: 2024,
            sources: vec![8],
            part: Decimal::ONE,
            log: Some(4_000.into()),
            log_sources: vec![3],
            ventes,
            vefa,
            volume: 18_400_000.into(),
            appt_n: 60,
            appt_prix: Some(172_000.into()),
            appt_surface: Some(61.into()),
            mais_n: 10,
            mais_prix: Some(240_000.into()),
            mais_surface: Some(98.into()),
            terrain_n: 4,
            terrain: Some(90.into()),
            terrain_sources: vec![8],
        }
    }

    #[test]
    fn a_hundred_sales_among_four_thousand_dwellings_are_25_for_a_thousand() {
        assert_eq!(rotation(&town(100, 0)).value, Some(25.into()));
        assert_eq!(new_dwellings(&town(75, 25)).value, Some(25.into()));
        assert_eq!(volume(&town(100, 0)).value, Some(Decimal::new(184, 1)));
    }

    #[test]
    fn ten_sales_tell_neither_a_volume_nor_a_share() {
        assert_eq!(volume(&town(10, 0)).status, FactStatus::Missing);
        assert_eq!(new_dwellings(&town(4, 6)).status, FactStatus::Missing);
        assert_eq!(new_dwellings(&town(5, 6)).status, FactStatus::LowN);
        assert_eq!(rotation(&Market { log: None, ..town(10, 0) }).status, FactStatus::Missing);
    }
}
