//! Forgetting: sources that were loaded on demand and are older than they may be.

use chrono::{DateTime, Duration, Utc};
use sqlx::{Connection as _, PgPool};

use super::error::ImportError;
use super::{promote, provenance};
use crate::dataset::Dataset;

/// What was forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// The dataset.
    pub dataset: &'static str,
    /// What the source covered, for instance a commune.
    pub perimetre: String,
}

/// Drops the rows of every source of these datasets that has outlived its time; readers see all of a source or nothing.
pub async fn expire(
    pool: &PgPool,
    datasets: &'static [Dataset],
    now: DateTime<Utc>,
) -> Result<Vec<Expired>, ImportError> {
    let mut expired = Vec::new();
    for dataset in datasets {
        let Some(days) = dataset.layouts.iter().filter_map(|layout| layout.time_to_live).max() else { continue };
        let mut connection = pool.acquire().await?.detach();
        provenance::take(&mut connection, dataset).await?;
        let mut transaction = connection.begin().await?;
        sqlx::raw_sql(promote::LOCK_TIMEOUT).execute(&mut *transaction).await?;
        let gone: Vec<(i32, String)> = sqlx::query_as(
            "UPDATE data.data_sources SET active = false WHERE active AND dataset = $1 AND obtenu_le < $2
             RETURNING id, perimetre",
        )
        .bind(dataset.name)
        .bind(now - Duration::days(days.into()))
        .fetch_all(&mut *transaction)
        .await?;
        let ids: Vec<i32> = gone.iter().map(|(id, _)| *id).collect();
        for table in promote::partitions_of(&mut transaction, &ids, true).await? {
            promote::detach(&mut transaction, &table).await?;
            sqlx::raw_sql(&format!("DROP TABLE {table}")).execute(&mut *transaction).await?;
        }
        if !gone.is_empty() {
            promote::new_version(&mut transaction, None).await?;
        }
        transaction.commit().await?;
        provenance::release(&mut connection).await?;
        expired.extend(gone.into_iter().map(|(_, perimetre)| Expired { dataset: dataset.name, perimetre }));
    }
    Ok(expired)
}
