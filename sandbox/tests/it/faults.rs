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

/// One harmless call to each service.
async fn call(bench: &Bench, service: &str) -> Result<reqwest::Response, reqwest::Error> {
    let request = match service {
        "stripe" => bench.http.get(bench.url("/stripe/v1/checkout/sessions")).bearer_auth("sk_test_it"),
        "anthropic" => bench
            .http
            .get(bench.url("/anthropic/v1/models"))
            .header("x-api-key", "sk-ant-it")
            .header("anthropic-version", "2023-06-01"),
        "brevo" => bench.http.get(bench.url("/brevo/v3/account")).header("api-key", "xkeysib-it"),
        "ademe" => bench.http.get(bench.url("/ademe/data-fair/api/v1/datasets/dpe03existant/schema")),
        _ => bench.http.get(format!("{}/lobster-reports/x", bench.s3)),
    };
    request.header("user-agent", "it").send().await
}

#[tokio::test]
async fn every_effect_works_on_every_service_with_all_its_fields() {
    let bench = Bench::start().await;
    for service in ["stripe", "anthropic", "brevo", "ademe", "s3"] {
        let arm = async |effect: Value| bench.fault(json!({ "service": service, "effect": effect })).await;
        let healthy = call(&bench, service).await.unwrap();
        let status = healthy.status();
        assert!(status == 200 || service == "s3", "{service}: {status}");

        arm(json!({ "kind": "status", "status": 418, "headers": { "x-why": "essai" }, "body": { "own": "words" } }))
            .await;
        let answer = call(&bench, service).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["x-why"].to_str().unwrap()), (418, "essai"));
        assert_eq!(answer.json::<Value>().await.unwrap(), json!({ "own": "words" }));

        arm(json!({ "kind": "latency", "ms": 120, "jitter_ms": 5 })).await;
        let begun = Instant::now();
        assert_eq!(call(&bench, service).await.unwrap().status(), status);
        assert!(begun.elapsed() >= Duration::from_millis(120), "{service}");

        arm(json!({ "kind": "hang", "ms": 120 })).await;
        let begun = Instant::now();
        assert!(call(&bench, service).await.is_err(), "{service}");
        assert!(begun.elapsed() >= Duration::from_millis(120), "{service}");

        arm(json!({ "kind": "reset" })).await;
        assert!(call(&bench, service).await.is_err(), "{service}");
        arm(json!({ "kind": "reset", "after_bytes": 7 })).await;
        let cut = call(&bench, service).await.unwrap();
        assert_eq!(cut.status(), status);
        assert!(cut.bytes().await.is_err(), "{service}");

        arm(json!({ "kind": "commit_then_fail", "status": 503, "headers": { "x-why": "essai" } })).await;
        let denied = call(&bench, service).await.unwrap();
        assert_eq!((denied.status().as_u16(), denied.headers()["x-why"].to_str().unwrap()), (503, "essai"));
        arm(json!({ "kind": "commit_then_fail", "reset": true })).await;
        assert!(call(&bench, service).await.is_err(), "{service}");

        let calls = bench.get(&format!("/_sandbox/requests?service={service}")).await;
        let faults: Vec<&str> =
            calls["requests"].as_array().unwrap().iter().map(|call| call["fault"].as_str().unwrap_or("none")).collect();
        let expected =
            ["none", "status 418", "latency", "hang", "reset", "reset", "commit_then_fail", "commit_then_fail"];
        assert_eq!(faults, expected, "{service}");
    }
}

#[tokio::test]
async fn a_cut_is_a_reset_of_the_connection() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let bench = Bench::start().await;
    bench.fault(json!({ "service": "brevo", "effect": { "kind": "reset" } })).await;
    let mut wire = tokio::net::TcpStream::connect(bench.base.trim_start_matches("http://")).await.unwrap();
    wire.write_all(b"GET /brevo/v3/account HTTP/1.1\r\nhost: it\r\n\r\n").await.unwrap();
    let error = wire.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_fault_waits_hits_as_often_as_asked_and_only_its_operation() {
    let bench = Bench::start().await;
    let fault = json!({ "service": "stripe", "operation": "checkout.sessions.create", "after": 1, "times": 2,
        "effect": { "kind": "status", "status": 503 } });
    bench.fault(fault).await;
    assert_eq!(call(&bench, "stripe").await.unwrap().status(), 200, "another operation");
    let mut seen = Vec::new();
    for number in 0..4 {
        let key = format!("k{number}");
        seen.push(bench.stripe("/checkout/sessions", Some(&key), &ORDER).await.status().as_u16());
    }
    assert_eq!(seen, [200, 503, 503, 200]);
    assert_eq!(bench.get("/_sandbox/faults").await["faults"], json!([]), "used up is gone");
}

#[tokio::test]
async fn a_mail_that_was_taken_and_denied_is_in_the_outbox() {
    let bench = Bench::start().await;
    bench.fault(json!({ "service": "brevo", "operation": "smtp.email.send", "effect": { "kind": "commit_then_fail", "status": 500 } })).await;
    let mail = json!({ "sender": { "email": "a@example.fr" }, "to": [{ "email": "b@example.fr" }],
        "subject": "Essai", "textContent": "Bonjour" });
    let sent = bench.http.post(bench.url("/brevo/v3/smtp/email")).header("api-key", "xkeysib-it").json(&mail);
    assert_eq!(sent.send().await.unwrap().status(), 500);
    assert_eq!(bench.get("/_sandbox/brevo/outbox").await["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn faults_come_from_a_file_at_the_start_and_a_bad_file_is_explained() {
    let file = std::env::temp_dir().join(format!("lobster-faults-{}.json", std::process::id()));
    std::fs::write(
        &file,
        r#"[{ "service": "ademe", "times": null, "effect": { "kind": "scenario", "name": "down" } }]"#,
    )
    .unwrap();
    let mut bench = Bench::start_with(|config| config.faults_file = Some(file.clone())).await;
    assert_eq!(call(&bench, "ademe").await.unwrap().status(), 502);
    assert_eq!(bench.get("/_sandbox/faults").await["faults"][0]["origin"], "file");
    bench.stop().await;
    for (text, said) in [
        (r#"[{ "service": "ademe", "effect": { "kind": "scenario", "name": "dwn" } }]"#, "effect.name"),
        ("{}", "JSON list of faults"),
    ] {
        std::fs::write(&file, text).unwrap();
        let error = format!("{:#}", sandbox::start(bench.config.clone()).await.err().unwrap());
        assert!(error.contains(said) && error.contains("lobster-faults-"), "{error}");
    }
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn the_storm_is_armed_everywhere_and_unsettles_webhooks() {
    let bench = Bench::start_with(|config| config.profile = sandbox::Profile::Storm).await;
    let faults = bench.get("/_sandbox/faults").await;
    let of = |service: &str| {
        let all = faults["faults"].as_array().unwrap().iter();
        all.filter(|fault| fault["service"] == service)
            .map(|fault| fault["probability"].as_f64().unwrap())
            .collect::<Vec<_>>()
    };
    for service in ["stripe", "anthropic", "brevo", "ademe", "s3"] {
        assert_eq!(of(service), [0.03, 0.02, 0.01, 0.05], "{service}");
    }
    let behaviour = bench.get("/_sandbox/webhooks").await["behaviour"].clone();
    assert_eq!((behaviour["duplicate"].clone(), behaviour["shuffle"].clone()), (json!(1), json!(true)));
    bench.control("POST", "/reset", json!({})).await;
    assert_eq!(bench.get("/_sandbox/faults").await["faults"], json!([]));
}

#[tokio::test]
async fn armed_faults_and_the_clock_survive_a_restart() {
    let mut bench = Bench::start_with(|config| config.state_dir = Some(config.s3_dir.join("../state"))).await;
    bench.fault(json!({ "service": "ademe", "times": 2, "effect": { "kind": "scenario", "name": "down" } })).await;
    assert_eq!(call(&bench, "ademe").await.unwrap().status(), 502);
    bench.control("POST", "/clock", json!({ "now": "2031-05-06T07:08:09Z" })).await;
    bench.restart().await;
    assert_eq!(bench.get("/_sandbox/faults").await["faults"][0]["times"], 1);
    assert!(bench.get("/_sandbox/clock").await["now"].as_str().unwrap().starts_with("2031-05-06"));
    assert_eq!(call(&bench, "ademe").await.unwrap().status(), 502);
    assert_eq!(call(&bench, "ademe").await.unwrap().status(), 200);
    bench.control("POST", "/reset", json!({})).await;
    bench.restart().await;
    assert!(!bench.get("/_sandbox/clock").await["now"].as_str().unwrap().starts_with("2031"));
}
