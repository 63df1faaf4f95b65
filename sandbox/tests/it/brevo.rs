//! The double of the mail service.

use pretty_assertions::assert_eq;
use reqwest::Response;
use serde_json::{Value, json};

use crate::bench::{Bench, until};

fn mail(to: &str) -> Value {
    json!({
        "sender": { "email": "rapports@example.fr", "name": "LObsTer" }, "to": [{ "email": to }],
        "subject": "Votre rapport est prêt", "htmlContent": "<p>Bonjour</p>", "textContent": "Bonjour", "tags": ["livraison"],
    })
}

async fn send(bench: &Bench, body: &Value) -> Response {
    bench.http.post(bench.url("/brevo/v3/smtp/email")).header("api-key", "xkeysib-it").json(body).send().await.unwrap()
}

async fn outbox(bench: &Bench) -> Vec<Value> {
    bench.get("/_sandbox/brevo/outbox").await["messages"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_accepted_mail_is_in_the_outbox_and_reported_delivered() {
    let bench = Bench::start().await;
    let response = send(&bench, &mail("acheteur@example.fr")).await;
    assert_eq!(response.status(), 201);
    assert!(response.headers().contains_key("x-sib-ratelimit-remaining"));
    let id = response.json::<Value>().await.unwrap()["messageId"].as_str().unwrap().to_owned();
    assert!(id.starts_with('<') && id.ends_with('>') && id.contains('@'));
    let kept = &outbox(&bench).await[0];
    assert_eq!((kept["messageId"].clone(), kept["textContent"].clone()), (json!(id), json!("Bonjour")));
    let told = until("two events", async || {
        let told = bench.inbox.of("brevo");
        (told.len() == 2).then_some(told)
    })
    .await;
    assert!(told.iter().all(|delivery| delivery.header("authorization") == "Bearer brevo_sandbox"));
    assert!(told.iter().all(|delivery| delivery.json()["message-id"] == json!(id)));
    let mut kinds: Vec<Value> = told.iter().map(|delivery| delivery.json()["event"].clone()).collect();
    kinds.sort_by_key(ToString::to_string);
    assert_eq!(kinds, [json!("delivered"), json!("request")]);
}

#[tokio::test]
async fn the_recipient_decides_the_fate() {
    for (to, event) in [
        ("a+hardbounce@example.fr", "hard_bounce"),
        ("a+softbounce@example.fr", "soft_bounce"),
        ("a+blocked@example.fr", "blocked"),
        ("a+spam@example.fr", "spam"),
    ] {
        let bench = Bench::start().await;
        assert_eq!(send(&bench, &mail(to)).await.status(), 201);
        until(event, async || {
            bench.inbox.of("brevo").iter().any(|delivery| delivery.json()["event"] == event).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_slow_mail_arrives_when_the_clock_says_so() {
    let bench = Bench::start().await;
    send(&bench, &mail("a+slow@example.fr")).await;
    let told = |event: &'static str| {
        let bench = &bench;
        async move {
            until(event, async || {
                bench.inbox.of("brevo").iter().any(|delivery| delivery.json()["event"] == event).then_some(())
            })
            .await;
        }
    };
    told("deferred").await;
    bench.control("POST", "/clock", json!({ "advance_s": 1801 })).await;
    told("delivered").await;
}

#[tokio::test]
async fn a_key_in_the_body_sends_one_mail_for_a_quarter_of_an_hour() {
    let bench = Bench::start().await;
    let mut body = mail("acheteur@example.fr");
    body["headers"] = json!({ "idempotencyKey": "7c9e6679-7425-40de-944b-e07fc1f90ae7" });
    assert_eq!(send(&bench, &body).await.status(), 201);
    let again = send(&bench, &body).await;
    assert_eq!(again.status(), 400);
    assert_eq!(again.json::<Value>().await.unwrap()["code"], "duplicate_request");
    assert_eq!(outbox(&bench).await.len(), 1);
    bench.control("POST", "/clock", json!({ "advance_s": 901 })).await;
    assert_eq!(send(&bench, &body).await.status(), 201);
}

#[tokio::test]
async fn wrong_mails_are_refused_and_not_kept() {
    let bench = Bench::start().await;
    let without = |field: &str| {
        let mut body = mail("acheteur@example.fr");
        body.as_object_mut().unwrap().remove(field);
        body
    };
    let mut no_content = without("htmlContent");
    no_content.as_object_mut().unwrap().remove("textContent");
    let mut program = mail("acheteur@example.fr");
    program["attachment"] = json!([{ "name": "virus.exe", "content": "AAAA" }]);
    for (body, code) in [
        (without("sender"), "missing_parameter"),
        (without("to"), "missing_parameter"),
        (without("subject"), "missing_parameter"),
        (no_content, "missing_parameter"),
        (mail("nobody"), "invalid_parameter"),
        (mail("a b@example.fr"), "invalid_parameter"),
        (program, "invalid_parameter"),
    ] {
        let response = send(&bench, &body).await;
        assert_eq!(response.status(), 400, "{body}");
        assert_eq!(response.json::<Value>().await.unwrap()["code"], code, "{body}");
    }
    let keyless = bench.http.post(bench.url("/brevo/v3/smtp/email")).json(&mail("a@example.fr")).send().await.unwrap();
    assert_eq!(keyless.status(), 401);
    assert!(outbox(&bench).await.is_empty());
}
