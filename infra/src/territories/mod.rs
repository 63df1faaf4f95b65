//! Communes in PostgreSQL: the search box, a commune's page, the outlines around it.

mod loaded;
mod map;
mod maps;
mod query;
mod search;

use async_trait::async_trait;
use domain::ports::{
    CommunePage, CommuneRef, EpciRef, LoadedFile, MapLevel, MapOf, MapSheet, Named, PortError, Territories,
};
use sqlx::{FromRow, PgPool};

/// The territories port on schema `data`.
pub struct PgTerritories {
    pool: PgPool,
}

/// A commune or a municipal arrondissement with its département, as every query of this folder returns it.
#[derive(FromRow)]
struct CommuneRow {
    code: String,
    nom: String,
    departement: String,
    departement_nom: String,
    codes_postaux: Vec<String>,
    population: Option<i32>,
    arrondissement: bool,
}

/// What surrounds a commune.
#[derive(FromRow)]
struct PageRow {
    #[sqlx(flatten)]
    commune: CommuneRow,
    region: String,
    region_nom: String,
    epci_siren: Option<String>,
    epci_nom: Option<String>,
    nb_communes: i64,
    cog_annee: i32,
    chargee: bool,
}

impl PgTerritories {
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    async fn page(&self, code: &str) -> sqlx::Result<Option<PageRow>> {
        // What belongs to an arrondissement's city (EPCI, region, year) is read there.
        sqlx::query_as(
            "SELECT coalesce(a.code, c.code_insee) AS code, coalesce(a.nom, c.nom) AS nom,
                    c.departement, coalesce(d.nom, c.departement) AS departement_nom,
                    coalesce(a.codes_postaux, c.codes_postaux) AS codes_postaux,
                    CASE WHEN a.code IS NULL THEN c.population ELSE a.population END AS population,
                    a.code IS NOT NULL AS arrondissement,
                    c.region, coalesce(r.nom, c.region) AS region_nom, e.siren AS epci_siren, e.nom AS epci_nom,
                    (SELECT count(*) FROM data.communes m WHERE m.epci_siren = c.epci_siren) AS nb_communes,
                    c.cog_annee,
                    coalesce((SELECT l.chargee FROM data.commune_loaded l WHERE l.code_insee = c.code_insee), false)
                      AS chargee
             FROM data.communes c
             LEFT JOIN data.arrondissements_plm a ON a.code = $1 AND a.parent = c.code_insee
             LEFT JOIN data.departements d ON d.code = c.departement
             LEFT JOIN data.regions r ON r.code = c.region
             LEFT JOIN data.epci e ON e.siren = c.epci_siren
             WHERE c.code_insee = data.commune_mere($1)
               AND ($1 = c.code_insee OR a.code IS NOT NULL)",
        )
        .bind(code)
        .fetch_optional(&self.pool)
        .await
    }
}

#[async_trait]
impl Territories for PgTerritories {
    async fn search(&self, words: &str, limit: i64) -> Result<Vec<CommuneRef>, PortError> {
        let rows = search::run(&self.pool, words, limit).await.map_err(|error| down(&error))?;
        Ok(rows.into_iter().map(CommuneRef::from).collect())
    }

    async fn commune(&self, code: &str) -> Result<Option<CommunePage>, PortError> {
        let row = self.page(code).await.map_err(|error| down(&error))?;
        Ok(row.map(CommunePage::from))
    }

    async fn map_around(&self, code: &str) -> Result<Option<MapOf>, PortError> {
        map::around(&self.pool, code).await.map_err(|error| down(&error))
    }

    async fn loaded_files(&self) -> Result<Vec<LoadedFile>, PortError> {
        loaded::files(&self.pool).await.map_err(|error| down(&error))
    }

    async fn map_sheet(&self, level: MapLevel, code: &str) -> Result<Option<MapSheet>, PortError> {
        maps::sheet(&self.pool, level, code).await.map_err(|error| down(&error))
    }

    async fn map_document(&self, level: MapLevel, code: &str, digest: &str) -> Result<Option<Vec<u8>>, PortError> {
        maps::document(&self.pool, level, code, digest).await.map_err(|error| down(&error))
    }
}

impl From<CommuneRow> for CommuneRef {
    fn from(row: CommuneRow) -> Self {
        Self {
            code: row.code,
            nom: row.nom,
            departement: Named { code: row.departement, nom: row.departement_nom },
            codes_postaux: row.codes_postaux,
            population: row.population.map(i64::from),
            arrondissement: row.arrondissement,
        }
    }
}

impl From<PageRow> for CommunePage {
    fn from(row: PageRow) -> Self {
        let nb_communes = row.nb_communes;
        Self {
            commune: row.commune.into(),
            region: Named { code: row.region, nom: row.region_nom },
            epci: row.epci_siren.zip(row.epci_nom).map(|(siren, nom)| EpciRef { siren, nom, nb_communes }),
            cog_annee: row.cog_annee,
            loaded: row.chargee,
        }
    }
}

fn down(error: &sqlx::Error) -> PortError {
    PortError::Transient { service: "territories", message: error.to_string(), retry_after: None }
}
