//! Reading `read.catalogue` and the durations beside it.

use sqlx::{FromRow, PgPool};

/// How a study sells and how long it takes.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct StudyStats {
    pub study: String,
    pub placed: i64,
    pub delivered: i64,
    /// From payment to delivery, over the last fifty delivered orders; `None` before the first.
    pub median_seconds: Option<f64>,
    /// Nine orders out of ten took no longer.
    pub p90_seconds: Option<f64>,
}

/// Every study that was ever ordered, by code.
///
/// # Errors
/// When the database cannot answer.
pub async fn all(pool: &PgPool) -> sqlx::Result<Vec<StudyStats>> {
    sqlx::query_as(
        "SELECT c.study, c.placed, c.delivered, took.median_seconds, took.p90_seconds
         FROM read.catalogue c
         CROSS JOIN LATERAL (
           SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median_seconds,
                  percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) AS p90_seconds
           FROM (SELECT extract(epoch FROM d.delivered_at - d.paid_at)::float8 AS seconds
                 FROM read.catalogue_duration d
                 WHERE d.study = c.study AND d.delivered_at IS NOT NULL AND d.paid_at IS NOT NULL
                 ORDER BY d.delivered_at DESC LIMIT 50) AS latest) AS took
         ORDER BY c.study",
    )
    .fetch_all(pool)
    .await
}
