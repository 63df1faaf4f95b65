//! The importer: one path for every dataset. Fingerprint, sniff, check the header, COPY to staging, check the rows,
//! load beside the tables, promote in one transaction. A failure at any step leaves what readers see untouched.

mod archive;
mod contract;
mod error;
mod examine;
mod expire;
mod identify;
mod indices;
mod progress;
mod promote;
mod provenance;
mod quality;
mod received;
mod rollback;
mod sniff;
mod staging;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};

pub use contract::{distance, matches};
pub use error::ImportError;
pub use expire::{Expired, expire};
pub use progress::{Progress, Step};
pub use received::{SYNTHETIC_PREFIX, read_document};
pub use rollback::{Return, rollback};

use crate::dataset::{Dataset, Format, Layout};
use examine::Examined;
use promote::Promotion;
use provenance::Identity;
use received::{Fingerprint, Received};
use staging::Plan;

/// Year of the Code officiel géographique that every table is brought to.
pub const REFERENCE_COG: i32 = 2025;

/// Loads are few and wide: compiling them takes longer than running them.
const SESSION: &str = "SET work_mem = '64MB'; SET maintenance_work_mem = '128MB';
    SET max_parallel_workers_per_gather = 1; SET jit = off";

/// What the operator adds to a file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Vintage, when the file does not say it.
    pub millesime: Option<String>,
    /// Year of the Code officiel géographique of the file, when it is not the reference year.
    pub cog_annee: Option<i32>,
    /// Check everything and load nothing.
    pub dry_run: bool,
    /// Keep only the rows of this département.
    pub departement: Option<String>,
    /// What the file covers when it is neither France nor the département given: a commune code, for instance.
    pub perimetre: Option<String>,
    /// The content is invented; implied by the prefix of the file's name.
    pub synthetique: bool,
    /// [`crate::refresh`] comes right after: until then reports wait, since views tell the state before.
    pub views_follow: bool,
    /// Counters that follow the import; a fresh set when nobody looks.
    pub progress: Arc<Progress>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Rows are visible to readers.
    Imported {
        /// `data.data_sources.id`.
        source_id: i32,
        /// Rows read.
        read: u64,
        /// Rows loaded.
        kept: u64,
        /// Rows set aside in `data.import_rejets`.
        rejected: u64,
    },
    /// The same content is active already.
    AlreadyImported {
        /// `data.data_sources.id`.
        source_id: i32,
    },
    /// A dry run found nothing to object.
    Acceptable {
        /// Rows read.
        read: u64,
        /// Rows that would be loaded.
        kept: u64,
        /// Rows that would be set aside.
        rejected: u64,
    },
}

/// Imports files of one dataset: each file is a source of its own, except sets of documents, which are one.
pub async fn import(
    pool: &PgPool,
    dataset: &'static Dataset,
    files: &[PathBuf],
    options: &Options,
) -> Result<Vec<Outcome>, ImportError> {
    if let Some(Layout { format: Format::Documents(stems), .. }) = dataset.layouts.first() {
        let set = received::documents(files, stems)?;
        return Ok(vec![import_one(pool, dataset, &set, options, &mut None).await?]);
    }
    let mut outcomes = Vec::with_capacity(files.len());
    let mut lot = None;
    for file in files {
        outcomes.push(import_one(pool, dataset, std::slice::from_ref(file), options, &mut lot).await?);
    }
    Ok(outcomes)
}

async fn import_one(
    pool: &PgPool,
    dataset: &'static Dataset,
    files: &[PathBuf],
    options: &Options,
    lot: &mut Option<i32>,
) -> Result<Outcome, ImportError> {
    let Some(first) = files.first() else {
        return Err(ImportError::Header("Aucun fichier n’a été donné.".to_owned()));
    };
    // A connection of its own, never given back: its session settings end with it.
    let mut connection = pool.acquire().await?.detach();
    sqlx::raw_sql(SESSION).execute(&mut connection).await?;
    provenance::take(&mut connection, dataset).await?;
    let outcome = import_held(&mut connection, dataset, files, first, options, lot).await;
    // The server ends a closed session in its own time; the next file of this dataset needs the lock now.
    let released = provenance::release(&mut connection).await;
    let outcome = outcome.map_err(name_full_disk)?;
    released.map(|()| outcome)
}

/// SQLSTATE of a disk that is full.
const DISK_FULL: &str = "53100";

fn name_full_disk(error: ImportError) -> ImportError {
    match &error {
        ImportError::Database(sqlx::Error::Database(refusal)) if refusal.code().as_deref() == Some(DISK_FULL) => {
            ImportError::DiskFull(refusal.message().to_owned())
        }
        _ => error,
    }
}

/// The import itself, under the lock of its dataset.
async fn import_held(
    connection: &mut PgConnection,
    dataset: &'static Dataset,
    files: &[PathBuf],
    first: &Path,
    options: &Options,
    lot: &mut Option<i32>,
) -> Result<Outcome, ImportError> {
    let file = first.to_owned();
    let progress = &options.progress;
    let received = examine::received(dataset, files, progress)?;
    progress.begin(received.iter().map(Received::size).sum());
    let fingerprint = fingerprint(&received).await?;
    let marked = received.iter().any(Received::is_marked_synthetic);
    let Examined { layout, plan, described, unknown } = blocking(move || examine::examine(dataset, received)).await?;
    let identity = identify::identify(&file, described, marked, options)?;
    if let Some(source_id) = provenance::already_active(connection, dataset, &fingerprint, &identity).await? {
        return Ok(Outcome::AlreadyImported { source_id });
    }
    provenance::admit(connection, dataset, &identity, layout.snapshot).await?;
    need_communes(connection, layout).await?;
    // For checks that compare the file with its own rows.
    let vintage = sqlx::query("SELECT set_config('lobster.millesime', $1, false)").bind(&identity.millesime);
    vintage.execute(&mut *connection).await?;
    let parameters = identify::parameters(&identity, options);
    let run = provenance::start_run(connection, dataset, &parameters, *lot).await?;
    lot.get_or_insert(run);
    let staging = format!("data.staging_{}_{run}", dataset.name);
    let job =
        Job { dataset, layout, identity: &identity, fingerprint: &fingerprint, file: &file, run, staging: &staging };
    let done = job.execute(connection, plan, options, &parameters, &unknown).await;
    let cleared = clear(connection, dataset, run, &staging, done.as_ref().err()).await;
    // Why an import failed matters more than why its remains could not be cleared: the next import does that.
    let outcome = done?;
    cleared.map(|()| outcome)
}

/// Drops what the import needed on its way.
async fn clear(
    connection: &mut PgConnection,
    dataset: &'static Dataset,
    run: i32,
    staging: &str,
    error: Option<&ImportError>,
) -> Result<(), ImportError> {
    sqlx::raw_sql(&format!("DROP TABLE IF EXISTS {staging}")).execute(&mut *connection).await?;
    if let Some(error) = error {
        provenance::close_run(connection, run, Some(error), &json!({})).await?;
        // Partitions that were being filled are dropped as after a crash.
        provenance::take(connection, dataset).await?;
    }
    Ok(())
}

/// One import between the header contract and its end.
struct Job<'a> {
    dataset: &'static Dataset,
    layout: &'static Layout,
    identity: &'a Identity,
    fingerprint: &'a Fingerprint,
    file: &'a Path,
    run: i32,
    staging: &'a str,
}

impl Job<'_> {
    async fn execute(
        &self,
        connection: &mut PgConnection,
        plan: Plan,
        options: &Options,
        parameters: &Value,
        unknown: &[String],
    ) -> Result<Outcome, ImportError> {
        let progress = &options.progress;
        progress.enter(Step::Copy);
        let read = staging::fill(connection, self.staging, self.layout, plan, progress).await?;
        progress.enter(Step::Check);
        let run = quality::Run { id: self.run, file: self.file, staging: self.staging };
        let departement = options.departement.as_deref();
        let counts = quality::screen(connection, &run, self.layout, departement, read).await?;
        if self.identity.perimetre == "FR" && !self.identity.synthetique {
            quality::control(connection, &run, self.layout).await?;
        }
        let counters = provenance::counters(&counts, unknown);
        let (read, kept, rejected) = (counts.read, counts.kept(), counts.rejected);
        if options.dry_run {
            provenance::close_run(connection, self.run, None, &counters).await?;
            return Ok(Outcome::Acceptable { read, kept, rejected });
        }
        let file = self.file.file_name().unwrap_or_default().to_string_lossy();
        let promotion = Promotion {
            dataset: self.dataset,
            layout: self.layout,
            identity: self.identity,
            file: &file,
            fingerprint: self.fingerprint,
            counts,
            run: self.run,
            staging: self.staging,
            views_follow: options.views_follow,
            parameters,
            counters: &counters,
            progress,
        };
        let source_id = promote::promote(connection, &promotion).await?;
        tracing::info!(dataset = self.dataset.name, source_id, kept, rejected, "a source was promoted");
        Ok(Outcome::Imported { source_id, read, kept, rejected })
    }
}

async fn fingerprint(files: &[Received]) -> Result<Fingerprint, ImportError> {
    let files = files.to_vec();
    blocking(move || {
        let mut prints = files.iter().map(Received::fingerprint).collect::<Result<Vec<_>, _>>()?;
        if prints.len() == 1 {
            return Ok(prints.remove(0));
        }
        Ok(Fingerprint {
            received: prints.iter().map(|print| print.received.as_str()).collect::<Vec<_>>().join("+"),
            content: prints.iter().map(|print| print.content.as_str()).collect::<Vec<_>>().join("+"),
            bytes: prints.iter().map(|print| print.bytes).sum(),
        })
    })
    .await
}

async fn need_communes(connection: &mut PgConnection, layout: &Layout) -> Result<(), ImportError> {
    if layout.commune.is_none() {
        return Ok(());
    }
    let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM data.communes)").fetch_one(connection).await?;
    if known { Ok(()) } else { Err(ImportError::NoCommunes) }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ImportError> + Send + 'static,
) -> Result<T, ImportError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ImportError::Interrupted(error.to_string()))?
}
