//! Each way in which a vendor can fail, once, while an order is under way: the order ends as it should.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{COMMUNES, Shop, auditor};

const PATIENCE: Duration = Duration::from_secs(180);

/// The call of each vendor that an order cannot do without.
const CALLS: [(&str, &str); 5] = [
    ("stripe", "checkout.sessions.create"),
    ("anthropic", "messages.create"),
    ("brevo", "smtp.email.send"),
    ("ademe", "*"),
    ("s3", "PutObject"),
];

fn effects() -> [Value; 8] {
    [
        json!({"kind": "status", "status": 503}),
        json!({"kind": "status", "status": 429, "headers": {"retry-after": "1"}}),
        json!({"kind": "latency", "ms": 800, "jitter_ms": 200}),
        json!({"kind": "hang", "ms": 500}),
        json!({"kind": "reset"}),
        json!({"kind": "reset", "after_bytes": 20}),
        json!({"kind": "commit_then_fail", "status": 500}),
        json!({"kind": "commit_then_fail", "reset": true}),
    ]
}

#[tokio::test]
async fn each_fault_of_each_vendor_leaves_one_order_one_report_and_one_mail() {
    let shop = Shop::open().await;
    // What ADEME answered is kept for a week: each fault meets a commune that was not asked about yet.
    for (effect, commune) in effects().into_iter().zip(COMMUNES) {
        for (service, operation) in CALLS {
            shop.arm(&json!({"service": service, "operation": operation, "effect": effect})).await;
        }
        let placed = shop.order_surely(commune).await;
        shop.pay(&placed).await;
        let order = shop.delivered(&placed, PATIENCE).await;
        let left = shop.armed().await;
        assert_eq!(left["faults"].as_array().or(left.as_array()).map(Vec::len), Some(0), "{effect} struck: {left}");
        let link = order["download"]["url"].as_str().unwrap();
        assert_eq!(shop.mails_with(link).await, 1, "mails after {effect}");
        let id = placed["order_id"].as_str().unwrap();
        assert_eq!(sessions_of(&shop, id).await, 1, "payment pages after {effect}");
        if effect["kind"] != "latency" {
            retries_are_told(&shop, &placed, &effect).await;
        }
    }
    let audit = auditor::audit(&shop).await;
    assert_eq!((audit.paid, audit.delivered), (effects().len(), effects().len()), "{audit:?}");
}

/// Each vendor's failure stands on the customer's timeline, in French.
async fn retries_are_told(shop: &Shop, placed: &Value, effect: &Value) {
    let patience = Duration::from_secs(10);
    let end = tokio::time::Instant::now() + patience;
    // Storage answers a put without a body: there is nothing to cut it in the middle of.
    let untouched = effect["after_bytes"].is_u64().then_some("storage");
    let mut services = vec!["stripe", "anthropic", "brevo", "ademe", "storage"];
    services.retain(|service| untouched != Some(*service));
    let told = loop {
        let mut told = shop.timeline(placed).await;
        told.retain(|entry| entry["event_type"] == "VendorCallRetried");
        let is_told = |service: &&str| told.iter().any(|entry| entry["detail"]["service"] == **service);
        if services.iter().all(is_told) || tokio::time::Instant::now() > end {
            break told;
        }
        tokio::task::yield_now().await;
    };
    for service in services {
        let entry = told.iter().find(|entry| entry["detail"]["service"] == service);
        let text = entry.and_then(|entry| entry["text"].as_str()).unwrap_or_default();
        assert!(text.contains("nouvel") || text.contains("renouvel"), "{service} after {effect}: {told:#?}");
    }
}

/// Payment pages that the double made for an order.
async fn sessions_of(shop: &Shop, order: &str) -> usize {
    let url = format!("{}/stripe/v1/checkout/sessions?limit=100", shop.sandbox);
    let page: Value = shop.client.get(url).bearer_auth("sk_test_auditor").send().await.unwrap().json().await.unwrap();
    let sessions = page["data"].as_array().unwrap();
    sessions.iter().filter(|session| session["client_reference_id"] == order).count()
}

/// A vendor that stays down for a while: the step says so in French, and goes on when the vendor is back.
#[tokio::test]
async fn a_vendor_that_stays_down_is_told_in_french_and_waited_for() {
    let shop = Shop::open().await;
    // The model never answers and ADEME is down: the report is made without either, by rules and without its page.
    let down = json!({"kind": "status", "status": 529});
    shop.arm(&json!({"service": "anthropic", "operation": "messages.create", "times": null, "effect": down})).await;
    let down = json!({"kind": "scenario", "name": "down"});
    shop.arm(&json!({"service": "ademe", "operation": "*", "times": null, "effect": down})).await;
    let placed = shop.order_surely(COMMUNES[0]).await;
    shop.pay(&placed).await;
    shop.delivered(&placed, Duration::from_secs(420)).await;
    let told = shop.timeline(&placed).await;
    let failed: Vec<&Value> = told.iter().filter(|entry| entry["event_type"] == "StepFailed").collect();
    assert!(!failed.is_empty(), "the model's silence is told: {told:#?}");
    // No attempt was answered: nothing may say that another one sufficed.
    let sufficed =
        |entry: &&Value| entry["event_type"] == "VendorCallRetried" && entry["detail"]["service"] == "anthropic";
    assert_eq!(told.iter().find(sufficed), None);
    for entry in &told {
        let text = entry["text"].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "every line is a French sentence: {entry}");
    }
    assert!(failed[0]["text"].as_str().unwrap().contains("modèle"), "{}", failed[0]);
}
