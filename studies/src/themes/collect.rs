//! Reads what the themes need for one commune: the territory first, then its peers, then every table at once.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::fact::ScopeKind;
use domain::ports::{CertificateMeasure, EnergyCertificates, PortError};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgPool};

use super::maps::RawMap;
use super::raw::{Coverage, Energy, Measures, Raw, Row, Source, Table};
use super::{
    benefits, budget, building, incomes, maps, parcels, people, prospects, scoped, sizes, sql, sru, territory,
    transactions, vacancy,
};
use crate::study::{StudyError, StudyInfo};
use indicators::territory::{Place, Territory};
use indicators::{Candidate, Kinship, Peers, SIZE_LIMITS, choose_peers, scope_name, scope_order, size_class};

#[derive(FromRow)]
struct TerritoryRow {
    code: String,
    nom: String,
    ville: String,
    epci: Option<String>,
    epci_nom: Option<String>,
    departement: String,
    departement_nom: String,
    region: String,
    region_nom: String,
    population: i64,
    communes_epci: i64,
    communes_departement: i64,
    cog: i32,
    zone: Option<String>,
    reference_version: i64,
}

/// How far to look.
pub enum Reach<'a> {
    /// Every scope, the peers and the energy certificates: a report.
    Report(&'a dyn EnergyCertificates),
    /// The commune alone, and its map: what a page of the shop shows. Other scopes are `missing`.
    Commune,
    /// These scopes alone: what a verdict rests on.
    Scopes(&'a [ScopeKind]),
}

/// How often the tables are read again because an import replaced some of them meanwhile. Promotions are rare.
const ATTEMPTS: u32 = 5;

/// Everything that the facts are made of, from one version of the open data.
///
/// Several connections read at once, and an import puts whole new tables in the place of old ones: no snapshot of one
/// transaction would hold them together. So the version is looked at before and after, and what moved is read again. Views are
/// made anew after the swap: a report waits until they tell the same state.
///
/// # Errors
/// Unknown commune, an unreadable database, or data that were replaced again and again.
pub async fn read(db: &PgPool, commune: &str, study: &StudyInfo, reach: Reach<'_>) -> Result<Raw, StudyError> {
    for attempt in 1..=ATTEMPTS {
        if let Reach::Report(_) = reach {
            views_have_followed(db, commune).await?;
        }
        let mut raw = tables(db, commune, study, &reach).await?;
        let version: i64 = sqlx::query_scalar(sql::VERSION).fetch_one(db).await?;
        if version == raw.reference_version {
            if let Reach::Report(dpe) = reach {
                (raw.energy, raw.measures) = energy(db, &raw.territory, dpe).await?;
            }
            return Ok(raw);
        }
        tracing::info!(commune, attempt, "the open data changed while they were read: reading them again");
    }
    Err(StudyError::Moving)
}

/// How often to look whether the views have followed the tables.
const LOOK: Duration = Duration::from_secs(1);

/// Waits while views tell a state of the data that the tables have left.
async fn views_have_followed(db: &PgPool, commune: &str) -> Result<(), StudyError> {
    let mut told = false;
    while sqlx::query_scalar::<_, bool>(sql::BEHIND).fetch_one(db).await? {
        if !told {
            tracing::info!(commune, "views are being made anew after an import: the report waits for them");
            told = true;
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// The tables, read once.
async fn tables(db: &PgPool, commune: &str, study: &StudyInfo, reach: &Reach<'_>) -> Result<Raw, StudyError> {
    let row: TerritoryRow = sqlx::query_as(sql::TERRITOIRE)
        .bind(commune)
        .fetch_optional(db)
        .await?
        .ok_or_else(|| StudyError::UnknownCommune(commune.to_owned()))?;
    let zone = row.zone.clone();
    let reference_version = row.reference_version;
    let territory = Territory::from(row);
    let (scopes, peers) = match reach {
        // Nothing is compared with thousands of villages where the intercommunality is spoken of.
        Reach::Report(_) if study.is_too_small(&territory) => (scoped::OWN.as_slice(), Peers::default()),
        Reach::Report(_) => (scoped::OWN.as_slice(), peers(db, &territory, zone.as_deref()).await?),
        Reach::Commune => ([ScopeKind::Com].as_slice(), Peers::default()),
        Reach::Scopes(scopes) => (*scopes, Peers::default()),
    };
    let scopes: Vec<&str> = scopes.iter().copied().map(scope_name).collect();
    let scopes = scopes.as_slice();
    let datasets = study.datasets;
    let all = Asked { db, commune, datasets, scopes, peers: &peers.codes, kinship: peers.kinship };
    let (coverage, sources, people, incomes, prospects, benefits, housing, vacancy) = tokio::try_join!(
        coverage(db, commune, scopes),
        sources(db, commune, datasets),
        people::read(&all),
        incomes::read(&all),
        prospects::read(&all),
        benefits::read(&all),
        all.with_peers("rp_housing", "themes/logements", sql::LOGEMENTS),
        all.with_peers("lovac", "themes/vacance", sql::VACANCE),
    )?;
    let (around, sizes, building, transactions, parcels, sru, parameters, social, zoning, rents, sales) = tokio::try_join!(
        territory::read(&all),
        sizes::read(&all),
        building::read(&all),
        transactions::read(&all),
        parcels::read(&all),
        sru::read(&all),
        budget::read(&all),
        all.with_peers("rpls", "themes/social", sql::SOCIAL),
        all.own("zonage_abc", "themes/zonage", sql::ZONAGE),
        all.with_peers("anil_loyers", "themes/loyers", sql::LOYERS),
        all.with_peers("dvf", "themes/ventes", sql::VENTES),
    )?;
    let (energy, map) = (Energy::Unavailable { asked_at: None }, RawMap::default());
    let mut raw = Raw {
        territory,
        reference_version,
        coverage,
        sources,
        people,
        incomes,
        prospects,
        benefits,
        housing,
        vacancy,
        sizes,
        building,
        transactions,
        parcels,
        sru,
        parameters,
        social,
        zoning,
        rents,
        sales,
        around,
        energy,
        measures: Measures::default(),
        map,
    };
    raw.map = maps::read(db, commune, &raw.territory.ville, vacancy::latest_year(&raw)).await?;
    Ok(raw)
}

impl From<TerritoryRow> for Territory {
    fn from(row: TerritoryRow) -> Self {
        let place = |code, nom| Place { code, nom };
        Self {
            commune: place(row.code, row.nom),
            ville: row.ville,
            epci: row.epci.zip(row.epci_nom).map(|(code, nom)| Place { code, nom }),
            departement: place(row.departement, row.departement_nom),
            region: place(row.region, row.region_nom),
            population: row.population,
            communes_epci: row.communes_epci,
            communes_departement: row.communes_departement,
            cog: row.cog,
        }
    }
}

/// The queries of one commune.
pub struct Asked<'a> {
    pub db: &'a PgPool,
    pub commune: &'a str,
    /// Those of the study: what no dataset of it feeds is not read.
    pub datasets: &'a [&'a str],
    pub scopes: &'a [&'a str],
    pub peers: &'a [String],
    /// What makes the peers comparable; `None` without peers.
    pub kinship: Option<Kinship>,
}

impl Asked<'_> {
    /// Whether the study uses one of these datasets.
    pub fn uses(&self, datasets: &[&str]) -> bool {
        datasets.iter().any(|dataset| self.datasets.contains(dataset))
    }

    /// Rows of the scopes alone.
    pub async fn own<T>(
        &self,
        dataset: &'static str,
        query: &'static str,
        sql: &'static str,
    ) -> Result<Table<T>, StudyError>
    where
        T: Row + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let rows = sqlx::query_as::<_, T>(sql).bind(self.commune).bind(self.scopes).fetch_all(self.db).await?;
        Ok(Table { dataset, query, sql, rows, peers: vec![] })
    }

    /// Rows of the scopes and of the peers.
    pub async fn with_peers<T>(
        &self,
        dataset: &'static str,
        query: &'static str,
        sql: &'static str,
    ) -> Result<Table<T>, StudyError>
    where
        T: Row + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let rows = sqlx::query_as::<_, T>(sql)
            .bind(self.commune)
            .bind(self.scopes)
            .bind(self.peers)
            .fetch_all(self.db)
            .await?;
        let (peers, rows) = rows.into_iter().partition(|row| row.scope() == scope_name(ScopeKind::Sim));
        Ok(Table { dataset, query, sql, rows, peers })
    }
}

/// The comparable communes, the commune included.
async fn peers(db: &PgPool, territory: &Territory, zone: Option<&str>) -> Result<Peers, StudyError> {
    let class = size_class(territory.population);
    let limit = |class: usize| class.checked_sub(1).and_then(|at| SIZE_LIMITS.get(at)).copied().unwrap_or(0);
    let least = limit(class.saturating_sub(1));
    let greatest = SIZE_LIMITS.get(class.max(1)).copied().unwrap_or(i64::MAX);
    let rows: Vec<(String, i64, Option<String>)> =
        sqlx::query_as(sql::COMPARABLES).bind(least).bind(greatest).fetch_all(db).await?;
    let candidates: Vec<Candidate> =
        rows.into_iter().map(|(code, population, zone)| Candidate { code, population, zone }).collect();
    Ok(choose_peers(&candidates, territory.population, zone))
}

async fn coverage(db: &PgPool, commune: &str, scopes: &[&str]) -> Result<Coverage, StudyError> {
    let rows: Vec<(String, String, bool)> =
        sqlx::query_as(sql::COUVERTURE).bind(commune).bind(scopes).fetch_all(db).await?;
    let mut coverage = Coverage::default();
    for (dataset, scope, loaded) in rows {
        if let Some(kind) = scope_order().into_iter().find(|kind| scope_name(*kind) == scope) {
            coverage.0.insert((dataset, kind), loaded);
        }
    }
    Ok(coverage)
}

async fn sources(db: &PgPool, commune: &str, datasets: &[&str]) -> Result<BTreeMap<i32, Source>, StudyError> {
    let rows: Vec<Source> = sqlx::query_as(sql::SOURCES).bind(datasets).bind(commune).fetch_all(db).await?;
    Ok(rows.into_iter().map(|source| (source.id, source)).collect())
}

/// The certificates of the commune, under every code where ADEME files them: a city of arrondissements has theirs alone, a
/// merged commune those of the communes that it took over whole.
async fn energy(
    db: &PgPool,
    territory: &Territory,
    dpe: &dyn EnergyCertificates,
) -> Result<(Energy, Measures), StudyError> {
    let commune = &territory.commune.code;
    let mut codes: Vec<String> =
        sqlx::query_scalar("SELECT code FROM data.arrondissements_plm WHERE parent = $1 ORDER BY code")
            .bind(commune)
            .fetch_all(db)
            .await?;
    if codes.is_empty() {
        codes = sqlx::query_scalar(
            "SELECT $1 UNION SELECT code_source FROM data.rattachement WHERE code_insee = $1 AND ratio = 1 ORDER BY 1",
        )
        .bind(commune)
        .fetch_all(db)
        .await?;
    }
    let counts = match dpe.by_label(&codes).await {
        Ok(counts) => counts,
        Err(error) => {
            tracing::warn!(commune, %error, "energy certificates are not answering; the report goes without");
            return Ok((Energy::Unavailable { asked_at: None }, Measures::default()));
        }
    };
    let (climate, consumption, emissions) = tokio::join!(
        dpe.by_climate_label(&codes),
        dpe.median(&codes, CertificateMeasure::Consumption, counts.total),
        dpe.median(&codes, CertificateMeasure::Emissions, counts.total),
    );
    let measures = Measures {
        climate: answered(commune, "labels of greenhouse gases", climate),
        consumption: answered(commune, "consumption", consumption),
        emissions: answered(commune, "emissions", emissions),
    };
    Ok((Energy::Counted(counts), measures))
}

/// What ADEME answered, or nothing: a figure less, and an order delivered.
fn answered<T>(commune: &str, what: &str, answer: Result<T, PortError>) -> Option<T> {
    answer.inspect_err(|error| tracing::warn!(commune, what, %error, "the report goes without")).ok()
}
