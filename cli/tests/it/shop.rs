//! One paid order: one report, one stored object, one mail; what is wrong changes nothing.

use std::time::Duration;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::Shop;

const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test]
async fn one_paid_order_is_one_report_one_mail_and_one_stored_object() {
    let shop = Shop::open_empty().await;
    the_first_start_made_views_and_maps(&shop).await;
    orders_that_cannot_be_made_are_refused_before_any_money(&shop).await;
    let placed = shop.order().await;
    let id: uuid::Uuid = placed["order_id"].as_str().unwrap().parse().unwrap();
    shop.pay(&placed).await;
    let order = shop.delivered(&placed, PATIENCE).await;

    for event in
        ["OrderPaid", "ReportRequested", "FactsCollected", "NarrativeAccepted", "ReportStored", "OrderDelivered"]
    {
        assert_eq!(shop.count(id, event).await, 1, "{event}");
    }
    let link = order["download"]["url"].as_str().unwrap();
    let pdf = shop.get(link).await.bytes().await.unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let digest = hex::encode(Sha256::digest(&pdf));
    assert_eq!(order["download"]["sha256"], digest);
    let stored: String = sqlx::query_scalar(
        "SELECT payload -> 'ReportStored' ->> 'sha256' FROM es.events \
         WHERE correlation_id = $1 AND event_type = 'ReportStored'",
    )
    .bind(id.to_string())
    .fetch_one(&shop.db.pool)
    .await
    .unwrap();
    assert_eq!(stored, digest, "the event names the bytes that were downloaded");
    let reports = shop.stored_reports();
    assert_eq!(reports.len(), 1, "{reports:?}");
    assert_eq!(std::fs::read(&reports[0]).unwrap(), pdf);
    assert_eq!(shop.mails_with(link).await, 1);
    assert_eq!(order["specimen"], true, "generated data are told");

    a_forged_or_repeated_message_changes_nothing(&shop, id).await;
    nothing_personal_is_in_the_log(&shop).await;
}

async fn the_first_start_made_views_and_maps(shop: &Shop) {
    for zone in ["departements/44", "epci/244400404"] {
        let answer = shop.get(&format!("/api/maps/{zone}")).await;
        assert_eq!(answer.status(), 200, "{zone}: {}", answer.text().await.unwrap());
    }
    let told: i64 = sqlx::query_scalar("SELECT count(*) FROM data.mv_commune_summary WHERE pop IS NOT NULL")
        .fetch_one(&shop.db.pool)
        .await
        .unwrap();
    assert!(told >= 200, "{told} communes of the département are in the summaries");
}

async fn orders_that_cannot_be_made_are_refused_before_any_money(shop: &Shop) {
    for (commune, study, code) in [
        ("99999", "LOG-01", "order.commune_unknown"),
        ("44109", "XXX-99", "order.study_unknown"),
        ("75056", "LOG-01", "order.unavailable"),
    ] {
        let body = json!({
            "commune": commune, "study": study, "email": "mairie@exemple.test",
            "recipient": "collectivite", "consents": [],
        });
        let answer = shop.post(&shop.api, "/api/orders", &body).await;
        assert_eq!(answer.status(), 422, "{body}");
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], code);
    }
    let events: i64 = sqlx::query_scalar("SELECT count(*) FROM es.events").fetch_one(&shop.db.pool).await.unwrap();
    assert_eq!(events, 0);
}

async fn a_forged_or_repeated_message_changes_nothing(shop: &Shop, id: uuid::Uuid) {
    let forged = reqwest::Client::new()
        .post(format!("{}/api/webhooks/stripe", shop.api))
        .header("stripe-signature", "t=1,v1=00")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status(), 400);
    let sent = async || {
        let events = shop.sandbox_events().await;
        events.into_iter().find(|event| event["kind"] == "checkout.session.completed").expect("it was sent")
    };
    let path = format!("/_sandbox/stripe/events/{}/redeliver", sent().await["id"].as_str().unwrap());
    let answer = shop.post(&shop.sandbox, &path, &json!({ "times": 2 })).await;
    assert!(answer.status().is_success(), "{}", answer.status());
    shop.until("the message came three times", PATIENCE, async || {
        let event = sent().await;
        let attempts = event["attempts"].as_array()?;
        assert!(attempts.iter().all(|attempt| attempt["status"] == 200), "{event}");
        (attempts.len() == 3).then_some(())
    })
    .await;
    let inbox = "SELECT count(*) FROM app.inbox WHERE kind = 'checkout.session.completed'";
    let kept: i64 = sqlx::query_scalar(inbox).fetch_one(&shop.db.pool).await.unwrap();
    assert_eq!((kept, shop.count(id, "OrderPaid").await, shop.count(id, "PaymentHeld").await), (1, 1, 0));
}

async fn nothing_personal_is_in_the_log(shop: &Shop) {
    let leaked: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM es.events WHERE payload::text LIKE '%exemple.test%' OR metadata::text LIKE '%exemple.test%'",
    )
    .fetch_one(&shop.db.pool)
    .await
    .unwrap();
    assert_eq!(leaked, 0);
    let log = std::fs::read_to_string(shop.home.join("shop.log")).unwrap();
    assert!(!log.is_empty() && !log.contains("exemple.test"));
}
