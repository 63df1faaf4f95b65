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

/// A second address of the product; it keeps what it gets and answers `status`.
async fn second_address(status: u16) -> (String, std::sync::Arc<std::sync::Mutex<Vec<Delivery>>>) {
    use axum::http::{HeaderMap, StatusCode, header};
    let received = std::sync::Arc::<std::sync::Mutex<Vec<Delivery>>>::default();
    let kept = received.clone();
    let answer = async move |headers: HeaderMap, body: axum::body::Bytes| {
        kept.lock().unwrap().push(Delivery { vendor: "stripe".into(), headers, body });
        (StatusCode::from_u16(status).unwrap(), [(header::LOCATION, "/elsewhere")])
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/second", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, received)
}

/// The first event of a kind that the sandbox has published, with its attempts.
async fn published(bench: &Bench, kind: &str) -> serde_json::Value {
    let all = bench.get("/_sandbox/stripe/events").await;
    let events = all["events"].as_array().unwrap();
    events.iter().find(|event| event["kind"] == kind).cloned().unwrap_or_else(|| panic!("no {kind} in {all}"))
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

#[tokio::test]
async fn an_address_made_by_call_gets_its_events_under_its_own_secret() {
    let bench = Bench::start().await;
    let (url, received) = second_address(200).await;
    let form = [
        ("url", url.as_str()),
        ("enabled_events[0]", "checkout.session.completed"),
        ("enabled_events[1]", "charge.*"),
        ("api_version", "2025-01-27.acacia"),
        ("metadata[a]", "b"),
    ];
    let made: serde_json::Value = bench.stripe("/webhook_endpoints", None, &form).await.json().await.unwrap();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert!(secret.starts_with("whsec_") && secret != "whsec_sandbox");
    let shown = bench.retrieve(&format!("/webhook_endpoints/{id}")).await;
    assert_eq!((shown.get("secret"), &shown["status"], &shown["url"]), (None, &json!("enabled"), &json!(url)));
    assert_eq!(bench.retrieve("/webhook_endpoints").await["data"][0], shown);
    bench.paid().await;
    until("both of its events", async || (received.lock().unwrap().len() == 2).then_some(())).await;
    until("all of ours", async || (bench.inbox.of("stripe").len() == 3).then_some(())).await;
    for delivery in received.lock().unwrap().iter() {
        assert!(signed_by(delivery, secret) && !signed_by(delivery, "whsec_sandbox"));
        assert_eq!(delivery.json()["api_version"], "2025-01-27.acacia");
        assert!(
            ["checkout.session.completed", "charge.succeeded"].contains(&delivery.json()["type"].as_str().unwrap())
        );
    }
    assert!(bench.inbox.of("stripe").iter().all(|delivery| signed_by(delivery, "whsec_sandbox")));
    let disabled: serde_json::Value =
        bench.stripe(&format!("/webhook_endpoints/{id}"), None, &[("disabled", "true")]).await.json().await.unwrap();
    assert_eq!(disabled["status"], "disabled");
    bench.paid().await;
    until("the second payment", async || (bench.inbox.of("stripe").len() == 6).then_some(())).await;
    assert_eq!(received.lock().unwrap().len(), 2);
    let path = bench.url(&format!("/stripe/v1/webhook_endpoints/{id}"));
    let gone: serde_json::Value =
        bench.http.delete(path).bearer_auth("sk_test_it").send().await.unwrap().json().await.unwrap();
    assert_eq!(gone["deleted"], true);
    assert_eq!(bench.retrieve("/webhook_endpoints").await["data"], json!([]));
    for (form, param) in [
        (vec![("url", "nowhere"), ("enabled_events[0]", "*")], "url"),
        (vec![("enabled_events[0]", "*")], "url"),
        (vec![("url", "http://127.0.0.1:9/x")], "enabled_events"),
        (vec![("url", "http://127.0.0.1:9/x"), ("enabled_events[0]", "payments")], "enabled_events[0]"),
    ] {
        let refused: serde_json::Value = bench.stripe("/webhook_endpoints", None, &form).await.json().await.unwrap();
        assert_eq!(refused["error"]["param"], param, "{form:?}");
    }
}

#[tokio::test]
async fn one_address_that_fails_does_not_hold_up_another_and_is_still_pending() {
    let bench = Bench::start().await;
    let (url, received) = second_address(302).await;
    let form = [("url", url.as_str()), ("enabled_events[0]", "*")];
    assert_eq!(bench.stripe("/webhook_endpoints", None, &form).await.status(), 200);
    bench.paid().await;
    until("ours", async || (bench.inbox.of("stripe").len() == 3).then_some(())).await;
    until("theirs", async || (received.lock().unwrap().len() >= 3).then_some(())).await;
    let event = published(&bench, "checkout.session.completed").await;
    let id = event["id"].as_str().unwrap();
    until("one left", async || (bench.retrieve(&format!("/events/{id}")).await["pending_webhooks"] == 1).then_some(()))
        .await;
    assert!(!event["delivered"].as_bool().unwrap(), "a redirect is a failure");
    bench.control("POST", "/clock", json!({ "advance_s": 2 })).await;
    until("theirs again", async || (received.lock().unwrap().len() >= 6).then_some(())).await;
    assert_eq!(bench.inbox.of("stripe").len(), 3, "ours had accepted");
    assert!(received.lock().unwrap().iter().all(|delivery| !delivery.headers.contains_key("referer")));
    let listed = bench.retrieve("/events?delivery_success=false").await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 3);
    assert_eq!(bench.retrieve("/events?delivery_success=true").await["data"], json!([]));
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let bench = Bench::start().await;
    let (url, received) = second_address(307).await;
    bench.control("POST", "/stripe/webhooks", json!({ "url": url, "secret": "whsec_other" })).await;
    bench.paid().await;
    until("three tries", async || (received.lock().unwrap().len() == 3).then_some(())).await;
    let event = published(&bench, "charge.succeeded").await;
    assert_eq!((&event["attempts"][0]["status"], &event["delivered"]), (&json!(307), &json!(false)));
    assert!(received.lock().unwrap().iter().all(|delivery| signed_by(delivery, "whsec_other")));
    assert!(bench.inbox.of("stripe").is_empty());
    // Brevo's address was not touched.
    let targets = bench.get("/_sandbox/webhooks").await;
    assert_eq!(targets["targets"]["brevo"]["url"], json!(bench.config.brevo_webhook_url));
}

#[tokio::test]
async fn retries_come_after_one_five_and_thirty_seconds_and_five_minutes() {
    let bench = Bench::start().await;
    bench.inbox.status.store(503, std::sync::atomic::Ordering::SeqCst);
    let id = bench.session().await["id"].as_str().unwrap().to_owned();
    bench.stripe(&format!("/checkout/sessions/{id}/expire"), None, &[]).await;
    let tries = async |count: usize| {
        until("a try", async || (bench.inbox.of("stripe").len() >= count).then_some(())).await;
        // The attempt is written down a moment after it was received.
        until("its note", async || {
            let event = published(&bench, "checkout.session.expired").await;
            (event["attempts"].as_array().unwrap().len() >= count).then_some(())
        })
        .await;
    };
    tries(1).await;
    for (index, gap) in [1, 5, 30, 300].into_iter().enumerate() {
        let sent = bench.inbox.of("stripe").len();
        if gap > 5 {
            bench.control("POST", "/clock", json!({ "advance_s": gap - 5 })).await;
            assert_eq!(bench.inbox.of("stripe").len(), sent, "five seconds early, nothing comes");
            bench.control("POST", "/clock", json!({ "advance_s": 6 })).await;
        } else if gap > 1 {
            bench.control("POST", "/clock", json!({ "advance_s": gap + 1 })).await;
        }
        // The first retry comes by itself: its signature is a real second younger.
        tries(index + 2).await;
    }
    let event = published(&bench, "checkout.session.expired").await;
    let at = |index: usize| -> i64 {
        let text = event["attempts"][index]["at"].as_str().unwrap();
        text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp()
    };
    let gaps: Vec<i64> = (1..5).map(|index| at(index) - at(index - 1)).collect();
    for (gap, least) in gaps.iter().zip([1, 5, 30, 300]) {
        assert!((least..least + 5).contains(gap), "{gaps:?}");
    }
    let times: std::collections::BTreeSet<String> =
        bench.inbox.of("stripe").iter().map(|delivery| delivery.header("stripe-signature").to_owned()).collect();
    assert!(times.len() > 1, "each attempt is signed anew");
}

#[tokio::test]
async fn lost_attempts_are_made_up_for() {
    let bench = Bench::start().await;
    bench.control("PUT", "/webhooks", json!({ "drop_first": 2 })).await;
    let id = bench.session().await["id"].as_str().unwrap().to_owned();
    bench.stripe(&format!("/checkout/sessions/{id}/expire"), None, &[]).await;
    for lost in 1..=2 {
        until("a lost attempt", async || {
            let event = published(&bench, "checkout.session.expired").await;
            (event["attempts"].as_array().unwrap().len() == lost).then_some(())
        })
        .await;
        assert!(bench.inbox.of("stripe").is_empty());
        bench.control("POST", "/clock", json!({ "advance_s": 6 })).await;
    }
    assert!(signed_by(&first(&bench).await, "whsec_sandbox"));
}

#[tokio::test]
async fn a_certain_loss_loses_everything() {
    let bench = Bench::start().await;
    bench.control("PUT", "/webhooks", json!({ "drop_probability": 1.0 })).await;
    bench.paid().await;
    until("three lost attempts", async || {
        let all = bench.get("/_sandbox/stripe/events").await;
        let lost = |event: &serde_json::Value| event["attempts"][0]["error"] == "dropped on purpose";
        all["events"].as_array().unwrap().iter().all(lost).then_some(())
    })
    .await;
    assert!(bench.inbox.of("stripe").is_empty());
}

#[tokio::test]
async fn delayed_events_come_later_and_shuffled_ones_in_another_order() {
    let bench = Bench::start().await;
    bench.control("PUT", "/webhooks", json!({ "delay_ms": 400 })).await;
    let start = std::time::Instant::now();
    bench.paid().await;
    first(&bench).await;
    assert!(start.elapsed() >= std::time::Duration::from_millis(400));
    until("all", async || (bench.inbox.of("stripe").len() == 3).then_some(())).await;
    bench.control("PUT", "/webhooks", json!({ "shuffle": true })).await;
    for _ in 0..4 {
        bench.paid().await;
    }
    until("all of them", async || (bench.inbox.of("stripe").len() == 15).then_some(())).await;
    let sent: Vec<String> = bench.inbox.of("stripe")[3..]
        .iter()
        .map(|delivery| delivery.json()["id"].as_str().unwrap().to_owned())
        .collect();
    let mut in_order = sent.clone();
    in_order.sort();
    assert_ne!(sent, in_order);
}

#[tokio::test]
async fn versions_and_unknown_fields_are_part_of_what_is_signed() {
    let bench = Bench::start().await;
    bench.control("PUT", "/webhooks", json!({ "api_version": "2024-06-20", "unknown_fields": true })).await;
    bench.paid().await;
    let delivery = first(&bench).await;
    assert_eq!(delivery.json()["api_version"], "2024-06-20");
    assert!(delivery.json()["field_of_tomorrow"].is_object());
    assert!(signed_by(&delivery, "whsec_sandbox"));
}

#[tokio::test]
async fn one_vendor_can_misbehave_alone() {
    let bench = Bench::start().await;
    bench.control("PUT", "/stripe/webhooks", json!({ "paused": true })).await;
    bench.paid().await;
    let mail = json!({ "sender": { "email": "a@example.fr" }, "to": [{ "email": "b@example.fr" }],
        "subject": "Étude", "textContent": "Bonjour" });
    let request = bench.http.post(bench.url("/brevo/v3/smtp/email")).header("api-key", "xkeysib-it").json(&mail);
    assert_eq!(request.send().await.unwrap().status(), 201);
    until("Brevo's events", async || (bench.inbox.of("brevo").len() == 2).then_some(())).await;
    assert!(bench.inbox.of("stripe").is_empty());
    bench.control("PUT", "/stripe/webhooks", json!({})).await;
    until("Stripe's events", async || (bench.inbox.of("stripe").len() == 3).then_some(())).await;
}
