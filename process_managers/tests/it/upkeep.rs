//! Messages that waited, and orders that stay unpaid.

use chrono::TimeDelta;
use domain::{order::OrderCommand, ports::SessionState};
use pretty_assertions::assert_eq;
use process_managers::upkeep::{Reread, look_at_pending, reread};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    till::{PRICE, payment},
    world::{ORDER, World},
};

fn event(kind: &str, object: &Value) -> Value {
    json!({"id": "evt", "type": kind, "livemode": false, "data": {"object": object}})
}

fn refund(status: &str) -> Value {
    json!({"id": "re_9", "amount": 100, "currency": "eur", "status": status, "payment_intent": "pi_1", "metadata": {}})
}

fn dispute(status: &str) -> Value {
    json!({"id": "du_1", "amount": PRICE, "currency": "eur", "reason": "fraudulent", "status": status,
           "payment_intent": "pi_1"})
}

fn read(handled: u32, waiting: u32, given_up: u32) -> Reread {
    Reread { handled, waiting, given_up }
}

fn told(outcomes: &[(String, String)]) -> Vec<(&str, &str)> {
    outcomes.iter().map(|(id, outcome)| (id.as_str(), outcome.as_str())).collect()
}

#[tokio::test]
async fn messages_about_money_wait_for_their_order_and_are_handled_once() {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.keep("stripe", "evt_1", &event("refund.created", &refund("succeeded"))).await;
    world.keep("stripe", "evt_2", &event("charge.dispute.created", &dispute("needs_response"))).await;
    world.keep("stripe", "evt_3", &event("charge.refunded", &json!({"id": "ch_1", "payment_intent": "pi_1"}))).await;
    world.settle().await;
    assert_eq!(reread(&world.ports()).await.unwrap(), read(0, 3, 0));

    world.pay(ORDER, "cs_1").await;
    world.till.refund_by_hand("pi_1", 200);
    world.settle().await;
    assert_eq!(reread(&world.ports()).await.unwrap(), read(3, 0, 0));
    let story = ["OrderPlaced", "CheckoutOpened", "OrderPaid", "OrderRefunded", "DisputeOpened", "OrderRefunded"];
    assert_eq!(world.story(ORDER).await, story);
    assert_eq!(world.commands.load_order(ORDER).await.unwrap().refunded_cents("pi_1"), 300);
    assert_eq!(reread(&world.ports()).await.unwrap(), read(0, 0, 0));

    // The process died between the commands and the note that they were given.
    sqlx::query("UPDATE app.inbox SET outcome = 'waits'").execute(&world.db.pool).await.unwrap();
    assert_eq!(reread(&world.ports()).await.unwrap(), read(3, 0, 0));
    assert_eq!(world.story(ORDER).await, story);
}

#[tokio::test]
async fn the_end_of_a_dispute_may_come_before_its_beginning() {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    world.keep("stripe", "evt_1", &event("charge.dispute.closed", &dispute("lost"))).await;
    world.keep("stripe", "evt_2", &event("charge.dispute.created", &dispute("needs_response"))).await;
    world.settle().await;
    assert_eq!(reread(&world.ports()).await.unwrap(), read(2, 0, 0));
    assert_eq!(world.story(ORDER).await.last(), Some(&"DisputeClosed"));
}

#[tokio::test]
async fn news_of_a_mail_find_its_order_by_the_vendors_id() {
    let world = World::new().await;
    let news = |event: &str| json!({"event": event, "message-id": "<m1@post.test>", "email": "a@b.fr", "ts_event": 1});
    world.keep("brevo", "b_1", &news("delivered")).await;
    world.keep("brevo", "b_2", &news("opened")).await;
    assert_eq!(reread(&world.ports()).await.unwrap(), read(1, 1, 0), "an opening concerns nobody");
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    world.tell(ORDER, OrderCommand::Deliver { report: Uuid::from_u128(1), version: 1 }).await;
    let message_id = "<m1@post.test>".to_owned();
    world.tell(ORDER, OrderCommand::RecordEmailSent { kind: "delivery".to_owned(), message_id }).await;
    world.settle().await;
    assert_eq!(reread(&world.ports()).await.unwrap(), read(1, 0, 0));
    assert_eq!(world.story(ORDER).await.last(), Some(&"DeliveryEmailTracked"));
    assert_eq!(told(&world.outcomes().await), [("b_1", "handled"), ("b_2", "noted")]);
}

#[tokio::test]
async fn a_message_is_given_up_after_three_days_and_hides_none_that_is_younger() {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    let foreign =
        json!({"id": "re_8", "amount": 1, "currency": "eur", "status": "succeeded", "payment_intent": "pi_x"});
    world.keep("stripe", "evt_1", &event("refund.created", &foreign)).await;
    world.keep("stripe", "evt_2", &event("refund.created", &refund("succeeded"))).await;
    world.settle().await;
    assert_eq!(reread(&world.ports()).await.unwrap(), read(1, 1, 0));
    world.clock.by(TimeDelta::days(3) + TimeDelta::minutes(1));
    assert_eq!(reread(&world.ports()).await.unwrap(), read(0, 0, 1));
    assert_eq!(told(&world.outcomes().await), [("evt_1", "given_up"), ("evt_2", "handled")]);
}

fn order(n: u128) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_1000 + n)
}

#[tokio::test]
async fn orders_that_stay_unpaid_are_looked_up_and_told_what_the_vendor_knows() {
    let world = World::new().await;
    let pages = ["cs_a", "cs_b", "cs_c", "cs_d", "cs_e", "cs_f", "cs_g"];
    for (n, session) in pages.into_iter().enumerate() {
        world.place(order(n as u128), session).await;
    }
    world.till.paid_page("cs_a", order(0));
    world.till.page("cs_b", Some(order(1)), SessionState::Open);
    world.till.page("cs_c", Some(order(2)), SessionState::Expired);
    world.till.page("cs_d", Some(order(3)), SessionState::UnderWay { payment: Some("pi_d".to_owned()) });
    world.till.page("cs_e", Some(order(9)), SessionState::Paid(payment("cs_e", PRICE)));
    world.pay(order(6), "cs_g").await;
    world.settle().await;
    assert_eq!(look_at_pending(&world.ports(), &|_| {}).await.unwrap(), vec![], "they are all too young");
    assert!(world.till.looks().is_empty());

    world.clock.by(TimeDelta::minutes(11));
    let looked = look_at_pending(&world.ports(), &|_| {}).await.unwrap();
    let found: Vec<_> = looked.iter().map(|one| (one.session.as_str(), one.state, one.changed)).collect();
    assert_eq!(
        found,
        [
            ("cs_a", "paid", true),
            ("cs_b", "open", false),
            ("cs_c", "expired", true),
            ("cs_d", "under_way", true),
            ("cs_e", "foreign", false),
            ("cs_f", "missing", false),
        ]
    );
    let mut ends = Vec::new();
    for n in 0..7 {
        ends.push(*world.story(order(n)).await.last().unwrap());
    }
    let (open, paid) = ("CheckoutOpened", "OrderPaid");
    assert_eq!(ends, [paid, open, "CheckoutExpired", "PaymentInitiated", open, open, paid]);

    // A payment that takes days is looked at until its end, and eight days are enough for any.
    world.till.page("cs_d", Some(order(3)), SessionState::Failed);
    world.settle().await;
    let looked = look_at_pending(&world.ports(), &|_| {}).await.unwrap();
    assert_eq!(looked.iter().filter(|one| one.changed).count(), 1);
    assert_eq!(world.story(order(3)).await.last(), Some(&"PaymentFailed"));
    world.clock.by(TimeDelta::days(8) + TimeDelta::minutes(1));
    assert_eq!(look_at_pending(&world.ports(), &|_| {}).await.unwrap(), vec![]);
}
