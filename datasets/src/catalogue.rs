//! What is loaded: one line per dataset and per active source, for operators and for the pages that name sources.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::{DATASETS, Dataset, ImportError};

/// One active source.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Source {
    /// `data.data_sources.id`, carried by every row of data.
    pub id: i32,
    /// Dataset it belongs to.
    pub dataset: String,
    /// Producer, as printed.
    pub producteur: String,
    /// Title, as printed.
    pub titre: String,
    /// Licence, as printed.
    pub licence: String,
    /// Vintage.
    pub millesime: String,
    /// Year of the geography of the file.
    pub cog_annee: i32,
    /// `FR`, a département, or a commune code.
    pub perimetre: String,
    /// Which of several sibling files.
    pub partie: String,
    /// File name as received.
    pub fichier: String,
    /// SHA-256 of the file as received.
    pub sha256: String,
    /// Rows loaded.
    pub lignes_gardees: i64,
    /// Whether the content is invented.
    pub synthetique: bool,
    /// When it was loaded.
    pub obtenu_le: DateTime<Utc>,
}

/// One dataset and what is active of it.
pub struct Loaded {
    /// The dataset.
    pub dataset: &'static Dataset,
    /// Its active sources, newest vintage first; empty when nothing is loaded.
    pub sources: Vec<Source>,
}

/// Every dataset, loaded or not.
///
/// # Errors
/// [`ImportError::Database`].
pub async fn list(pool: &PgPool) -> Result<Vec<Loaded>, ImportError> {
    let sources: Vec<Source> = sqlx::query_as(
        "SELECT id, dataset, producteur, titre, licence, millesime, cog_annee, perimetre, partie, fichier, sha256,
                lignes_gardees, synthetique, obtenu_le
         FROM data.data_sources WHERE active ORDER BY dataset, millesime DESC, partie, perimetre",
    )
    .fetch_all(pool)
    .await?;
    Ok(DATASETS
        .iter()
        .map(|dataset| Loaded {
            dataset,
            sources: sources.iter().filter(|source| source.dataset == dataset.name).cloned().collect(),
        })
        .collect())
}
