//! Materialised views follow the tables they rest on. Which ones, and in which order, is read from the database itself:
//! a new view needs no line here. Readers see the old rows until the new ones are there.

use sqlx::{Connection as _, PgConnection, PgPool};

use crate::dataset::Load;
use crate::{ImportError, find, maps};

/// Maps are made like views: after the promotion, from what is then there.
const MAPS: &str = "data.cartes";
/// The datasets that change what a map shows.
const DRAWN_FROM: [&str; 2] = ["communes", "contours"];

/// A view, and what is under it.
#[derive(sqlx::FromRow)]
struct View {
    name: String,
    /// Whether it can be refreshed while it is read.
    unique: bool,
    sources: Vec<String>,
}

/// Refreshes the views that rest on these datasets, or all of them; `step` hears the name of each before it begins. The
/// names are given back in the order of the refresh. Reports that waited for them go on.
///
/// # Errors
/// [`ImportError::Database`]; views refreshed before stay so.
pub async fn refresh(
    pool: &PgPool,
    changed: Option<&[&str]>,
    step: &mut (dyn FnMut(&str) + Send),
) -> Result<Vec<String>, ImportError> {
    let tables = changed.map(tables_of).transpose()?;
    // A connection of its own: the lock ends with it, whatever happens.
    let mut connection = pool.acquire().await?.detach();
    sqlx::raw_sql("SET statement_timeout = 0; SET work_mem = '64MB'; SET max_parallel_workers_per_gather = 1")
        .execute(&mut connection)
        .await?;
    sqlx::raw_sql("SELECT pg_advisory_lock(hashtext('lobster datasets'), hashtext('vues'))")
        .execute(&mut connection)
        .await?;
    let mut refreshed = Vec::new();
    for view in views(&mut connection).await? {
        let concerned = tables.as_ref().is_none_or(|tables| view.sources.iter().any(|source| tables.contains(source)));
        if concerned {
            step(&view.name);
            let gently = if view.unique { "CONCURRENTLY" } else { "" };
            sqlx::raw_sql(&format!("REFRESH MATERIALIZED VIEW {gently} {}", view.name))
                .execute(&mut connection)
                .await?;
            // The views above join this one: without statistics that takes five times as long.
            sqlx::raw_sql(&format!("ANALYZE {}", view.name)).execute(&mut connection).await?;
            refreshed.push(view.name);
        }
    }
    if changed.is_none_or(|names| DRAWN_FROM.iter().any(|name| names.contains(name))) {
        step(MAPS);
        if maps::build(&mut connection).await?.made > 0 {
            refreshed.push(MAPS.to_owned());
        }
    }
    sqlx::query("UPDATE data.reference_version SET retard = NULL WHERE retard IS NOT NULL AND ($1::text[] IS NULL OR retard = ANY($1))")
        .bind(changed)
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(refreshed)
}

/// Whether views and maps were ever made: they are empty until then.
///
/// # Errors
/// [`ImportError::Database`].
pub async fn was_refreshed(pool: &PgPool) -> Result<bool, ImportError> {
    let made = "SELECT EXISTS (SELECT FROM data.mv_commune_summary) AND EXISTS (SELECT FROM data.cartes)";
    Ok(sqlx::query_scalar(made).fetch_one(pool).await?)
}

/// The tables that these datasets write. What a view tells of the provenance (`data_sources`, `reference_version`) changes
/// with every import and is no reason to make it again: it says which state of the data it saw.
fn tables_of(datasets: &[&str]) -> Result<Vec<String>, ImportError> {
    let mut tables = Vec::new();
    for name in datasets {
        for load in find(name)?.layouts.iter().flat_map(|layout| layout.loads) {
            let (Load::Partition { table, .. } | Load::InPlace { table, .. }) = load;
            tables.push(format!("data.{table}"));
        }
    }
    Ok(tables)
}

/// Every materialised view of the open data, each after those it reads. A view of views has the longer way down to the
/// tables, so the longest way is the order.
async fn views(connection: &mut PgConnection) -> Result<Vec<View>, ImportError> {
    Ok(sqlx::query_as(
        "WITH RECURSIVE direct AS (
             SELECT DISTINCT r.ev_class AS relation, d.refobjid AS source
             FROM pg_rewrite r
             JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                             AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
         ), ways AS (
             SELECT c.oid AS relation, d.source, 1 AS length
             FROM pg_class c JOIN direct d ON d.relation = c.oid
             WHERE c.relkind = 'm' AND c.relnamespace = 'data'::regnamespace
             UNION
             SELECT w.relation, d.source, w.length + 1 FROM ways w JOIN direct d ON d.relation = w.source
         )
         SELECT format('%I.%I', n.nspname, c.relname) AS name,
                c.relispopulated AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique
                                             AND i.indpred IS NULL AND i.indexprs IS NULL) AS unique,
                array_agg(DISTINCT format('%I.%I', sn.nspname, s.relname)) AS sources
         FROM ways w
         JOIN pg_class c ON c.oid = w.relation JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_class s ON s.oid = w.source JOIN pg_namespace sn ON sn.oid = s.relnamespace
         GROUP BY c.oid, c.relname, c.relispopulated, n.nspname
         ORDER BY max(w.length), c.relname",
    )
    .fetch_all(connection)
    .await?)
}
