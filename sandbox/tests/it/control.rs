//! The control API, and the page a person reads.

use pretty_assertions::assert_eq;
use serde_json::json;

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
    bench
        .control(
            "POST",
            "/webhooks",
            json!({ "stripe": { "url": url, "secret": "whsec_sandbox" }, "brevo": { "url": "", "secret": "" } }),
        )
        .await;
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
