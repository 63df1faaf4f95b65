//! The vendor's books against the log.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    order::OrderCommand,
    ports::{Clock as _, SessionState},
    reconciliation::{DifferenceKind, ReconciliationEvent},
};
use pretty_assertions::assert_eq;
use process_managers::upkeep::{Reconciled, reconcile};
use uuid::Uuid;

use crate::{
    dying::Dying,
    till::{PRICE, payment},
    world::World,
};

fn order(n: u128) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_2000 + n)
}

/// Everything that a test does, and a little more.
fn window(world: &World) -> (DateTime<Utc>, DateTime<Utc>) {
    let now = world.clock.now();
    (now - TimeDelta::days(3), now + TimeDelta::hours(1))
}

fn found(run: &Reconciled) -> Vec<(DifferenceKind, &str, bool)> {
    run.differences.iter().map(|one| (one.kind, one.session.as_str(), one.repaired)).collect()
}

/// Two orders that agree, and one of each kind that does not.
async fn disagreeing() -> World {
    let world = World::new().await;
    for (n, session) in
        ["cs_a", "cs_b", "cs_c", "cs_d", "cs_e", "cs_f", "cs_g", "cs_h", "cs_old_i"].into_iter().enumerate()
    {
        world.place(order(n as u128), session).await;
    }
    world.till.paid_page("cs_a", order(0));
    world.pay(order(0), "cs_a").await;
    world.till.page("cs_b", Some(order(1)), SessionState::Open);
    world.till.paid_page("cs_c", order(2));
    world.till.page("cs_d", Some(order(3)), SessionState::Expired);
    world.till.page("cs_e", Some(order(4)), SessionState::UnderWay { payment: None });
    // Paid in the log, and only there.
    world.till.page("cs_f", Some(order(5)), SessionState::Open);
    world.pay(order(5), "cs_f").await;
    // cs_g is not at the vendor's at all; of cs_h a part went back by hand.
    world.till.paid_page("cs_h", order(7));
    world.pay(order(7), "cs_h").await;
    world.till.refund_by_hand("pi_h", 1_000);
    // Made before the window, paid unseen.
    world.till.page("cs_old_i", Some(order(8)), SessionState::Paid(payment("cs_old_i", PRICE)));
    // Somebody else's: money that moved is told, an open page is not.
    world.till.page("cs_x", Some(order(99)), SessionState::Paid(payment("cs_x", PRICE)));
    world.till.page("cs_y", None, SessionState::Open);
    world.settle().await;
    world
}

const DIFFERENCES: [(DifferenceKind, &str, bool); 8] = [
    (DifferenceKind::PaymentUnrecorded, "cs_c", true),
    (DifferenceKind::ExpiryUnrecorded, "cs_d", true),
    (DifferenceKind::PaymentUnderWayUnrecorded, "cs_e", true),
    (DifferenceKind::PaidHereOnly, "cs_f", false),
    (DifferenceKind::RefundUnrecorded, "cs_h", true),
    (DifferenceKind::UnknownOrder, "cs_x", false),
    (DifferenceKind::SessionMissing, "cs_g", false),
    (DifferenceKind::PaymentUnrecorded, "cs_old_i", true),
];

#[tokio::test]
async fn every_difference_is_told_and_repaired_where_it_can_be() {
    let world = disagreeing().await;
    let (from, to) = window(&world);
    let seen = std::sync::Mutex::new((0, 0));
    let run = reconcile(&world.ports(), from, to, &|done, of| *seen.lock().unwrap() = (done, of)).await.unwrap();
    assert_eq!(found(&run), DIFFERENCES);
    assert_eq!((run.sessions, *seen.lock().unwrap()), (11, (11, 11)));
    assert_eq!(world.story(order(2)).await.last(), Some(&"OrderPaid"));
    assert_eq!(world.story(order(8)).await.last(), Some(&"OrderPaid"));
    assert_eq!(world.commands.load_order(order(7)).await.unwrap().refunded_cents("pi_h"), 1_000);
    assert_eq!(world.story(order(0)).await.last(), Some(&"OrderPaid"));
    let recorded = world.runs().await;
    let [ReconciliationEvent::PaymentsReconciled { from: since, to: until, sessions: 11, differences }] =
        recorded.as_slice()
    else {
        panic!("{recorded:?}")
    };
    assert_eq!((since, until, differences), (&from, &to, &run.differences));

    // The next run finds what nobody could repair, and nothing else.
    world.settle().await;
    let next = reconcile(&world.ports(), from, to + TimeDelta::minutes(1), &|_, _| {}).await.unwrap();
    assert!(next.differences.iter().all(|one| !one.repaired));
    assert_eq!(next.differences.len(), 3);
    assert_eq!(world.runs().await.len(), 2);
}

#[tokio::test]
async fn a_run_that_was_cut_off_is_repeated_and_recorded_once() {
    let world = disagreeing().await;
    let (from, to) = window(&world);
    let dying = Dying::at("reconciliation", Arc::clone(&world.commands));
    assert!(reconcile(&world.ports_with(dying), from, to, &|_, _| {}).await.is_err());
    assert!(world.runs().await.is_empty());
    let again = reconcile(&world.ports(), from, to, &|_, _| {}).await.unwrap();
    // What the first attempt repaired of payments is this run's all the same.
    let payments = |kind: &DifferenceKind| *kind != DifferenceKind::RefundUnrecorded;
    let expected: Vec<_> = DIFFERENCES.into_iter().filter(|(kind, ..)| payments(kind)).collect();
    assert_eq!(found(&again), expected);
    reconcile(&world.ports(), from, to, &|_, _| {}).await.unwrap();
    assert_eq!(world.runs().await.len(), 1);
    let paid = world.story(order(2)).await;
    assert_eq!(paid.iter().filter(|name| **name == "OrderPaid").count(), 1);
}

#[tokio::test]
async fn money_of_another_amount_is_recorded_as_held_not_as_paid() {
    let world = World::new().await;
    world.place(order(0), "cs_a").await;
    world.till.page("cs_a", Some(order(0)), SessionState::Paid(payment("cs_a", 100)));
    world.settle().await;
    let (from, to) = window(&world);
    let run = reconcile(&world.ports(), from, to, &|_, _| {}).await.unwrap();
    assert_eq!(found(&run), [(DifferenceKind::PaymentUnrecorded, "cs_a", true)]);
    assert_eq!(world.story(order(0)).await.last(), Some(&"PaymentHeld"));
}

#[tokio::test]
async fn a_page_of_a_cancelled_order_that_was_paid_unseen_is_found_and_goes_back() {
    let world = World::new().await;
    world.place(order(0), "cs_a").await;
    world.tell(order(0), OrderCommand::Cancel { by: "customer".to_owned() }).await;
    world.till.paid_page("cs_a", order(0));
    world.settle().await;
    let (from, to) = window(&world);
    let run = reconcile(&world.ports(), from, to, &|_, _| {}).await.unwrap();
    assert_eq!(found(&run), [(DifferenceKind::PaymentUnrecorded, "cs_a", true)]);
    assert_eq!(world.task(order(0)).await.job.name(), "return_payment");
}
