//! How long committed events wait for their places: measured in every process that may seal, and called out when nobody
//! does. While events wait, every screen stands still.

use std::time::Duration;

use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

const LOOK: Duration = Duration::from_secs(5);
/// Sealing takes milliseconds: an event that waits longer than this waits for somebody who is not there.
const PATIENCE: Duration = Duration::from_secs(60);
/// Rows that vacuum may not remove, because some transaction has been open for too long. They are harmless until events
/// wait because of them.
const DEAD_ROWS: i64 = 50_000;
/// So long events do not wait while sealing keeps up.
const BREATH: Duration = Duration::from_secs(2);

/// What stands between the last append and its readers.
#[derive(Debug, Clone, Copy, PartialEq, sqlx::FromRow)]
pub struct Backlog {
    /// Committed events without a place.
    pub events: i64,
    /// Age of the oldest of them in seconds, 0 when there is none.
    pub oldest_seconds: f64,
    /// Rows of the queue that are deleted and still there.
    pub dead_rows: i64,
}

impl Backlog {
    /// What is there now; any role may look.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn measure(pool: &PgPool) -> sqlx::Result<Self> {
        sqlx::query_as(
            "SELECT (SELECT count(*) FROM es.unsealed) AS events,
                    coalesce((SELECT extract(epoch FROM clock_timestamp() - e.recorded_at)::float8
                              FROM es.unsealed u JOIN es.events e USING (insert_pos)
                              ORDER BY u.insert_pos LIMIT 1), 0) AS oldest_seconds,
                    pg_stat_get_dead_tuples('es.unsealed'::regclass) AS dead_rows",
        )
        .fetch_one(pool)
        .await
    }

    /// What a person must be told about it, if anything.
    #[must_use]
    pub fn complaint(&self) -> Option<&'static str> {
        if self.oldest_seconds > PATIENCE.as_secs_f64() {
            Some("events wait for their places and no process seals: who holds the lease `sealer` in es.checkpoint?")
        } else if self.dead_rows > DEAD_ROWS && self.oldest_seconds > BREATH.as_secs_f64() {
            Some("sealing is slow, its queue cannot be vacuumed: end the oldest transaction in pg_stat_activity")
        } else {
            None
        }
    }
}

/// Measures until `stop`, and logs an error when a complaint begins.
pub(super) async fn watch(pool: &PgPool, stop: &CancellationToken) {
    let mut complained = None;
    while !stop.is_cancelled() {
        match Backlog::measure(pool).await {
            Ok(backlog) => {
                metrics::gauge!("lobster_unsealed_events").set(backlog.events as f64);
                metrics::gauge!("lobster_unsealed_oldest_seconds").set(backlog.oldest_seconds);
                metrics::gauge!("lobster_unsealed_dead_rows").set(backlog.dead_rows as f64);
                let complaint = backlog.complaint();
                let Backlog { events, oldest_seconds, dead_rows } = backlog;
                match complaint {
                    Some(what) if complained != complaint => {
                        tracing::error!(events, oldest_seconds, dead_rows, "{what}");
                    }
                    None if complained.is_some() => tracing::info!(events, dead_rows, "sealing is well again"),
                    _ => {}
                }
                complained = complaint;
            }
            Err(error) => tracing::warn!(%error, "the sealing queue could not be measured"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_begins_after_a_minute() {
        let calm = Backlog { events: 900, oldest_seconds: 59.9, dead_rows: 50_000 };
        assert_eq!(calm.complaint(), None);
        assert!(Backlog { oldest_seconds: 60.1, ..calm }.complaint().is_some_and(|what| what.contains("no process")));
    }

    #[test]
    fn dead_rows_are_called_out_only_while_events_wait() {
        let kept_up = Backlog { events: 0, oldest_seconds: 0.0, dead_rows: 900_000 };
        assert_eq!(kept_up.complaint(), None);
        let slow = Backlog { events: 40, oldest_seconds: 2.1, ..kept_up };
        assert!(slow.complaint().is_some_and(|what| what.contains("vacuumed")));
        assert_eq!(Backlog { dead_rows: 50_000, ..slow }.complaint(), None);
    }
}
