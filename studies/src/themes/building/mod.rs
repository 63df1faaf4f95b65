//! What was authorised, started and needed: building permits (SITADEL), alone and beside two censuses.

#[cfg(test)]
mod database;
mod needs;
mod permits;
#[cfg(test)]
pub mod samples;

use indicators::SheetBuilder;
use rust_decimal::Decimal;
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use crate::study::StudyError;

const YEARS: &str = concat!(include_str!("../sql/membres.sql"), include_str!("permis.sql"));
const TOTALS: &str = concat!(include_str!("../sql/membres.sql"), include_str!("construction.sql"));
const NEEDS: &str = concat!(include_str!("../sql/membres.sql"), include_str!("besoins.sql"));

row! {
    /// One whole year of permits.
    Year {
        autorises: Decimal, commences: Decimal,
        /// Permits that do not tell their dwellings.
        sans_nombre: i64,
        /// Whether starts of that year are still being declared.
        provisoire: bool,
        /// Dwellings authorised in the five last years.
        cinq_ans: Decimal,
    }
    /// The last five and ten years; `annee` is the last of them.
    Totals {
        /// Last year of starts that is no longer provisional.
        fin_commences: i32,
        habitants: i64, log: Option<Decimal>, log_sources: Vec<i32>,
        /// `None` when the lists do not go back that far.
        cinq: Option<Decimal>, dix: Option<Decimal>,
        collectifs: Decimal, demolis: Decimal,
        /// Authorised and started in the five years up to `fin_commences`.
        autorises: Option<Decimal>, commences: Decimal,
        delai: Option<Decimal>, delai_n: i64,
    }
    /// Two censuses of one territory, and the dwellings started between them.
    Needs {
        habitants: i64, annee_m5: i32,
        log: Decimal, log_m5: Decimal, rsecocc: Decimal, rsecocc_m5: Decimal, logvac: Decimal, logvac_m5: Decimal,
        men: Option<Decimal>, men_m5: Option<Decimal>, pmen: Option<Decimal>, pmen_m5: Option<Decimal>,
        construits: Option<Decimal>,
    }
}

/// What the queries of this theme return.
#[derive(Debug, Clone)]
pub struct Tables {
    pub years: Table<Year>,
    pub totals: Table<Totals>,
    pub needs: Table<Needs>,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            years: Table::empty("sitadel", "themes/permis", YEARS),
            totals: Table::empty("sitadel", "themes/construction", TOTALS),
            needs: Table::empty("sitadel", "themes/besoins", NEEDS),
        }
    }
}

/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    let (years, totals, needs) = tokio::try_join!(
        asked.own("sitadel", "themes/permis", YEARS),
        asked.with_peers("sitadel", "themes/construction", TOTALS),
        asked.own("sitadel", "themes/besoins", NEEDS),
    )?;
    Ok(Tables { years, totals, needs })
}

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    permits::add(sheet, raw);
    needs::add(sheet, raw);
}
