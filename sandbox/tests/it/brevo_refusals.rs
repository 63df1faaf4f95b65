//! What the double of the mail service refuses, with its code.

use base64::Engine;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bench::Bench;
use crate::brevo::{call, mail, outbox, send, sent};

async fn refused(bench: &Bench, body: &Value, code: &str) {
    let response = send(bench, body).await;
    let status = response.status();
    let refusal: Value = response.json().await.unwrap();
    assert_eq!((status.as_u16(), refusal["code"].clone()), (400, json!(code)), "{refusal}");
    assert!(refusal["message"].is_string());
}

fn with(field: &str, value: Value) -> Value {
    let mut body = mail("acheteur@example.fr");
    body[field] = value;
    body
}

fn people(number: usize) -> Value {
    (0..number).map(|number| json!({ "email": format!("a{number}@example.fr") })).collect()
}

#[tokio::test]
async fn wrong_mails_are_refused_with_their_code_and_not_kept() {
    let bench = Bench::start().await;
    let without = |field: &str| with(field, Value::Null);
    let mut no_content = without("htmlContent");
    no_content["textContent"] = Value::Null;
    let heavy = base64::engine::general_purpose::STANDARD.encode(vec![0_u8; 20 * 1024 * 1024]);
    for (body, code) in [
        (without("sender"), "missing_parameter"),
        (without("to"), "missing_parameter"),
        (without("subject"), "missing_parameter"),
        (no_content, "missing_parameter"),
        (with("to", json!([])), "missing_parameter"),
        (with("to", json!([{ "name": "Agent" }])), "missing_parameter"),
        (with("to", json!("a@example.fr")), "invalid_parameter"),
        (mail("nobody"), "invalid_parameter"),
        (mail("a b@example.fr"), "invalid_parameter"),
        (mail("a@b@example.fr"), "invalid_parameter"),
        (mail("a@example"), "invalid_parameter"),
        (with("to", people(100)), "out_of_range"),
        (with("bcc", people(100)), "out_of_range"),
        (with("sender", json!({ "email": "rapports@example.fr", "name": "x".repeat(71) })), "out_of_range"),
        (with("replyTo", json!({ "email": "nobody" })), "invalid_parameter"),
        (with("params", json!({ "x": "y".repeat(100 * 1024) })), "out_of_range"),
        (with("params", json!([])), "invalid_parameter"),
        (with("subject", json!(3)), "invalid_parameter"),
        (with("tags", json!(["livraison", 3])), "invalid_parameter"),
        (with("headers", json!({ "X-Nombre": 3 })), "invalid_parameter"),
        (with("headers", json!({ "idempotencyKey": "pas un UUID" })), "invalid_parameter"),
        (with("attachment", json!([{ "name": "virus.exe", "content": "AAAA" }])), "invalid_parameter"),
        (with("attachment", json!([{ "name": "a.pdf" }])), "missing_parameter"),
        (with("attachment", json!([{ "name": "a.pdf", "content": heavy }])), "out_of_range"),
        (with("templateId", json!(0)), "invalid_parameter"),
        (with("templateId", json!(404)), "document_not_found"),
        (json!([]), "invalid_parameter"),
    ] {
        refused(&bench, &body, code).await;
    }
    assert!(outbox(&bench).await.is_empty());
    sent(&bench, &with("to", people(99))).await;
}

#[tokio::test]
async fn what_is_not_doubled_is_not_pretended() {
    let bench = Bench::start().await;
    for field in ["scheduledAt", "batchId", "messageVersions"] {
        assert_eq!(send(&bench, &with(field, json!("x"))).await.status(), 501, "{field}");
    }
}

#[tokio::test]
async fn an_inactive_template_sends_nothing() {
    let bench = Bench::start().await;
    let template = json!({ "subject": "x", "htmlContent": "y", "isActive": false });
    bench.control("PUT", "/brevo/templates/7", template).await;
    refused(&bench, &with("templateId", json!(7)), "document_not_found").await;
}

#[tokio::test]
async fn a_sender_must_be_verified_when_there_is_a_list() {
    let bench = Bench::start().await;
    let from = |email: &str| with("sender", json!({ "email": email }));
    sent(&bench, &from("inconnu@example.org")).await;
    bench.control("PUT", "/brevo/senders", json!({ "verified": ["Rapports@example.fr", "@example.com"] })).await;
    sent(&bench, &from("rapports@example.fr")).await;
    sent(&bench, &from("n.importe@example.com")).await;
    sent(&bench, &with("sender", json!({ "id": 1 }))).await;
    assert_eq!(outbox(&bench).await[3]["sender"]["email"], "Rapports@example.fr");
    for email in ["inconnu@example.org", "autre@example.fr", "a@sous.example.com"] {
        refused(&bench, &from(email), "invalid_parameter").await;
    }
    refused(&bench, &with("sender", json!({ "id": 2 })), "invalid_parameter").await;
    bench.control("PUT", "/brevo/senders", json!({ "verified": null })).await;
    sent(&bench, &from("inconnu@example.org")).await;
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let bench = Bench::start().await;
    for key in ["", "autre", "xkeysib-refused"] {
        let post = bench.http.post(bench.url("/brevo/v3/smtp/email")).header("api-key", key);
        let response = post.json(&mail("a@example.fr")).send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "unauthorized");
    }
}

#[tokio::test]
async fn each_code_can_be_asked_for() {
    let bench = Bench::start().await;
    for (name, status) in [
        ("missing_parameter", 400),
        ("invalid_parameter", 400),
        ("out_of_range", 400),
        ("duplicate_parameter", 400),
        ("duplicate_request", 400),
        ("document_not_found", 400),
        ("account_under_validation", 400),
        ("unauthorized", 401),
        ("not_enough_credits", 402),
        ("permission_denied", 403),
        ("too_many_requests", 429),
    ] {
        let effect = json!({ "kind": "scenario", "name": name });
        bench.fault(json!({ "service": "brevo", "operation": "smtp.email.send", "effect": effect })).await;
        let response = send(&bench, &mail("a@example.fr")).await;
        assert_eq!(response.status(), status, "{name}");
        assert_eq!(response.json::<Value>().await.unwrap()["code"], name);
    }
    assert!(outbox(&bench).await.is_empty());
}

#[tokio::test]
async fn every_answer_tells_its_limit() {
    let bench = Bench::start().await;
    bench.control("POST", "/clock", json!({ "now": "2026-11-22T06:00:00Z" })).await;
    let told = |response: &reqwest::Response| {
        ["limit", "remaining", "reset"].map(|name| {
            let value = response.headers()[format!("x-sib-ratelimit-{name}")].to_str().unwrap();
            value.parse::<u64>().unwrap()
        })
    };
    assert_eq!(told(&send(&bench, &mail("a@example.fr")).await)[0], 1_000);
    assert_eq!(told(&send(&bench, &json!({})).await)[0], 1_000);
    bench.fault(json!({ "service": "brevo", "effect": { "kind": "status", "status": 429 } })).await;
    let limited = send(&bench, &mail("a@example.fr")).await;
    assert_eq!((limited.status().as_u16(), told(&limited)), (429, [1_000, 0, 1]));
    assert!(!limited.headers().contains_key("retry-after"));
    for left in (0..100).rev() {
        let account = call(&bench, "GET", "/account", &Value::Null).await;
        assert_eq!((account.status().as_u16(), told(&account)[1]), (200, left));
    }
    let polled = call(&bench, "GET", "/account", &Value::Null).await;
    assert_eq!(polled.status(), 429);
    assert!((3_500..=3_600).contains(&told(&polled)[2]));
    bench.control("POST", "/clock", json!({ "advance_s": 3_600 })).await;
    assert_eq!(call(&bench, "GET", "/account", &Value::Null).await.status(), 200);
}

#[tokio::test]
async fn sent_mails_are_listed_by_recipient() {
    let bench = Bench::start().await;
    bench.control("POST", "/clock", json!({ "now": "2026-11-22T06:00:00Z" })).await;
    let mut body = mail("a@example.fr");
    body["cc"] = json!([{ "email": "b@example.fr" }]);
    let first = sent(&bench, &body).await;
    let second = sent(&bench, &mail("a@example.fr")).await;
    let list = async |query: &str| -> (u16, Value) {
        bench.control("POST", "/clock", json!({ "advance_s": 1 })).await;
        let response = call(&bench, "GET", &format!("/smtp/emails?{query}"), &Value::Null).await;
        (response.status().as_u16(), response.json().await.unwrap())
    };
    let (_, of_a) = list("email=a@example.fr").await;
    let ids = |page: &Value| -> Vec<Value> {
        page["transactionalEmails"].as_array().unwrap().iter().map(|line| line["messageId"].clone()).collect()
    };
    assert_eq!((of_a["count"].clone(), ids(&of_a)), (json!(2), vec![json!(second), json!(first)]));
    let line = &of_a["transactionalEmails"][0];
    assert_eq!((line["from"].clone(), line["tags"].clone()), (json!("rapports@example.fr"), json!(["livraison"])));
    assert!(line["uuid"].is_string() && line["date"].as_str().unwrap().starts_with("2026-11-22T06:00:"));
    assert_eq!(ids(&list("email=a@example.fr&sort=asc&limit=1").await.1), [json!(first)]);
    assert_eq!(ids(&list("email=a@example.fr&offset=1").await.1), [json!(first)]);
    let encoded = first.replace('<', "%3C").replace('>', "%3E");
    assert_eq!(list(&format!("messageId={encoded}")).await.1["count"], 2, "one line for each recipient");
    assert_eq!(list("email=a@example.fr&startDate=2026-11-01&endDate=2026-11-21").await.1["count"], 0);
    for (query, code) in [
        ("", "missing_parameter"),
        ("email=a@example.fr&startDate=2026-11-01", "missing_parameter"),
        ("email=a@example.fr&startDate=2026-01-01&endDate=2026-11-21", "out_of_range"),
        ("email=a@example.fr&limit=5000", "out_of_range"),
        ("email=a@example.fr&sort=up", "invalid_parameter"),
    ] {
        let (status, refusal) = list(query).await;
        assert_eq!((status, refusal["code"].clone()), (400, json!(code)), "{query}");
    }
}
