//! Checkout Sessions against a server that misbehaves.

use domain::{
    money::Price,
    ports::{CheckoutRequest, Payments, PortError},
};
use infra::{
    http::Secret,
    stripe::{StripeConfig, StripePayments},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::vendor::{Reply, Vendor};

const ORDER: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0007);

fn request() -> CheckoutRequest {
    CheckoutRequest {
        order: ORDER,
        attempt: 1,
        price: Price::before_tax(29_000, 2_000, "EUR"),
        title: "LOG-01 — Nantes".into(),
        email: "mairie@example.fr".into(),
        success_url: "http://127.0.0.1:8080/retour?session={CHECKOUT_SESSION_ID}".into(),
        cancel_url: "http://127.0.0.1:8080/annulation".into(),
    }
}

fn session() -> Value {
    json!({
        "id": "cs_test_1", "object": "checkout.session", "url": "http://127.0.0.1/pay/cs_test_1", "status": "open",
        "expires_at": 1_795_086_400, "livemode": false, "amount_total": 34_800, "currency": "eur",
        "client_reference_id": ORDER, "metadata": {"order_id": ORDER},
    })
}

fn with(field: &str, value: Value) -> Reply {
    let mut session = session();
    session[field] = value;
    Reply::json(200, &session)
}

/// Where a path precedes the API's own, as in the sandbox; the final slash must not double.
fn payments(vendor: &Vendor) -> StripePayments {
    let config = StripeConfig {
        base_url: format!("{}/stripe/", vendor.url),
        secret_key: Secret::new("sk_test_canary"),
        webhook_secrets: vec![],
        livemode: false,
    };
    StripePayments::new(config).unwrap()
}

#[tokio::test]
async fn an_outage_and_a_cut_answer_are_retried_with_the_same_key_and_form() {
    let vendor = Vendor::answering([
        Reply::json(503, &json!({"error": {"type": "api_error"}})),
        Reply::json(200, &session()).cut(),
        Reply::json(200, &session()).with("request-id", "req_1"),
    ])
    .await;
    let checkout = payments(&vendor).open_checkout(&request()).await.unwrap();
    assert_eq!((checkout.session.as_str(), checkout.expires_at.timestamp()), ("cs_test_1", 1_795_086_400));
    let asked = vendor.asked();
    assert_eq!(asked.len(), 3);
    for question in &asked {
        assert_eq!(question.path, "/stripe/v1/checkout/sessions");
        assert_eq!(question.header("idempotency-key"), format!("checkout:{ORDER}:1"));
        assert_eq!(question.header("authorization"), "Bearer sk_test_canary");
        assert_eq!(question.header("stripe-version"), "2026-09-30.endive");
        assert_eq!(question.text(), asked[0].text());
    }
}

#[tokio::test]
async fn a_refusal_is_not_retried_and_quotes_nothing_personal() {
    let sentence = "Keys for idempotent requests can only be used with the same parameters: mairie@example.fr";
    let refusal = json!({"error": {"type": "idempotency_error", "message": sentence}});
    let vendor = Vendor::answering([Reply::json(400, &refusal).with("request-id", "req_9")]).await;
    let error = payments(&vendor).open_checkout(&request()).await.unwrap_err();
    assert_eq!(vendor.asked().len(), 1);
    let told = error.to_string();
    assert!(matches!(error, PortError::Refused { .. }));
    assert!(told.contains("idempotency_error") && told.contains("req_9"), "{told}");
    assert!(!told.contains("mairie@") && !told.contains("canary"), "{told}");
}

#[tokio::test]
async fn the_vendor_may_ask_for_patience_or_for_none() {
    let vendor = Vendor::answering([
        Reply::json(400, &json!({"error": {"code": "lock_timeout"}})).with("stripe-should-retry", "true"),
        Reply::json(200, &session()),
    ])
    .await;
    payments(&vendor).open_checkout(&request()).await.unwrap();
    let vendor = Vendor::answering([Reply::empty(500).with("stripe-should-retry", "false")]).await;
    assert!(!payments(&vendor).open_checkout(&request()).await.unwrap_err().is_transient());
}

#[tokio::test]
async fn a_session_of_something_else_reaches_no_customer() {
    for reply in [
        with("client_reference_id", json!(Uuid::from_u128(1))),
        with("metadata", json!({"order_id": "ord_other"})),
        with("amount_total", json!(100)),
        with("livemode", json!(true)),
        with("url", Value::Null),
    ] {
        let vendor = Vendor::answering([reply]).await;
        let error = payments(&vendor).open_checkout(&request()).await.unwrap_err();
        assert!(matches!(error, PortError::Refused { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Vendor::answering([Reply::json(200, &session())]).await;
    let vendor = Vendor::answering([Reply::empty(302).with("location", &elsewhere.url)]).await;
    assert!(payments(&vendor).open_checkout(&request()).await.is_err());
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn nobody_at_the_other_end_is_transient() {
    let config = StripeConfig {
        base_url: "http://127.0.0.1:9".into(),
        secret_key: Secret::new("sk_test_x"),
        webhook_secrets: vec![],
        livemode: false,
    };
    let error = StripePayments::new(config).unwrap().open_checkout(&request()).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("no connection"), "{error}");
}
