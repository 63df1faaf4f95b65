//! Template databases: every migration applied once, then copied for each test.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::cluster::Cluster;

/// Guards templates and cleaning; one number, known to this crate only.
const LOCK: i64 = 0x10b5_7e57;
/// Guards stocks, whose filling needs templates.
const STOCK_LOCK: i64 = LOCK + 1;

/// Copies the template into a database with a new name, which is returned.
pub async fn clone(cluster: &Cluster) -> anyhow::Result<String> {
    let template = format!("lobster_template_{}", migrations_digest()?);
    let mut admin = PgConnection::connect(&cluster.url("postgres")).await.context("connecting to the test server")?;
    if !is_ready(&mut admin, &template).await? {
        make(cluster, &mut admin, &template).await?;
    }
    clean(&mut admin, &template).await;
    let name = copy(&mut admin, &template).await?;
    admin.close().await?;
    Ok(name)
}

/// Copies a database that `fill` fills once for all tests that ask for the same `stock`; its name is returned.
pub async fn clone_stock(
    cluster: &Cluster,
    stock: &str,
    fill: impl AsyncFnOnce(&str) -> anyhow::Result<()>,
) -> anyhow::Result<String> {
    let digest = hex::encode(&Sha256::digest(stock)[..6]);
    let template = format!("lobster_stock_{}_{digest}", migrations_digest()?);
    let mut admin = PgConnection::connect(&cluster.url("postgres")).await.context("connecting to the test server")?;
    // Held while somebody fills: all others wait here and then copy.
    sqlx::query("SELECT pg_advisory_lock($1)").bind(STOCK_LOCK).execute(&mut admin).await?;
    if !is_ready(&mut admin, &template).await? {
        let old = "SELECT datname FROM pg_database WHERE datname LIKE 'lobster\\_stock\\_%'";
        for name in sqlx::query_scalar::<_, String>(old).fetch_all(&mut admin).await? {
            execute(&mut admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        }
        let empty = clone(cluster).await?;
        fill(&cluster.url(&empty)).await.with_context(|| format!("filling {stock}"))?;
        execute(&mut admin, &format!("ALTER DATABASE {empty} RENAME TO {template}")).await?;
        execute(&mut admin, &format!("ALTER DATABASE {template} ALLOW_CONNECTIONS false")).await?;
    }
    let name = copy(&mut admin, &template).await?;
    // Closing gives the lock back.
    admin.close().await?;
    Ok(name)
}

async fn copy(admin: &mut PgConnection, template: &str) -> anyhow::Result<String> {
    let name = format!("lobster_test_{}", unique());
    execute(admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await.context("copying the template")?;
    Ok(name)
}

#[expect(clippy::disallowed_methods, reason = "a throw-away name, not an id of the product")]
fn unique() -> impl std::fmt::Display {
    Uuid::now_v7().simple()
}

/// Removes a test's database, whoever is still connected.
pub async fn remove(admin_url: &str, name: &str) -> anyhow::Result<()> {
    let mut admin = PgConnection::connect(admin_url).await?;
    execute(&mut admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    Ok(admin.close().await?)
}

async fn make(cluster: &Cluster, admin: &mut PgConnection, template: &str) -> anyhow::Result<()> {
    sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut *admin).await?;
    let made = make_locked(cluster, admin, template).await;
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK).execute(&mut *admin).await?;
    made
}

async fn make_locked(cluster: &Cluster, admin: &mut PgConnection, template: &str) -> anyhow::Result<()> {
    if is_ready(admin, template).await? {
        return Ok(());
    }
    // A half-made template is what a killed process left.
    execute(admin, &format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)")).await?;
    execute(admin, &format!("CREATE DATABASE {template}")).await?;
    let mut connection = PgConnection::connect(&cluster.url(template)).await?;
    for area in ["core", "data"] {
        let mut migrator = Migrator::new(folder(area)).await.with_context(|| format!("reading migrations/{area}"))?;
        // Both areas write to one table of applied versions.
        migrator.set_ignore_missing(true);
        migrator.run_direct(&mut connection).await.with_context(|| format!("applying migrations/{area}"))?;
    }
    connection.close().await?;
    // Nobody may connect any more: PostgreSQL refuses to copy a database in use. This also marks it as complete.
    execute(admin, &format!("ALTER DATABASE {template} ALLOW_CONNECTIONS false")).await
}

async fn is_ready(admin: &mut PgConnection, template: &str) -> anyhow::Result<bool> {
    let found = sqlx::query_scalar::<_, bool>("SELECT NOT datallowconn FROM pg_database WHERE datname = $1");
    Ok(found.bind(template).fetch_optional(admin).await?.unwrap_or(false))
}

/// Removes what earlier runs left: databases older than an hour, or unused for a quarter of one; templates of other
/// migrations after a day. A failure is no reason to fail a test.
async fn clean(admin: &mut PgConnection, template: &str) {
    let expired = sqlx::query_scalar::<_, String>(
        "SELECT datname FROM pg_database d, pg_stat_file('base/' || d.oid || '/PG_VERSION', true) AS made
         WHERE (datname LIKE 'lobster\\_test\\_%' AND (made.modification < now() - interval '1 hour'
                  OR made.modification < now() - interval '15 minutes'
                     AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)))
            OR (datname LIKE 'lobster\\_template\\_%' AND datname <> $1
                  AND made.modification < now() - interval '1 day')
         LIMIT 8",
    );
    for name in expired.bind(template).fetch_all(&mut *admin).await.unwrap_or_default() {
        let _ = execute(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }
}

/// Statements about databases take no binds; every name here is our own prefix and hexadecimal digits.
async fn execute(admin: &mut PgConnection, statement: &str) -> anyhow::Result<()> {
    sqlx::raw_sql(statement).execute(admin).await.with_context(|| statement.to_owned())?;
    Ok(())
}

fn folder(area: &str) -> PathBuf {
    crate::workspace_root().join("migrations").join(area)
}

/// A name for the state of both migration folders.
fn migrations_digest() -> anyhow::Result<String> {
    let mut hasher = Sha256::new();
    for area in ["core", "data"] {
        let listed = fs::read_dir(folder(area)).with_context(|| format!("listing migrations/{area}"))?;
        let mut files = listed.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "sql")) {
            hasher.update(file.file_name().unwrap_or_default().as_encoded_bytes());
            hasher.update(fs::read(file).with_context(|| format!("reading {}", file.display()))?);
        }
    }
    Ok(hex::encode(&hasher.finalize()[..12]))
}
