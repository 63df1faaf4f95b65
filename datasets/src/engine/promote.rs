//! From staging to what readers see. New partitions are filled beside the tables, then attached while the ones they
//! replace are detached, in one transaction; the replaced ones stay as plain tables until the next promotion.

use std::time::Duration;

use serde_json::Value;
use sqlx::{Connection as _, PgConnection};

use super::error::ImportError;
use super::indices;
use super::progress::{Progress, Step};
use super::provenance::Identity;
use super::quality::Counts;
use super::received::Fingerprint;
use crate::dataset::{Dataset, Layout, Load};

/// Everything a promotion writes down.
pub struct Promotion<'a> {
    /// The dataset.
    pub dataset: &'static Dataset,
    /// The layout that was recognised.
    pub layout: &'static Layout,
    /// The identity of the new source.
    pub identity: &'a Identity,
    /// The file's name, as received.
    pub file: &'a str,
    /// What the file contains.
    pub fingerprint: &'a Fingerprint,
    /// What became of its rows.
    pub counts: Counts,
    /// The run.
    pub run: i32,
    /// The staging table.
    pub staging: &'a str,
    /// Whether the views are made anew right after.
    pub views_follow: bool,
    /// `$2` of every load.
    pub parameters: &'a Value,
    /// Counters to store with the run.
    pub counters: &'a Value,
    /// Told of the last steps.
    pub progress: &'a Progress,
}

/// A reader that holds a table longer than this makes the promotion step back, so that other readers do not queue up
/// behind it.
pub const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '1s'";
/// How long it then lets everybody read before it tries again.
const PAUSE: Duration = Duration::from_secs(2);
/// How often it steps back before it gives up.
const ATTEMPTS: u32 = 40;
/// SQLSTATE of a lock that was not granted in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// Loads and promotes; returns the id of the new source.
pub async fn promote(connection: &mut PgConnection, promotion: &Promotion<'_>) -> Result<i32, ImportError> {
    let id: i32 = sqlx::query_scalar("SELECT nextval(pg_get_serial_sequence('data.data_sources', 'id'))::int")
        .fetch_one(&mut *connection)
        .await?;
    promotion.progress.enter(Step::Load);
    for load in promotion.layout.loads {
        if let Load::Partition { table, sql } = load {
            fill_partition(connection, promotion, id, table, sql).await?;
        }
    }
    promotion.progress.enter(Step::Promote);
    let mut attempt = 1;
    while let Err(error) = make_visible(connection, promotion, id).await {
        if !is_lock_timeout(&error) {
            return Err(error);
        }
        if attempt == ATTEMPTS {
            return Err(ImportError::Readers(promotion.dataset.name));
        }
        tracing::warn!(dataset = promotion.dataset.name, attempt, "readers hold the tables: trying again");
        attempt += 1;
        tokio::time::sleep(PAUSE).await;
    }
    for load in promotion.layout.loads {
        if let Load::InPlace { table, .. } = load {
            sqlx::raw_sql(&format!("ANALYZE data.{table}")).execute(&mut *connection).await?;
        }
    }
    drop_forgotten(connection, promotion.dataset).await?;
    Ok(id)
}

/// Whether readers held a table for too long.
pub fn is_lock_timeout(error: &ImportError) -> bool {
    matches!(error, ImportError::Database(sqlx::Error::Database(refusal)) if refusal.code().as_deref() == Some(LOCK_NOT_AVAILABLE))
}

/// The transaction after which readers see the new source and not the old one.
async fn make_visible(connection: &mut PgConnection, promotion: &Promotion<'_>, id: i32) -> Result<(), ImportError> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(LOCK_TIMEOUT).execute(&mut *transaction).await?;
    record_source(&mut transaction, promotion, id).await?;
    for load in promotion.layout.loads {
        match load {
            Load::Partition { table, .. } => {
                attach(&mut transaction, &format!("data.{table}_s{id}")).await?;
                sqlx::raw_sql(&format!("COMMENT ON TABLE data.{table}_s{id} IS NULL"))
                    .execute(&mut *transaction)
                    .await?;
            }
            Load::InPlace { sql, .. } => {
                let sql = sql.replace("{staging}", promotion.staging);
                sqlx::query(&sql).bind(id).bind(promotion.parameters).execute(&mut *transaction).await?;
            }
        }
    }
    retire(&mut transaction, promotion, id).await?;
    new_version(&mut transaction, promotion.views_follow.then_some(promotion.dataset.name)).await?;
    sqlx::query("UPDATE data.import_runs SET statut = 'promu', fin = now(), compteurs = $2 WHERE id = $1")
        .bind(promotion.run)
        .bind(promotion.counters)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// The number that reports keep changes whenever what they can see does. `behind` is the dataset whose views will be made
/// anew at once; reports wait for that.
pub async fn new_version(connection: &mut PgConnection, behind: Option<&str>) -> Result<(), ImportError> {
    sqlx::query(
        "INSERT INTO data.reference_version (sources, retard)
         SELECT array_agg(id ORDER BY id), $1 FROM data.data_sources WHERE active",
    )
    .bind(behind)
    .execute(connection)
    .await?;
    Ok(())
}

/// `data.lovac_s12` becomes the part of `data.lovac` that holds source 12.
pub async fn attach(connection: &mut PgConnection, table: &str) -> Result<(), ImportError> {
    if let Some((parent, id)) = table.rsplit_once("_s") {
        sqlx::raw_sql(&format!("ALTER TABLE {parent} ATTACH PARTITION {table} FOR VALUES IN ({id})"))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// The contrary of [`attach`]; the rows stay.
pub async fn detach(connection: &mut PgConnection, table: &str) -> Result<(), ImportError> {
    if let Some((parent, _)) = table.rsplit_once("_s") {
        sqlx::raw_sql(&format!("ALTER TABLE {parent} DETACH PARTITION {table}")).execute(connection).await?;
    }
    Ok(())
}

async fn fill_partition(
    connection: &mut PgConnection,
    promotion: &Promotion<'_>,
    id: i32,
    table: &str,
    sql: &str,
) -> Result<(), ImportError> {
    let partition = format!("data.{table}_s{id}");
    // The check spares the attachment a full scan; the comment tells the next import that this is unfinished.
    let create = format!(
        "CREATE TABLE {partition} (LIKE data.{table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS, CHECK (source_id = {id}));
         COMMENT ON TABLE {partition} IS '{} en cours'",
        promotion.dataset.name
    );
    sqlx::raw_sql(&create).execute(&mut *connection).await?;
    let sql = sql.replace("{staging}", promotion.staging).replace("{partition}", &partition);
    sqlx::query(&sql).bind(id).bind(promotion.parameters).execute(&mut *connection).await?;
    indices::create(connection, table, &partition).await?;
    sqlx::raw_sql(&format!("ANALYZE {partition}")).execute(connection).await?;
    Ok(())
}

async fn record_source(connection: &mut PgConnection, promotion: &Promotion<'_>, id: i32) -> Result<(), ImportError> {
    let Promotion { dataset, identity, fingerprint, counts, .. } = promotion;
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    sqlx::query(
        "INSERT INTO data.data_sources (id, dataset, producteur, titre, url_origine, licence, millesime, date_publication,
             cog_annee, perimetre, partie, nature, fichier, sha256, sha256_decompresse, octets, lignes_lues,
             lignes_gardees, synthetique, import_run_id)
         OVERRIDING SYSTEM VALUE
         VALUES ($1, $2, $3, $4, nullif($5, ''), $6, $7, CASE WHEN $7 ~ '^\\d{4}-\\d\\d-\\d\\d$' THEN $7::date END,
             $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(id)
    .bind(dataset.name)
    .bind(dataset.producer)
    .bind(dataset.title)
    .bind(dataset.origin)
    .bind(dataset.licence)
    .bind(&identity.millesime)
    .bind(identity.cog_annee)
    .bind(&identity.perimetre)
    .bind(&identity.partie)
    .bind((promotion.layout.nature)(identity.synthetique))
    .bind(promotion.file)
    .bind(&fingerprint.received)
    .bind(&fingerprint.content)
    .bind(count(fingerprint.bytes))
    .bind(count(counts.read))
    .bind(count(counts.kept()))
    .bind(identity.synthetique)
    .bind(promotion.run)
    .execute(connection)
    .await?;
    Ok(())
}

/// Retires what the new source replaces: the same edition, or years that it covers, of the same perimeter or a narrower
/// one; the years of a part of the country as soon as one of them is there for a wider one; and every invented source
/// once a real one is there.
async fn retire(connection: &mut PgConnection, promotion: &Promotion<'_>, id: i32) -> Result<(), ImportError> {
    let Promotion { dataset, identity, .. } = promotion;
    let retired: Vec<i32> = sqlx::query_scalar(
        "UPDATE data.data_sources SET active = false, remplacee_par = $1
         WHERE active AND dataset = $2 AND id <> $1
           AND (synthetique AND NOT $3
                OR synthetique = $3 AND partie = $5 AND ($6 = 'FR' OR starts_with(perimetre, $6))
                   AND (millesime = $4 OR $7 OR data.annees($4) @> data.annees(millesime)
                        OR perimetre <> $6 AND data.annees($4) && data.annees(millesime)))
         RETURNING id",
    )
    .bind(id)
    .bind(dataset.name)
    .bind(identity.synthetique)
    .bind(&identity.millesime)
    .bind(&identity.partie)
    .bind(&identity.perimetre)
    .bind(promotion.layout.snapshot)
    .fetch_all(&mut *connection)
    .await?;
    for table in partitions_of(connection, &retired, true).await? {
        detach(connection, &table).await?;
    }
    Ok(())
}

/// Drops detached partitions whose replacement was itself replaced.
async fn drop_forgotten(connection: &mut PgConnection, dataset: &Dataset) -> Result<(), ImportError> {
    let forgotten: Vec<i32> = sqlx::query_scalar(
        "SELECT s.id FROM data.data_sources s JOIN data.data_sources n ON n.id = s.remplacee_par
         WHERE s.dataset = $1 AND NOT s.active AND NOT n.active",
    )
    .bind(dataset.name)
    .fetch_all(&mut *connection)
    .await?;
    for table in partitions_of(connection, &forgotten, false).await? {
        sqlx::raw_sql(&format!("DROP TABLE {table}")).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Tables of `data` that hold the rows of these sources.
pub async fn partitions_of(
    connection: &mut PgConnection,
    sources: &[i32],
    attached: bool,
) -> Result<Vec<String>, ImportError> {
    Ok(sqlx::query_scalar(
        "SELECT 'data.' || c.relname FROM pg_class c
         WHERE c.relnamespace = 'data'::regnamespace AND c.relkind = 'r' AND c.relispartition = $2
           AND substring(c.relname FROM '_s([0-9]+)$')::int = ANY ($1)
           AND c.relname !~ '^staging_'",
    )
    .bind(sources)
    .bind(attached)
    .fetch_all(connection)
    .await?)
}
