//! The double of Stripe, by hand-written requests and by the product's own client.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bench::{Bench, ORDER, until};

#[tokio::test]
async fn a_session_opens_with_what_was_asked() {
    let bench = Bench::start().await;
    let response = bench.stripe("/checkout/sessions", None, &ORDER).await;
    assert!(response.headers()["request-id"].to_str().unwrap().starts_with("req_"));
    assert_eq!(response.headers()["stripe-version"], "2026-09-30.endive");
    let session: Value = response.json().await.unwrap();
    assert!(session["id"].as_str().unwrap().starts_with("cs_test_sbx_"));
    assert_eq!((session["status"].clone(), session["payment_status"].clone()), (json!("open"), json!("unpaid")));
    assert_eq!(session["amount_total"], 34_800);
    assert_eq!(session["client_reference_id"], "order-1");
    assert_eq!(session["metadata"], json!({ "order_id": "order-1" }));
    assert_eq!(session["expires_at"].as_i64().unwrap() - session["created"].as_i64().unwrap(), 86_400);
    assert!(session["url"].as_str().unwrap().starts_with(&bench.base));
}

#[tokio::test]
async fn the_products_client_understands_every_answer() {
    use stripe_checkout::checkout_session::{CreateCheckoutSession, RetrieveCheckoutSession};
    let bench = Bench::start().await;
    let client = stripe::ClientBuilder::new("sk_test_it").url(bench.url("/stripe/")).build().unwrap();
    let created = CreateCheckoutSession::new()
        .mode(stripe_shared::CheckoutSessionMode::Payment)
        .success_url("http://127.0.0.1:9/retour?session={CHECKOUT_SESSION_ID}")
        .client_reference_id("order-1")
        .line_items(vec![stripe_checkout::checkout_session::CreateCheckoutSessionLineItems {
            quantity: Some(1),
            price_data: Some(stripe_checkout::checkout_session::CreateCheckoutSessionLineItemsPriceData {
                unit_amount: Some(34_800),
                product_data: Some(stripe_checkout::checkout_session::ProductData::new("Diagnostic logement")),
                ..stripe_checkout::checkout_session::CreateCheckoutSessionLineItemsPriceData::new(
                    stripe_types::Currency::EUR,
                )
            }),
            ..Default::default()
        }])
        .send(&client)
        .await
        .unwrap();
    assert_eq!(created.amount_total, Some(34_800));
    bench.control("POST", &format!("/stripe/checkout/{}/pay", created.id), json!({})).await;
    let paid =
        RetrieveCheckoutSession::new(&created.id).expand(vec!["line_items".to_owned()]).send(&client).await.unwrap();
    assert_eq!(paid.payment_status, stripe_shared::CheckoutSessionPaymentStatus::Paid);
    assert_eq!(paid.line_items.unwrap().data[0].amount_total, 34_800);
}

#[tokio::test]
async fn wrong_parameters_are_refused_by_name() {
    let bench = Bench::start().await;
    let cases: [(&str, &str, &str, &str); 7] = [
        ("colour", "blue", "parameter_unknown", "colour"),
        ("line_items[0][price_data][colour]", "blue", "parameter_unknown", "line_items[0][price_data][colour]"),
        ("line_items[0][quantity]", "many", "parameter_invalid_integer", "line_items[0][quantity]"),
        ("success_url", "nowhere", "url_invalid", "success_url"),
        ("success_url", "", "parameter_missing", "success_url"),
        ("mode", "", "parameter_missing", "mode"),
        (
            "line_items[0][price_data][product_data][name]",
            "",
            "parameter_invalid_empty",
            "line_items[0][price_data][product_data][name]",
        ),
    ];
    for (name, value, code, param) in cases {
        let mut form: Vec<(&str, &str)> = ORDER.into_iter().filter(|(known, _)| *known != name).collect();
        form.push((name, value));
        let response = bench.stripe("/checkout/sessions", None, &form).await;
        assert_eq!(response.status(), 400, "{name}={value}");
        let body: Value = response.json().await.unwrap();
        assert_eq!((body["error"]["code"].as_str(), body["error"]["param"].as_str()), (Some(code), Some(param)));
    }
    let sessions = bench.retrieve("/checkout/sessions").await;
    assert_eq!(sessions["data"], json!([]), "a refused call creates nothing");
}

#[tokio::test]
async fn what_is_not_doubled_is_said_and_not_ignored() {
    let bench = Bench::start().await;
    for extra in [("mode", "setup"), ("discounts[0][coupon]", "x"), ("payment_method_types[0]", "paypal")] {
        let mut form: Vec<(&str, &str)> = ORDER.into_iter().filter(|(known, _)| *known != extra.0).collect();
        form.push(extra);
        assert_eq!(bench.stripe("/checkout/sessions", None, &form).await.status(), 501, "{extra:?}");
    }
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_path_are_refused_in_stripes_words() {
    let bench = Bench::start().await;
    let url = bench.url("/stripe/v1/checkout/sessions");
    for key in ["sk_test_refused", "sk_live_anything", "nonsense"] {
        let response = bench.http.get(&url).bearer_auth(key).send().await.unwrap();
        assert_eq!(response.status(), 401, "{key}");
    }
    assert_eq!(bench.http.get(&url).send().await.unwrap().status(), 401);
    let lost = bench.retrieve("/checkout/session").await;
    assert!(lost["error"]["message"].as_str().unwrap().contains("Unrecognized request URL"));
    let missing = bench.retrieve("/checkout/sessions/cs_test_unknown").await;
    assert_eq!(missing["error"]["code"], "resource_missing");
}

#[tokio::test]
async fn a_key_replays_the_first_answer_whatever_the_order_of_fields() {
    let bench = Bench::start().await;
    let first = bench.stripe("/checkout/sessions", Some("checkout:1:1"), &ORDER).await;
    assert!(!first.headers().contains_key("idempotent-replayed"));
    let first: Value = first.json().await.unwrap();
    let mut shuffled = ORDER;
    shuffled.reverse();
    let second = bench.stripe("/checkout/sessions", Some("checkout:1:1"), &shuffled).await;
    assert_eq!(second.headers()["idempotent-replayed"], "true");
    assert_eq!(second.json::<Value>().await.unwrap(), first);
    let sessions = bench.retrieve("/checkout/sessions").await;
    assert_eq!(sessions["data"].as_array().unwrap().len(), 1);

    let mut other = ORDER;
    other[3].1 = "100";
    let refused = bench.stripe("/checkout/sessions", Some("checkout:1:1"), &other).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.json::<Value>().await.unwrap()["error"]["type"], "idempotency_error");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn simultaneous_calls_with_one_key_open_one_session() {
    let bench = Bench::start().await;
    for round in 0..10 {
        let key = format!("checkout:2:{round}");
        let calls = (0..8).map(|_| bench.stripe("/checkout/sessions", Some(&key), &ORDER));
        let answers = futures::future::join_all(calls).await;
        assert!(answers.iter().all(|answer| [200, 409].contains(&answer.status().as_u16())));
        assert!(answers.iter().any(|answer| answer.status() == 200));
        let again = bench.stripe("/checkout/sessions", Some(&key), &ORDER).await;
        assert_eq!(again.headers()["idempotent-replayed"], "true");
    }
    let sessions = bench.retrieve("/checkout/sessions?limit=100").await;
    assert_eq!(sessions["data"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn a_refused_call_leaves_its_key_free() {
    let bench = Bench::start().await;
    assert_eq!(bench.stripe("/checkout/sessions", Some("k"), &ORDER[..3]).await.status(), 400);
    assert_eq!(bench.stripe("/checkout/sessions", Some("k"), &ORDER).await.status(), 200);
}

#[tokio::test]
async fn a_key_in_use_is_told_to_wait() {
    let bench = Bench::start().await;
    bench.fault(json!({ "service": "stripe", "effect": { "kind": "latency", "ms": 1500 } })).await;
    let (slow, hurried) = tokio::join!(bench.stripe("/checkout/sessions", Some("k"), &ORDER), async {
        until("the slow call to be under way", async || {
            let sessions = bench.retrieve("/checkout/sessions").await;
            (sessions["data"] != json!([])).then_some(())
        })
        .await;
        bench.stripe("/checkout/sessions", Some("k"), &ORDER).await
    });
    assert_eq!((slow.status().as_u16(), hurried.status().as_u16()), (200, 409));
    assert_eq!(bench.stripe("/checkout/sessions", Some("k"), &ORDER).await.headers()["idempotent-replayed"], "true");
}

#[tokio::test]
async fn paying_completes_the_session_once() {
    let bench = Bench::start().await;
    let session = bench.paid().await;
    let id = session["id"].as_str().unwrap();
    let paid = bench.retrieve(&format!("/checkout/sessions/{id}?expand[]=payment_intent.latest_charge")).await;
    assert_eq!(
        (paid["status"].clone(), paid["payment_status"].clone(), paid["url"].clone()),
        (json!("complete"), json!("paid"), Value::Null)
    );
    assert_eq!(paid["payment_intent"]["latest_charge"]["amount"], 34_800);
    let again = bench.http.post(bench.url(&format!("/_sandbox/stripe/checkout/{id}/pay"))).send().await.unwrap();
    assert_eq!(again.status(), 409);
    assert_eq!(bench.stripe(&format!("/checkout/sessions/{id}/expire"), None, &[]).await.status(), 400);
    until("three events", async || (bench.inbox.kinds().len() == 3).then_some(())).await;
    let mut kinds = bench.inbox.kinds();
    kinds.sort();
    assert_eq!(kinds, ["charge.succeeded", "checkout.session.completed", "payment_intent.succeeded"]);
}

#[tokio::test]
async fn a_declined_card_leaves_the_session_open() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let id = session["id"].as_str().unwrap();
    let pay = |card: &'static str| {
        let (bench, path) = (&bench, format!("/stripe/checkout/{id}/pay"));
        async move { bench.control("POST", &path, json!({ "card": card })).await }
    };
    assert_eq!(pay("4000 0000 0000 9995").await["reason"], "insufficient_funds");
    assert_eq!(pay("4111 1111 1111 1111").await["reason"], "test_mode_live_card");
    assert_eq!(bench.retrieve(&format!("/checkout/sessions/{id}")).await["status"], "open");
    assert_eq!(pay("4242 4242 4242 4242").await["outcome"], "paid");
}

#[tokio::test]
async fn a_session_expires_by_the_sandbox_clock_and_cannot_be_paid() {
    let bench = Bench::start().await;
    let id = bench.session().await["id"].as_str().unwrap().to_owned();
    bench.control("POST", "/clock", json!({ "advance_s": 86_401 })).await;
    let expired = bench.retrieve(&format!("/checkout/sessions/{id}")).await;
    assert_eq!((expired["status"].clone(), expired["url"].clone()), (json!("expired"), Value::Null));
    let pay = bench.http.post(bench.url(&format!("/_sandbox/stripe/checkout/{id}/pay"))).send().await.unwrap();
    assert_eq!(pay.status(), 410);
    until("the event", async || bench.inbox.kinds().contains(&"checkout.session.expired".to_owned()).then_some(()))
        .await;
}

#[tokio::test]
async fn expiring_by_call_works_while_open() {
    let bench = Bench::start().await;
    let id = bench.session().await["id"].as_str().unwrap().to_owned();
    let expired: Value =
        bench.stripe(&format!("/checkout/sessions/{id}/expire"), None, &[]).await.json().await.unwrap();
    assert_eq!(expired["status"], "expired");
}

#[tokio::test]
async fn refunds_in_parts_never_exceed_what_was_paid() {
    let bench = Bench::start().await;
    let id = bench.paid().await["id"].as_str().unwrap().to_owned();
    let intent =
        bench.retrieve(&format!("/checkout/sessions/{id}")).await["payment_intent"].as_str().unwrap().to_owned();
    let refund = |amount: &'static str| {
        let intent = intent.clone();
        let bench = &bench;
        async move { bench.stripe("/refunds", None, &[("payment_intent", &intent), ("amount", amount)]).await }
    };
    let part: Value = refund("10000").await.json().await.unwrap();
    assert_eq!((part["status"].clone(), part["amount"].clone()), (json!("succeeded"), json!(10_000)));
    assert_eq!(refund("24801").await.status(), 400);
    assert_eq!(refund("24800").await.status(), 200);
    let over: Value = refund("1").await.json().await.unwrap();
    assert_eq!(over["error"]["code"], "charge_already_refunded");
    until("two refund events", async || {
        let refunded = bench.inbox.kinds().iter().filter(|kind| *kind == "charge.refunded").count();
        (refunded == 2).then_some(())
    })
    .await;
}
