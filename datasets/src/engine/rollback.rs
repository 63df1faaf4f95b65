//! Back to the version before: the partitions that the last import detached are attached again, its own are put aside,
//! in one transaction. Doing it twice comes back to where one was.

use serde_json::json;
use sqlx::{Connection as _, PgConnection, PgPool};

use super::error::ImportError;
use super::promote::{self, attach, detach, partitions_of};
use super::provenance;
use crate::dataset::{Dataset, Load};

/// What serves again, and what no longer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// Files that serve again, with their vintages.
    pub restored: Vec<String>,
    /// Files that no longer serve.
    pub retired: Vec<String>,
}

/// Undoes the last import of a dataset: all files given in one command.
pub async fn rollback(pool: &PgPool, dataset: &'static Dataset) -> Result<Return, ImportError> {
    let in_place = |load: &Load| matches!(load, Load::InPlace { .. });
    if dataset.layouts.iter().flat_map(|layout| layout.loads).any(in_place) {
        return Err(ImportError::NotVersioned(dataset.name));
    }
    let mut connection = pool.acquire().await?.detach();
    provenance::take(&mut connection, dataset).await?;
    let done = swap(&mut connection, dataset).await;
    provenance::release(&mut connection).await?;
    done.map_err(|error| if promote::is_lock_timeout(&error) { ImportError::Readers(dataset.name) } else { error })
}

/// A source of the last lot, and one that it replaced.
#[derive(sqlx::FromRow)]
struct Pair {
    ancien: i32,
    ancien_nom: String,
    nouveau: i32,
    nouveau_nom: String,
}

async fn swap(connection: &mut PgConnection, dataset: &'static Dataset) -> Result<Return, ImportError> {
    let pairs: Vec<Pair> = sqlx::query_as(
        "WITH dernier AS (
             SELECT r.lot FROM data.data_sources s JOIN data.import_runs r ON r.id = s.import_run_id
             WHERE s.dataset = $1 AND s.active ORDER BY s.id DESC LIMIT 1)
         SELECT a.id AS ancien, a.fichier || ' (' || a.millesime || ')' AS ancien_nom,
                n.id AS nouveau, n.fichier || ' (' || n.millesime || ')' AS nouveau_nom
         FROM data.data_sources n
         JOIN data.import_runs r ON r.id = n.import_run_id
         JOIN dernier ON dernier.lot = r.lot
         JOIN data.data_sources a ON a.remplacee_par = n.id
         WHERE n.active AND n.dataset = $1 ORDER BY a.id",
    )
    .bind(dataset.name)
    .fetch_all(&mut *connection)
    .await?;
    let (mut old, mut new): (Vec<i32>, Vec<i32>) = pairs.iter().map(|pair| (pair.ancien, pair.nouveau)).unzip();
    old.dedup();
    new.sort_unstable();
    new.dedup();
    let kept = partitions_of(connection, &old, false).await?;
    if kept.is_empty() {
        return Err(ImportError::NothingBefore(dataset.name));
    }
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(promote::LOCK_TIMEOUT).execute(&mut *transaction).await?;
    for table in partitions_of(&mut transaction, &new, true).await? {
        detach(&mut transaction, &table).await?;
    }
    for table in &kept {
        attach(&mut transaction, table).await?;
    }
    for Pair { ancien, nouveau, .. } in &pairs {
        sqlx::query(
            "UPDATE data.data_sources SET active = id = $1,
                 remplacee_par = CASE WHEN id = $2 THEN $1 END, annulee_le = CASE WHEN id = $2 THEN now() END
             WHERE id IN ($1, $2)",
        )
        .bind(ancien)
        .bind(nouveau)
        .execute(&mut *transaction)
        .await?;
    }
    promote::new_version(&mut transaction, Some(dataset.name)).await?;
    provenance::record_return(&mut transaction, dataset, &json!({"remis": old, "retires": new})).await?;
    transaction.commit().await?;
    let mut retired: Vec<String> = pairs.iter().map(|pair| pair.nouveau_nom.clone()).collect();
    retired.dedup();
    Ok(Return { restored: pairs.into_iter().map(|pair| pair.ancien_nom).collect(), retired })
}
