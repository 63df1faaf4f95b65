//! Dev-only: a private PostgreSQL cluster and cloned databases for tests.
//!
//! Every test that needs PostgreSQL calls [`database`] and gets a database of its own, migrated and empty, in a few
//! tens of milliseconds. All test processes of one user share one server; it keeps running after the tests, so that
//! the next run starts at once (`pg_ctl stop -D <temp dir>/lobster-test-pg-<user id>/cluster` ends it).

mod cluster;
mod template;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::Context as _;
use sqlx::postgres::{PgPool, PgPoolOptions};

/// A database that belongs to one test. Dropping it removes the database, except after a panic: then it stays for an
/// hour, so that somebody can look at it.
pub struct TestDb {
    /// Connections as the owner of everything.
    pub pool: PgPool,
    /// The address of the same database, in the form that sqlx and tokio-postgres both read.
    pub url: String,
    name: String,
    admin_url: String,
}

/// A fresh database with every migration of `migrations/core` and `migrations/data` applied.
///
/// # Panics
/// When PostgreSQL 15 is not installed or a migration fails: a test cannot go on without either.
pub async fn database() -> TestDb {
    match open().await {
        Ok(db) => db,
        Err(error) => panic!("no test database: {error:#}"),
    }
}

/// The same with what `fill` puts in, which is done once: `stock` names the contents, and only the newest stock is kept.
///
/// # Panics
/// As [`database`], or when `fill` fails.
pub async fn stocked(stock: &str, fill: impl AsyncFnOnce(&str) -> anyhow::Result<()>) -> TestDb {
    let opened = async {
        let cluster = server().await?;
        let name = template::clone_stock(&cluster, stock, fill).await?;
        connect(&cluster, name).await
    };
    match opened.await {
        Ok(db) => db,
        Err(error) => panic!("no stocked test database: {error:#}"),
    }
}

async fn open() -> anyhow::Result<TestDb> {
    let cluster = server().await?;
    let name = template::clone(&cluster).await?;
    connect(&cluster, name).await
}

async fn server() -> anyhow::Result<cluster::Cluster> {
    // One provider for the whole process, as in the product: reqwest and rustls refuse to choose by themselves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    cluster::running().await
}

async fn connect(cluster: &cluster::Cluster, name: String) -> anyhow::Result<TestDb> {
    let url = cluster.url(&name);
    let pool = PgPoolOptions::new().max_connections(10).connect(&url).await.context("connecting to the clone")?;
    Ok(TestDb { pool, url, name, admin_url: cluster.url("postgres") })
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let (name, admin_url) = (self.name.clone(), self.admin_url.clone());
        // A thread of its own: the test's runtime may be single-threaded and is busy dropping us.
        let removal = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(template::remove(&admin_url, &name))
        });
        let _ = removal.join();
    }
}

/// The workspace root: the folder above this crate.
fn workspace_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The folder of real public files, where one exists: `LOBSTER_DATA_DIR`, else `../shared/data` beside the workspace.
/// Says once, visibly, that tests on real files are skipped when there is none.
pub fn shared_data() -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let given = std::env::var_os("LOBSTER_DATA_DIR").map(PathBuf::from);
            let folder = given.unwrap_or_else(|| workspace_root().join("../shared/data"));
            if folder.is_dir() {
                return folder.canonicalize().ok();
            }
            announce_skip(&format!("no real data files in {} (set LOBSTER_DATA_DIR)", folder.display()));
            None
        })
        .clone()
}

#[expect(clippy::print_stderr, reason = "a skipped test must be seen by whoever runs it")]
fn announce_skip(reason: &str) {
    eprintln!("SKIPPED: {reason}");
}

#[cfg(test)]
mod tests;
