//! Row checks, unknown communes, and national totals. A bad row is set aside with its reason; too many of them, or a
//! total out of range, and nothing is loaded.

use std::path::Path;

use sqlx::PgConnection;

use super::error::ImportError;
use super::staging;
use crate::dataset::Layout;

/// Rows rejected for their content, of a thousand.
const CONTENT_LIMIT: (u64, &str) = (1, "0,1 %");
/// Rows whose commune is unknown, of a thousand.
const UNKNOWN_COMMUNE_LIMIT: (u64, &str) = (5, "0,5 %");

/// What became of the rows.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    /// Rows read.
    pub read: u64,
    /// Rows outside the requested département.
    pub outside: u64,
    /// Rows rejected, unknown communes included.
    pub rejected: u64,
}

impl Counts {
    /// Rows that went on to the tables.
    pub fn kept(&self) -> u64 {
        self.read - self.outside - self.rejected
    }
}

/// The run and the file that messages and rejects belong to.
pub struct Run<'a> {
    /// `data.import_runs.id`.
    pub id: i32,
    /// The file, for messages.
    pub file: &'a Path,
    /// The staging table.
    pub staging: &'a str,
}

/// Removes rows of other départements and rejects bad ones.
pub async fn screen(
    connection: &mut PgConnection,
    run: &Run<'_>,
    layout: &Layout,
    departement: Option<&str>,
    read: staging::Read,
) -> Result<Counts, ImportError> {
    let mut counts = Counts { read: read.rows, outside: 0, rejected: read.rejected };
    store(connection, run, &read.rejects).await?;
    let staging = run.staging;
    if let (Some(departement), Some(column)) = (departement, layout.commune) {
        let sql = format!(
            "DELETE FROM {staging} s WHERE NOT EXISTS (SELECT FROM data.territoires_de($1) t
             WHERE t.code_source = data.code_commune({column}))"
        );
        counts.outside += sqlx::query(&sql).bind(departement).execute(&mut *connection).await?.rows_affected();
    }
    if let Some(keep) = layout.keep {
        let sql = format!("DELETE FROM {staging} s WHERE ({keep}) IS NOT TRUE");
        counts.outside += sqlx::query(&sql).execute(&mut *connection).await?.rows_affected();
    }
    for check in layout.checks {
        counts.rejected += reject(connection, run, check.when, check.motif).await?;
    }
    judge(connection, run, counts.rejected, counts.read, CONTENT_LIMIT).await?;
    if let Some(column) = layout.commune {
        let unknown =
            format!("NOT EXISTS (SELECT FROM data.rattachement r WHERE r.code_source = data.code_commune({column}))");
        let count = reject(connection, run, &unknown, "commune inconnue du code officiel géographique").await?;
        judge(connection, run, count, counts.read, UNKNOWN_COMMUNE_LIMIT).await?;
        counts.rejected += count;
    }
    refuse_duplicates(connection, run, layout.keys).await?;
    if counts.kept() == 0 {
        return Err(ImportError::Empty { file: run.file.to_owned() });
    }
    Ok(counts)
}

/// Compares a complete file with what is known of France.
pub async fn control(connection: &mut PgConnection, run: &Run<'_>, layout: &Layout) -> Result<(), ImportError> {
    for control in layout.controls {
        let sql = control.sql.replace("{staging}", run.staging);
        let value: i64 = sqlx::query_scalar(&sql).fetch_one(&mut *connection).await?;
        if value < control.min || value > control.max {
            let (what, min, max) = (control.what, control.min, control.max);
            return Err(ImportError::Control { file: run.file.to_owned(), what, value, min, max });
        }
    }
    Ok(())
}

async fn refuse_duplicates(connection: &mut PgConnection, run: &Run<'_>, keys: &[&str]) -> Result<(), ImportError> {
    if keys.is_empty() {
        return Ok(());
    }
    let columns = keys.join(", ");
    let sql = format!(
        "SELECT concat_ws(', ', {columns}), max(ligne), count(*) FROM {} GROUP BY {columns} HAVING count(*) > 1
         ORDER BY 2 LIMIT 1",
        run.staging
    );
    match sqlx::query_as::<_, (String, i64, i64)>(&sql).fetch_optional(connection).await? {
        None => Ok(()),
        Some((value, line, count)) => {
            Err(ImportError::DuplicateKey { file: run.file.to_owned(), columns, value, line, count })
        }
    }
}

async fn reject(connection: &mut PgConnection, run: &Run<'_>, when: &str, reason: &str) -> Result<u64, ImportError> {
    let sql = format!(
        "WITH bad AS (DELETE FROM {} s WHERE {when} RETURNING s.ligne, left(s::text, 2048) AS brut)
         INSERT INTO data.import_rejets (run_id, ligne, motif, brut) SELECT $1, ligne, $2, brut FROM bad",
        run.staging
    );
    Ok(sqlx::query(&sql).bind(run.id).bind(reason).execute(connection).await?.rows_affected())
}

async fn store(connection: &mut PgConnection, run: &Run<'_>, rejects: &[staging::Reject]) -> Result<(), ImportError> {
    let lines: Vec<i64> = rejects.iter().map(|reject| i64::try_from(reject.line).unwrap_or(i64::MAX)).collect();
    let reasons: Vec<&str> = rejects.iter().map(|reject| reject.reason.as_str()).collect();
    let raw: Vec<&str> = rejects.iter().map(|reject| reject.raw.as_str()).collect();
    sqlx::query(
        "INSERT INTO data.import_rejets (run_id, ligne, motif, brut)
         SELECT $1, ligne, motif, brut FROM unnest($2::bigint[], $3::text[], $4::text[]) AS r (ligne, motif, brut)",
    )
    .bind(run.id)
    .bind(lines)
    .bind(reasons)
    .bind(raw)
    .execute(connection)
    .await?;
    Ok(())
}

async fn judge(
    connection: &mut PgConnection,
    run: &Run<'_>,
    rejected: u64,
    read: u64,
    (per_thousand, limit): (u64, &'static str),
) -> Result<(), ImportError> {
    if rejected * 1000 <= read * per_thousand {
        return Ok(());
    }
    let first: Option<String> = sqlx::query_scalar(
        "SELECT format('%s (par exemple ligne %s : %s)', motif, min(ligne), left(min(brut), 120))
         FROM data.import_rejets WHERE run_id = $1 GROUP BY motif ORDER BY count(*) DESC LIMIT 1",
    )
    .bind(run.id)
    .fetch_optional(connection)
    .await?;
    let first = first.unwrap_or_default();
    Err(ImportError::TooManyRejects { file: run.file.to_owned(), rejected, read, limit, first })
}
