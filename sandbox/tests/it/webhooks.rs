//! Deliveries: signed, retried, and as bad as asked.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::bench::{Bench, Delivery, until};

/// Whether any `v1` of the header is the signature of the body by `secret`, as the vendor documents it.
fn signed_by(delivery: &Delivery, secret: &str) -> bool {
    let header = delivery.header("stripe-signature");
    let at = header.split(',').find_map(|part| part.strip_prefix("t=")).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at}.").as_bytes());
    mac.update(&delivery.body);
    let expected = hex::encode(mac.finalize().into_bytes());
    header.split(',').filter_map(|part| part.strip_prefix("v1=")).any(|signature| signature == expected)
}

async fn first(bench: &Bench) -> Delivery {
    until("a delivery", async || bench.inbox.of("stripe").first().cloned()).await
}

#[tokio::test]
async fn an_event_is_signed_over_its_exact_pretty_bytes() {
    let bench = Bench::start().await;
    bench.paid().await;
    let delivery = first(&bench).await;
    assert!(signed_by(&delivery, "whsec_sandbox"));
    assert!(!signed_by(&delivery, "whsec_other"));
    assert!(delivery.body.starts_with(b"{\n  \""));
    assert!(delivery.header("user-agent").starts_with("Stripe/1.0"));
    let event = delivery.json();
    assert_eq!((event["livemode"].clone(), event["pending_webhooks"].clone()), (json!(false), json!(1)));
    assert_eq!(event["api_version"], "2026-09-30.endive");
}

#[tokio::test]
async fn a_refused_event_comes_again_with_a_fresh_signature_until_accepted() {
    let bench = Bench::start().await;
    bench.inbox.status.store(500, std::sync::atomic::Ordering::SeqCst);
    let id = bench.session().await["id"].as_str().unwrap().to_owned();
    bench.stripe(&format!("/checkout/sessions/{id}/expire"), None, &[]).await;
    first(&bench).await;
    // The second attempt is due after a second of sandbox time, the third after five more, the fourth after thirty.
    for attempts in 2..=4 {
        bench.control("POST", "/clock", json!({ "advance_s": 31 })).await;
        until("the next attempt", async || (bench.inbox.of("stripe").len() >= attempts).then_some(())).await;
    }
    bench.inbox.status.store(0, std::sync::atomic::Ordering::SeqCst);
    bench.control("POST", "/clock", json!({ "advance_s": 301 })).await;
    until("acceptance", async || {
        let events = bench.get("/_sandbox/stripe/events").await;
        (events["events"][0]["delivered"] == json!(true)).then_some(())
    })
    .await;
    let deliveries = bench.inbox.of("stripe");
    assert!(deliveries.iter().all(|delivery| signed_by(delivery, "whsec_sandbox")));
    assert!(deliveries.iter().all(|delivery| delivery.json()["id"] == deliveries[0].json()["id"]));
}

#[tokio::test]
async fn bad_signatures_are_bad_on_purpose() {
    for (behaviour, expected) in [
        (json!({ "wrong_secret": true }), false),
        (json!({ "tamper": true }), false),
        (json!({ "two_signatures": true }), true),
        (json!({ "unknown_fields": true }), true),
    ] {
        let bench = Bench::start().await;
        bench.control("PUT", "/webhooks", behaviour.clone()).await;
        bench.paid().await;
        assert_eq!(signed_by(&first(&bench).await, "whsec_sandbox"), expected, "{behaviour}");
    }
}

#[tokio::test]
async fn an_old_timestamp_is_old_and_still_signed() {
    let bench = Bench::start().await;
    bench.control("PUT", "/webhooks", json!({ "timestamp_skew_s": -301 })).await;
    bench.paid().await;
    let delivery = first(&bench).await;
    assert!(signed_by(&delivery, "whsec_sandbox"));
    let at: i64 = delivery.header("stripe-signature")[2..].split(',').next().unwrap().parse().unwrap();
    let created = delivery.json()["created"].as_i64().unwrap();
    assert!((created - 310..=created - 290).contains(&at), "{at} against {created}");
}

#[tokio::test]
async fn paused_events_wait_and_duplicates_come_twice() {
    let bench = Bench::start().await;
    bench.control("PUT", "/webhooks", json!({ "paused": true })).await;
    bench.paid().await;
    let events = bench.get("/_sandbox/stripe/events").await;
    assert_eq!(events["events"].as_array().unwrap().len(), 3);
    assert!(bench.inbox.of("stripe").is_empty());
    bench.control("PUT", "/webhooks", json!({ "duplicate": 1, "simultaneous": true })).await;
    until("all events twice", async || (bench.inbox.of("stripe").len() == 6).then_some(())).await;
}

#[tokio::test]
async fn an_event_can_be_sent_again() {
    let bench = Bench::start().await;
    bench.paid().await;
    let id = first(&bench).await.json()["id"].as_str().unwrap().to_owned();
    bench.control("POST", &format!("/stripe/events/{id}/redeliver"), json!({ "times": 2 })).await;
    until("three deliveries of it", async || {
        let same = bench.inbox.of("stripe").iter().filter(|delivery| delivery.json()["id"] == json!(id)).count();
        (same == 3).then_some(())
    })
    .await;
}

#[tokio::test]
async fn undelivered_events_and_open_sessions_survive_a_restart() {
    let state = std::env::temp_dir().join(format!("lobster-sandbox-state-{}", std::process::id()));
    let mut bench = Bench::start_with(|config| config.state_dir = Some(state.clone())).await;
    bench.control("PUT", "/webhooks", json!({ "paused": true })).await;
    let open = bench.session().await["id"].as_str().unwrap().to_owned();
    bench.paid().await;
    bench.restart().await;
    until("the events of the previous run", async || (bench.inbox.of("stripe").len() == 3).then_some(())).await;
    assert_eq!(bench.retrieve(&format!("/checkout/sessions/{open}")).await["status"], "open");
    bench.stop().await;
    std::fs::remove_dir_all(state).unwrap();
}
