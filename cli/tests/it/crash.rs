//! Kill -9 at every step of an order: after a new start it is delivered, once.

use std::time::Duration;

use crate::Shop;

/// Recovery of a dead worker's job takes up to 25 s, a lease on a shared server 15 s.
const PATIENCE: Duration = Duration::from_secs(120);

/// Kills the process as soon as an event is in the log, starts it again, and looks at the end.
async fn survives_a_kill_after(event: &str) {
    let mut shop = Shop::open().await;
    let placed = shop.order().await;
    let id: uuid::Uuid = placed["order_id"].as_str().unwrap().parse().unwrap();
    shop.pay(&placed).await;
    shop.until(event, Duration::from_secs(60), async || (shop.count(id, event).await > 0).then_some(())).await;
    shop.kill();
    shop.start().await;
    let order = shop.delivered(&placed, PATIENCE).await;
    for event in ["OrderPaid", "NarrativeReceived", "ReportStored", "OrderDelivered", "DeliveryEmailSent"] {
        assert_eq!(shop.count(id, event).await, 1, "{event} after a kill");
    }
    assert_eq!(shop.stored_reports().len(), 1);
    assert_eq!(shop.mails_with(order["download"]["url"].as_str().unwrap()).await, 1);
}

#[tokio::test]
async fn an_order_survives_a_kill_right_after_the_payment() {
    survives_a_kill_after("OrderPaid").await;
}

#[tokio::test]
async fn an_order_survives_a_kill_after_its_facts_were_collected() {
    survives_a_kill_after("FactsCollected").await;
}

#[tokio::test]
async fn an_order_survives_a_kill_between_printing_and_storing() {
    survives_a_kill_after("ReportRendered").await;
}

#[tokio::test]
async fn an_order_survives_a_kill_between_delivery_and_mail() {
    survives_a_kill_after("OrderDelivered").await;
}
