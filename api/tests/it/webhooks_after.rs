//! What vendors tell after the payment: refunds, disputes, slow payments, what became of the mail.

use domain::order::OrderCommand;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    shop::price,
    world::{World, world},
};

fn of_session(id: &str, kind: &str, order: Uuid) -> Value {
    let session = format!("cs_{}_1", order.simple());
    json!({"id": id, "type": kind, "order": order.to_string(), "session": session, "cents": price().ttc_cents})
}

async fn paid(world: &World) -> (Uuid, String) {
    let (order, token) = world.placed().await;
    assert_eq!(world.stripe_tells(&of_session("evt_1", "checkout.session.completed", order)).await.status, 200);
    (order, token)
}

/// The events after placing, opening and paying.
async fn after_paid(world: &World) -> Vec<&'static str> {
    world.ledger.events().await.split_off(3)
}

fn refund(id: &str, refund: &str, failed: Option<&str>) -> Value {
    json!({"id": id, "type": "refund", "refund": refund, "payment": "pi_1", "cents": 1_000, "failed": failed})
}

#[tokio::test]
async fn a_refund_finds_its_order_by_the_payment_and_is_told_once() {
    let world = world().await;
    let (order, token) = paid(&world).await;
    for event in [refund("evt_2", "re_1", None), refund("evt_2", "re_1", None), refund("evt_3", "re_1", None)] {
        assert_eq!(world.stripe_tells(&event).await.status, 200);
    }
    assert_eq!(after_paid(&world).await, ["OrderRefunded"]);
    assert_eq!(world.shown(order, &token).await["refunded_cents"], 1_000);
    assert_eq!(world.stripe_tells(&refund("evt_4", "re_1", Some("declined"))).await.status, 200);
    assert_eq!(world.shown(order, &token).await["refunded_cents"], 0);
}

#[tokio::test]
async fn a_refund_that_failed_before_it_was_known_to_begin_never_counts() {
    let world = world().await;
    let (order, token) = paid(&world).await;
    world.stripe_tells(&refund("evt_2", "re_1", Some("expired_or_canceled_card"))).await;
    world.stripe_tells(&refund("evt_3", "re_1", None)).await;
    assert_eq!(after_paid(&world).await, ["RefundFailed"]);
    assert_eq!(world.shown(order, &token).await["refunded_cents"], 0);
    let inbox = world.ledger.inbox().await;
    assert_eq!((inbox["evt_2"].as_str(), inbox["evt_3"].as_str()), ("handled", "handled"));
}

#[tokio::test]
async fn news_of_a_payment_that_is_not_known_yet_wait() {
    let world = world().await;
    world.placed().await;
    let dispute = json!({"id": "evt_3", "type": "dispute", "payment": "pi_1"});
    let charge = json!({"id": "evt_4", "type": "charge.refunded", "payment": "pi_1"});
    for event in [refund("evt_2", "re_1", None), dispute, charge] {
        assert_eq!(world.stripe_tells(&event).await.status, 200);
    }
    let inbox = world.ledger.inbox().await;
    assert!(["evt_2", "evt_3", "evt_4"].iter().all(|id| inbox[*id] == "waits"), "{inbox:?}");
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened"]);
}

#[tokio::test]
async fn a_refunded_charge_does_not_say_which_refund_it_was() {
    let world = world().await;
    paid(&world).await;
    world.stripe_tells(&json!({"id": "evt_2", "type": "charge.refunded", "payment": "pi_1"})).await;
    assert_eq!(world.ledger.inbox().await["evt_2"], "waits");
    assert_eq!(after_paid(&world).await, Vec::<&str>::new());
}

#[tokio::test]
async fn a_dispute_that_ends_before_it_begins_has_ended() {
    let world = world().await;
    let (order, token) = paid(&world).await;
    let dispute = |id: &str, outcome: Option<&str>| json!({"id": id, "type": "dispute", "payment": "pi_1", "cents": price().ttc_cents, "outcome": outcome});
    world.stripe_tells(&dispute("evt_2", Some("lost"))).await;
    world.stripe_tells(&dispute("evt_3", None)).await;
    assert_eq!(after_paid(&world).await, ["DisputeClosed"]);
    assert_eq!(world.shown(order, &token).await["dispute"], "lost");
}

#[tokio::test]
async fn a_slow_payment_is_awaited_and_may_fail_in_any_order() {
    let world = world().await;
    let (order, token) = world.placed().await;
    world.stripe_tells(&of_session("evt_1", "under_way", order)).await;
    let view = world.shown(order, &token).await;
    assert_eq!((view["status"].as_str(), &view["payment_url"]), (Some("awaiting"), &Value::Null));
    assert_eq!((&view["can_pay_again"], &view["can_cancel"]), (&json!(false), &json!(false)));
    world.stripe_tells(&of_session("evt_2", "payment_failed", order)).await;
    world.stripe_tells(&of_session("evt_3", "under_way", order)).await;
    let view = world.shown(order, &token).await;
    assert_eq!((view["status"].as_str(), &view["can_pay_again"]), (Some("expired"), &json!(true)));
    let (other, _) = world.placed().await;
    world.stripe_tells(&of_session("evt_4", "payment_failed", other)).await;
    world.stripe_tells(&of_session("evt_5", "under_way", other)).await;
    let events = world.ledger.events().await;
    assert_eq!(events.iter().filter(|name| **name == "PaymentInitiated").count(), 1, "{events:?}");
}

async fn mailed(world: &World) -> (Uuid, String) {
    let (order, token) = paid(world).await;
    world.order(order, OrderCommand::Deliver { report: Uuid::nil(), version: 1 }).await;
    let (kind, message_id) = ("delivery".to_owned(), "<1@mail.example>".to_owned());
    world.order(order, OrderCommand::RecordEmailSent { kind, message_id }).await;
    (order, token)
}

async fn brevo_tells(world: &World, id: &str, event: &str) {
    let body = json!({"id": id, "message": "<1@mail.example>", "event": event});
    let answer = world.post("/api/webhooks/brevo", &[("authorization", "Bearer good")], body.to_string()).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn each_thing_told_of_a_mail_has_its_meaning() {
    let expected = [
        ("deferred", Some("deferred")),
        ("soft_bounce", Some("deferred")),
        ("delivered", Some("delivered")),
        ("unsubscribed", Some("unsubscribed")),
        ("spam", Some("complained")),
        ("hard_bounce", Some("bounced")),
        ("blocked", Some("bounced")),
        ("invalid_email", Some("bounced")),
        ("error", Some("bounced")),
        ("request", None),
        ("opened", None),
    ];
    for (event, state) in expected {
        let world = world().await;
        let (order, token) = mailed(&world).await;
        brevo_tells(&world, "m1", event).await;
        let outcome = if state.is_some() { "handled" } else { "mail_status" };
        assert_eq!(world.ledger.inbox().await["m1"], outcome, "{event}");
        assert_eq!(world.shown(order, &token).await["mail"], state.unwrap_or("sent"), "{event}");
    }
}

#[tokio::test]
async fn news_of_a_mail_may_come_repeated_and_in_any_order() {
    let world = world().await;
    let (order, token) = mailed(&world).await;
    for (id, event) in [("m1", "delivered"), ("m2", "deferred"), ("m3", "delivered"), ("m1", "delivered")] {
        brevo_tells(&world, id, event).await;
    }
    assert_eq!(world.shown(order, &token).await["mail"], "delivered");
    let tracked = world.ledger.events().await.iter().filter(|name| **name == "DeliveryEmailTracked").count();
    assert_eq!(tracked, 1);
}
