//! The way back from a rebuild: the replaced rows are kept until the next one.

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};

use super::{dead_letter, place};
use crate::DynProjector;

/// Lets the rows that the last rebuild replaced take their place again; they catch up from where they stood. Doing it
/// again undoes it.
///
/// # Errors
/// When nothing is kept, it belongs to another version, or its columns have changed since.
pub async fn rollback(pool: &PgPool, projector: &dyn DynProjector) -> anyhow::Result<()> {
    let (name, version) = (projector.name(), projector.version());
    let mut tx = place::begin(pool).await?;
    dead_letter::hold(&mut tx, projector).await?;
    let kept: Option<(i32, Vec<i64>)> =
        sqlx::query_as("SELECT version, positions FROM es.replaced WHERE projector = $1 FOR UPDATE")
            .bind(name)
            .fetch_optional(&mut *tx)
            .await?;
    let (of, positions) = kept.with_context(|| format!("no earlier rows of {name} are kept"))?;
    anyhow::ensure!(
        of == version,
        "the kept rows of {name} are version {of}'s: only a binary of that version reads them"
    );
    keep(&mut tx, projector).await?;
    sqlx::query("SELECT es.swap_back($1)").bind(projector.tables()).execute(&mut *tx).await?;
    sqlx::query(
        "UPDATE es.checkpoint SET position = kept.position, status = 'running', updated_at = clock_timestamp()
         FROM unnest($3::bigint[]) WITH ORDINALITY AS kept (position, n)
         WHERE projector = $1 AND version = $2 AND shard = kept.n - 1",
    )
    .bind(name)
    .bind(version)
    .bind(positions)
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE es.checkpoint SET status = 'paused' WHERE projector = $1 AND version > $2")
        .bind(name)
        .bind(version)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Notes where the living rows stand, before they are put aside; their version, unless nobody ever kept them.
pub(super) async fn keep(tx: &mut PgConnection, projector: &dyn DynProjector) -> sqlx::Result<Option<i32>> {
    sqlx::query_scalar(
        "INSERT INTO es.replaced (projector, version, positions, replaced_at)
         SELECT projector, version, array_agg(position ORDER BY shard), now() FROM es.checkpoint
         WHERE projector = $1 AND version = (SELECT max(version) FROM es.checkpoint WHERE projector = $1)
         GROUP BY projector, version
         ON CONFLICT (projector) DO UPDATE
           SET version = excluded.version, positions = excluded.positions, replaced_at = excluded.replaced_at
         RETURNING version",
    )
    .bind(projector.name())
    .fetch_optional(tx)
    .await
}
