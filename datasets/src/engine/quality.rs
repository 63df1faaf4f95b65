//! Row checks, unknown communes, and national totals. A bad row is set aside with its reason; too many of them, or a
//! total out of range, and nothing is loaded.

use std::path::Path;

use sqlx::PgConnection;

use super::error::ImportError;
use super::staging;
use crate::dataset::{Format, Layout};

/// Rejected rows kept for the operator, the first of the file; all are counted.
const KEPT: i64 = 10_000;

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
    store(connection, run, layout, &read.rejects).await?;
    let staging = run.staging;
    if let (Some(departement), Some(column)) = (departement, layout.commune) {
        let sql = format!(
            "WITH beyond AS (DELETE FROM {staging} s WHERE {} NOT EXISTS (SELECT FROM data.territoires_de($1) t
                             WHERE t.code_source = data.code_commune({column})) RETURNING {} AS lignes)
             SELECT coalesce(sum(lignes), 0)::bigint FROM beyond",
            in_main_section(layout),
            weight(layout),
        );
        let lines: i64 = sqlx::query_scalar(&sql).bind(departement).fetch_one(&mut *connection).await?;
        counts.outside += u64::try_from(lines).unwrap_or_default();
    }
    if let Some(keep) = layout.keep {
        let sql = format!("DELETE FROM {staging} s WHERE ({keep}) IS NOT TRUE");
        counts.outside += sqlx::query(&sql).execute(&mut *connection).await?.rows_affected();
    }
    refuse(connection, run, layout).await?;
    if let Some(checks) = any_of(layout) {
        counts.rejected += reject(connection, run, layout, &checks.when, &checks.motif).await?;
    }
    judge(connection, run, counts.rejected, counts.read, layout.tolerance.rejected).await?;
    if let Some(column) = layout.commune
        && some_unknown(connection, run, layout, column).await?
    {
        let placed = if layout.unlocated { format!("({column}) IS NOT NULL AND") } else { String::new() };
        let unknown = format!(
            "{} {placed} NOT EXISTS (SELECT FROM data.rattachement r WHERE r.code_source = data.code_commune({column}))",
            in_main_section(layout),
        );
        let motif = "'commune inconnue du code officiel géographique'";
        let count = reject(connection, run, layout, &unknown, motif).await?;
        judge(connection, run, count, counts.read, layout.tolerance.unknown).await?;
        counts.rejected += count;
    }
    refuse_duplicates(connection, run, layout).await?;
    counts.outside += completing(connection, run, layout).await?;
    if counts.kept() == 0 {
        return Err(ImportError::Empty { file: run.file.to_owned() });
    }
    Ok(counts)
}

/// Whether any row names a commune that no geography knows: each code is looked up once, however many rows name it.
async fn some_unknown(
    connection: &mut PgConnection,
    run: &Run<'_>,
    layout: &Layout,
    column: &str,
) -> Result<bool, ImportError> {
    let sql = format!(
        "SELECT EXISTS (SELECT FROM (SELECT DISTINCT {column} AS code FROM {} s WHERE {} true) c
                        WHERE (c.code IS NOT NULL OR NOT {})
                          AND NOT EXISTS (SELECT FROM data.rattachement r
                                          WHERE r.code_source = data.code_commune(c.code)))",
        run.staging,
        in_main_section(layout),
        layout.unlocated,
    );
    Ok(sqlx::query_scalar(&sql).fetch_one(connection).await?)
}

/// Looks for a row that condemns the file.
async fn refuse(connection: &mut PgConnection, run: &Run<'_>, layout: &Layout) -> Result<(), ImportError> {
    for refusal in layout.refusals {
        let raw = if layout.personal { "''" } else { "left(s::text, 120)" };
        let sql = format!(
            "SELECT min(ligne), (array_agg({raw} ORDER BY ligne))[1], count(*) FROM {} s WHERE {}",
            run.staging, refusal.when
        );
        let found: (Option<i64>, Option<String>, i64) = sqlx::query_as(&sql).fetch_one(&mut *connection).await?;
        if let (Some(line), example, count) = found {
            return Err(ImportError::OtherEdition {
                file: run.file.to_owned(),
                motif: refusal.motif,
                count,
                line,
                example: example.unwrap_or_default(),
            });
        }
    }
    Ok(())
}

/// All checks of a layout as one: a big table is walked through once.
struct AnyOf {
    when: String,
    motif: String,
}

fn any_of(layout: &Layout) -> Option<AnyOf> {
    if layout.checks.is_empty() {
        return None;
    }
    let when = layout.checks.iter().map(|check| format!("({})", check.when)).collect::<Vec<_>>().join(" OR ");
    let cases = layout.checks.iter().map(|check| {
        // A motif is a text of ours; its apostrophes are typographic, but a straight one must not end the literal.
        format!(" WHEN {} THEN '{}'", check.when, check.motif.replace('\'', "''"))
    });
    Some(AnyOf { when: format!("({when})"), motif: format!("CASE{} END", cases.collect::<String>()) })
}

/// The condition that keeps to the main section, in a file that has sections.
fn in_main_section(layout: &Layout) -> String {
    match layout.format {
        Format::Sections { sections: [main, ..], .. } => format!("s.section = '{}' AND", main.name),
        _ => String::new(),
    }
}

/// Rows that only complete others: they are not counted as kept.
async fn completing(connection: &mut PgConnection, run: &Run<'_>, layout: &Layout) -> Result<u64, ImportError> {
    let Format::Sections { sections: [main, ..], .. } = layout.format else { return Ok(0) };
    let sql = format!("SELECT count(*) FROM {} WHERE section <> $1", run.staging);
    let count: i64 = sqlx::query_scalar(&sql).bind(main.name).fetch_one(connection).await?;
    Ok(u64::try_from(count).unwrap_or_default())
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

async fn refuse_duplicates(connection: &mut PgConnection, run: &Run<'_>, layout: &Layout) -> Result<(), ImportError> {
    if layout.keys.is_empty() {
        return Ok(());
    }
    let columns = layout.keys.join(", ");
    let located = match layout.commune {
        Some(commune) if layout.unlocated => format!("({commune}) IS NOT NULL AND"),
        _ => String::new(),
    };
    let sql = format!(
        "SELECT concat_ws(', ', {columns}), max(ligne), count(*) FROM {} s WHERE {} {located} true
         GROUP BY {columns} HAVING count(*) > 1 ORDER BY 2 LIMIT 1",
        run.staging,
        in_main_section(layout),
    );
    match sqlx::query_as::<_, (String, i64, i64)>(&sql).fetch_optional(connection).await? {
        None => Ok(()),
        Some((value, line, count)) => {
            Err(ImportError::DuplicateKey { file: run.file.to_owned(), columns, value, line, count })
        }
    }
}

/// Lines of the file that a staging row stands for.
fn weight(layout: &Layout) -> &'static str {
    layout.digest.map_or("1", |digest| digest.weight)
}

async fn reject(
    connection: &mut PgConnection,
    run: &Run<'_>,
    layout: &Layout,
    when: &str,
    motif: &str,
) -> Result<u64, ImportError> {
    let raw = if layout.personal { "''" } else { "left(s::text, 2048)" };
    let sql = format!(
        "WITH bad AS (DELETE FROM {} s WHERE {when}
                      RETURNING s.ligne, {motif} AS motif, {raw} AS brut, {} AS lignes),
              kept AS (INSERT INTO data.import_rejets (run_id, ligne, motif, brut)
                       SELECT $1, ligne, motif, brut FROM bad ORDER BY ligne LIMIT $2)
         SELECT coalesce(sum(lignes), 0)::bigint FROM bad",
        run.staging,
        weight(layout),
    );
    let count: i64 = sqlx::query_scalar(&sql).bind(run.id).bind(KEPT).fetch_one(connection).await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

async fn store(
    connection: &mut PgConnection,
    run: &Run<'_>,
    layout: &Layout,
    rejects: &[staging::Reject],
) -> Result<(), ImportError> {
    let lines: Vec<i64> = rejects.iter().map(|reject| i64::try_from(reject.line).unwrap_or(i64::MAX)).collect();
    let reasons: Vec<&str> = rejects.iter().map(|reject| reject.reason.as_str()).collect();
    let raw: Vec<&str> = rejects.iter().map(|reject| if layout.personal { "" } else { &reject.raw }).collect();
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
    per_thousand: u64,
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
    let limit = format!("{},{}\u{a0}%", per_thousand / 10, per_thousand % 10);
    Err(ImportError::TooManyRejects { file: run.file.to_owned(), rejected, read, limit, first })
}
