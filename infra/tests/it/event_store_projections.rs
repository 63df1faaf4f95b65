//! Projectors over a real log: exactly once in effect, whoever dies, and the same again after a rebuild.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::log::Recorded;
use domain::order::{DisputeNotice, OrderCommand};
use domain::ports::{Clock, Commands as _, Log, LogError};
use domain::report::{ErrorClass, ReportCommand, Step};
use infra::event_store::{PgLog, follow_head, sealed_head};
use projections::runtime::{Runtime, dead_letters, free_leases, settle};
use projections::{DynProjector, Projector, Start};
use sqlx::PgConnection;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::event_store_world::{World, context, mail, open, order, pay, place};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }
}

pub fn runtime(world: &World, log: impl Log + 'static, head: watch::Receiver<i64>) -> Runtime {
    Runtime { pool: world.projector.clone(), log: Arc::new(log), head, clock: Arc::new(Noon) }
}

pub fn spawn(world: &World, log: impl Log + 'static, projectors: Vec<Box<dyn DynProjector>>, stop: &CancellationToken) {
    let head = follow_head(world.projector.clone(), stop.clone());
    tokio::spawn(runtime(world, log, head).run(projectors, stop.clone()));
}

/// Counts events in a table of its own; refuses positions it is told to.
#[derive(Clone, Default)]
struct Counter {
    refuses: Vec<i64>,
}

impl Counter {
    async fn table(world: &World) {
        world.tamper("CREATE TABLE read.seen (position bigint, times int DEFAULT 1)").await;
    }
}

impl Projector for Counter {
    const NAME: &'static str = "counter";
    const VERSION: i32 = 1;
    const START: Start = Start::First;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        for event in batch {
            sqlx::query("INSERT INTO read.seen (position) VALUES ($1)").bind(event.position).execute(&mut *tx).await?;
            anyhow::ensure!(!self.refuses.contains(&event.position), "position {} is poison", event.position);
        }
        Ok(())
    }
}

/// Hands out a batch only when allowed to.
pub struct Gated {
    pub log: PgLog,
    pub gate: Arc<Semaphore>,
}

#[async_trait]
impl Log for Gated {
    async fn read_after(&self, position: i64, limit: i64) -> Result<Vec<Recorded>, LogError> {
        let batch = self.log.read_after(position, limit).await;
        self.gate.acquire().await.unwrap().forget();
        batch
    }
}

#[tokio::test]
async fn a_projector_that_wakes_up_late_applies_nothing_twice() {
    let world = World::sealed().await;
    Counter::table(&world).await;
    world.delivered(order(1)).await;
    let head = sealed_head(&world.projector).await.unwrap();
    // The first holder reads its batch and is held up before it writes.
    let gate = Arc::new(Semaphore::new(0));
    let late = Gated { log: PgLog::new(world.projector.clone()), gate: Arc::clone(&gate) };
    spawn(&world, late, vec![Box::new(Counter::default())], &world.stop);
    let held = "SELECT count(*) FROM es.checkpoint WHERE projector = 'counter' AND lease_until IS NOT NULL";
    while world.count(held).await == 0 {
        tokio::task::yield_now().await;
    }
    // Somebody else takes over and does the work.
    free_leases(&world.projector).await.unwrap();
    let successor = world.stop.child_token();
    spawn(&world, PgLog::new(world.projector.clone()), vec![Box::new(Counter::default())], &successor);
    settle(&world.projector, &["counter"], head).await.unwrap();
    // Now the first one goes on, and is told that its time is over.
    gate.add_permits(1_000);
    successor.cancel();
    world.delivered(order(2)).await;
    let head = sealed_head(&world.projector).await.unwrap();
    settle(&world.projector, &["counter"], head).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM read.seen").await, 6);
    assert_eq!(world.count("SELECT count(DISTINCT position) FROM read.seen").await, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn projectors_killed_again_and_again_still_count_right() {
    let world = World::sealed().await;
    Counter::table(&world).await;
    let log = || PgLog::new(world.projector.clone());
    let head = follow_head(world.projector.clone(), world.stop.clone());
    for n in 1..=12 {
        let killed = runtime(&world, log(), head.clone()).run(vec![Box::new(Counter::default())], world.stop.clone());
        let running = tokio::spawn(killed);
        world.delivered(order(n)).await;
        // Killed, not stopped: the lease is not given back.
        running.abort();
        free_leases(&world.projector).await.unwrap();
    }
    spawn(&world, log(), vec![Box::new(Counter::default())], &world.stop);
    let head = sealed_head(&world.projector).await.unwrap();
    settle(&world.projector, &["counter"], head).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM read.seen").await, 36);
    assert_eq!(world.count("SELECT count(DISTINCT position) FROM read.seen").await, 36);
}

#[tokio::test]
async fn an_event_that_cannot_be_applied_blocks_its_order_alone() {
    let world = World::sealed().await;
    Counter::table(&world).await;
    for n in 1..=7 {
        world.delivered(order(n)).await;
    }
    let head = sealed_head(&world.projector).await.unwrap();
    let poisoned = Counter { refuses: vec![13] };
    spawn(&world, PgLog::new(world.projector.clone()), vec![Box::new(poisoned)], &world.stop);
    settle(&world.projector, &["counter"], head).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM read.seen").await, 18, "the other orders went on");
    assert_eq!(world.count("SELECT count(*) FROM read.seen WHERE position BETWEEN 13 AND 15").await, 0);
    let letters = dead_letters(&world.projector, "counter", 1).await.unwrap();
    let told: Vec<_> = letters.iter().map(|letter| (letter.position, letter.attempts)).collect();
    assert_eq!(told, [(13, 5), (14, 0), (15, 0)], "what comes later in the order waits behind it");
    assert_eq!(letters[0].error, "position 13 is poison");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_cut_at_any_moment_lose_nothing() {
    let world = World::sealed().await;
    Counter::table(&world).await;
    spawn(&world, PgLog::new(world.projector.clone()), vec![Box::new(Counter::default())], &world.stop);
    for n in 1..=6 {
        world.delivered(order(n)).await;
        world
            .tamper(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE application_name = 'lobster projector' AND datname = current_database()",
            )
            .await;
    }
    let head = sealed_head(&world.db.pool).await.unwrap();
    settle(&world.db.pool, &["counter"], head).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM read.seen").await, 18);
    assert_eq!(world.count("SELECT count(DISTINCT position) FROM read.seen").await, 18);
    assert_eq!(world.count("SELECT count(*) FROM es.dead_letter").await, 0, "an outage is no reason to park");
}

#[tokio::test]
async fn an_event_from_the_future_stops_its_readers_and_is_not_skipped() {
    let world = World::sealed().await;
    Counter::table(&world).await;
    world.delivered(order(1)).await;
    world
        .tamper(
            "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             SELECT aggregate_type, aggregate_id, 4, 'OrderTeleported', '1.0', '{\"OrderTeleported\": {}}', metadata
             FROM es.events WHERE sequence = 3",
        )
        .await;
    world.delivered(order(2)).await;
    assert_eq!(sealed_head(&world.projector).await.unwrap(), 7);
    spawn(&world, PgLog::new(world.projector.clone()), vec![Box::new(Counter::default())], &world.stop);
    let reason = loop {
        let reason: Option<String> =
            sqlx::query_scalar("SELECT max(last_error) FROM es.checkpoint").fetch_one(&world.db.pool).await.unwrap();
        if let Some(reason) = reason {
            break reason;
        }
        tokio::task::yield_now().await;
    };
    assert!(reason.contains("position 4") && reason.contains("OrderTeleported"), "{reason}");
    assert_eq!(world.count("SELECT position FROM es.checkpoint WHERE projector = 'counter'").await, 3);
}

pub async fn sell(world: &World) {
    for n in 1..=5 {
        let id = order(n);
        let report = domain::identity::report_id(id, 1);
        let run = |key: &str| context(id, &format!("{id}:{key}"));
        world.commands.order(id, place(), run("place")).await.unwrap();
        world.commands.order(id, open("cs_1", 1), run("open")).await.unwrap();
        world.commands.order(id, pay("cs_1"), run("pay")).await.unwrap();
        let request =
            ReportCommand::Request { order: id, version: 1, study: "LOG-01".to_owned(), commune: "44109".to_owned() };
        world.commands.report(report, request, run("request")).await.unwrap();
        let failed = ReportCommand::RecordFailure { step: Step::Collect, class: ErrorClass::Transient, attempt: 1 };
        world.commands.report(report, failed, run("failure")).await.unwrap();
        if n % 2 == 0 {
            let fail = ReportCommand::Fail { step: Step::Collect, class: ErrorClass::Internal };
            world.commands.report(report, fail, run("fail")).await.unwrap();
        } else {
            let deliver = OrderCommand::Deliver { report, version: 1 };
            world.commands.order(id, deliver, run("deliver")).await.unwrap();
            world.commands.order(id, mail("<m>"), run("mail")).await.unwrap();
            world.commands.order(id, dispute(n), run("dispute")).await.unwrap();
        }
    }
}

fn dispute(n: u128) -> OrderCommand {
    OrderCommand::RecordDispute(DisputeNotice {
        dispute: format!("du_{n}"),
        payment: None,
        amount_cents: 100,
        currency: "eur".to_owned(),
        reason: "general".to_owned(),
        outcome: None,
    })
}

/// An installation of yesterday: rows of an older version of a read model, and its checkpoint at the head.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_version_of_a_read_model_drops_the_old_rows_and_fills_its_own_from_the_log() {
    let world = World::sealed().await;
    sell(&world).await;
    let head = sealed_head(&world.projector).await.unwrap();
    world
        .tamper(
            "INSERT INTO read.order_summary (order_id, status, study, commune, recipient, ht_cents, vat_cents, ttc_cents,
               vat_rate_bp, currency, placed_at, position)
             VALUES (gen_random_uuid(), 'pending', 'X', 'X', 'X', 1, 1, 2, 1, 'EUR', now(), 1)",
        )
        .await;
    world
        .tamper(&format!(
            "INSERT INTO es.checkpoint (projector, version, shard, position, owner, lease_until)
             VALUES ('order_summary', 1, 0, {head}, 'an older binary', now() + interval '15 seconds')"
        ))
        .await;
    spawn(&world, PgLog::new(world.projector.clone()), projections::all(), &world.stop);
    let newer =
        "SELECT coalesce(max(position), 0) FROM es.checkpoint WHERE projector = 'order_summary' AND version > 1";
    while world.count(newer).await < head {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.count("SELECT count(*) FROM read.order_summary").await, 5);
    assert_eq!(world.count("SELECT count(*) FROM read.order_summary WHERE disputed = 'open'").await, 3);
    // The older binary may go on running for a while, and can write nothing more.
    let older =
        "SELECT count(*) FROM es.checkpoint WHERE projector = 'order_summary' AND version = 1 AND status = 'paused'";
    assert_eq!(world.count(older).await, 1);
    let taken: i64 = world.count("SELECT count(*) FROM es.take_lease('order_summary', 1, 0, 'an older binary')").await;
    assert_eq!(taken, 0);
}
