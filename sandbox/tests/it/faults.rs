//! Faults as callers feel them.

use std::time::{Duration, Instant};

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bench::{Bench, ORDER};

async fn arm(bench: &Bench, effect: Value) {
    bench.fault(json!({ "service": "stripe", "operation": "checkout.sessions.create", "effect": effect })).await;
}

async fn sessions(bench: &Bench) -> usize {
    bench.retrieve("/checkout/sessions").await["data"].as_array().unwrap().len()
}

async fn attempt(bench: &Bench, key: &str) -> Result<Value, reqwest::Error> {
    let body: String = ORDER.iter().map(|(name, value)| format!("{name}={value}&")).collect();
    let request = bench.http.post(bench.url("/stripe/v1/checkout/sessions")).bearer_auth("sk_test_it");
    request.header("idempotency-key", key).body(body).send().await?.json().await
}

#[tokio::test]
async fn a_status_is_in_the_vendors_words_and_does_nothing() {
    let bench = Bench::start().await;
    arm(&bench, json!({ "kind": "status", "status": 503, "headers": { "retry-after": "2" } })).await;
    let response = bench.stripe("/checkout/sessions", Some("k"), &ORDER).await;
    assert_eq!((response.status().as_u16(), response.headers()["retry-after"].to_str().unwrap()), (503, "2"));
    assert_eq!(response.json::<Value>().await.unwrap()["error"]["type"], "api_error");
    assert_eq!(sessions(&bench).await, 0);
    assert_eq!(bench.stripe("/checkout/sessions", Some("k"), &ORDER).await.status(), 200, "the key was not consumed");
}

#[tokio::test]
async fn a_stored_500_is_given_again_under_its_key() {
    let bench = Bench::start().await;
    arm(&bench, json!({ "kind": "status", "status": 500 })).await;
    assert_eq!(bench.stripe("/checkout/sessions", Some("k"), &ORDER).await.status(), 500);
    let again = bench.stripe("/checkout/sessions", Some("k"), &ORDER).await;
    assert_eq!((again.status().as_u16(), again.headers()["idempotent-replayed"].to_str().unwrap()), (500, "true"));
    assert_eq!(bench.stripe("/checkout/sessions", Some("k2"), &ORDER).await.status(), 200);
}

#[tokio::test]
async fn latency_is_late_and_right() {
    let bench = Bench::start().await;
    arm(&bench, json!({ "kind": "latency", "ms": 300 })).await;
    let start = Instant::now();
    assert_eq!(bench.stripe("/checkout/sessions", None, &ORDER).await.status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_cut_connection_does_nothing_and_one_cut_in_the_answer_did_the_work() {
    let bench = Bench::start().await;
    arm(&bench, json!({ "kind": "reset" })).await;
    assert!(attempt(&bench, "before").await.is_err());
    assert_eq!(sessions(&bench).await, 0);
    arm(&bench, json!({ "kind": "reset", "after_bytes": 40 })).await;
    assert!(attempt(&bench, "middle").await.is_err());
    assert_eq!(sessions(&bench).await, 1);
    arm(&bench, json!({ "kind": "hang", "ms": 50 })).await;
    assert!(attempt(&bench, "hang").await.is_err());
    assert_eq!(sessions(&bench).await, 1);
}

#[tokio::test]
async fn work_done_and_denied_is_found_again_by_its_key() {
    let bench = Bench::start().await;
    for (key, effect) in [
        ("a", json!({ "kind": "commit_then_fail", "status": 503 })),
        ("b", json!({ "kind": "commit_then_fail", "reset": true })),
    ] {
        let before = sessions(&bench).await;
        arm(&bench, effect).await;
        let denied = attempt(&bench, key).await;
        assert!(denied.is_err() || denied.unwrap()["error"].is_object());
        assert_eq!(sessions(&bench).await, before + 1);
        assert_eq!(attempt(&bench, key).await.unwrap()["object"], "checkout.session");
        assert_eq!(sessions(&bench).await, before + 1, "no second session");
    }
}

#[tokio::test]
async fn each_vendor_fails_in_its_own_words() {
    let bench = Bench::start().await;
    for service in ["anthropic", "brevo", "ademe", "s3"] {
        bench.fault(json!({ "service": service, "effect": { "kind": "status", "status": 503 } })).await;
    }
    let get = |url: String| async { bench.http.get(url).header("user-agent", "it").send().await.unwrap() };
    let anthropic = get(bench.url("/anthropic/v1/models")).await;
    assert!(anthropic.headers().contains_key("request-id"));
    assert_eq!(anthropic.json::<Value>().await.unwrap()["error"]["type"], "api_error");
    assert_eq!(
        get(bench.url("/brevo/v3/account")).await.json::<Value>().await.unwrap()["code"],
        "internal_server_error"
    );
    let ademe = get(bench.url("/ademe/data-fair/api/v1/datasets/dpe03existant/lines")).await;
    assert!(ademe.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    assert!(
        get(format!("{}/lobster-reports/x", bench.s3)).await.text().await.unwrap().contains("<Code>SlowDown</Code>")
    );
}
