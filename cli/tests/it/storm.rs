//! The whole shop in a storm: errors, resets, slow answers, webhooks twice and out of order. Nothing lost, nothing twice.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use serde_json::Value;

use crate::{COMMUNES, Shop, auditor};

/// Orders in `make test`; `make storm` asks for two hundred.
const ORDERS: usize = 12;
/// Customers at the counter at once.
const CUSTOMERS: usize = 4;

const SEED: u64 = 20_261_122;

#[expect(clippy::disallowed_methods, reason = "how hard a test strikes is no configuration of the product")]
pub fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}

#[tokio::test]
async fn in_a_storm_every_paid_order_is_delivered_or_a_person_looks() {
    let orders = setting("LOBSTER_STORM_ORDERS").map_or(ORDERS, |orders| usize::try_from(orders).unwrap());
    let seed = setting("LOBSTER_STORM_SEED").unwrap_or(SEED);
    println!("storm: {orders} orders, seed {seed} (LOBSTER_STORM_ORDERS, LOBSTER_STORM_SEED)");
    let weather = [("LOBSTER_SANDBOX_PROFILE", "storm".to_owned()), ("LOBSTER_SANDBOX_SEED", seed.to_string())];
    let shop = Shop::open_with(weather.to_vec()).await;

    let placed: Vec<Value> = stream::iter(0..orders)
        .map(async |number| {
            let placed = shop.order_surely(COMMUNES[number % COMMUNES.len()]).await;
            shop.pay(&placed).await;
            placed
        })
        .buffer_unordered(CUSTOMERS)
        .collect()
        .await;
    assert_eq!(placed.len(), orders);

    let patience = Duration::from_secs(120 + 20 * orders as u64);
    shop.until("the storm has passed", patience, async || {
        let unfinished: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM read.order_summary o WHERE status IN ('pending', 'awaiting', 'paid')
               OR (status = 'delivered' AND mail_state IS NULL)",
        )
        .fetch_one(&shop.db.pool)
        .await
        .unwrap();
        (unfinished == 0).then_some(())
    })
    .await;
    let audit = auditor::audit(&shop).await;
    println!("storm: {audit:?}");
    assert_eq!(audit.paid, orders, "every payment is known");
    assert_eq!(audit.delivered, orders, "what repeats and retries can heal is healed");
}
