//! Reading the whole log: rebuilding read models against merely reading the events, verifying against merely hashing them,
//! and the replay of the stock crates.

use std::sync::Arc;
use std::time::Instant;

use cqrs_es::persist::{GenericQuery, QueryReplay};
use cqrs_es::{EventEnvelope, View};
use domain::order::Order;
use domain::ports::Log as _;
use futures::TryStreamExt as _;
use infra::event_store::{PgLog, verify};
use postgres_es::{PostgresEventRepository, PostgresViewRepository};
use projections::runtime::rebuild;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgPoolCopyExt as _;
use sqlx::{Row as _, ValueRef as _};

use super::history::History;
use crate::figures::{Bound, Figures};

const REBUILD: &str =
    "B3. Rebuilding read models at full speed, against streaming and parsing the same events, and COPY";
const VERIFY: &str = "B9. Verifying the chain, against streaming the same rows and hashing their bytes";
const STOCK_REPLAY: &str = "Replay of the stock crates";
/// Streams that the stock replay reads: it needs hundreds of times as long.
const STOCK_STREAMS: usize = 50;

impl History {
    pub async fn read_whole(&self, figures: &mut Figures) -> anyhow::Result<()> {
        let copied = self.rate(self.copy()).await?;
        let streamed = self.rate(self.stream()).await?;
        figures.add(REBUILD, "stream and parse every event", "events/s", streamed);
        figures.add(REBUILD, "COPY every event to a client that throws it away", "events/s", copied);
        figures.ratio(REBUILD, "stream and parse / COPY", None, streamed / copied);
        let log = PgLog::new(self.projector.clone());
        for projector in projections::all() {
            let name = projector.name();
            let rebuilt = self
                .rate(async {
                    rebuild(&self.projector, &log, projector.as_ref(), |_| {}).await?;
                    Ok(())
                })
                .await?;
            figures.add(REBUILD, format!("rebuild {name}"), "events/s", rebuilt);
            figures.ratio(REBUILD, format!("{name} / stream"), Some(Bound::AtLeast(0.33)), rebuilt / streamed);
            figures.ratio(REBUILD, format!("{name} / COPY"), None, rebuilt / copied);
        }
        self.verified(figures).await?;
        let stock = self.stock_replay().await?;
        figures.add(STOCK_REPLAY, "one view of orders", "events/s", stock);
        figures.ratio(STOCK_REPLAY, "stock replay / stream", None, stock / streamed);
        Ok(())
    }

    async fn verified(&self, figures: &mut Figures) -> anyhow::Result<()> {
        let hashed = self.rate(self.hash()).await?;
        let verified = self
            .rate(async {
                verify(&self.projector).await?;
                Ok(())
            })
            .await?;
        figures.add(VERIFY, "stream and hash", "events/s", hashed);
        figures.add(VERIFY, "verify", "events/s", verified);
        figures.ratio(VERIFY, "verify / stream and hash", Some(Bound::AtLeast(0.33)), verified / hashed);
        Ok(())
    }

    async fn rate(&self, reading: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<f64> {
        let begin = Instant::now();
        reading.await?;
        Ok(self.events / begin.elapsed().as_secs_f64())
    }

    /// What the server alone needs to hand every event over in order, as text, to somebody who throws it away.
    async fn copy(&self) -> anyhow::Result<()> {
        let mut handed = self
            .projector
            .copy_out_raw(
                "COPY (SELECT o.position, e.event_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type,
                              e.event_version, e.payload, e.metadata, e.recorded_at
                       FROM es.event_order o JOIN es.events e USING (insert_pos) ORDER BY o.position) TO STDOUT",
            )
            .await?;
        let mut bytes = 0;
        while let Some(part) = handed.try_next().await? {
            bytes += part.len();
        }
        anyhow::ensure!(bytes > 0, "nothing was copied");
        Ok(())
    }

    async fn stream(&self) -> anyhow::Result<()> {
        let log = PgLog::new(self.projector.clone());
        let (mut position, mut read) = (0, 0.0);
        loop {
            let batch = log.read_after(position, 5_000).await?;
            let Some(last) = batch.last() else { break };
            position = last.position;
            read += batch.len() as f64;
        }
        anyhow::ensure!(read >= self.events, "{read} of {} events were read", self.events);
        Ok(())
    }

    async fn hash(&self) -> anyhow::Result<()> {
        let mut hasher = Sha256::new();
        let mut rows = sqlx::query(
            "SELECT o.position, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload,
                    e.metadata, e.recorded_at, o.leaf
             FROM es.event_order o JOIN es.events e USING (insert_pos) ORDER BY o.position",
        )
        .fetch(&self.projector);
        while let Some(row) = rows.try_next().await? {
            for column in 0..row.len() {
                let value = row.try_get_raw(column)?;
                if !value.is_null() {
                    hasher.update(value.as_bytes().map_err(anyhow::Error::from_boxed)?);
                }
            }
        }
        std::hint::black_box(hasher.finalize());
        Ok(())
    }

    /// Events per second of `QueryReplay` into a view of one row per order.
    async fn stock_replay(&self) -> anyhow::Result<f64> {
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS public.stock_view (view_id text PRIMARY KEY, version bigint NOT NULL, payload json NOT NULL);
             TRUNCATE public.stock_view",
        )
        .execute(&self.owner)
        .await?;
        let streams: Vec<String> = sqlx::query_scalar(
            "SELECT aggregate_id FROM es.events WHERE aggregate_type = 'order' AND sequence = 1 LIMIT $1",
        )
        .bind(i64::try_from(STOCK_STREAMS)?)
        .fetch_all(&self.owner)
        .await?;
        let views = Arc::new(PostgresViewRepository::<Count, Order>::new("public.stock_view", self.owner.clone()));
        let events = PostgresEventRepository::new(self.owner.clone()).with_tables("es.events", "es.snapshots");
        let replay = QueryReplay::<_, _, Order>::new(events, GenericQuery::new(views));
        let begin = Instant::now();
        for stream in &streams {
            replay.replay(stream).await?;
        }
        let taken = begin.elapsed().as_secs_f64();
        let replayed: i64 =
            sqlx::query_scalar("SELECT sum((payload ->> 'events')::bigint)::bigint FROM public.stock_view")
                .fetch_one(&self.owner)
                .await?;
        Ok(replayed as f64 / taken)
    }
}

/// The smallest view there can be.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Count {
    events: u64,
}

impl View<Order> for Count {
    fn update(&mut self, _: &EventEnvelope<Order>) {
        self.events += 1;
    }
}
