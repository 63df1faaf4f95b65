//! Reading the whole log: rebuilding read models against merely reading the events, verifying against merely hashing them,
//! and the replay of the stock crates.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cqrs_es::persist::{GenericQuery, QueryReplay};
use cqrs_es::{EventEnvelope, View};
use domain::order::{Order, OrderCommand, PaymentNotice};
use domain::ports::{Commands as _, Log as _};
use domain::report::ReportCommand;
use futures::TryStreamExt as _;
use infra::clock::SystemClock;
use infra::event_store::{PgLog, Sealer, follow_head, sealed_head, verify};
use infra::pools::{self, Role};
use postgres_es::{PostgresEventRepository, PostgresViewRepository};
use projections::runtime::{Runtime, rebuild, settle};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::{PgPool, Row as _, ValueRef as _};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::Size;
use crate::figures::{Bound, Figures, quantile};
use crate::server::{Database, Server, context, mail, place};

const REBUILD: &str = "B3. Rebuilding read models, against streaming and parsing the same events";
const SERVING: &str = "B4. Reads while a read model is rebuilt";
const VERIFY: &str = "B9. Verifying the chain, against streaming the same rows and hashing their bytes";
const STOCK_REPLAY: &str = "Replay of the stock crates";
/// Streams that the stock replay reads: it needs hundreds of times as long.
const STOCK_STREAMS: usize = 50;

/// A log with many orders, sealed, and read models that followed it.
pub struct History {
    database: Database,
    owner: PgPool,
    projector: PgPool,
    events: f64,
}

impl History {
    pub async fn make(server: &Server, orders: i64) -> anyhow::Result<Self> {
        eprintln!("making {orders} orders");
        let database = server.database().await?;
        let owner = database.owner(4).await?;
        let projector = pools::connect(&database.url, Role::Projector, 16).await?;
        let first = Uuid::from_u128(0xfeed_0001);
        story(&database, first).await?;
        copies(&owner, first, orders - 1).await?;
        sqlx::raw_sql("VACUUM ANALYZE es.events").execute(&owner).await?;
        let stop = CancellationToken::new();
        let sealer = tokio::spawn(Sealer::run(projector.clone(), Arc::new(Notify::new()), stop.clone()));
        let head = sealed_head(&projector).await?;
        let runtime = Runtime {
            pool: projector.clone(),
            log: Arc::new(PgLog::new(projector.clone())),
            head: follow_head(projector.clone(), stop.clone()),
            clock: Arc::new(SystemClock),
        };
        let names: Vec<_> = projections::all().iter().map(|projector| projector.name()).collect();
        let following = tokio::spawn(runtime.run(projections::all(), stop.clone()));
        settle(&projector, &names, head).await?;
        stop.cancel();
        sealer.await?;
        following.await?;
        sqlx::raw_sql("VACUUM ANALYZE").execute(&owner).await?;
        Ok(Self { database, owner, projector, events: head as f64 })
    }

    pub async fn close(self) -> anyhow::Result<()> {
        self.owner.close().await;
        self.projector.close().await;
        self.database.drop().await
    }

    pub async fn round(&self, size: &Size, figures: &mut Figures) -> anyhow::Result<()> {
        let streamed = self.rate(self.stream()).await?;
        figures.add(REBUILD, "stream and parse every event", "events/s", streamed);
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
        }
        self.serving(size, figures).await?;
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
        let stock = self.stock_replay().await?;
        figures.add(STOCK_REPLAY, "one view of orders", "events/s", stock);
        figures.ratio(STOCK_REPLAY, "stock replay / stream", None, stock / streamed);
        Ok(())
    }

    async fn rate(&self, reading: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<f64> {
        let begin = Instant::now();
        reading.await?;
        Ok(self.events / begin.elapsed().as_secs_f64())
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

    /// One order read a hundred times a second, for as long as a rebuild lasts, and as long without one.
    async fn serving(&self, size: &Size, figures: &mut Figures) -> anyhow::Result<()> {
        let calm = self.reads(Duration::from_secs(size.seconds)).await?;
        let log = PgLog::new(self.projector.clone());
        let projectors = projections::all();
        let Some(summary) = projectors.iter().find(|projector| projector.name() == "order_timeline") else {
            anyhow::bail!("there is no order_timeline to rebuild");
        };
        let (rebuilt, busy) = tokio::join!(
            rebuild(&self.projector, &log, summary.as_ref(), |_| {}),
            self.reads(Duration::from_secs(size.seconds)),
        );
        rebuilt?;
        let (calm, busy) = (quantile(&mut { calm }, 0.99)?, quantile(&mut busy?, 0.99)?);
        figures.add(SERVING, "p99 of a read", "ms", calm);
        figures.add(SERVING, "p99 of a read, order_timeline being rebuilt", "ms", busy);
        figures.ratio(SERVING, "with / without", Some(Bound::AtMost(1.2)), busy / calm);
        Ok(())
    }

    async fn reads(&self, duration: Duration) -> anyhow::Result<Vec<f64>> {
        let (mut taken, begin) = (Vec::new(), Instant::now());
        let mut tick = tokio::time::interval(Duration::from_millis(10));
        while begin.elapsed() < duration {
            tick.tick().await;
            let asked = Instant::now();
            sqlx::query("SELECT * FROM read.order_timeline WHERE order_id = $1")
                .bind(Uuid::from_u128(0xfeed_0001))
                .fetch_all(&self.owner)
                .await?;
            taken.push(asked.elapsed().as_secs_f64() * 1_000.0);
        }
        Ok(taken)
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

/// One order through the real commands.
async fn story(database: &Database, order: Uuid) -> anyhow::Result<()> {
    let commands = database.commands(1).await?;
    let report = domain::identity::report_id(order, 1);
    let step = |name: &str| context(order, format!("{name}-{order}"));
    let opened = OrderCommand::OpenCheckout {
        session: format!("cs_{order}"),
        url: "https://pay.test/1".to_owned(),
        attempt: 1,
        expires_at: chrono::DateTime::UNIX_EPOCH,
    };
    let paid = OrderCommand::ConfirmPayment(PaymentNotice {
        session: format!("cs_{order}"),
        payment: Some(format!("pi_{order}")),
        paid_cents: 34_800,
        currency: "eur".to_owned(),
        livemode_expected: true,
        reference_matches: true,
    });
    let requested =
        ReportCommand::Request { order, version: 1, study: "LOG-01".to_owned(), commune: "44109".to_owned() };
    commands.order(order, place(), step("place")).await?;
    commands.order(order, opened, step("open")).await?;
    commands.order(order, paid, step("pay")).await?;
    commands.report(report, requested, step("request")).await?;
    commands.order(order, OrderCommand::Deliver { report, version: 1 }, step("deliver")).await?;
    commands.order(order, mail(format!("<{order}>")), step("mail")).await?;
    Ok(())
}

/// The same story for other orders, in the order in which it happened to each.
async fn copies(owner: &PgPool, order: Uuid, count: i64) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT e.aggregate_type, CASE e.aggregate_type WHEN 'order' THEN o.id ELSE o.report END, e.sequence, e.event_type,
           e.event_version, replace(replace(e.payload::text, $1, o.id), $2, o.report)::jsonb,
           replace(replace(e.metadata::text, $1, o.id), $2, o.report)::jsonb
         FROM (SELECT n, md5('order' || n)::uuid::text AS id, md5('report' || n)::uuid::text AS report
               FROM generate_series(1, $3) AS n) AS o
         CROSS JOIN es.events e ORDER BY o.n, e.insert_pos",
    )
    .bind(order.to_string())
    .bind(domain::identity::report_id(order, 1).to_string())
    .bind(count)
    .execute(owner)
    .await?;
    Ok(())
}
