//! The events of the log in pages: one is hashed while the next ones are on their way.

use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt as _, stream};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row as _};

use super::{Flaw, Unverified};
use crate::event_store::leaf::{Hash, Inputs};
use crate::event_store::leaf_json::canonical;
use crate::event_store::sealer;

/// Positions looked at together.
const PAGE: i64 = 4_000;
/// Pages in hand at once: two are hashed while one is fetched.
const IN_HAND: usize = 3;

/// The leaves of a page up to its first flaw.
pub(super) struct Page {
    pub leaves: Vec<Hash>,
    pub flaw: Option<Flaw>,
}

/// All positions after `from` up to `to`, in order.
pub(super) fn stream(pool: &PgPool, from: i64, to: i64) -> impl Stream<Item = Result<Page, Unverified>> {
    let starts = (0_i64..).map(move |page| from + page * PAGE).take_while(move |after| *after < to);
    stream::iter(starts).map(move |after| page(pool, after, to.min(after + PAGE))).buffered(IN_HAND)
}

async fn page(pool: &PgPool, after: i64, to: i64) -> Result<Page, Unverified> {
    let rows = rows(pool, after, to).await?;
    let hashed = tokio::task::spawn_blocking(move || hash(&rows, after, to)).await;
    Ok(hashed.map_err(|_| sqlx::Error::WorkerCrashed)??)
}

fn hash(rows: &[PgRow], after: i64, to: i64) -> sqlx::Result<Page> {
    let mut leaves = Vec::with_capacity(rows.len());
    let (mut payload, mut metadata) = (Vec::new(), Vec::new());
    for (position, row) in (after + 1..=to).zip(rows) {
        if row.try_get::<i64, _>(0)? != position {
            return Ok(Page { leaves, flaw: Some(Flaw::EventMissing { position }) });
        }
        payload.clear();
        metadata.clear();
        let documents: (&str, &str) = (row.try_get(7)?, row.try_get(8)?);
        let readable = canonical(documents.0, &mut payload).and_then(|()| canonical(documents.1, &mut metadata));
        let inputs = Inputs {
            aggregate_type: row.try_get(2)?,
            aggregate_id: row.try_get(3)?,
            sequence: row.try_get(4)?,
            event_type: row.try_get(5)?,
            event_version: row.try_get(6)?,
            recorded_at: row.try_get::<DateTime<Utc>, _>(9)?.timestamp_micros(),
            payload: &payload,
            metadata: &metadata,
        };
        let leaf = inputs.hash();
        if readable.is_err() || row.try_get::<&[u8], _>(1)? != leaf {
            return Ok(Page { leaves, flaw: Some(Flaw::EventChanged { position }) });
        }
        leaves.push(leaf);
    }
    let position = after + 1 + i64::try_from(rows.len()).unwrap_or_default();
    let flaw = (position <= to).then_some(Flaw::EventMissing { position });
    Ok(Page { leaves, flaw })
}

/// As the readers of the log, but with documents as text: nothing is parsed before it is hashed.
async fn rows(pool: &PgPool, after: i64, to: i64) -> sqlx::Result<Vec<PgRow>> {
    sqlx::query(
        "SELECT o.position, o.leaf, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type, e.event_version,
                e.payload::text, e.metadata::text, e.recorded_at
         FROM (SELECT min(min_insert_pos) AS low, max(max_insert_pos) AS high FROM es.seal
               WHERE last_pos > $1 AND last_pos < $2::bigint + $3 AND first_pos <= $2) AS hint
         CROSS JOIN LATERAL (
           SELECT * FROM es.event_order WHERE position > $1 AND position <= $2) AS o
         JOIN es.events e ON e.insert_pos = o.insert_pos AND e.insert_pos BETWEEN hint.low AND hint.high
         ORDER BY o.position",
    )
    .bind(after)
    .bind(to)
    .bind(sealer::BATCH)
    .fetch_all(pool)
    .await
}
