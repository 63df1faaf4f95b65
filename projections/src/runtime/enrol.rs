//! A projector's first day: which checkpoints it gets, and where they begin.

use domain::ports::Log;
use sqlx::{PgConnection, PgPool};

use super::{place, rebuild};
use crate::{DynProjector, Start};

/// Gives this version of a projector its checkpoints, unless it has them. A read model that follows an older version is
/// first built beside it, while the old rows are still shown; a policy goes on where the older version stood.
pub(super) async fn enrol(pool: &PgPool, log: &dyn Log, projector: &dyn DynProjector) -> anyhow::Result<()> {
    if is_enrolled(pool, projector).await? {
        return Ok(());
    }
    if projector.is_rebuildable() && older(&mut *pool.acquire().await?, projector).await?.is_some() {
        let (name, version) = (projector.name(), projector.version());
        tracing::info!(projector = name, version, "a new version of a read model is built beside the old one");
        // At full speed: until it is done, nobody keeps the old rows up.
        rebuild::rebuild(pool, log, projector, |_| {}).await?;
        return Ok(());
    }
    let mut tx = place::begin(pool).await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('projector:' || $1))")
        .bind(projector.name())
        .execute(&mut *tx)
        .await?;
    let from = match (older(&mut tx, projector).await?, projector.start()) {
        (Some(position), _) => position,
        (None, Start::First) => 0,
        (None, Start::Head) => {
            sqlx::query_scalar("SELECT coalesce(max(last_pos), 0) FROM es.seal").fetch_one(&mut *tx).await?
        }
    };
    set_all(&mut tx, projector, from, false).await?;
    retire_older(&mut tx, projector).await?;
    tx.commit().await?;
    Ok(())
}

async fn is_enrolled(pool: &PgPool, projector: &dyn DynProjector) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT count(*) >= $3 FROM es.checkpoint WHERE projector = $1 AND version = $2")
        .bind(projector.name())
        .bind(projector.version())
        .bind(i64::from(projector.shards()))
        .fetch_one(pool)
        .await
}

/// How far the version before this one has come.
async fn older(connection: &mut PgConnection, projector: &dyn DynProjector) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "SELECT min(position) FROM es.checkpoint
         WHERE projector = $1 AND version = (SELECT max(version) FROM es.checkpoint WHERE projector = $1 AND version < $2)",
    )
    .bind(projector.name())
    .bind(projector.version())
    .fetch_one(connection)
    .await
}

/// Puts every shard at `position`; with `force`, those that exist too, and whoever holds them loses them.
pub(super) async fn set_all(
    tx: &mut PgConnection,
    projector: &dyn DynProjector,
    position: i64,
    force: bool,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO es.checkpoint AS known (projector, version, shard, position)
         SELECT $1, $2, shard, $4 FROM generate_series(0, $3 - 1) AS shard
         ON CONFLICT (projector, version, shard) DO UPDATE
           SET position = excluded.position, fence = known.fence + 1, owner = NULL, lease_until = NULL,
               last_error = NULL, updated_at = clock_timestamp(),
               status = CASE known.status WHEN 'paused' THEN 'paused' ELSE 'running' END
           WHERE $5",
    )
    .bind(projector.name())
    .bind(projector.version())
    .bind(projector.shards())
    .bind(position)
    .bind(force)
    .execute(tx)
    .await?;
    Ok(())
}

/// Pauses the older versions: an older binary that still runs must not write to the new rows.
pub(super) async fn retire_older(tx: &mut PgConnection, projector: &dyn DynProjector) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE es.checkpoint SET status = 'paused', owner = NULL, lease_until = NULL, fence = fence + 1,
           updated_at = clock_timestamp()
         WHERE projector = $1 AND version < $2 AND status <> 'paused'",
    )
    .bind(projector.name())
    .bind(projector.version())
    .execute(tx)
    .await?;
    Ok(())
}
