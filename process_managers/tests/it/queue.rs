//! From the event to the refund, through the real log, the real queue and a real worker.

use std::{sync::Arc, time::Duration};

use infra::jobs::{self, Handler, JobFailure, JobRun};
use pretty_assertions::assert_eq;
use process_managers::{Attempt, Ports, Work};

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
