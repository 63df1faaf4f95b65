//! What the tests share: the reference geography, and questions to the database.

use std::path::PathBuf;

use datasets::{ImportError, Options, Outcome};
use sqlx::PgPool;
use test_support::TestDb;

/// A folder with the JSON files of the reference geography: the front end's dependency, else the real data folder.
pub fn reference() -> Option<PathBuf> {
    let package =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../frontend/node_modules/@etalab/decoupage-administratif/data");
    if package.join("communes.json").is_file() {
        return Some(package);
    }
    test_support::shared_data().map(|data| data.join("cog/decoupage-administratif-6.0.0")).filter(|f| f.is_dir())
}

/// A database with communes, or nothing when there is no reference file on this machine.
pub async fn with_communes() -> Option<TestDb> {
    let reference = reference()?;
    let db = test_support::database().await;
    imported(&db.pool, "communes", reference, &Options::default()).await;
    Some(db)
}

/// Imports one file or folder and expects it to be loaded.
pub async fn imported(pool: &PgPool, dataset: &str, file: PathBuf, options: &Options) -> (u64, u64) {
    match attempt(pool, dataset, file, options).await {
        Ok(Outcome::Imported { kept, rejected, .. }) => (kept, rejected),
        other => panic!("{dataset}: {other:?}"),
    }
}

/// Imports one file or folder.
pub async fn attempt(pool: &PgPool, dataset: &str, file: PathBuf, options: &Options) -> Result<Outcome, ImportError> {
    datasets::import(pool, dataset, &[file], options).await.map(|mut outcomes| outcomes.remove(0))
}

/// One number.
pub async fn count(pool: &PgPool, sql: &str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// One text.
pub async fn text(pool: &PgPool, sql: &str) -> String {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// A new empty folder under the system's temporary one.
pub fn scratch() -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("lobster-datasets-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    folder
}
