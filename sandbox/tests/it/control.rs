//! The control API, and the page a person reads.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bench::Bench;

#[tokio::test]
async fn calls_are_recorded_without_their_secrets() {
    let bench = Bench::start().await;
    bench.session().await;
    let calls = bench.get("/_sandbox/requests?service=stripe&operation=checkout.sessions.create").await;
    let call = &calls["requests"][0];
    assert_eq!((call["status"].clone(), call["method"].clone()), (json!(200), json!("POST")));
    assert_eq!(call["headers"]["authorization"], "***");
    assert_eq!(call["body"]["client_reference_id"], "order-1");
    assert!(!calls.to_string().contains("sk_test_it"));
    assert_eq!(bench.get("/_sandbox/requests?service=brevo").await["requests"], json!([]));
}

#[tokio::test]
async fn a_fault_is_listed_removed_and_refused_when_misspelt() {
    let bench = Bench::start().await;
    let fault = json!({ "service": "stripe", "times": null, "effect": { "kind": "status", "status": 503 } });
    let id = bench.control("POST", "/faults", fault).await["id"].as_u64().unwrap();
    assert_eq!(bench.get("/_sandbox/faults").await["faults"][0]["effect"]["kind"], "status");
    bench.control("DELETE", &format!("/faults/{id}"), json!({})).await;
    assert_eq!(bench.get("/_sandbox/faults").await["faults"], json!([]));
    let misspelt = json!({ "service": "stripe", "effect": { "kind": "statsu", "status": 503 } });
    let elsewhere = json!({ "service": "stripe", "effect": { "kind": "scenario", "name": "refusal" } });
    for fault in [misspelt, elsewhere] {
        let refused = bench.http.post(bench.url("/_sandbox/faults")).json(&fault).send().await.unwrap();
        assert_eq!(refused.status(), 400, "{fault}");
    }
}

#[tokio::test]
async fn reset_forgets_everything() {
    let bench = Bench::start().await;
    bench.paid().await;
    bench.fault(json!({ "service": "stripe", "effect": { "kind": "status", "status": 503 } })).await;
    bench.control("POST", "/reset", json!({ "seed": 7 })).await;
    assert_eq!(bench.get("/_sandbox/requests").await["requests"], json!([]));
    assert_eq!(bench.get("/_sandbox/faults").await["faults"], json!([]));
    assert_eq!(bench.get("/_sandbox/stripe/events").await["events"], json!([]));
    assert_eq!(bench.retrieve("/checkout/sessions").await["data"], json!([]));
}

#[tokio::test]
async fn events_wait_for_a_target() {
    let bench = Bench::start_with(|config| config.stripe_webhook_url.clear()).await;
    bench.paid().await;
    assert_eq!(bench.get("/_sandbox/stripe/events").await["events"][0]["attempts"], json!([]));
    let url = bench.config.brevo_webhook_url.replace("/brevo", "/stripe");
    // The vendor that is not named keeps its place.
    let aimed = json!({ "stripe": { "url": url, "secret": "whsec_sandbox" } });
    let targets = bench.control("POST", "/webhooks", aimed).await;
    assert_eq!(targets["brevo"]["url"], bench.config.brevo_webhook_url);
    assert!(!targets.to_string().contains("whsec"), "secrets are not shown");
    crate::bench::until("the waiting events", async || (bench.inbox.of("stripe").len() == 3).then_some(())).await;
}

#[tokio::test]
async fn the_page_shows_mails_sessions_and_calls_with_their_markup_harmless() {
    let bench = Bench::start().await;
    let session = bench.paid().await;
    let mail = json!({ "sender": { "email": "a@example.fr" }, "to": [{ "email": "b@example.fr" }],
        "subject": "<img src=x onerror=alert(1)>", "textContent": "Bonjour" });
    let sent = bench
        .http
        .post(bench.url("/brevo/v3/smtp/email"))
        .header("api-key", "xkeysib-it")
        .json(&mail)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 201);
    let page = bench.http.get(bench.url("/_sandbox")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains(session["id"].as_str().unwrap()) && page.contains("payée") && page.contains("348,00"));
    assert!(page.contains("smtp.email.send") && page.contains("b@example.fr"));
    assert!(page.contains("&lt;img src=x") && !page.contains("<img src=x"));
}

async fn refused(bench: &Bench, method: &str, path: &str, body: Value) -> Value {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let answer = bench.http.request(method, bench.url(&format!("/_sandbox{path}"))).json(&body).send().await.unwrap();
    assert!(answer.status().is_client_error(), "{path}: {}", answer.status());
    answer.json().await.unwrap()
}

#[tokio::test]
async fn a_refused_control_names_the_field_the_value_and_the_remedy() {
    let bench = Bench::start().await;
    let fault = |changes: Value| {
        let mut fault = json!({ "service": "s3", "effect": { "kind": "status", "status": 503 } });
        fault.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        fault
    };
    for (path, body, field, value) in [
        ("/faults", fault(json!({ "probability": 1.5 })), "probability", json!(1.5)),
        ("/faults", fault(json!({ "times": 0 })), "times", json!(0)),
        ("/faults", fault(json!({ "effect": { "kind": "status", "status": 99 } })), "effect.status", json!(99)),
        ("/faults", fault(json!({ "effect": { "kind": "commit_then_fail" } })), "effect", json!("commit_then_fail")),
        ("/faults", fault(json!({ "effect": { "kind": "scenario", "name": "x" } })), "effect.name", json!("x")),
        ("/clock", json!({ "advance_s": i64::MAX }), "advance_s", json!(i64::MAX)),
        ("/clock", json!({ "now": "1812-01-01T00:00:00Z" }), "now", json!("1812-01-01T00:00:00Z")),
        ("/stripe/events/evt_x/redeliver", json!({}), "event", json!("evt_x")),
    ] {
        let error = refused(&bench, "POST", path, body).await;
        assert_eq!((error["field"].as_str(), &error["value"]), (Some(field), &value), "{error}");
        assert!(error["error"].as_str().unwrap().len() > 10);
    }
    assert_eq!(refused(&bench, "GET", "/requests?service=strip", json!({})).await["field"], "service");
    assert!(refused(&bench, "GET", "/requests?servcie=stripe", json!({})).await["remedy"].is_string());
    assert!(
        refused(&bench, "POST", "/clock", json!({ "advance_s": 1, "now": "2026-01-01T00:00:00Z" })).await["remedy"]
            .is_string()
    );
    assert!(refused(&bench, "DELETE", "/faults/77", json!({})).await["error"].as_str().unwrap().contains("77"));
    assert!(refused(&bench, "POST", "/reset", json!({ "sead": 1 })).await["error"].as_str().unwrap().contains("sead"));
}

#[tokio::test]
async fn the_clock_moves_by_seconds_and_to_a_time() {
    let bench = Bench::start().await;
    let shown = async || {
        let now = bench.get("/_sandbox/clock").await["now"].as_str().unwrap().to_owned();
        chrono::DateTime::parse_from_rfc3339(&now).unwrap()
    };
    let before = shown().await;
    bench.control("POST", "/clock", json!({ "advance_s": 7_200 })).await;
    assert!((7_200..7_260).contains(&(shown().await - before).num_seconds()));
    bench.control("POST", "/clock", json!({ "now": "2031-05-06T07:08:09Z" })).await;
    assert!(shown().await.to_rfc3339().starts_with("2031-05-06T07:08"));
}

#[tokio::test]
async fn the_same_seed_makes_the_same_certificates() {
    let bench = Bench::start().await;
    let first = async || {
        let url = bench.url("/ademe/data-fair/api/v1/datasets/dpe03existant/lines?qs=code_insee_ban:44109&size=3");
        let answer = bench.http.get(url).header("user-agent", "it").send().await.unwrap();
        answer.json::<Value>().await.unwrap()["results"].clone()
    };
    let ones = first().await;
    bench.control("POST", "/reset", json!({ "seed": 42 })).await;
    let others = first().await;
    assert_ne!(ones, others);
    bench.control("POST", "/reset", json!({ "seed": 42 })).await;
    assert_eq!(first().await, others);
    bench.control("POST", "/reset", json!({})).await;
    assert_eq!(first().await, ones);
}

#[tokio::test]
async fn health_and_unknown_paths() {
    let bench = Bench::start().await;
    assert_eq!(bench.get("/_sandbox/health").await["status"], "ok");
    for path in ["/_sandbox/nothing", "/strip/v1/x", "/brevo/v3/nothing"] {
        assert_ne!(bench.http.get(bench.url(path)).send().await.unwrap().status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_taken_port_is_said() {
    let bench = Bench::start().await;
    let taken = sandbox::SandboxConfig {
        http: bench.base.trim_start_matches("http://").parse().unwrap(),
        ..bench.config.clone()
    };
    let error = sandbox::start(taken).await.err().unwrap().to_string();
    assert!(error.contains("free the port"), "{error}");
}
