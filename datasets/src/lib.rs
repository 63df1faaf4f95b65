//! Open data: one folder per source, one engine that imports, one generator of specimens.
//!
//! A dataset describes itself ([`dataset::Dataset`]): producer, accepted layouts, row checks, loading statements. The
//! engine does the rest the same way for all of them and never lets a reader see half an import.

mod bootstrap;
mod catalogue;
mod check;
pub mod dataset;
mod digest;
mod engine;
mod feeds;
mod fetch;
mod figures;
mod freshness;
pub mod maps;
mod refresh;
mod synthesize;
mod thousands;

mod aides_dept;
mod anil_loyers;
mod bpe_equipements;
mod caf_communal;
mod commune_passage;
mod communes;
mod contours;
mod densite;
mod dvf;
mod filosofi;
mod finess;
mod lovac;
mod parcelles;
mod population;
mod projections;
mod rp_demographics;
mod rp_housing;
mod rpls;
mod rpps;
mod sitadel;
mod zonage_abc;

use std::path::PathBuf;

use sqlx::PgPool;

pub use bootstrap::{Bootstrap, Summary, bootstrap};
pub use catalogue::{Loaded, Source, list};
pub use check::{Finding, check};
pub use dataset::Dataset;
pub use engine::{Expired, ImportError, Options, Outcome, Progress, REFERENCE_COG, Return, SYNTHETIC_PREFIX, Step};
pub use feeds::feeds;
pub use fetch::{Fetch, FetchError, Fetched};
pub use freshness::{Freshness, age_in_words, freshness};
pub use refresh::{refresh, was_refreshed};
pub use synthesize::{Generated, Specimen, USUAL_TURNOVER, synthesize};
pub use thousands::thousands;

/// Every dataset, in an order in which they can be imported.
pub const DATASETS: &[Dataset] = &[
    communes::DATASET,
    commune_passage::DATASET,
    contours::DATASET,
    densite::DATASET,
    population::DATASET,
    zonage_abc::DATASET,
    anil_loyers::DATASET,
    lovac::DATASET,
    dvf::DATASET,
    sitadel::DATASET,
    parcelles::DATASET,
    rp_housing::DATASET,
    rp_demographics::DATASET,
    rpls::DATASET,
    filosofi::DATASET,
    caf_communal::DATASET,
    aides_dept::DATASET,
    projections::ESTIMATES,
    projections::DATASET,
    bpe_equipements::NOMENCLATURE,
    bpe_equipements::DATASET,
    finess::DATASET,
    rpps::DATASET,
];

/// The dataset of that name.
///
/// # Errors
/// [`ImportError::UnknownDataset`], which lists the names, the closest first.
pub fn find(name: &str) -> Result<&'static Dataset, ImportError> {
    DATASETS.iter().find(|dataset| dataset.name == name).ok_or_else(|| {
        let mut known: Vec<&str> = DATASETS.iter().map(|dataset| dataset.name).collect();
        let closest = known.iter().copied().min_by_key(|known| engine::distance(known, name)).unwrap_or_default();
        known.sort_unstable();
        ImportError::UnknownDataset { name: name.to_owned(), closest, known: known.join(", ") }
    })
}

/// Forgets what was loaded on demand and is too old, as `Layout::time_to_live` says.
///
/// # Errors
/// [`ImportError::Busy`] while such a dataset is being imported, or [`ImportError::Database`].
pub async fn expire(pool: &PgPool, now: chrono::DateTime<chrono::Utc>) -> Result<Vec<Expired>, ImportError> {
    engine::expire(pool, DATASETS, now).await
}

/// Imports files (or, for a set of documents, a folder) into one dataset.
///
/// # Errors
/// Everything in [`ImportError`]; the tables that readers see are untouched then.
pub async fn import(
    pool: &PgPool,
    dataset: &str,
    files: &[PathBuf],
    options: &Options,
) -> Result<Vec<Outcome>, ImportError> {
    engine::import(pool, find(dataset)?, files, options).await
}

/// Goes back to the version before the last import of a dataset.
///
/// # Errors
/// [`ImportError::NothingBefore`] or [`ImportError::NotVersioned`] when there is none, [`ImportError::Busy`] while an
/// import of it runs; what serves is untouched then.
pub async fn rollback(pool: &PgPool, dataset: &str) -> Result<Return, ImportError> {
    engine::rollback(pool, find(dataset)?).await
}
