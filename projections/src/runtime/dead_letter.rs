//! Events that could not be applied: put aside with their reason, in order, until somebody retries or discards them.

use std::collections::HashSet;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::log::Recorded;
use domain::ports::Log;
use sqlx::{FromRow, PgConnection, PgPool};

use super::place::{self, LIVE};
use crate::DynProjector;

/// An event that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DeadLetter {
    pub position: i64,
    /// The order that stands still with it.
    pub stream: Option<String>,
    /// Tries so far; 0 for an event that only waits behind another.
    pub attempts: i32,
    pub error: String,
    pub parked_at: DateTime<Utc>,
}

/// What waits for a decision, in the order of the log.
///
/// # Errors
/// When the database cannot answer.
pub async fn dead_letters(pool: &PgPool, projector: &str, version: i32) -> sqlx::Result<Vec<DeadLetter>> {
    sqlx::query_as(
        "SELECT position, stream, attempts, error, parked_at FROM es.dead_letter
         WHERE projector = $1 AND version = $2 AND resolved_at IS NULL ORDER BY position",
    )
    .bind(projector)
    .bind(version)
    .fetch_all(pool)
    .await
}

/// The orders that stand still.
pub(super) async fn blocked(pool: &PgPool, projector: &str, version: i32) -> sqlx::Result<HashSet<String>> {
    let streams: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT stream FROM es.dead_letter
         WHERE projector = $1 AND version = $2 AND resolved_at IS NULL AND stream IS NOT NULL",
    )
    .bind(projector)
    .bind(version)
    .fetch_all(pool)
    .await?;
    Ok(streams.into_iter().collect())
}

/// What somebody decided to do without, for ever: rebuilds leave it out too.
pub(super) async fn discarded(pool: &PgPool, projector: &str) -> sqlx::Result<HashSet<i64>> {
    let positions: Vec<i64> =
        sqlx::query_scalar("SELECT position FROM es.dead_letter WHERE projector = $1 AND outcome = 'discarded'")
            .bind(projector)
            .fetch_all(pool)
            .await?;
    Ok(positions.into_iter().collect())
}

/// Puts an event aside, within the transaction that steps over it.
pub(super) async fn park(
    tx: &mut PgConnection,
    projector: &dyn DynProjector,
    event: &Recorded,
    attempts: i32,
    error: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO es.dead_letter (projector, version, position, stream, attempts, error, parked_at)
         VALUES ($1, $2, $3, $4, $5, $6, now())
         ON CONFLICT (projector, version, position) DO UPDATE
           SET attempts = excluded.attempts, error = excluded.error, parked_at = excluded.parked_at,
               resolved_at = NULL, outcome = NULL",
    )
    .bind(projector.name())
    .bind(projector.version())
    .bind(event.position)
    .bind(place::stream(event))
    .bind(attempts)
    .bind(error)
    .execute(tx)
    .await?;
    Ok(())
}

async fn resolve(
    tx: &mut PgConnection,
    projector: &dyn DynProjector,
    position: i64,
    outcome: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE es.dead_letter SET resolved_at = now(), outcome = $4
         WHERE projector = $1 AND version = $2 AND position = $3 AND resolved_at IS NULL",
    )
    .bind(projector.name())
    .bind(projector.version())
    .bind(position)
    .bind(outcome)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes the checkpoints of a projector, of every version, out of its runners' hands for the length of a transaction.
pub(super) async fn hold(tx: &mut PgConnection, projector: &dyn DynProjector) -> sqlx::Result<()> {
    sqlx::query("UPDATE es.checkpoint SET fence = fence + 1, owner = NULL, lease_until = NULL WHERE projector = $1")
        .bind(projector.name())
        .execute(tx)
        .await?;
    Ok(())
}

/// A shard that stood still goes on, `after` the event it stood before or with it.
async fn go_on(
    tx: &mut PgConnection,
    projector: &dyn DynProjector,
    event: &Recorded,
    after: bool,
) -> sqlx::Result<bool> {
    let moved = sqlx::query(
        "UPDATE es.checkpoint SET status = 'running', last_error = NULL, updated_at = clock_timestamp(),
           position = CASE WHEN $5 THEN $4 ELSE position END
         WHERE projector = $1 AND version = $2 AND shard = $3 AND status = 'stopped'",
    )
    .bind(projector.name())
    .bind(projector.version())
    .bind(place::shard(event, projector.shards()))
    .bind(event.position)
    .bind(after)
    .execute(tx)
    .await?;
    Ok(moved.rows_affected() > 0)
}

/// Applies what was put aside, in order, all of it or nothing; answers how many events. A stopped shard goes on and
/// meets its event again.
///
/// # Errors
/// When an event still cannot be applied: everything stays as it was.
pub async fn retry(pool: &PgPool, log: &dyn Log, projector: &dyn DynProjector) -> anyhow::Result<usize> {
    let mut tx = place::begin_in(pool, LIVE).await?;
    hold(&mut tx, projector).await?;
    let letters = dead_letters(pool, projector.name(), projector.version()).await?;
    for DeadLetter { position, .. } in &letters {
        let event = event_at(log, *position).await?;
        if !go_on(&mut tx, projector, &event, false).await? {
            projector
                .apply(&mut tx, std::slice::from_ref(&event))
                .await
                .with_context(|| format!("position {position} ({}) still cannot be applied", event.event.name()))?;
        }
        resolve(&mut tx, projector, *position, "applied").await?;
    }
    tx.commit().await?;
    Ok(letters.len())
}

/// Does without an event that was put aside, for ever; what waits behind it is then to be retried.
///
/// # Errors
/// When no such event waits, or others of its order wait before it.
pub async fn discard(pool: &PgPool, log: &dyn Log, projector: &dyn DynProjector, position: i64) -> anyhow::Result<()> {
    let name = projector.name();
    let letters = dead_letters(pool, name, projector.version()).await?;
    let letter = letters.iter().find(|letter| letter.position == position);
    let letter = letter.with_context(|| format!("no event at position {position} waits for a decision on {name}"))?;
    if let Some(first) = letters.iter().find(|other| other.stream == letter.stream && other.position < position) {
        anyhow::bail!("position {position} waits behind {}: decide on that one first", first.position);
    }
    let event = event_at(log, position).await?;
    let mut tx = place::begin(pool).await?;
    hold(&mut tx, projector).await?;
    go_on(&mut tx, projector, &event, true).await?;
    resolve(&mut tx, projector, position, "discarded").await?;
    tx.commit().await?;
    Ok(())
}

async fn event_at(log: &dyn Log, position: i64) -> anyhow::Result<Recorded> {
    let found = log.read_after(position - 1, 1).await?;
    found.into_iter().next().with_context(|| format!("the log has no event at position {position}"))
}
