//! What the queries of the themes return, before any formula: counts and medians by territory, with the files they came from.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::fact::ScopeKind;
use domain::ports::{CertificateCounts, CertificateMedian};
use rust_decimal::Decimal;
use sqlx::FromRow;

use indicators::scope_name;
use indicators::territory::Territory;

/// Everything that the collector read for one commune.
#[derive(Debug, Clone)]
pub struct Raw {
    pub territory: Territory,
    pub reference_version: i64,
    pub coverage: Coverage,
    pub sources: BTreeMap<i32, Source>,
    pub housing: Table<Housing>,
    pub vacancy: Table<Vacancy>,
    pub social: Table<Social>,
    pub zoning: Table<Zoning>,
    pub rents: Table<Rent>,
    pub sales: Table<Sales>,
    pub people: super::people::Tables,
    pub incomes: super::incomes::Tables,
    pub prospects: super::prospects::Tables,
    pub benefits: super::benefits::Tables,
    pub sizes: super::sizes::Tables,
    pub building: super::building::Tables,
    pub transactions: super::transactions::Tables,
    pub parcels: super::parcels::Tables,
    pub sru: super::sru::Tables,
    /// What a loan supposes.
    pub parameters: Vec<super::budget::Parameter>,
    pub around: super::territory::Tables,
    pub energy: Energy,
    pub measures: Measures,
    /// Outlines of the communes around, with their vacancy.
    pub map: super::maps::RawMap,
}

/// A row of `data.data_sources`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Source {
    pub id: i32,
    pub dataset: String,
    pub producteur: String,
    pub titre: String,
    pub millesime: String,
    pub licence: String,
    pub synthetique: bool,
}

/// Which datasets are loaded for which scope.
#[derive(Debug, Clone, Default)]
pub struct Coverage(pub BTreeMap<(String, ScopeKind), bool>);

impl Coverage {
    /// Whether every part of the scope lies in a loaded file.
    #[must_use]
    pub fn is_loaded(&self, dataset: &str, kind: ScopeKind) -> bool {
        self.0.get(&(dataset.to_owned(), kind)).copied().unwrap_or(false)
    }
}

/// Rows of one query: the scopes', and the peers' one by one.
#[derive(Debug, Clone)]
pub struct Table<T> {
    pub dataset: &'static str,
    /// Name and text of the SQL file.
    pub query: &'static str,
    pub sql: &'static str,
    pub rows: Vec<T>,
    pub peers: Vec<T>,
}

/// What every row says besides its figures.
pub trait Row {
    fn scope(&self) -> &str;
    fn year(&self) -> i32;
    fn sources(&self) -> &[i32];
    /// Share of the scope's inhabitants (or of its weights) that the rows stand for.
    fn share(&self) -> Decimal;
}

impl<T: Row> Table<T> {
    /// A table that nothing was read into.
    #[must_use]
    pub fn empty(dataset: &'static str, query: &'static str, sql: &'static str) -> Self {
        Self { dataset, query, sql, rows: vec![], peers: vec![] }
    }

    /// Rows of a scope, in the order of years.
    pub fn of(&self, kind: ScopeKind) -> impl Iterator<Item = &T> {
        let name = scope_name(kind);
        self.rows.iter().filter(move |row| row.scope() == name)
    }

    /// Years present at any scope, ascending.
    #[must_use]
    pub fn years(&self) -> Vec<i32> {
        let years: std::collections::BTreeSet<i32> = self.rows.iter().map(Row::year).collect();
        years.into_iter().collect()
    }
}

/// Rows of a query: what every row says, and the figures of the theme.
macro_rules! row {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ty),* $(,)? })*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, FromRow)]
        pub struct $name {
            /// `com` … `fr`, or `sim` for one peer.
            pub scope: String,
            pub annee: i32,
            pub sources: Vec<i32>,
            pub part: Decimal,
            $($(#[$field_doc])* pub $field: $kind,)*
        }
        impl Row for $name {
            fn scope(&self) -> &str { &self.scope }
            fn year(&self) -> i32 { self.annee }
            fn sources(&self) -> &[i32] { &self.sources }
            fn share(&self) -> Decimal { self.part }
        }
    )* };
}

pub(super) use row;

row! {
    /// Dwellings and main residences of one census vintage.
    Housing {
        /// Inhabitants of the territory, for the thresholds.
        habitants: i64,
        log: Decimal, rp: Decimal, rsecocc: Decimal, logvac: Decimal,
        maison: Option<Decimal>, appart: Option<Decimal>,
        /// Main residences by number of rooms.
        rp_1p: Option<Decimal>, rp_2p: Option<Decimal>, rp_3p: Option<Decimal>, rp_4p: Option<Decimal>,
        rp_5pp: Option<Decimal>,
        rp_prop: Option<Decimal>, rp_loc: Option<Decimal>, rp_hlm: Option<Decimal>, rp_grat: Option<Decimal>,
        /// Households, and the persons in them.
        men: Option<Decimal>, pmen: Option<Decimal>,
        /// Complementary exploitation: over-occupation.
        rp_hstu1p: Option<Decimal>, rp_hstu1p_surocc: Option<Decimal>,
        /// Main residences by last year of the period of construction.
        achtot: Option<Decimal>, ach19: Option<Decimal>, ach45: Option<Decimal>, ach70: Option<Decimal>,
        ach90: Option<Decimal>, ach05: Option<Decimal>,
        /// Households by years since they moved in: less than two, to four, to nine, ten and more.
        anem02: Option<Decimal>, anem04: Option<Decimal>, anem09: Option<Decimal>, anem10: Option<Decimal>,
        /// Dwellings five or six years before.
        annee_m5: Option<i32>, log_m5: Option<Decimal>,
    }
    /// Vacancy of the private stock. Each ratio has its own sums, over the communes where both sides are published.
    Vacancy {
        parc: Option<Decimal>, vac: Option<Decimal>, vac2: Option<Decimal>,
        tx_vac: Option<Decimal>, tx_parc: Option<Decimal>,
        tx2_vac2: Option<Decimal>, tx2_parc: Option<Decimal>,
        part2_vac2: Option<Decimal>, part2_vac: Option<Decimal>,
        /// Communes left out of the sums of vacancy, and of those of long vacancy.
        sans_vac: i64, sans_vac2: i64,
        /// Whether the commune's own figures are secret.
        secret_vac: bool, secret_vac2: bool, secret_parc: bool,
        /// The stock is that of the year before.
        parc_precedent: bool,
    }
    /// The social stock. A rate above the commune is a mean weighted by dwellings, over the share `…_part` of them.
    Social {
        /// `None` where nothing is known: an arrondissement of a city that the file knows as a whole.
        nb_ls: Option<Decimal>, secret: bool,
        /// Made of several rows of the file.
        composee: bool,
        /// Marks of the commune's own row: `tx_mob=nd`.
        marques: Vec<String>,
        tx_vac: Option<Decimal>, vac_part: Option<Decimal>, tx_vac3: Option<Decimal>, vac3_part: Option<Decimal>,
        tx_mob: Option<Decimal>, mob_part: Option<Decimal>, loyer: Option<Decimal>, loyer_part: Option<Decimal>,
        age: Option<Decimal>, age_part: Option<Decimal>,
        neufs: Option<Decimal>, plai: Option<Decimal>, plus: Option<Decimal>, pls: Option<Decimal>,
        autres: Option<Decimal>, t1t2: Option<Decimal>, dpe: Option<Decimal>, dpe_efg: Option<Decimal>,
        /// Main residences of the census, the files they come from and the share of the inhabitants that they stand for.
        rp: Option<Decimal>, rp_sources: Vec<i32>, rp_part: Decimal,
    }
    /// ABC zone in force.
    Zoning { zone: String, zone_precedente: Option<String>, date_effet: NaiveDate }
    /// Advertised rent of one kind of dwelling.
    Rent {
        segment: String, loyer: Decimal, bas: Option<Decimal>, haut: Option<Decimal>,
        type_prediction: Option<String>, annonces: Option<i64>, r2: Option<Decimal>,
    }
    /// Prices of one kind of dwelling over `fenetre` years ending in `annee`.
    Sales {
        type_logement: String, fenetre: i32, n: i64,
        med: Option<Decimal>, q1: Option<Decimal>, q3: Option<Decimal>,
    }
}

/// The live answer of ADEME, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Energy {
    Counted(CertificateCounts),
    Unavailable { asked_at: Option<DateTime<Utc>> },
}

/// What else the certificates say; `None` where ADEME did not answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measures {
    pub climate: Option<CertificateCounts>,
    pub consumption: Option<CertificateMedian>,
    pub emissions: Option<CertificateMedian>,
}
