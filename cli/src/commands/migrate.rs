//! `lobster migrate`: schema of the log, of the read models, of the open data, of the job queue.

use std::time::Duration;

use anyhow::Context as _;
use infra::config::Place;
use sqlx::postgres::PgPoolOptions;

use crate::database::Database;

pub async fn run(place: &Place) -> anyhow::Result<()> {
    let database = Database::open(place).await?;
    bring_up(&database.url).await?;
    println!("The database is at this version.");
    database.close().await
}

/// Brings a database to this version; doing it again changes nothing.
///
/// # Errors
/// When the server does not answer, lacks PostGIS, or the login may not create roles.
pub async fn bring_up(url: &str) -> anyhow::Result<()> {
    let owner = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .connect(url)
        .await
        .context("the database does not answer: is LOBSTER_DATABASE_URL right, and the server up?")?;
    infra::jobs::migrate(url).await.context("the schema of the job queue")?;
    infra::migrate(&owner).await.context(
        "the migration stopped: the server needs PostgreSQL 15 with PostGIS 3 (package postgresql-15-postgis-3), \
         and its login the right to create roles and extensions",
    )?;
    owner.close().await;
    Ok(())
}
