//! Where rows go, and which shard an event belongs to.

use domain::log::Recorded;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::DynProjector;

/// The tables that screens read.
pub(super) const LIVE: &str = "read";
/// The tables that a rebuild fills.
pub(super) const SHADOW: &str = "read_next";

/// A transaction in which the tables of a projector are those of `schema`.
pub(super) async fn begin_in(pool: &PgPool, schema: &str) -> sqlx::Result<Transaction<'static, Postgres>> {
    let mut tx = begin(pool).await?;
    go_to(&mut tx, schema).await?;
    Ok(tx)
}

/// A transaction. It begins in a task of its own, which nobody can cut off: sqlx forgets a `BEGIN` that is given up before
/// its answer, the connection goes back to the pool with an open transaction, and what others do there is never committed.
pub(crate) async fn begin(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    #[expect(clippy::disallowed_methods, reason = "the one place of this crate that may: see above")]
    let begun = tokio::spawn(async move { pool.begin().await });
    begun.await.map_err(|_| sqlx::Error::WorkerCrashed)?
}

pub(super) async fn go_to(tx: &mut PgConnection, schema: &str) -> sqlx::Result<()> {
    sqlx::query("SELECT set_config('search_path', $1, true)").bind(schema).execute(tx).await?;
    Ok(())
}

/// Applies events to the tables of any schema that has them, outside the runtime: a scratch copy, a test. `schema` holds
/// for the rest of the transaction.
///
/// # Errors
/// As [`crate::Projector::apply`].
pub async fn apply_to(
    tx: &mut PgConnection,
    schema: &str,
    projector: &dyn DynProjector,
    batch: &[Recorded],
) -> anyhow::Result<()> {
    go_to(tx, schema).await?;
    projector.apply(tx, batch).await
}

/// What a poisoned event blocks, and what is never spread over two shards: the order.
pub(super) fn stream(event: &Recorded) -> &str {
    &event.metadata.correlation_id
}

/// The shard of an event, from 0: FNV-1a of its order, the same in every process and for ever.
pub(super) fn shard(event: &Recorded, shards: i32) -> i32 {
    let hash = stream(event)
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    // The high bits: the low ones of FNV are the less mixed.
    i32::try_from((hash >> 32) % u64::from(shards.max(1).unsigned_abs())).unwrap_or_default()
}
