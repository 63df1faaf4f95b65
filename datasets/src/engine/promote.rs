//! From staging to what readers see. New partitions are filled beside the tables, then attached while the ones they
//! replace are detached, in one transaction; the replaced ones stay as plain tables until the next promotion.

use serde_json::Value;
use sqlx::{Connection as _, PgConnection};

use super::error::ImportError;
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
    /// `$2` of every load.
    pub parameters: &'a Value,
    /// Counters to store with the run.
    pub counters: &'a Value,
}

/// Loads and promotes; returns the id of the new source.
pub async fn promote(connection: &mut PgConnection, promotion: &Promotion<'_>) -> Result<i32, ImportError> {
    let id: i32 = sqlx::query_scalar("SELECT nextval(pg_get_serial_sequence('data.data_sources', 'id'))::int")
        .fetch_one(&mut *connection)
        .await?;
    for load in promotion.layout.loads {
        if let Load::Partition { table, sql } = load {
            fill_partition(connection, promotion, id, table, sql).await?;
        }
    }
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql("SET LOCAL lock_timeout = '5s'").execute(&mut *transaction).await?;
    record_source(&mut transaction, promotion, id).await?;
    for load in promotion.layout.loads {
        match load {
            Load::Partition { table, .. } => {
                let attach =
                    format!("ALTER TABLE data.{table} ATTACH PARTITION data.{table}_s{id} FOR VALUES IN ({id})");
                sqlx::raw_sql(&attach).execute(&mut *transaction).await?;
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
    sqlx::query(
        "INSERT INTO data.reference_version (sources) SELECT array_agg(id ORDER BY id) FROM data.data_sources WHERE active",
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query("UPDATE data.import_runs SET statut = 'promu', fin = now(), compteurs = $2 WHERE id = $1")
        .bind(promotion.run)
        .bind(promotion.counters)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    for load in promotion.layout.loads {
        if let Load::InPlace { table, .. } = load {
            sqlx::raw_sql(&format!("ANALYZE data.{table}")).execute(&mut *connection).await?;
        }
    }
    drop_forgotten(connection, promotion.dataset).await?;
    Ok(id)
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

/// Retires what the new source replaces: the same identity, narrower perimeters, and every invented source once a
/// real one is there.
async fn retire(connection: &mut PgConnection, promotion: &Promotion<'_>, id: i32) -> Result<(), ImportError> {
    let Promotion { dataset, identity, .. } = promotion;
    let retired: Vec<i32> = sqlx::query_scalar(
        "UPDATE data.data_sources SET active = false, remplacee_par = $1
         WHERE active AND dataset = $2 AND id <> $1
           AND (synthetique AND NOT $3
                OR synthetique = $3 AND millesime = $4 AND partie = $5 AND (perimetre = $6 OR $6 = 'FR'))
         RETURNING id",
    )
    .bind(id)
    .bind(dataset.name)
    .bind(identity.synthetique)
    .bind(&identity.millesime)
    .bind(&identity.partie)
    .bind(&identity.perimetre)
    .fetch_all(&mut *connection)
    .await?;
    for table in partitions_of(connection, &retired, true).await? {
        let parent = table.rsplit_once("_s").map_or(table.as_str(), |(parent, _)| parent);
        sqlx::raw_sql(&format!("ALTER TABLE {parent} DETACH PARTITION {table}")).execute(&mut *connection).await?;
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
async fn partitions_of(
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
