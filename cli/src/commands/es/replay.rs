//! `lobster es replay`: the read models as they were, in a schema of their own.
//!
//! Projectors name their tables without a schema, so the search path decides which they fill. The connection works as
//! the auditor, who may write in the scratch schema and nowhere else: whatever a projector tried beside it would be
//! refused, not done. Policies are no read models and are not replayed.

use anyhow::Context as _;
use domain::ports::Log as _;
use indicatif::{ProgressBar, ProgressStyle};
use infra::event_store::{PgLog, sealed_head};
use projections::DynProjector;
use sqlx::{Connection as _, PgConnection, PgPool};

/// Events applied together.
const BATCH: i64 = 5_000;
/// What tells our schemas from others: only those are replaced or removed.
const NOTE: &str = "lobster es replay";

/// One table, replayed and living.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
struct Compared {
    name: String,
    rows: i64,
    checksum: String,
    /// Of the living table.
    living: String,
}

/// `pool` reads the log; `url` is that of the owner, who makes schemas.
pub async fn run(pool: &PgPool, url: &str, to: Option<i64>, schema: &str, drop: bool) -> anyhow::Result<()> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    anyhow::ensure!(
        (1..=40).contains(&schema.len()) && schema.bytes().all(plain),
        "{schema:?} cannot be a schema: use small letters, digits and _"
    );
    let head = sealed_head(pool).await?;
    let to = to.unwrap_or(head);
    anyhow::ensure!((0..=head).contains(&to), "there is no position {to}: the log ends at {head}");
    let projectors: Vec<_> = projections::all().into_iter().filter(|projector| projector.is_rebuildable()).collect();
    let tables: Vec<&str> = projectors.iter().flat_map(|projector| projector.tables()).copied().collect();
    let mut owner = PgConnection::connect(url).await?;
    open(&mut owner, schema, &tables).await?;
    fill(&mut owner, pool, schema, &projectors, to).await?;
    println!("{to} events of {head} replayed into the schema {schema}\n");
    let width = tables.iter().map(|name| name.len()).max().unwrap_or_default();
    println!("{:<width$} {:>9}  {:<32}  living table", "table", "rows", "checksum");
    for table in compare(&mut owner, schema, &tables).await? {
        let living = if table.living == table.checksum { "same" } else { "differs" };
        println!("{:<width$} {:>9}  {}  {living}", table.name, table.rows, table.checksum);
    }
    if to < head {
        println!("\nThe living tables show what came after position {to} too: they may differ.");
    }
    if drop {
        close(&mut owner, schema).await?;
        println!("\nThe schema {schema} is removed.");
    }
    owner.close().await?;
    Ok(())
}

/// Names reach the static statements below as settings of the connection: a statement cannot bind a name.
async fn set_names(owner: &mut PgConnection, schema: &str, tables: &[&str]) -> sqlx::Result<()> {
    sqlx::query(
        "SELECT set_config('replay.schema', $1, false), set_config('replay.tables', $2, false),
                set_config('replay.note', $3, false)",
    )
    .bind(schema)
    .bind(tables.join(","))
    .bind(NOTE)
    .execute(owner)
    .await?;
    Ok(())
}

/// Makes the schema with empty copies of the tables, in place of what an earlier replay left.
async fn open(owner: &mut PgConnection, schema: &str, tables: &[&str]) -> anyhow::Result<()> {
    let theirs: Option<bool> = sqlx::query_scalar(
        "SELECT obj_description(oid, 'pg_namespace') IS DISTINCT FROM $2 FROM pg_namespace WHERE nspname = $1",
    )
    .bind(schema)
    .bind(NOTE)
    .fetch_optional(&mut *owner)
    .await?;
    anyhow::ensure!(theirs != Some(true), "the schema {schema} exists and no replay made it: choose another name");
    set_names(owner, schema, tables).await?;
    sqlx::raw_sql(
        "DO $$
         DECLARE
           name text;
           scratch text := current_setting('replay.schema');
         BEGIN
           EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', scratch);
           EXECUTE format('CREATE SCHEMA %I', scratch);
           EXECUTE format('COMMENT ON SCHEMA %I IS %L', scratch, current_setting('replay.note'));
           FOREACH name IN ARRAY string_to_array(current_setting('replay.tables'), ',') LOOP
             EXECUTE format('CREATE TABLE %I.%I (LIKE read.%I INCLUDING ALL)', scratch, name, name);
           END LOOP;
           EXECUTE format('GRANT USAGE ON SCHEMA %I TO lobster_auditor', scratch);
           EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO lobster_auditor', scratch);
         END $$",
    )
    .execute(owner)
    .await
    .with_context(|| format!("the schema {schema} could not be made"))?;
    Ok(())
}

async fn close(owner: &mut PgConnection, schema: &str) -> sqlx::Result<()> {
    set_names(owner, schema, &[]).await?;
    sqlx::raw_sql("DO $$ BEGIN EXECUTE format('DROP SCHEMA %I CASCADE', current_setting('replay.schema')); END $$")
        .execute(owner)
        .await?;
    Ok(())
}

async fn fill(
    owner: &mut PgConnection,
    pool: &PgPool,
    schema: &str,
    projectors: &[Box<dyn DynProjector>],
    to: i64,
) -> anyhow::Result<()> {
    let log = PgLog::new(pool.clone());
    let bar = ProgressBar::new(to.unsigned_abs())
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} events, {per_sec}, {eta} left")?);
    sqlx::query("SELECT set_config('search_path', $1, false)").bind(schema).execute(&mut *owner).await?;
    sqlx::query("SET ROLE lobster_auditor").execute(&mut *owner).await?;
    let mut at = 0;
    while at < to {
        let batch = log.read_after(at, BATCH.min(to - at)).await?;
        let last = batch.last().with_context(|| format!("the log ends at {at}, before {to}"))?.position;
        let mut tx = owner.begin().await?;
        for projector in projectors {
            let applied = projector.apply(&mut tx, &batch).await;
            applied.with_context(|| format!("{} cannot apply positions {} to {last}", projector.name(), at + 1))?;
        }
        tx.commit().await?;
        at = last;
        bar.set_position(at.unsigned_abs());
    }
    bar.finish_and_clear();
    sqlx::query("RESET ROLE").execute(&mut *owner).await?;
    sqlx::query("RESET search_path").execute(&mut *owner).await?;
    Ok(())
}

/// Rows and checksum of each table; the order of rows does not count.
async fn compare(owner: &mut PgConnection, schema: &str, tables: &[&str]) -> anyhow::Result<Vec<Compared>> {
    sqlx::raw_sql(
        "CREATE OR REPLACE FUNCTION pg_temp.digest(place text, name text, OUT rows bigint, OUT checksum text)
         LANGUAGE plpgsql AS $$
         BEGIN
           EXECUTE format('SELECT count(*), md5(coalesce(string_agg(line, '''' ORDER BY line), ''''))
                           FROM (SELECT md5(t::text) AS line FROM %I.%I t) lines', place, name)
             INTO rows, checksum;
         END $$",
    )
    .execute(&mut *owner)
    .await?;
    let compared = sqlx::query_as(
        "SELECT name, replayed.rows, replayed.checksum, living.checksum AS living
         FROM unnest($2::text[]) AS name
         CROSS JOIN LATERAL pg_temp.digest($1, name) AS replayed
         CROSS JOIN LATERAL pg_temp.digest('read', name) AS living",
    )
    .bind(schema)
    .bind(tables)
    .fetch_all(owner)
    .await?;
    Ok(compared)
}
