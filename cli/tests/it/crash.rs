//! Kill -9 at every step of an order: after a new start it is delivered, once.

use std::time::Duration;

use crate::Shop;

/// Recovery of a dead worker's job takes up to 25 s, a lease on a shared server 15 s.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where the power fails: after the payment, between two steps, between printing and storing, between delivery and mail.
const BLOWS: [&str; 4] = ["OrderPaid", "FactsCollected", "ReportRendered", "OrderDelivered"];

#[tokio::test]
async fn whichever_step_a_kill_falls_on_the_order_is_delivered_once() {
    let mut shop = Shop::open().await;
    for (number, event) in BLOWS.into_iter().enumerate() {
        let placed = shop.order().await;
        let id: uuid::Uuid = placed["order_id"].as_str().unwrap().parse().unwrap();
        shop.pay(&placed).await;
        shop.until(event, Duration::from_secs(60), async || (shop.count(id, event).await > 0).then_some(())).await;
        shop.kill();
        shop.start().await;
        let order = shop.delivered(&placed, PATIENCE).await;
        for once in ["OrderPaid", "NarrativeAccepted", "ReportStored", "OrderDelivered", "DeliveryEmailSent"] {
            assert_eq!(shop.count(id, once).await, 1, "{once} after a kill at {event}");
        }
        let answers = shop.count(id, "NarrativeReceived").await;
        assert!((1..=3).contains(&answers), "{answers} answers after a kill at {event}");
        assert_eq!(shop.stored_reports().len(), number + 1, "one stored report per order after a kill at {event}");
        assert_eq!(
            shop.mails_with(order["download"]["url"].as_str().unwrap()).await,
            1,
            "mails after a kill at {event}"
        );
    }
}
