//! What a customer may do with an order after placing it: pay after all, give up, come back from the bank, get a new link.

use std::sync::atomic::Ordering;

use domain::{
    order::OrderCommand,
    ports::{LinkKind, LinkState, Links as _, SessionNews, SessionState},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    follow_order::{collect, deliver, pay},
    post,
    shop::price,
    world::{Answer, World, world},
};

async fn ask(world: &World, order: Uuid, what: &str, token: &str) -> Answer {
    world.post(&format!("/api/orders/{order}/{what}?t={token}"), &[], "").await
}

fn session_of(order: Uuid) -> String {
    format!("cs_{}_1", order.simple())
}

#[tokio::test]
async fn nothing_changes_without_the_order_s_own_token() {
    let world = world().await;
    let (order, _) = world.placed().await;
    let (_, other) = world.placed().await;
    let before = world.ledger.events().await;
    for what in ["checkout", "cancel", "link"] {
        for token in ["", "wrong", &other] {
            let answer = ask(&world, order, what, token).await;
            assert_eq!(answer.problem(), (404, "order.not_found".to_owned()), "{what}");
        }
    }
    assert_eq!(world.ledger.events().await, before);
}

#[tokio::test]
async fn an_unpaid_order_leads_back_to_its_page_or_to_the_next_one() {
    let world = world().await;
    let (order, token) = world.placed().await;
    let open = world.shown(order, &token).await["payment_url"].clone();
    assert_eq!(ask(&world, order, "checkout", &token).await.json()["payment_url"], open);
    world.order(order, OrderCommand::ExpireCheckout { session: session_of(order) }).await;
    let view = world.shown(order, &token).await;
    assert_eq!((view["status"].as_str(), &view["can_pay_again"]), (Some("expired"), &json!(true)));
    let next = ask(&world, order, "checkout", &token).await.json()["payment_url"].clone();
    assert_eq!(next, format!("https://pay.example/cs_{}_2", order.simple()));
    assert_eq!(ask(&world, order, "checkout", &token).await.json()["payment_url"], next);
    assert_eq!(world.till.asked.lock().unwrap().len(), 2);
    assert_eq!(world.shown(order, &token).await["status"], "pending");
}

#[tokio::test]
async fn no_second_page_opens_while_a_payment_is_under_way() {
    let world = world().await;
    let (order, token) = world.placed().await;
    let session = session_of(order);
    world.order(order, OrderCommand::AwaitPayment { session, payment: None }).await;
    for what in ["checkout", "cancel"] {
        let answer = ask(&world, order, what, &token).await;
        assert_eq!(answer.problem(), (409, "payment.under_way".to_owned()), "{what}");
        assert!(answer.text().contains("pas débité deux fois"), "{}", answer.text());
    }
    assert_eq!(world.till.asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_customer_may_give_up_before_paying_and_asking_twice_is_once() {
    let world = world().await;
    let (order, token) = world.placed().await;
    assert_eq!(world.shown(order, &token).await["can_cancel"], true);
    for _ in 0..2 {
        let answer = ask(&world, order, "cancel", &token).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let view = answer.json();
        assert_eq!((view["status"].as_str(), &view["payment_url"]), (Some("cancelled"), &json!(null)));
        assert_eq!((&view["can_cancel"], &view["can_pay_again"]), (&json!(false), &json!(false)));
    }
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened", "OrderCancelled"]);
    assert_eq!(ask(&world, order, "checkout", &token).await.problem(), (409, "order.cancelled".to_owned()));
}

#[tokio::test]
async fn a_paid_order_is_neither_paid_again_nor_given_up() {
    let world = world().await;
    let (order, token) = world.placed().await;
    pay(&world, order).await;
    for what in ["checkout", "cancel"] {
        assert_eq!(ask(&world, order, what, &token).await.problem(), (409, "order.already_paid".to_owned()), "{what}");
    }
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened", "OrderPaid"]);
}

/// The vendor holds the session of the order as paid.
fn paid_at_vendor(world: &World, order: Uuid, names: Uuid) {
    let session = session_of(order);
    let state = SessionState::Paid(post::paid(&session, price().ttc_cents));
    *world.till.news.lock().unwrap() = Some(SessionNews { session, order: Some(names), state, refunded_cents: None });
}

async fn come_back(world: &World, order: Uuid, token: &str) -> Answer {
    world.get(&format!("/api/orders/{order}?t={token}&retour=ok")).await
}

#[tokio::test]
async fn who_comes_back_before_the_webhook_sees_the_payment_and_the_webhook_changes_nothing_more() {
    let world = world().await;
    let (order, token) = world.placed().await;
    paid_at_vendor(&world, order, order);
    assert_eq!(world.shown(order, &token).await["status"], "pending");
    assert_eq!(world.till.looks.load(Ordering::SeqCst), 0, "only who comes back makes us look");
    assert_eq!(come_back(&world, order, &token).await.json()["status"], "paid");
    come_back(&world, order, &token).await;
    assert_eq!(world.till.looks.load(Ordering::SeqCst), 1);
    let (session, cents) = (session_of(order), price().ttc_cents);
    let event = json!({"id": "evt_1", "type": "checkout.session.completed", "order": order.to_string(),
                       "session": session, "cents": cents});
    assert_eq!(world.stripe_tells(&event).await.status, 200);
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened", "OrderPaid"]);
}

#[tokio::test]
async fn looking_happens_once_in_ten_seconds_and_never_for_another_order_s_money() {
    let world = world().await;
    let (order, token) = world.placed().await;
    paid_at_vendor(&world, order, Uuid::from_u128(9));
    for _ in 0..3 {
        assert_eq!(come_back(&world, order, &token).await.json()["status"], "pending");
    }
    assert_eq!(world.till.looks.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_payment_service_that_hangs_does_not_hold_the_page() {
    let world = world().await;
    let (order, token) = world.placed().await;
    world.till.hangs.store(true, Ordering::SeqCst);
    let started = std::time::Instant::now();
    assert_eq!(come_back(&world, order, &token).await.json()["status"], "pending");
    assert!(started.elapsed() < std::time::Duration::from_secs(4), "{:?}", started.elapsed());
    assert_eq!(world.till.looks.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_expired_link_is_replaced_once_however_often_it_is_asked_for() {
    let world = world().await;
    let (order, token) = world.placed().await;
    assert_eq!(ask(&world, order, "link", &token).await.problem(), (409, "link.closed".to_owned()));
    pay(&world, order).await;
    collect(&world, order).await;
    deliver(&world, order).await;
    let first = world.keyring.derive(order, LinkKind::Download, 1);
    // Live and young: it is the answer.
    let view = ask(&world, order, "link", &token).await.json();
    assert_eq!(
        (view["download"]["url"].as_str(), &view["can_renew_link"]),
        (Some(&*format!("/r/{first}")), &json!(false))
    );
    world.keyring.opened.lock().unwrap().insert(first, LinkState::Expired { order });
    let view = world.shown(order, &token).await;
    assert_eq!((&view["download"], &view["can_renew_link"]), (&json!(null), &json!(true)));
    let second = format!("/r/{}", world.keyring.derive(order, LinkKind::Download, 2));
    for _ in 0..3 {
        let answer = ask(&world, order, "link", &token).await;
        assert_eq!(answer.json()["download"]["url"], *second, "{}", answer.text());
    }
    let events = world.ledger.events().await;
    assert_eq!(events.iter().filter(|name| **name == "DownloadLinkIssued").count(), 2);
    assert_eq!(world.get(&second).await.status, 302);
}

#[tokio::test]
async fn a_refunded_order_gets_no_new_link() {
    let world = world().await;
    let (order, token) = world.placed().await;
    pay(&world, order).await;
    collect(&world, order).await;
    deliver(&world, order).await;
    let refund =
        json!({"id": "evt_r", "type": "refund", "refund": "re_1", "payment": "pi_1", "cents": price().ttc_cents});
    world.stripe_tells(&refund).await;
    assert_eq!(ask(&world, order, "link", &token).await.problem(), (409, "link.closed".to_owned()));
}
