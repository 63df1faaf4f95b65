//! A log with many orders, sealed, and read models that have followed it: what is read whole, and served, by the others.

use std::sync::Arc;

use domain::order::{OrderCommand, PaymentNotice};
use domain::ports::Commands as _;
use domain::report::ReportCommand;
use infra::clock::SystemClock;
use infra::event_store::{PgLog, Sealer, follow_head, sealed_head};
use infra::pools::{self, Role};
use projections::runtime::{Runtime, settle};
use sqlx::PgPool;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::server::{Database, Server, context, mail, place};

/// The order that readers ask for.
pub const FIRST: Uuid = Uuid::from_u128(0xfeed_0001);

/// A log with many orders, sealed, and read models that followed it.
pub struct History {
    pub database: Database,
    pub owner: PgPool,
    pub projector: PgPool,
    /// How many there are.
    pub events: f64,
}

/// A sealer and all read models at work, as beside an API.
pub struct Following {
    stop: CancellationToken,
    projector: PgPool,
    running: [JoinHandle<()>; 2],
}

impl History {
    pub async fn make(server: &Server, orders: i64) -> anyhow::Result<Self> {
        eprintln!("making {orders} orders");
        let database = server.database().await?;
        let owner = database.owner(4).await?;
        let projector = pools::connect(&database.url, Role::Projector, 16).await?;
        story(&database, FIRST).await?;
        copies(&owner, FIRST, orders - 1).await?;
        sqlx::raw_sql("VACUUM ANALYZE es.events").execute(&owner).await?;
        let mut history = Self { database, owner, projector, events: 0.0 };
        let following = history.follow(Arc::new(Notify::new()));
        history.events = following.stop().await?;
        sqlx::raw_sql("VACUUM ANALYZE").execute(&history.owner).await?;
        Ok(history)
    }

    /// Seals and follows what is appended, until it is stopped; `appended` is poked after each append.
    pub fn follow(&self, appended: Arc<Notify>) -> Following {
        let (stop, projector) = (CancellationToken::new(), self.projector.clone());
        let runtime = Runtime {
            pool: projector.clone(),
            log: Arc::new(PgLog::new(projector.clone())),
            head: follow_head(projector.clone(), stop.clone()),
            clock: Arc::new(SystemClock),
        };
        let running = [
            tokio::spawn(Sealer::run(projector.clone(), appended, stop.clone())),
            tokio::spawn(runtime.run(projections::all(), stop.clone())),
        ];
        Following { stop, projector, running }
    }

    pub async fn close(self) -> anyhow::Result<()> {
        self.owner.close().await;
        self.projector.close().await;
        self.database.drop().await
    }
}

impl Following {
    /// Waits until every read model has come to the head, stops, and says where that is.
    pub async fn stop(self) -> anyhow::Result<f64> {
        let head = sealed_head(&self.projector).await?;
        let names: Vec<_> = projections::all().iter().map(|projector| projector.name()).collect();
        settle(&self.projector, &names, head).await?;
        self.stop.cancel();
        for task in self.running {
            task.await?;
        }
        Ok(head as f64)
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
