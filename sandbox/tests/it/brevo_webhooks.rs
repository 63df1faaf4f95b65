//! The webhooks of the mail account: who is told, what, and how.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bench::{Bench, Delivery, until};
use crate::brevo::{call, mail, sent, told};

/// A webhook to the receiver, under a name of its own.
fn hook(bench: &Bench, name: &str, events: &[&str]) -> Value {
    let url = bench.config.brevo_webhook_url.replace("/brevo", &format!("/{name}"));
    json!({ "url": url, "description": "Courriels", "type": "transactional", "channel": "email", "events": events,
        "auth": { "type": "bearer", "token": format!("jeton-{name}") }, "batched": false })
}

async fn create(bench: &Bench, hook: &Value) -> u64 {
    let response = call(bench, "POST", "/webhooks", hook).await;
    assert_eq!(response.status(), 201);
    response.json::<Value>().await.unwrap()["id"].as_u64().unwrap()
}

async fn received(bench: &Bench, name: &str, count: usize) -> Vec<Delivery> {
    until(name, async || Some(bench.inbox.of(name)).filter(|all| all.len() >= count)).await
}

#[tokio::test]
async fn each_webhook_is_told_what_it_subscribed_to_with_its_own_token() {
    let bench = Bench::start().await;
    create(&bench, &hook(&bench, "echecs", &["hardBounce", "blocked", "invalid", "error"])).await;
    let mut open = hook(&bench, "tout", &["sent", "delivered", "hardBounce"]);
    open["auth"] = Value::Null;
    create(&bench, &open).await;
    sent(&bench, &mail("a+hardbounce@example.fr")).await;
    sent(&bench, &mail("b@example.fr")).await;
    let all = received(&bench, "tout", 4).await;
    assert!(all.iter().all(|delivery| delivery.headers.get("authorization").is_none()), "no token was asked for");
    let failures = received(&bench, "echecs", 1).await;
    assert_eq!(failures.len(), 1, "nothing but failures");
    assert_eq!(failures[0].header("authorization"), "Bearer jeton-echecs");
    assert_eq!(failures[0].json()["event"], "hard_bounce");
    assert_eq!(received(&bench, "brevo", 4).await.len(), 4, "the configured target is told as before");
}

#[tokio::test]
async fn a_batched_webhook_gets_arrays() {
    let bench = Bench::start().await;
    let mut batched = hook(&bench, "lots", &["request", "delivered", "spam"]);
    batched["batched"] = json!(true);
    create(&bench, &batched).await;
    sent(&bench, &mail("a+spam@example.fr")).await;
    let lots = received(&bench, "lots", 1).await;
    assert_eq!(lots.len(), 1);
    let events: Vec<Value> = lots[0].json().as_array().unwrap().iter().map(|event| event["event"].clone()).collect();
    assert_eq!(events, [json!("request"), json!("delivered"), json!("spam")]);
    assert_eq!(lots[0].header("authorization"), "Bearer jeton-lots");
}

#[tokio::test]
async fn a_webhook_at_the_configured_address_takes_its_place() {
    let bench = Bench::start().await;
    let own = hook(&bench, "brevo", &["spam"]);
    create(&bench, &own).await;
    sent(&bench, &mail("a+spam@example.fr")).await;
    let spam = told(&bench, "spam").await;
    assert_eq!(spam.header("authorization"), "Bearer jeton-brevo");
    assert_eq!(bench.inbox.of("brevo").len(), 1, "nobody is told twice");
}

#[tokio::test]
async fn webhooks_are_listed_changed_and_deleted() {
    let bench = Bench::start().await;
    let asked = hook(&bench, "un", &["spam"]);
    let id = create(&bench, &asked).await;
    let path = format!("/webhooks/{id}");
    let one: Value = call(&bench, "GET", &path, &Value::Null).await.json().await.unwrap();
    for field in ["url", "description", "type", "channel", "events", "auth", "batched"] {
        assert_eq!(one[field], asked[field], "{field}");
    }
    assert!(one["createdAt"].as_str().unwrap().ends_with('Z') && one["modifiedAt"].is_string());
    let list: Value = call(&bench, "GET", "/webhooks", &Value::Null).await.json().await.unwrap();
    assert_eq!(list, json!({ "webhooks": [one] }));
    assert_eq!(call(&bench, "PUT", &path, &json!({ "events": ["delivered"] })).await.status(), 204);
    let changed: Value = call(&bench, "GET", &path, &Value::Null).await.json().await.unwrap();
    assert_eq!((changed["events"].clone(), changed["url"].clone()), (json!(["delivered"]), asked["url"].clone()));
    assert_eq!(call(&bench, "DELETE", &path, &Value::Null).await.status(), 204);
    let gone = call(&bench, "GET", &path, &Value::Null).await;
    assert_eq!(gone.status(), 404);
    assert_eq!(gone.json::<Value>().await.unwrap()["code"], "document_not_found");
    sent(&bench, &mail("a@example.fr")).await;
    told(&bench, "delivered").await;
    assert!(bench.inbox.of("un").is_empty());
}

#[tokio::test]
async fn wrong_webhooks_are_refused() {
    let bench = Bench::start().await;
    create(&bench, &hook(&bench, "un", &["spam"])).await;
    let with = |field: &str, value: Value| {
        let mut body = hook(&bench, "deux", &["spam"]);
        body[field] = value;
        body
    };
    for (body, status, code) in [
        (with("url", Value::Null), 400, "missing_parameter"),
        (with("url", json!("ftp://example.fr")), 400, "invalid_parameter"),
        (with("events", Value::Null), 400, "missing_parameter"),
        (with("events", json!([])), 400, "missing_parameter"),
        (with("events", json!(["hard_bounce"])), 400, "invalid_parameter"),
        (with("type", json!("autre")), 400, "invalid_parameter"),
        (with("type", json!("marketing")), 501, "not_doubled"),
        (with("channel", json!("sms")), 501, "not_doubled"),
        (with("auth", json!({ "type": "hmac" })), 400, "invalid_parameter"),
        (with("auth", json!({ "type": "bearer" })), 400, "missing_parameter"),
        (with("batched", json!("oui")), 400, "invalid_parameter"),
        (hook(&bench, "un", &["delivered"]), 400, "duplicate_parameter"),
    ] {
        let response = call(&bench, "POST", "/webhooks", &body).await;
        let answered = response.status().as_u16();
        assert_eq!(
            (answered, response.json::<Value>().await.unwrap()["code"].clone()),
            (status, json!(code)),
            "{body}"
        );
    }
    for number in 1..40 {
        create(&bench, &hook(&bench, &format!("n{number}"), &["spam"])).await;
    }
    let one_too_many = call(&bench, "POST", "/webhooks", &hook(&bench, "plus", &["spam"])).await;
    assert_eq!(one_too_many.json::<Value>().await.unwrap()["code"], "out_of_range");
}

#[tokio::test]
async fn a_refused_delivery_is_tried_again() {
    let bench = Bench::start().await;
    create(&bench, &hook(&bench, "un", &["delivered"])).await;
    bench.inbox.status.store(500, std::sync::atomic::Ordering::SeqCst);
    sent(&bench, &mail("a@example.fr")).await;
    received(&bench, "un", 1).await;
    bench.inbox.status.store(0, std::sync::atomic::Ordering::SeqCst);
    bench.control("POST", "/clock", json!({ "advance_s": 5 })).await;
    let all = received(&bench, "un", 2).await;
    assert_eq!(all[0].json(), all[1].json());
}
