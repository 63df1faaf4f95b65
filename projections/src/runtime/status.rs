//! How projectors stand, and stopping and starting them by hand.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgPool};

/// A projector, all its shards together.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Status {
    pub projector: String,
    pub version: i32,
    pub shards: i64,
    /// Everything up to here is applied.
    pub position: i64,
    /// Events between there and the head of the log.
    pub lag_events: i64,
    /// Age of the oldest event not yet applied, in seconds; 0 when there is none.
    pub lag_seconds: f64,
    /// `running`, `paused` or `stopped`; the worst of its shards.
    pub status: String,
    /// The processes that hold a lease now.
    pub owners: Vec<String>,
    /// Events that wait for a decision.
    pub parked: i64,
    pub last_error: Option<String>,
    /// A rebuild under way has come so far.
    pub rebuilding: Option<i64>,
    /// When the rows that a rebuild replaced, and that are kept, were put aside.
    pub replaced_at: Option<DateTime<Utc>>,
}

/// The latest version of every projector that has ever run here, by name.
///
/// # Errors
/// When the database cannot answer.
pub async fn statuses(pool: &PgPool) -> sqlx::Result<Vec<Status>> {
    sqlx::query_as(
        "WITH head AS (SELECT coalesce(max(last_pos), 0) AS position FROM es.seal),
         known AS (
           SELECT projector, version, count(*) AS shards, min(position) AS position,
                  CASE WHEN bool_or(status = 'stopped') THEN 'stopped'
                       WHEN bool_or(status = 'paused') THEN 'paused' ELSE 'running' END AS status,
                  coalesce(array_agg(DISTINCT owner) FILTER (WHERE lease_until > clock_timestamp()), '{}') AS owners,
                  max(last_error) AS last_error
           FROM es.checkpoint c
           WHERE version = (SELECT max(version) FROM es.checkpoint latest WHERE latest.projector = c.projector)
             AND projector <> 'sealer'
           GROUP BY projector, version)
         SELECT k.*, head.position - k.position AS lag_events,
                coalesce(extract(epoch FROM clock_timestamp() - next.recorded_at), 0)::float8 AS lag_seconds,
                (SELECT count(*) FROM es.dead_letter d
                 WHERE d.projector = k.projector AND d.version = k.version AND d.resolved_at IS NULL) AS parked,
                (SELECT r.position FROM es.rebuild r
                 WHERE r.projector = k.projector AND r.lease_until > clock_timestamp()) AS rebuilding,
                (SELECT l.replaced_at FROM es.replaced l WHERE l.projector = k.projector) AS replaced_at
         FROM known k CROSS JOIN head
         LEFT JOIN es.event_order o ON o.position = k.position + 1
         LEFT JOIN es.events next ON next.insert_pos = o.insert_pos
         ORDER BY k.projector",
    )
    .fetch_all(pool)
    .await
}

/// Pauses a version of a projector, or lets it go on; true when that changed anything. It survives restarts. A stopped
/// projector needs a decision on its event instead.
///
/// # Errors
/// When the database cannot answer.
pub async fn switch(pool: &PgPool, projector: &str, version: i32, run: bool) -> sqlx::Result<bool> {
    let (from, to) = if run { ("paused", "running") } else { ("running", "paused") };
    let switched = sqlx::query(
        "UPDATE es.checkpoint SET status = $4, owner = NULL, lease_until = NULL, fence = fence + 1,
           updated_at = clock_timestamp()
         WHERE projector = $1 AND version = $2 AND status = $3",
    )
    .bind(projector)
    .bind(version)
    .bind(from)
    .bind(to)
    .execute(pool)
    .await?;
    Ok(switched.rows_affected() > 0)
}
