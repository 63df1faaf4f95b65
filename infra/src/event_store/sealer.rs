//! The sealer gives committed events their places: gapless, in the order of their streams, with their hashes.
//!
//! A trigger queues each event in `es.unsealed` within the transaction that appends it, so an event is in the queue if and
//! only if it is committed and has no place yet: none can be missed. If an event of a stream can be seen, so can the
//! ones before it, and they have lower insertion numbers; sorting a batch by those keeps every stream in order. One
//! process seals at a time, under a lease; its fence keeps a former holder from writing.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::leaf::Hash;
use super::reader::StoredEvent;
use super::{backlog, chain};
use crate::pools;

/// The checkpoint whose lease is the right to seal; its position is the head.
const NAME: &str = "sealer";
/// Events per seal at most.
pub(super) const BATCH: i64 = 5_000;
/// How often the queue is looked at for events that other processes appended.
const LOOK: Duration = Duration::from_millis(25);
const RENEW: Duration = Duration::from_secs(5);
const STAND_BY: Duration = Duration::from_secs(1);

/// Seals the log; run one in every process that has the projector's role, only the one with the lease works.
pub struct Sealer {
    pool: PgPool,
    appended: Arc<Notify>,
}

/// The lease, and where the chain stands.
struct Tip {
    fence: i64,
    checkpoint: i64,
    seal_no: i64,
    last_pos: i64,
    hash: Hash,
}

enum Round {
    Sealed,
    Idle,
    /// Somebody else has the lease now.
    Lost,
}

impl Sealer {
    /// Seals until `stop`. `appended` is poked by commands of the same process; `pool` connects as `lobster_projector`.
    pub async fn run(pool: PgPool, appended: Arc<Notify>, stop: CancellationToken) {
        let sealer = Self { pool, appended };
        tokio::join!(sealer.lead_whenever_possible(&stop), backlog::watch(&sealer.pool, &stop));
    }

    async fn lead_whenever_possible(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.lead(stop).await {
                tracing::warn!(%error, "sealing paused");
                wait(STAND_BY, stop).await;
            }
        }
    }

    async fn lead(&self, stop: &CancellationToken) -> anyhow::Result<()> {
        let Some(mut tip) = self.take().await? else {
            wait(STAND_BY, stop).await;
            return Ok(());
        };
        let sealed = self.seal(&mut tip, stop).await;
        self.give_back(tip.fence, stop).await?;
        sealed
    }

    /// Gives the lease back. A database that is away is waited for: else nobody would seal after its return until the
    /// lease has run out.
    async fn give_back(&self, fence: i64, stop: &CancellationToken) -> sqlx::Result<()> {
        let give_back = || sqlx::query("SELECT es.release_lease($1, 1, 0, $2)").bind(NAME).bind(fence);
        while let Err(error) = give_back().execute(&self.pool).await {
            if stop.is_cancelled() {
                return Err(error);
            }
            tracing::warn!(%error, "sealing stands still: the database is away");
            wait(STAND_BY, stop).await;
        }
        Ok(())
    }

    /// The lease, when it is free. The chain cannot grow under somebody else once it is taken.
    async fn take(&self) -> anyhow::Result<Option<Tip>> {
        let owner = format!("process {}", std::process::id());
        let lease: Option<(i64, i64)> = sqlx::query_as("SELECT fence, position FROM es.take_lease($1, 1, 0, $2)")
            .bind(NAME)
            .bind(owner)
            .fetch_optional(&self.pool)
            .await?;
        let Some((fence, checkpoint)) = lease else { return Ok(None) };
        let last: Option<(i64, i64, Vec<u8>)> =
            sqlx::query_as("SELECT seal_no, last_pos, hash FROM es.seal ORDER BY seal_no DESC LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        Ok(Some(match last {
            None => Tip { fence, checkpoint, seal_no: 0, last_pos: 0, hash: chain::GENESIS },
            Some((seal_no, last_pos, hash)) => {
                let hash =
                    hash.try_into().map_err(|_| anyhow::anyhow!("the hash of seal {seal_no} has not 32 bytes"))?;
                Tip { fence, checkpoint, seal_no, last_pos, hash }
            }
        }))
    }

    async fn seal(&self, tip: &mut Tip, stop: &CancellationToken) -> anyhow::Result<()> {
        let mut renewed = Instant::now();
        while !stop.is_cancelled() {
            match self.round(tip).await? {
                Round::Sealed => renewed = Instant::now(),
                Round::Lost => return Ok(()),
                Round::Idle => {
                    if renewed.elapsed() >= RENEW {
                        let mut connection = self.pool.acquire().await?;
                        if !advance(&mut connection, tip, tip.checkpoint).await? {
                            return Ok(());
                        }
                        renewed = Instant::now();
                    }
                    tokio::select! {
                        () = self.appended.notified() => {}
                        () = wait(LOOK, stop) => {}
                    }
                }
            }
        }
        Ok(())
    }

    async fn round(&self, tip: &mut Tip) -> anyhow::Result<Round> {
        let waiting: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM es.unsealed)").fetch_one(&self.pool).await?;
        if !waiting {
            return Ok(Round::Idle);
        }
        let mut tx = pools::begin(&self.pool).await?;
        // A crash that loses this seal loses no event, and the queue row comes back with it.
        sqlx::query("SET LOCAL synchronous_commit TO off").execute(&mut *tx).await?;
        let events = unsealed(&mut tx).await?;
        let leaves = events.iter().map(StoredEvent::hash).collect::<Result<Vec<Hash>, _>>()?;
        let Some(root) = chain::root(&leaves) else { return Ok(Round::Idle) };
        let (first, last) = (tip.last_pos + 1, tip.last_pos + i64::try_from(events.len())?);
        if !advance(&mut tx, tip, last).await? {
            return Ok(Round::Lost);
        }
        let hash = chain::link(&tip.hash, &root, first, last);
        sqlx::query(
            "WITH placed AS (
               INSERT INTO es.event_order (position, insert_pos, leaf)
               SELECT $2 + n - 1, insert_pos, leaf
               FROM unnest($4::bigint[], $5::bytea[]) WITH ORDINALITY AS e (insert_pos, leaf, n)),
             taken AS (DELETE FROM es.unsealed WHERE insert_pos = ANY($4)),
             sealed AS (
               INSERT INTO es.seal (seal_no, first_pos, last_pos, min_insert_pos, max_insert_pos, merkle_root,
                                    prev_hash, hash, sealed_at)
               SELECT $1, $2, $3, min(p), max(p), $6, $7, $8, clock_timestamp() FROM unnest($4::bigint[]) AS p)
             SELECT pg_notify('es', $3::bigint::text)",
        )
        .bind(tip.seal_no + 1)
        .bind(first)
        .bind(last)
        .bind(events.iter().map(|event| event.insert_pos).collect::<Vec<_>>())
        .bind(leaves.iter().map(<[u8; 32]>::as_slice).collect::<Vec<_>>())
        .bind(root.as_slice())
        .bind(tip.hash.as_slice())
        .bind(hash.as_slice())
        .execute(&mut *tx)
        .await?;
        fail::fail_point!("before seal");
        tx.commit().await?;
        fail::fail_point!("after seal");
        *tip = Tip { fence: tip.fence, checkpoint: last, seal_no: tip.seal_no + 1, last_pos: last, hash };
        metrics::gauge!("lobster_log_head").set(last as f64);
        metrics::histogram!("lobster_seal_events").record(events.len() as f64);
        Ok(Round::Sealed)
    }
}

async fn unsealed(tx: &mut Transaction<'_, Postgres>) -> sqlx::Result<Vec<StoredEvent>> {
    sqlx::query_as(
        "SELECT NULL::bigint AS position, e.insert_pos, e.event_id, e.aggregate_type, e.aggregate_id, e.sequence,
                e.event_type, e.event_version, e.payload, e.metadata, e.recorded_at, NULL::bytea AS leaf
         FROM es.unsealed u JOIN es.events e ON e.insert_pos = u.insert_pos ORDER BY u.insert_pos LIMIT $1",
    )
    .bind(BATCH)
    .fetch_all(&mut **tx)
    .await
}

async fn advance(connection: &mut sqlx::PgConnection, tip: &Tip, to: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT es.advance($1, 1, 0, $2, $3, $4)")
        .bind(NAME)
        .bind(tip.fence)
        .bind(tip.checkpoint)
        .bind(to)
        .fetch_one(connection)
        .await
}

async fn wait(duration: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(duration) => {}
        () = stop.cancelled() => {}
    }
}
