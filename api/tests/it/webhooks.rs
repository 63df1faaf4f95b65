//! What vendors tell us: no lost money, no double effect, a clear refusal of what is not authentic.

use domain::order::{OrderCommand, OrderState};
use domain::ports::Commands as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    shop::price,
    world::{Answer, World, world},
};

const STRIPE: &str = "/api/webhooks/stripe";
const GOOD: [(&str, &str); 1] = [("stripe-signature", "good")];

fn paid(order: Uuid, id: &str, cents: i64) -> Value {
    json!({
        "id": id, "type": "checkout.session.completed", "order": order.to_string(),
        "session": format!("cs_{}_1", order.simple()), "cents": cents,
    })
}

async fn tell(world: &World, event: &Value) -> Answer {
    world.post(STRIPE, &GOOD, event.to_string()).await
}

#[tokio::test]
async fn a_payment_makes_the_order_paid() {
    let world = world().await;
    let (order, _) = world.placed().await;
    let answer = tell(&world, &paid(order, "evt_1", price().ttc_cents)).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"received": true})));
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened", "OrderPaid"]);
    assert_eq!(world.ledger.inbox().await["evt_1"], "handled");
}

#[tokio::test]
async fn a_second_identical_webhook_changes_nothing() {
    let world = world().await;
    let (order, _) = world.placed().await;
    let event = paid(order, "evt_1", price().ttc_cents);
    assert_eq!(tell(&world, &event).await.status, 200);
    assert_eq!(tell(&world, &event).await.status, 200);
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened", "OrderPaid"]);
}

#[tokio::test]
async fn a_bad_old_or_missing_signature_is_refused_and_nothing_is_kept() {
    let world = world().await;
    let (order, _) = world.placed().await;
    let body = paid(order, "evt_1", price().ttc_cents).to_string();
    for headers in [&[][..], &[("stripe-signature", "bad")], &[("stripe-signature", "old")]] {
        let answer = world.post(STRIPE, headers, body.clone()).await;
        assert_eq!(answer.problem(), (400, "webhook.refused".to_owned()));
    }
    assert!(world.ledger.inbox().await.is_empty());
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened"]);
}

#[tokio::test]
async fn money_for_an_unknown_order_is_kept_for_a_person() {
    let world = world().await;
    assert_eq!(tell(&world, &paid(Uuid::from_u128(9), "evt_9", 100)).await.status, 200);
    assert_eq!(world.ledger.inbox().await["evt_9"], "unknown_order");
    assert!(world.ledger.events().await.is_empty());
}

#[tokio::test]
async fn a_payment_of_another_amount_is_held_never_lost() {
    let world = world().await;
    let (order, token) = world.placed().await;
    assert_eq!(tell(&world, &paid(order, "evt_1", price().ttc_cents - 1)).await.status, 200);
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened", "PaymentHeld"]);
    assert_eq!(world.ledger.load_order(order).await.unwrap().state(), OrderState::Held);
    let view = world.get(&format!("/api/orders/{order}?t={token}")).await.json();
    assert_eq!(view["status"], "held");
    assert!(view["steps"][0]["detail"].as_str().is_some_and(|detail| detail.contains("vérification")));
}

#[tokio::test]
async fn an_event_that_asks_for_nothing_is_noted() {
    let world = world().await;
    assert_eq!(tell(&world, &json!({"id": "evt_2", "type": "customer.created"})).await.status, 200);
    assert_eq!(world.ledger.inbox().await["evt_2"], "other_type");
}

#[tokio::test]
async fn a_webhook_may_have_256_kilobytes_and_no_more() {
    let world = world().await;
    let event = json!({"id": "evt_3", "type": "other", "filler": "x".repeat(200 * 1024)});
    assert_eq!(tell(&world, &event).await.status, 200);
    let event = json!({"id": "evt_4", "type": "other", "filler": "x".repeat(256 * 1024)});
    assert_eq!(tell(&world, &event).await.problem(), (413, "request.too_large".to_owned()));
}

#[tokio::test]
async fn when_the_store_is_down_the_vendor_is_asked_to_come_back() {
    let world = world().await;
    let (order, _) = world.placed().await;
    world.ledger.go_down().await;
    let answer = tell(&world, &paid(order, "evt_1", price().ttc_cents)).await;
    assert_eq!(answer.problem(), (503, "service.unavailable".to_owned()));
    assert!(!answer.header("retry-after").is_empty());
}

async fn mailed(world: &World) -> Uuid {
    let (order, _) = world.placed().await;
    tell(world, &paid(order, "evt_1", price().ttc_cents)).await;
    world.order(order, OrderCommand::Deliver { report: Uuid::nil(), version: 1 }).await;
    let (kind, message_id) = ("delivery".to_owned(), "<1@mail.example>".to_owned());
    world.order(order, OrderCommand::RecordEmailSent { kind, message_id }).await;
    order
}

async fn mail(world: &World, token: &str, event: Value) -> Answer {
    world.post("/api/webhooks/brevo", &[("authorization", token)], event.to_string()).await
}

#[tokio::test]
async fn a_bounced_mail_is_told_once_and_its_address_stays_out_of_the_log() {
    let world = world().await;
    let order = mailed(&world).await;
    let event = json!({"id": "m1", "message": "<1@mail.example>", "event": "hard_bounce"});
    assert_eq!(mail(&world, "Bearer good", event.clone()).await.status, 200);
    assert_eq!(mail(&world, "Bearer good", event).await.status, 200);
    let events = world.ledger.events().await;
    assert_eq!(events.iter().filter(|name| **name == "DeliveryEmailBounced").count(), 1);
    let token = format!("{}.Follow1", order.simple());
    let timeline = world.get(&format!("/api/orders/{order}/timeline?t={token}")).await.text();
    assert!(timeline.contains("hard_bounce") && !timeline.contains("agent@"));
}

#[tokio::test]
async fn mail_news_need_the_token_and_a_known_mail() {
    let world = world().await;
    mailed(&world).await;
    let event = json!({"id": "m2", "message": "<2@mail.example>", "event": "hard_bounce"});
    let refused = mail(&world, "Bearer bad", event.clone()).await;
    assert_eq!(refused.problem(), (401, "webhook.unauthorized".to_owned()));
    assert_eq!(mail(&world, "Bearer good", event).await.status, 200);
    assert_eq!(world.ledger.inbox().await["m2"], "waits");
}
