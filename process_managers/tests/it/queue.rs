//! From the event to the refund, through the real log, the real queue and a real worker.

use std::{sync::Arc, time::Duration};

use infra::jobs::{self, Every, Handler, JobFailure, JobRun, Schedule};
use pretty_assertions::assert_eq;
use process_managers::{Attempt, Ports, Work};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::world::{ORDER, World};

pub fn handler(ports: Ports) -> Handler {
    let ports = Arc::new(ports);
    Arc::new(move |run: JobRun| {
        let ports = Arc::clone(&ports);
        Box::pin(async move {
            let attempt = Attempt { number: run.attempt.unsigned_abs(), of: run.max_attempts.unsigned_abs() };
            let work: Work = serde_json::from_value(run.payload).unwrap();
            let done = process_managers::run(&ports, &work, attempt).await;
            done.map_err(|error| JobFailure { reason: error.to_string() })
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_paid_twice_is_refunded_once() {
    let world = World::new().await;
    let (url, ports, stop) = (world.db.url.clone(), world.ports(), world.stop.clone());
    tokio::spawn(async move { jobs::run_worker(&url, handler(ports), &[], 2, stop).await });
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_2").await;
    // The vendor tells of the second payment twice.
    world.pay(ORDER, "cs_2").await;
    let refunded = async {
        while world.story(ORDER).await.last() != Some(&"OrderRefunded") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), refunded).await.expect("the second payment goes back");
    let expected = ["OrderPlaced", "CheckoutOpened", "OrderPaid", "PaymentHeld", "RefundRequested", "OrderRefunded"];
    assert_eq!(world.story(ORDER).await, expected);
    let made = world.till.made();
    assert_eq!((made.len(), made[0].payment.as_str()), (1, "pi_2"));
    assert!(!world.commands.load_order(ORDER).await.unwrap().is_refunded(), "the first payment stays");
}

/// One a minute is what the clock promises, and orders are more urgent than nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_round_of_the_upkeep_starts_within_its_period_however_many_urgent_jobs_wait() {
    const BACKLOG: i64 = 5_000;
    let db = test_support::database().await;
    jobs::migrate(&db.url).await.unwrap();
    sqlx::query(
        "SELECT app.enqueue_job('lobster', jsonb_build_object('order', n), NULL, NULL, 25, interval '0', 10)
         FROM generate_series(1, $1::bigint) AS n",
    )
    .bind(BACKLOG)
    .execute(&db.pool)
    .await
    .unwrap();
    // A call of the clock that is due: known for days and never made.
    sqlx::query("INSERT INTO graphile_worker._private_known_crontabs (identifier, known_since) VALUES ('round', now() - interval '3 days')")
        .execute(&db.pool)
        .await
        .unwrap();
    let (started, mut starts) = tokio::sync::mpsc::unbounded_channel();
    let busy: Handler = Arc::new(move |run: JobRun| {
        let started = started.clone();
        Box::pin(async move {
            if run.payload["do"] == "round" {
                started.send(()).unwrap();
            }
            // Two workers need more than two minutes for the backlog.
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok(())
        })
    });
    let every = Every::Day { hour: 3, minute: 17 };
    let round = Schedule { name: "round", every, payload: json!({"do": "round"}), max_attempts: 1 };
    let stop = CancellationToken::new();
    let _stop = stop.clone().drop_guard();
    let url = db.url.clone();
    tokio::spawn(async move { jobs::run_worker(&url, busy, &[round], 2, stop).await });
    let period = Duration::from_secs(60);
    tokio::time::timeout(period, starts.recv()).await.expect("the round starts within its period").unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM graphile_worker._private_jobs").fetch_one(&db.pool).await.unwrap();
    assert!(left > BACKLOG / 2, "only {left} jobs were still waiting");
}
