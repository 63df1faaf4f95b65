//! `POST /api/orders`: the happy path, every refusal, and what a crash or a repetition leaves behind.

use axum::http::StatusCode;
use domain::{log::Event, ports::PortError};
use serde_json::{Value, json};

use crate::{
    shop::price,
    world::{order_body, settings, world, world_with},
};

const KEY: &str = "9f0c6a5e-53a0-4a9e-9d1b-0c7c5a3d1e42";

fn with(field: &str, value: Value) -> String {
    let mut body = order_body();
    body[field] = value;
    body.to_string()
}

#[tokio::test]
async fn a_customer_gets_a_page_to_pay_on_and_a_way_to_follow() {
    let world = world().await;
    let answer = world.post("/api/orders", &[], order_body().to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(body["status"], "pending");
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened"]);

    let log = world.ledger.log().await;
    let Event::Order(placed) = &log[0].event else { panic!("{:?}", log[0]) };
    let placed = serde_json::to_value(placed).unwrap()["OrderPlaced"].clone();
    assert_eq!(placed["eligibility"], "reduced");
    assert_eq!(placed["dropped_pages"], json!([{"page": 2, "title": "Synthèse", "reason": "secret"}]));

    let asked = world.till.asked.lock().unwrap().clone();
    let [request] = asked.as_slice() else { panic!("one page was wanted, {} were asked for", asked.len()) };
    assert_eq!((request.attempt, &request.price), (1, &price()));
    assert_eq!(request.title, "Le logement\u{a0}: Nantes (44109)");
    let token = body["follow_token"].as_str().unwrap();
    assert_eq!(request.success_url, format!("https://lobster.example/paiement/retour?suivi={token}"));
    assert_eq!(request.cancel_url, format!("https://lobster.example/paiement/retour?suivi={token}&abandon=1"));

    let kept = world.contacts.kept.lock().unwrap().clone();
    let (contact, consents) = kept.values().next().unwrap();
    assert_eq!(contact.email, "agent@ville.example");
    assert_eq!(consents.len(), 2);
}

#[tokio::test]
async fn an_unknown_commune_or_study_is_refused_before_anything_is_kept() {
    let world = world().await;
    for (field, value, code) in [
        ("commune", "99999", "order.commune_unknown"),
        ("commune", "4410", "order.commune_unknown"),
        ("study", "XXX-99", "order.study_unknown"),
    ] {
        let answer = world.post("/api/orders", &[], with(field, json!(value))).await;
        assert_eq!(answer.problem(), (422, code.to_owned()));
        assert!(answer.json()["detail"].as_str().unwrap().contains(value), "the detail must name {value}");
    }
    assert!(world.contacts.kept.lock().unwrap().is_empty());
    assert!(world.ledger.events().await.is_empty());
}

#[tokio::test]
async fn an_unavailable_study_is_refused_with_its_reason() {
    let world = world().await;
    let answer = world.post("/api/orders", &[], with("commune", json!("01001"))).await;
    assert_eq!(answer.problem(), (422, "order.unavailable".to_owned()));
    assert!(answer.text().contains("données non chargées"));
    assert!(world.ledger.events().await.is_empty());
}

#[tokio::test]
async fn production_does_not_sell_generated_data() {
    let world = world_with(api::Settings { specimens_allowed: false, ..settings() }).await;
    assert_eq!(world.post("/api/orders", &[], order_body().to_string()).await.status, StatusCode::CREATED);
    world.window.synthetic.store(true, std::sync::atomic::Ordering::SeqCst);
    let answer = world.post("/api/orders", &[], order_body().to_string()).await;
    assert_eq!(answer.problem(), (422, "order.unavailable".to_owned()));
    let eligibility = world.get("/api/communes/44109/eligibility").await.json();
    assert_eq!(eligibility["studies"][0]["status"], "unavailable");
}

#[tokio::test]
async fn a_body_that_is_no_json_is_malformed_and_says_where() {
    let world = world().await;
    for body in ["", "{", "[1,", "{\"commune\":\"44109\"} trailing", "\u{feff}{}"] {
        let answer = world.post("/api/orders", &[], body).await;
        assert_eq!(answer.problem(), (400, "request.malformed".to_owned()), "body {body:?}");
    }
    let answer = world.post("/api/orders", &[], vec![b'{', b'"', 0xff, b'"', b'}']).await;
    assert_eq!(answer.problem().0, 400);
    let deep = "[".repeat(10_000);
    assert_eq!(world.post("/api/orders", &[], deep).await.problem().0, 400);
}

#[tokio::test]
async fn each_refused_field_is_named_with_a_remedy() {
    let world = world().await;
    for (field, value, code) in [
        ("email", json!("pas une adresse"), "format"),
        ("email", json!(""), "missing"),
        ("commune", json!(""), "missing"),
        ("commune", json!("44109'; DROP TABLE"), "format"),
        ("commune", json!(44109), "type"),
        ("recipient", json!("martien"), "value"),
        ("consents", json!(["execution_immediate"]), "missing"),
        ("price_cents", json!(1), "unknown"),
    ] {
        let answer = world.post("/api/orders", &[], with(field, value.clone())).await;
        assert_eq!(answer.problem(), (422, "request.invalid".to_owned()), "{field} = {value}");
        let error = &answer.json()["errors"][0];
        assert_eq!((error["field"].as_str(), error["code"].as_str()), (Some(field), Some(code)));
        assert!(error["message"].as_str().is_some_and(|message| message.ends_with('.')));
    }
    assert!(world.ledger.events().await.is_empty());
}

#[tokio::test]
async fn a_body_over_64_kilobytes_is_too_large() {
    let world = world().await;
    let filler = " ".repeat(64 * 1024);
    let answer = world.post("/api/orders", &[], format!("{}{filler}", order_body())).await;
    assert_eq!(answer.problem(), (413, "request.too_large".to_owned()));
    let room = 64 * 1024 - order_body().to_string().len();
    let answer = world.post("/api/orders", &[], format!("{}{}", order_body(), " ".repeat(room))).await;
    assert_eq!(answer.status, StatusCode::CREATED, "exactly 64 KB is accepted");
}

#[tokio::test]
async fn a_form_of_another_site_cannot_order() {
    let world = world().await;
    let request = axum::http::Request::post("/api/orders").header("content-type", "text/plain");
    let answer = world.send(request.body(order_body().to_string().into()).unwrap()).await;
    assert_eq!(answer.problem(), (415, "request.media_type".to_owned()));
}

#[tokio::test]
async fn a_double_click_under_one_key_is_one_order() {
    let world = world().await;
    let key = [("idempotency-key", KEY)];
    let first = world.post("/api/orders", &key, order_body().to_string()).await.json();
    let again = world.post("/api/orders", &key, order_body().to_string()).await.json();
    assert_eq!(first, again);
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened"]);
    assert_eq!(world.contacts.kept.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn one_key_cannot_carry_two_orders() {
    let world = world().await;
    let key = [("idempotency-key", KEY)];
    world.post("/api/orders", &key, order_body().to_string()).await;
    let answer = world.post("/api/orders", &key, with("email", json!("autre@ville.example"))).await;
    assert_eq!(answer.problem(), (409, "request.idempotency_mismatch".to_owned()));
    let bad = world.post("/api/orders", &[("idempotency-key", "abc")], order_body().to_string()).await;
    assert_eq!(bad.problem(), (422, "request.invalid".to_owned()));
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened"]);
}

#[tokio::test]
async fn when_no_payment_page_opens_the_order_is_kept_and_asking_again_heals_it() {
    let world = world().await;
    let key = [("idempotency-key", KEY)];
    let silence = PortError::Transient { service: "stripe", message: "time-out".to_owned(), retry_after: None };
    *world.till.failure.lock().unwrap() = Some(silence);
    let answer = world.post("/api/orders", &key, order_body().to_string()).await;
    assert_eq!(answer.problem(), (503, "payment.unavailable".to_owned()));
    assert_eq!(answer.header("retry-after"), "10");
    assert_eq!(world.ledger.events().await, ["OrderPlaced"]);

    let answer = world.post("/api/orders", &key, order_body().to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened"]);
    let asked = world.till.asked.lock().unwrap().clone();
    assert_eq!(asked[0], asked[1], "the vendor must see the same request twice");
}

#[tokio::test]
async fn a_payment_account_at_fault_loses_no_order_either() {
    let world = world().await;
    let closed = PortError::Refused { service: "stripe", message: "sk_live_secret is revoked".to_owned() };
    *world.till.failure.lock().unwrap() = Some(closed);
    let answer = world.post("/api/orders", &[], order_body().to_string()).await;
    assert_eq!(answer.problem(), (503, "payment.unavailable".to_owned()));
    assert!(!answer.text().contains("sk_live"), "a vendor's words must not reach a customer");
    assert_eq!(world.ledger.events().await, ["OrderPlaced"]);
}

#[tokio::test]
async fn after_an_expired_page_the_same_key_opens_the_next() {
    let world = world().await;
    let key = [("idempotency-key", KEY)];
    let first = world.post("/api/orders", &key, order_body().to_string()).await.json();
    let order = first["order_id"].as_str().unwrap();
    let session = format!("cs_{}_1", order.replace('-', ""));
    let expired = json!({"id": "evt_1", "type": "checkout.session.expired", "order": order, "session": session});
    world.post("/api/webhooks/stripe", &[("stripe-signature", "good")], expired.to_string()).await;
    let again = world.post("/api/orders", &key, order_body().to_string()).await.json();
    assert_eq!(again["order_id"], first["order_id"]);
    assert_ne!(again["payment_url"], first["payment_url"]);
    assert_eq!(world.ledger.events().await, ["OrderPlaced", "CheckoutOpened", "CheckoutExpired", "CheckoutOpened"]);
}

#[tokio::test]
async fn when_the_store_is_down_the_answer_is_try_again() {
    let world = world().await;
    world.ledger.go_down().await;
    let answer = world.post("/api/orders", &[], order_body().to_string()).await;
    assert_eq!(answer.problem(), (503, "service.unavailable".to_owned()));
    assert!(!answer.header("retry-after").is_empty());
    assert!(!answer.text().contains("refused"), "nothing internal may show");
}
