//! One paid order: one report, one stored object, one mail; bad input changes nothing.

use std::time::Duration;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::Shop;

const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test]
async fn one_paid_order_is_one_report_one_mail_and_one_stored_object() {
    let shop = Shop::open().await;
    let placed = shop.order().await;
    let id: uuid::Uuid = placed["order_id"].as_str().unwrap().parse().unwrap();
    shop.pay(&placed).await;
    let order = shop.delivered(&placed, PATIENCE).await;

    for event in
        ["OrderPaid", "ReportRequested", "FactsCollected", "NarrativeAccepted", "ReportStored", "OrderDelivered"]
    {
        assert_eq!(shop.count(id, event).await, 1, "{event}");
    }
    let download = &order["download"];
    let pdf = shop.get(download["url"].as_str().unwrap()).await.bytes().await.unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let digest = hex::encode(Sha256::digest(&pdf));
    assert_eq!(download["sha256"], digest);
    let stored: String = sqlx::query_scalar(
        "SELECT payload -> 'ReportStored' ->> 'sha256' FROM es.events WHERE correlation_id = $1 AND event_type = 'ReportStored'",
    )
    .bind(id.to_string())
    .fetch_one(&shop.db.pool)
    .await
    .unwrap();
    assert_eq!(stored, digest, "the event names the bytes that were downloaded");
    let reports = shop.stored_reports();
    assert_eq!(reports.len(), 1, "{reports:?}");
    assert_eq!(std::fs::read(&reports[0]).unwrap(), pdf);
    assert_eq!(shop.mails_with(download["url"].as_str().unwrap()).await, 1);

    // No personal data in the log, and a specimen says so.
    let leaked: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM es.events WHERE payload::text LIKE '%exemple.test%' OR metadata::text LIKE '%exemple.test%'",
    )
    .fetch_one(&shop.db.pool)
    .await
    .unwrap();
    assert_eq!(leaked, 0);
    assert!(!std::fs::read_to_string(shop.home.join("shop.log")).unwrap().contains("exemple.test"));
    assert_eq!(order["specimen"], true);
}

#[tokio::test]
async fn money_that_differs_is_held_and_a_repeated_or_forged_webhook_changes_nothing() {
    let shop = Shop::open().await;
    let placed = shop.order().await;
    let id: uuid::Uuid = placed["order_id"].as_str().unwrap().parse().unwrap();

    // A forged message.
    let forged = reqwest::Client::new()
        .post(format!("{}/api/webhooks/stripe", shop.api))
        .header("stripe-signature", "t=1,v1=00")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status(), 400);

    // The same true message three times.
    shop.pay(&placed).await;
    shop.delivered(&placed, PATIENCE).await;
    let events = shop.sandbox_events().await;
    let completed = events.iter().find(|event| event["type"] == "checkout.session.completed").expect("it was sent");
    let path = format!("/_sandbox/stripe/events/{}/redeliver", completed["id"].as_str().unwrap());
    let answer = shop.post(&shop.sandbox, &path, &json!({ "times": 2 })).await;
    assert!(answer.status().is_success(), "{}", answer.status());
    let inbox = "SELECT count(*) FROM app.inbox WHERE kind = 'checkout.session.completed'";
    let kept: i64 = sqlx::query_scalar(inbox).fetch_one(&shop.db.pool).await.unwrap();
    assert_eq!((kept, shop.count(id, "OrderPaid").await, shop.count(id, "PaymentHeld").await), (1, 1, 0));
}

#[tokio::test]
async fn an_order_that_cannot_be_made_is_refused_before_any_money() {
    let shop = Shop::open().await;
    let order = |commune: &str, study: &str| json!({ "commune": commune, "study": study, "email": "mairie@exemple.test", "recipient": "collectivite", "consents": [] });
    for (body, code) in [
        (order("99999", "LOG-01"), "order.commune_unknown"),
        (order("44109", "XXX-99"), "order.study_unknown"),
        (order("75056", "LOG-01"), "order.unavailable"),
    ] {
        let answer = shop.post(&shop.api, "/api/orders", &body).await;
        assert_eq!(answer.status(), 422, "{body}");
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], code);
    }
    let events: i64 = sqlx::query_scalar("SELECT count(*) FROM es.events").fetch_one(&shop.db.pool).await.unwrap();
    assert_eq!(events, 0);
}
