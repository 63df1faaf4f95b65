//! The double of the mail service: what it accepts, and what becomes of it.

use pretty_assertions::assert_eq;
use reqwest::Response;
use serde_json::{Value, json};

use crate::bench::{Bench, Delivery, until};

pub fn mail(to: &str) -> Value {
    json!({
        "sender": { "email": "rapports@example.fr", "name": "LObsTer" }, "to": [{ "email": to }],
        "subject": "Votre rapport est prêt", "htmlContent": "<p>Bonjour</p>", "textContent": "Bonjour", "tags": ["livraison"],
    })
}

/// A call to the mail service, with a good key.
pub async fn call(bench: &Bench, method: &str, path: &str, body: &Value) -> Response {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let request = bench.http.request(method, bench.url(&format!("/brevo/v3{path}"))).header("api-key", "xkeysib-it");
    if body.is_null() { request.send().await.unwrap() } else { request.json(body).send().await.unwrap() }
}

pub async fn send(bench: &Bench, body: &Value) -> Response {
    call(bench, "POST", "/smtp/email", body).await
}

/// Sends a mail that must be accepted; its id.
pub async fn sent(bench: &Bench, body: &Value) -> String {
    let response = send(bench, body).await;
    let status = response.status();
    let answer: Value = response.json().await.unwrap();
    assert_eq!(status, 201, "{answer}");
    answer["messageId"].as_str().unwrap().to_owned()
}

pub async fn outbox(bench: &Bench) -> Vec<Value> {
    bench.get("/_sandbox/brevo/outbox").await["messages"].as_array().unwrap().clone()
}

/// Waits for an event; its delivery.
pub async fn told(bench: &Bench, event: &str) -> Delivery {
    until(event, async || bench.inbox.of("brevo").into_iter().find(|delivery| delivery.json()["event"] == event)).await
}

#[tokio::test]
async fn an_accepted_mail_is_in_the_outbox_and_reported_delivered() {
    let bench = Bench::start().await;
    let id = sent(&bench, &mail("acheteur@example.fr")).await;
    assert!(id.starts_with('<') && id.ends_with('>') && id.contains('@'));
    let kept = &outbox(&bench).await[0];
    assert_eq!((kept["messageId"].clone(), kept["textContent"].clone()), (json!(id), json!("Bonjour")));
    for event in ["request", "delivered"] {
        let delivery = told(&bench, event).await;
        assert_eq!(delivery.header("authorization"), "Bearer brevo_sandbox");
        assert_eq!(delivery.json()["message-id"], json!(id));
    }
    assert_eq!(bench.inbox.of("brevo").len(), 2);
}

#[tokio::test]
async fn a_webhook_says_all_that_the_vendor_says() {
    let bench = Bench::start().await;
    bench.control("POST", "/clock", json!({ "now": "2026-11-22T06:00:01Z" })).await;
    let id = sent(&bench, &mail("agent+hardbounce@example.fr")).await;
    let event = told(&bench, "hard_bounce").await.json();
    let number = event["id"].as_u64().unwrap();
    let seconds = event["ts_event"].as_i64().unwrap();
    assert!((1_795_327_201..1_795_327_211).contains(&seconds), "{seconds}");
    assert!(event["date"].as_str().unwrap().starts_with("2026-11-22 07:00:"), "Paris time: {}", event["date"]);
    assert_eq!(event["ts_epoch"].as_i64().unwrap() / 1_000, seconds);
    let expected = json!({
        "event": "hard_bounce", "email": "agent+hardbounce@example.fr", "id": number, "message-id": id,
        "date": event["date"], "ts": seconds, "ts_event": seconds, "ts_epoch": event["ts_epoch"],
        "subject": "Votre rapport est prêt", "tags": ["livraison"], "tag": "[\"livraison\"]",
        "reason": "550 5.1.1 mailbox unavailable", "sending_ip": "192.0.2.1",
    });
    assert_eq!(event, expected);
}

#[tokio::test]
async fn the_recipient_decides_the_fate() {
    for (to, events) in [
        ("a+hardbounce@example.fr", vec!["hard_bounce", "request"]),
        ("a+blocked@example.fr", vec!["blocked"]),
        ("a+spam@example.fr", vec!["delivered", "request", "spam"]),
        ("a+softbounce@example.fr", vec!["request", "soft_bounce"]),
        ("a+slow@example.fr", vec!["deferred", "request"]),
        ("a+autre@example.fr", vec!["delivered", "request"]),
    ] {
        let bench = Bench::start().await;
        sent(&bench, &mail(to)).await;
        for event in &events {
            told(&bench, event).await;
        }
        let mut kinds: Vec<Value> =
            bench.inbox.of("brevo").iter().map(|delivery| delivery.json()["event"].clone()).collect();
        kinds.sort_by_key(ToString::to_string);
        assert_eq!(kinds, events, "{to}");
    }
}

#[tokio::test]
async fn what_is_late_arrives_when_the_clock_says_so() {
    for (to, first, seconds) in
        [("a+slow@example.fr", "deferred", 30 * 60), ("a+softbounce@example.fr", "soft_bounce", 5 * 60)]
    {
        let bench = Bench::start().await;
        sent(&bench, &mail(to)).await;
        told(&bench, first).await;
        bench.control("POST", "/clock", json!({ "advance_s": seconds - 30 })).await;
        let delivered = async || bench.get("/_sandbox/brevo/events").await["events"].as_array().unwrap().len() > 2;
        assert!(!delivered().await, "{to} is early");
        bench.control("POST", "/clock", json!({ "advance_s": 31 })).await;
        told(&bench, "delivered").await;
    }
}

#[tokio::test]
async fn a_key_in_the_body_sends_one_mail_for_a_quarter_of_an_hour() {
    let bench = Bench::start().await;
    let mut body = mail("acheteur@example.fr");
    body["headers"] = json!({ "idempotencyKey": "7c9e6679-7425-40de-944b-e07fc1f90ae7" });
    sent(&bench, &body).await;
    bench.control("POST", "/clock", json!({ "advance_s": 890 })).await;
    let again = send(&bench, &body).await;
    assert_eq!(again.status(), 400);
    let refusal: Value = again.json().await.unwrap();
    assert_eq!(refusal, json!({ "code": "duplicate_request", "message": "Request already processed" }));
    assert_eq!(outbox(&bench).await.len(), 1);
    bench.control("POST", "/clock", json!({ "advance_s": 20 })).await;
    sent(&bench, &body).await;
}

#[tokio::test]
async fn two_calls_at_once_with_one_key_send_one_mail() {
    let bench = Bench::start().await;
    let mut body = mail("acheteur@example.fr");
    body["headers"] = json!({ "idempotencyKey": "7c9e6679-7425-40de-944b-e07fc1f90ae7" });
    let answers = futures::future::join_all((0..8).map(|_| send(&bench, &body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 1);
    assert_eq!(outbox(&bench).await.len(), 1);
}

#[tokio::test]
async fn work_done_and_denied_is_found_again_by_its_key() {
    let bench = Bench::start().await;
    for (number, effect) in
        [json!({ "kind": "commit_then_fail", "status": 500 }), json!({ "kind": "commit_then_fail", "reset": true })]
            .into_iter()
            .enumerate()
    {
        let mut body = mail("acheteur@example.fr");
        body["headers"] = json!({ "idempotencyKey": format!("7c9e6679-7425-40de-944b-e07fc1f90ae{number}") });
        bench.fault(json!({ "service": "brevo", "operation": "smtp.email.send", "effect": effect })).await;
        let post = bench.http.post(bench.url("/brevo/v3/smtp/email")).header("api-key", "xkeysib-it").json(&body);
        let denied = post.send().await;
        assert!(denied.is_err() || denied.unwrap().status() == 500);
        assert_eq!(outbox(&bench).await.len(), number + 1);
        assert_eq!(send(&bench, &body).await.json::<Value>().await.unwrap()["code"], "duplicate_request");
        assert_eq!(outbox(&bench).await.len(), number + 1, "no second mail");
    }
}

#[tokio::test]
async fn a_template_is_rendered_with_its_parameters() {
    let bench = Bench::start().await;
    let template = json!({ "subject": "Rapport de {{ params.commune }}", "sender": { "email": "rapports@example.fr" },
        "htmlContent": "<p>{{params.commune}} : <a href=\"{{ params.lien }}\">ouvrir</a></p>" });
    bench.control("PUT", "/brevo/templates/7", template).await;
    let body = json!({ "templateId": 7, "to": [{ "email": "agent@example.fr" }], "htmlContent": "ignoré",
        "params": { "commune": "Rennes & Cie", "lien": "https://exemple.fr/r/abc" } });
    sent(&bench, &body).await;
    let kept = &outbox(&bench).await[0];
    assert_eq!((kept["subject"].clone(), kept["templateId"].clone()), (json!("Rapport de Rennes & Cie"), json!(7)));
    assert_eq!(kept["htmlContent"], "<p>Rennes &amp; Cie : <a href=\"https://exemple.fr/r/abc\">ouvrir</a></p>");
    assert_eq!(
        (kept["params"]["commune"].clone(), kept["sender"]["email"].clone()),
        (json!("Rennes & Cie"), json!("rapports@example.fr"))
    );
    assert_eq!(told(&bench, "delivered").await.json()["template_id"], 7);
    let unrendered = json!({ "subject": "x", "htmlContent": "{% for x in params.y %}" });
    let refused = bench.http.put(bench.url("/_sandbox/brevo/templates/8")).json(&unrendered).send().await.unwrap();
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn mails_templates_and_webhooks_survive_a_restart() {
    let mut bench = Bench::start_with(|config| {
        config.state_dir = Some(std::env::temp_dir().join(format!("lobster-brevo-state-{}", std::process::id())));
    })
    .await;
    bench.control("PUT", "/brevo/templates/7", json!({ "subject": "x", "htmlContent": "y" })).await;
    let hook =
        json!({ "url": "http://127.0.0.1:9/a", "events": ["spam"], "auth": { "type": "bearer", "token": "jeton" } });
    let kept = call(&bench, "POST", "/webhooks", &hook).await.json::<Value>().await.unwrap()["id"].clone();
    let mut gone = hook.clone();
    gone["url"] = json!("http://127.0.0.1:9/b");
    let gone = call(&bench, "POST", "/webhooks", &gone).await.json::<Value>().await.unwrap()["id"].clone();
    assert_eq!(call(&bench, "DELETE", &format!("/webhooks/{gone}"), &Value::Null).await.status(), 204);
    let id = sent(&bench, &mail("acheteur@example.fr")).await;
    bench.restart().await;
    assert_eq!(outbox(&bench).await[0]["messageId"], json!(id));
    assert!(bench.get("/_sandbox/brevo/templates").await["templates"]["7"].is_object());
    let hooks: Value = call(&bench, "GET", "/webhooks", &Value::Null).await.json().await.unwrap();
    assert_eq!(hooks["webhooks"].as_array().unwrap().len(), 1);
    assert_eq!(
        (hooks["webhooks"][0]["id"].clone(), hooks["webhooks"][0]["auth"]["token"].clone()),
        (kept, json!("jeton"))
    );
    std::fs::remove_dir_all(bench.config.state_dir.clone().unwrap()).unwrap();
}

#[tokio::test]
async fn any_event_can_be_sent_about_a_mail() {
    let bench = Bench::start().await;
    let mut body = mail("acheteur@example.fr");
    body["cc"] = json!([{ "email": "copie@example.fr" }]);
    let id = sent(&bench, &body).await.replace('<', "%3C").replace('>', "%3E");
    let path = format!("/brevo/messages/{id}/events");
    bench.control("POST", &path, json!({ "event": "unsubscribed", "reason": "clic" })).await;
    let event = told(&bench, "unsubscribed").await.json();
    assert_eq!((event["email"].clone(), event["reason"].clone()), (json!("acheteur@example.fr"), json!("clic")));
    bench.control("POST", &path, json!({ "event": "event_of_tomorrow", "email": "copie@example.fr" })).await;
    assert_eq!(told(&bench, "event_of_tomorrow").await.json()["email"], "copie@example.fr");
    let unknown = bench.http.post(bench.url("/_sandbox/brevo/messages/none/events")).json(&json!({ "event": "spam" }));
    assert_eq!(unknown.send().await.unwrap().status(), 404);
}
