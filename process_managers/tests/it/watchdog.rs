//! The look after an hour, through the real log, the real queue and a real worker.

use std::{sync::Arc, time::Duration};

use domain::{log::Recorded, order::OrderCommand, ports::Log as _};
use infra::{event_store::PgLog, jobs};
use pretty_assertions::assert_eq;
use process_managers::{
    Work,
    watchdog::{self, Watchdog},
};
use projections::{Projector, support_case::query::of_order};
use uuid::Uuid;

use crate::{
    queue::handler,
    world::{FIRST, ORDER, World, run},
};

const REPORT: Uuid = Uuid::from_u128(9);

async fn eventually<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let looking = async {
        loop {
            match look().await {
                Some(seen) => return seen,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), looking).await.expect(what)
}

/// Looks that wait in the queue: of which order, in how many minutes, behind which other jobs.
async fn waiting(world: &World) -> Vec<(Uuid, i64, Option<String>)> {
    let worker = &world.ports().data;
    let looks = jobs::queued(worker).await.unwrap().into_iter().filter_map(|job| {
        let Ok(Work::Event(task)) = serde_json::from_value::<Work>(job.payload) else { return None };
        (task.job.policy() == "watchdog").then(|| (task.order, (job.run_at - job.created_at).num_minutes(), job.queue))
    });
    looks.collect()
}

/// The queue's clock is the database's: the hour is made to be over.
async fn let_the_hour_pass(world: &World) {
    eventually("the look is enqueued", async || (!waiting(world).await.is_empty()).then_some(())).await;
    sqlx::query("UPDATE graphile_worker._private_jobs SET run_at = now()").execute(&world.db.pool).await.unwrap();
    let (url, ports, stop) = (world.db.url.clone(), world.ports(), world.stop.child_token());
    let working = tokio::spawn(jobs_of(url, ports, stop.clone()));
    eventually("the look was taken", async || waiting(world).await.is_empty().then_some(())).await;
    stop.cancel();
    working.await.unwrap();
}

async fn jobs_of(url: String, ports: process_managers::Ports, stop: tokio_util::sync::CancellationToken) {
    jobs::run_worker(&url, handler(ports), &[], 1, stop).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_nothing_came_of_is_a_case_after_an_hour_and_closed_by_its_delivery() {
    let world = World::with(vec![Box::new(Watchdog)]).await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    // Told twice, looked after once.
    world.pay(ORDER, "cs_1").await;
    eventually("one look waits", async || (waiting(&world).await == [(ORDER, 60, None)]).then_some(())).await;
    let_the_hour_pass(&world).await;
    assert_eq!(world.story(ORDER).await, ["OrderPlaced", "CheckoutOpened", "OrderPaid", "OrderOverdue"]);
    world.settle().await;
    let cases = of_order(&world.db.pool, ORDER).await.unwrap();
    assert_eq!(
        cases.iter().map(|case| (case.kind.as_str(), case.is_open())).collect::<Vec<_>>(),
        [("order_overdue", true)]
    );
    let lines: i64 = sqlx::query_scalar("SELECT count(*) FROM read.order_timeline WHERE event_type = 'OrderOverdue'")
        .fetch_one(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(lines, 1, "customer and support see it");

    world.tell(ORDER, OrderCommand::Deliver { report: REPORT, version: 1 }).await;
    world.settle().await;
    let closed = of_order(&world.db.pool, ORDER).await.unwrap().remove(0);
    assert_eq!(closed.closed_by.as_deref(), Some("OrderDelivered"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_has_ended_is_looked_at_and_left_alone() {
    let world = World::with(vec![Box::new(Watchdog)]).await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    world.tell(ORDER, OrderCommand::Deliver { report: REPORT, version: 1 }).await;
    let_the_hour_pass(&world).await;
    assert_eq!(world.story(ORDER).await.last(), Some(&"OrderDelivered"));
    world.settle().await;
    assert_eq!(of_order(&world.db.pool, ORDER).await.unwrap(), []);
}

async fn log(world: &World) -> Vec<Recorded> {
    PgLog::new(world.projector.clone()).read_after(0, 1_000).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_a_replay_nor_a_second_worker_tells_twice() {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    world.settle().await;
    let log = log(&world).await;
    for _ in 0..2 {
        let mut tx = infra::pools::begin(&world.projector).await.unwrap();
        Projector::apply(&Watchdog, &mut tx, &log).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(waiting(&world).await, [(ORDER, 60, None)]);
    let task = log.iter().find_map(watchdog::react).unwrap();
    let ports = Arc::new(world.ports());
    let (one, other) = tokio::join!(run(&ports, &task, FIRST), run(&ports, &task, FIRST));
    one.and(other).unwrap();
    run(&ports, &task, FIRST).await.unwrap();
    let told = world.story(ORDER).await.into_iter().filter(|name| *name == "OrderOverdue").count();
    assert_eq!(told, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn added_later_it_looks_after_what_is_paid_from_then_on() {
    let world = World::new().await;
    let before = Uuid::from_u128(ORDER.as_u128() + 1);
    world.place(before, "cs_0").await;
    world.pay(before, "cs_0").await;
    world.settle().await;
    world.follow(vec![Box::new(Watchdog)]);
    let enrolled = "SELECT count(*) FROM es.checkpoint WHERE projector = 'watchdog' AND position > 0";
    eventually("it begins at the head", async || {
        let begun: i64 = sqlx::query_scalar(enrolled).fetch_one(&world.db.pool).await.unwrap();
        (begun == 1).then_some(())
    })
    .await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    eventually("the later order is looked after", async || (!waiting(&world).await.is_empty()).then_some(())).await;
    assert_eq!(waiting(&world).await, [(ORDER, 60, None)]);
}
