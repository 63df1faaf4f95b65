//! The jobs about money, run twice, and dying between the vendor and the log.

use std::sync::Arc;

use domain::{
    identity,
    order::{OrderCommand, OrderEvent, RefundReason},
    ports::{PortError, SessionState},
};
use pretty_assertions::assert_eq;
use uuid::Uuid;

use crate::{
    dying::Dying,
    till::{Fault, PRICE, away},
    world::{FIRST, LAST, ORDER, World, run},
};

const ASKED: Uuid = Uuid::from_u128(0xa5ed);

fn request(amount_cents: Option<i64>) -> OrderCommand {
    let reason = RefundReason::RequestedByCustomer;
    OrderCommand::RequestRefund { refund: ASKED, payment: None, amount_cents, reason }
}

/// A paid order whose customer wants the money back.
async fn refund_wanted() -> World {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    world.tell(ORDER, request(None)).await;
    world
}

fn refunds(story: &[&str]) -> usize {
    story.iter().filter(|name| **name == "OrderRefunded").count()
}

#[tokio::test]
async fn a_refund_is_made_and_recorded_once_however_often_its_job_runs() {
    let world = refund_wanted().await;
    let task = world.task(ORDER).await;
    for _ in 0..3 {
        run(&world.ports(), &task, FIRST).await.unwrap();
    }
    assert_eq!((world.till.made().len(), refunds(&world.story(ORDER).await)), (1, 1));
    assert!(world.commands.load_order(ORDER).await.unwrap().is_refunded());
}

#[tokio::test]
async fn a_crash_between_the_refund_and_its_record_gives_no_second_refund() {
    let world = refund_wanted().await;
    let task = world.task(ORDER).await;
    let dying = Dying::at("RecordRefund", Arc::clone(&world.commands));
    assert!(run(&world.ports_with(dying.clone()), &task, FIRST).await.is_err());
    assert!(dying.has_died());
    assert_eq!((world.till.made().len(), refunds(&world.story(ORDER).await)), (1, 0));
    run(&world.ports(), &task, FIRST).await.unwrap();
    assert_eq!((world.till.made().len(), refunds(&world.story(ORDER).await)), (1, 1));
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_found_even_when_the_vendor_forgot_the_key() {
    let world = refund_wanted().await;
    let task = world.task(ORDER).await;
    world.till.next_refund(Fault::LosesAnswer);
    assert!(run(&world.ports(), &task, FIRST).await.is_err());
    run(&world.ports(), &task, FIRST).await.unwrap();
    assert_eq!((world.till.made().len(), refunds(&world.story(ORDER).await)), (1, 1));
}

#[tokio::test]
async fn money_that_went_back_by_hand_is_recorded_and_the_request_ends_as_refused() {
    let world = refund_wanted().await;
    let task = world.task(ORDER).await;
    world.till.refund_by_hand("pi_1", PRICE);
    run(&world.ports(), &task, FIRST).await.unwrap();
    run(&world.ports(), &task, FIRST).await.unwrap();
    let events = world.events(ORDER).await;
    let ends: Vec<_> = events.iter().rev().take(2).collect();
    assert!(matches!(ends[1], OrderEvent::OrderRefunded { request: None, amount_cents: PRICE, .. }), "{ends:?}");
    let OrderEvent::RefundFailed { refund: None, request: Some(ASKED), reason, .. } = ends[0] else {
        panic!("{ends:?}")
    };
    assert_eq!((reason.as_str(), world.till.made().len()), ("charge_already_refunded", 1));
}

#[tokio::test]
async fn a_refund_that_cannot_be_had_ends_in_an_event_never_in_silence() {
    let world = refund_wanted().await;
    let task = world.task(ORDER).await;
    world.till.next_refund(Fault::Fails(away()));
    assert!(run(&world.ports(), &task, FIRST).await.is_err());
    assert_eq!(world.story(ORDER).await.last(), Some(&"RefundRequested"));
    world.till.next_refund(Fault::Fails(away()));
    run(&world.ports(), &task, LAST).await.unwrap();
    let OrderEvent::RefundFailed { refund: None, request: Some(ASKED), reason, .. } =
        world.events(ORDER).await.pop().unwrap()
    else {
        panic!("the last failure is no event")
    };
    assert_eq!(reason, "unreachable");
    run(&world.ports(), &task, LAST).await.unwrap();
    assert!(world.till.made().is_empty());
}

#[tokio::test]
async fn an_ended_request_of_an_old_log_asks_the_vendor_nothing() {
    let world = refund_wanted().await;
    let task = world.task(ORDER).await;
    let refuse = OrderCommand::RefuseRefund { refund: ASKED, reason: "unreachable".to_owned() };
    world.tell(ORDER, refuse).await;
    world.till.next_refund(Fault::Fails(PortError::Refused { service: "stripe", message: "asked".to_owned() }));
    run(&world.ports(), &task, FIRST).await.unwrap();
    assert_eq!(world.story(ORDER).await.last(), Some(&"RefundFailed"));
    assert!(world.till.made().is_empty());
}

#[tokio::test]
async fn money_that_nobody_owed_is_asked_back_once() {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_2").await;
    let task = world.task(ORDER).await;
    let dying = Dying::at("RequestRefund", Arc::clone(&world.commands));
    assert!(run(&world.ports_with(dying), &task, FIRST).await.is_err());
    run(&world.ports(), &task, FIRST).await.unwrap();
    run(&world.ports(), &task, FIRST).await.unwrap();
    let events = world.events(ORDER).await;
    let asked: Vec<_> = events.iter().filter(|event| matches!(event, OrderEvent::RefundRequested { .. })).collect();
    let [OrderEvent::RefundRequested { refund, payment, amount_cents, reason, .. }] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!((*refund, payment.as_str()), (identity::return_of(ORDER, "cs_2"), "pi_2"));
    assert_eq!((*amount_cents, *reason), (PRICE, RefundReason::Duplicate));
}

#[tokio::test]
async fn money_that_went_back_already_is_not_asked_for() {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_2").await;
    let task = world.task(ORDER).await;
    world.till.refund_by_hand("pi_2", PRICE);
    let by_hand = world.till.made().remove(0);
    world.tell(ORDER, OrderCommand::RecordRefund(by_hand)).await;
    run(&world.ports(), &task, FIRST).await.unwrap();
    assert_eq!(world.story(ORDER).await.last(), Some(&"OrderRefunded"));
}

#[tokio::test]
async fn the_page_of_a_cancelled_order_is_closed() {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.till.page("cs_1", Some(ORDER), SessionState::Open);
    world.tell(ORDER, OrderCommand::Cancel { by: "customer".to_owned() }).await;
    let task = world.task(ORDER).await;
    run(&world.ports(), &task, FIRST).await.unwrap();
    run(&world.ports(), &task, FIRST).await.unwrap();
    assert_eq!(world.till.looks(), ["cs_1", "cs_1"]);
    assert_eq!(world.story(ORDER).await.last(), Some(&"OrderCancelled"));
}

#[tokio::test]
async fn a_page_that_was_paid_before_it_closed_is_told_even_after_a_crash() {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.till.page("cs_1", Some(ORDER), SessionState::Open);
    world.till.pays_before_closing();
    world.tell(ORDER, OrderCommand::Cancel { by: "staff".to_owned() }).await;
    let task = world.task(ORDER).await;
    let dying = Dying::at("ConfirmPayment", Arc::clone(&world.commands));
    assert!(run(&world.ports_with(dying), &task, FIRST).await.is_err());
    run(&world.ports(), &task, FIRST).await.unwrap();
    run(&world.ports(), &task, FIRST).await.unwrap();
    assert_eq!(world.story(ORDER).await, ["OrderPlaced", "CheckoutOpened", "OrderCancelled", "PaymentHeld"]);
    // And the next job gives it back.
    assert_eq!(world.task(ORDER).await.job.name(), "return_payment");
}
