//! Runs and sources: what was tried, what is active, and what may replace what.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::error::ImportError;
use super::quality::Counts;
use super::received::Fingerprint;
use crate::dataset::Dataset;

/// What tells one source of a dataset from another: a new source replaces the one with the same identity.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Vintage.
    pub millesime: String,
    /// Which of several sibling files.
    pub partie: String,
    /// `FR`, a département, or a commune code.
    pub perimetre: String,
    /// Whether the content is invented.
    pub synthetique: bool,
    /// Year of the Code officiel géographique of the file.
    pub cog_annee: i32,
}

/// Gives back whatever this connection has taken.
pub async fn release(connection: &mut PgConnection) -> Result<(), ImportError> {
    sqlx::query("SELECT pg_advisory_unlock_all()").execute(connection).await?;
    Ok(())
}

/// Takes the dataset for this connection, for as long as it lives, and clears what a killed import left.
pub async fn take(connection: &mut PgConnection, dataset: &'static Dataset) -> Result<(), ImportError> {
    let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtext('lobster datasets'), hashtext($1))")
        .bind(dataset.name)
        .fetch_one(&mut *connection)
        .await?;
    if !taken {
        return Err(ImportError::Busy(dataset.name));
    }
    // We hold the lock, so a run still marked as going on is dead.
    sqlx::query(
        "UPDATE data.import_runs SET statut = 'echec', fin = now(), erreur = 'interrompu'
         WHERE dataset = $1 AND statut = 'en_cours'",
    )
    .bind(dataset.name)
    .execute(&mut *connection)
    .await?;
    let left: Vec<String> = sqlx::query_scalar(
        "SELECT c.oid::regclass::text FROM pg_class c
         WHERE c.relnamespace = 'data'::regnamespace AND c.relkind = 'r'
           AND (c.relname ~ ('^staging_' || $1 || '_[0-9]+$')
                OR c.relname ~ '_s[0-9]+$' AND NOT c.relispartition
                   AND obj_description(c.oid, 'pg_class') = $1 || ' en cours')",
    )
    .bind(dataset.name)
    .fetch_all(&mut *connection)
    .await?;
    for table in left {
        sqlx::raw_sql(&format!("DROP TABLE IF EXISTS {table}")).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The active source that holds exactly this content, if any.
pub async fn already_active(
    connection: &mut PgConnection,
    dataset: &Dataset,
    fingerprint: &Fingerprint,
    identity: &Identity,
) -> Result<Option<i32>, ImportError> {
    Ok(sqlx::query_scalar(
        "SELECT s.id FROM data.data_sources s JOIN data.import_runs r ON r.id = s.import_run_id
         WHERE s.active AND s.dataset = $1 AND s.sha256_decompresse = $2 AND r.version_importeur = $3
           AND s.millesime = $4 AND s.partie = $5 AND s.perimetre = $6 AND s.synthetique = $7",
    )
    .bind(dataset.name)
    .bind(&fingerprint.content)
    .bind(dataset.version)
    .bind(&identity.millesime)
    .bind(&identity.partie)
    .bind(&identity.perimetre)
    .bind(identity.synthetique)
    .fetch_optional(connection)
    .await?)
}

/// Refuses what must not stand beside the active sources.
pub async fn admit(
    connection: &mut PgConnection,
    dataset: &'static Dataset,
    identity: &Identity,
    snapshot: bool,
) -> Result<(), ImportError> {
    let invented_over_real: Option<String> = sqlx::query_scalar(
        "SELECT fichier FROM data.data_sources WHERE active AND dataset = $1 AND NOT synthetique AND $2 LIMIT 1",
    )
    .bind(dataset.name)
    .bind(identity.synthetique)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(titre) = invented_over_real {
        return Err(ImportError::SyntheticOverReal { dataset: dataset.name, titre });
    }
    // Years that are there already, for as wide a perimeter, would be counted twice.
    let twice: Option<(String, String, String)> = sqlx::query_as(
        "SELECT millesime, fichier, perimetre FROM data.data_sources
         WHERE active AND dataset = $1 AND synthetique = $2 AND partie = $3
           AND (perimetre = 'FR' OR starts_with($4, perimetre))
           AND CASE WHEN perimetre = $4 THEN millesime <> $5 AND NOT $6 AND data.annees(millesime) && data.annees($5)
                                             AND NOT data.annees($5) @> data.annees(millesime)
                    ELSE $6 OR millesime = $5 OR data.annees(millesime) && data.annees($5) END
         LIMIT 1",
    )
    .bind(dataset.name)
    .bind(identity.synthetique)
    .bind(&identity.partie)
    .bind(&identity.perimetre)
    .bind(&identity.millesime)
    .bind(snapshot)
    .fetch_optional(connection)
    .await?;
    match twice {
        None => Ok(()),
        Some((millesime, fichier, perimetre)) if perimetre == identity.perimetre => {
            let asked = identity.millesime.clone();
            Err(ImportError::YearsTwice { dataset: dataset.name, millesime, fichier, asked })
        }
        Some((millesime, fichier, perimetre)) => {
            let scope = if perimetre == "FR" { "la France entière".to_owned() } else { format!("« {perimetre} »") };
            Err(ImportError::AlreadyWider { dataset: dataset.name, millesime, fichier, scope })
        }
    }
}

/// Opens a run, alone or in the lot of an earlier one.
pub async fn start_run(
    connection: &mut PgConnection,
    dataset: &Dataset,
    parameters: &Value,
    lot: Option<i32>,
) -> Result<i32, ImportError> {
    let run = sqlx::query_scalar(
        "INSERT INTO data.import_runs (dataset, statut, version_importeur, parametres)
         VALUES ($1, 'en_cours', $2, $3) RETURNING id",
    )
    .bind(dataset.name)
    .bind(dataset.version)
    .bind(parameters)
    .fetch_one(&mut *connection)
    .await?;
    // The first file of a command gives its number to the others.
    sqlx::query("UPDATE data.import_runs SET lot = coalesce($2, id) WHERE id = $1")
        .bind(run)
        .bind(lot)
        .execute(connection)
        .await?;
    Ok(run)
}

/// Writes down that an operator went back to the version before.
pub async fn record_return(
    connection: &mut PgConnection,
    dataset: &Dataset,
    sources: &Value,
) -> Result<(), ImportError> {
    sqlx::query(
        "INSERT INTO data.import_runs (dataset, statut, version_importeur, parametres, fin)
         VALUES ($1, 'retour', $2, $3, now())",
    )
    .bind(dataset.name)
    .bind(dataset.version)
    .bind(sources)
    .execute(connection)
    .await?;
    Ok(())
}

/// Closes a run that did not reach the tables: a failure, or a trial (`error` is `None`).
pub async fn close_run(
    connection: &mut PgConnection,
    run: i32,
    error: Option<&ImportError>,
    counters: &Value,
) -> Result<(), ImportError> {
    sqlx::query("UPDATE data.import_runs SET statut = $2, fin = now(), erreur = $3, compteurs = $4 WHERE id = $1")
        .bind(run)
        .bind(if error.is_some() { "echec" } else { "essai" })
        .bind(error.map(ToString::to_string))
        .bind(counters)
        .execute(connection)
        .await?;
    Ok(())
}

/// The counters of a run, as stored.
pub fn counters(counts: &Counts, unknown_columns: &[String]) -> Value {
    json!({
        "lues": counts.read, "gardees": counts.kept(), "hors_perimetre": counts.outside,
        "rejetees": counts.rejected, "colonnes_inconnues": unknown_columns,
    })
}
