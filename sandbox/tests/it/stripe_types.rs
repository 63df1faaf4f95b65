//! Every object and every event is read by the types of the pinned client, which refuse what they miss.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bench::{Bench, ORDER};

/// Reads `object` as what it says it is. `None`: the client has no type for it here.
fn parsed(object: &Value) -> Option<Result<(), String>> {
    let text = object.to_string();
    fn read<T: miniserde::Deserialize>(text: &str) -> Result<(), String> {
        miniserde::json::from_str::<T>(text).map(drop).map_err(|error| error.to_string())
    }
    Some(match object["object"].as_str().unwrap() {
        "checkout.session" => read::<stripe_shared::CheckoutSession>(&text),
        "payment_intent" => read::<stripe_shared::PaymentIntent>(&text),
        "charge" => read::<stripe_shared::Charge>(&text),
        "refund" => read::<stripe_shared::Refund>(&text),
        "dispute" => read::<stripe_shared::Dispute>(&text),
        "customer" => read::<stripe_shared::Customer>(&text),
        "subscription" => read::<stripe_shared::Subscription>(&text),
        "invoice" => read::<stripe_shared::Invoice>(&text),
        "product" => read::<stripe_shared::Product>(&text),
        "price" => read::<stripe_shared::Price>(&text),
        "event" => read::<stripe_shared::Event>(&text),
        _ => return None,
    })
}

#[tokio::test]
async fn the_clients_types_read_all_events_and_their_objects() {
    let bench = Bench::start().await;
    let control = async |path: String| bench.control("POST", &format!("/stripe/{path}"), json!({})).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let open = async |form: &[(&str, &str)]| {
        let session: Value = bench.stripe("/checkout/sessions", None, form).await.json().await.unwrap();
        session["id"].as_str().unwrap_or_else(|| panic!("{session}")).to_owned()
    };
    // Paid with an invoice, refunded, disputed.
    let with_invoice = [
        ORDER.as_slice(),
        &[("invoice_creation[enabled]", "true"), ("customer_creation", "always"), ("automatic_tax[enabled]", "true")],
    ]
    .concat();
    let paid = open(&with_invoice).await;
    let intent = text(&control(format!("checkout/{paid}/pay")).await["payment_intent"]);
    bench.stripe("/refunds", None, &[("payment_intent", &intent), ("amount", "100")]).await;
    let dispute = text(&control(format!("charges/{intent}/dispute")).await["id"]);
    bench.control("POST", &format!("/stripe/disputes/{dispute}/close"), json!({ "status": "won" })).await;
    // Refused, expired, delayed twice.
    let refused = open(&ORDER).await;
    control(format!("checkout/{refused}/decline")).await;
    bench.stripe(&format!("/checkout/sessions/{refused}/expire"), None, &[]).await;
    for ending in ["delayed-succeed", "delayed-fail"] {
        let delayed = open(&ORDER).await;
        control(format!("checkout/{delayed}/pay-delayed")).await;
        control(format!("checkout/{delayed}/{ending}")).await;
    }
    // A refund that fails.
    let failing = open(&ORDER).await;
    let body = json!({ "card": "4000000000005126" });
    let done = bench.control("POST", &format!("/stripe/checkout/{failing}/pay"), body).await;
    bench.stripe("/refunds", None, &[("payment_intent", done["payment_intent"].as_str().unwrap())]).await;
    bench.control("POST", "/clock", json!({ "advance_s": 61 })).await;
    // A subscription through its whole life.
    let subscribe: Vec<(&str, &str)> = [
        ORDER.into_iter().filter(|(name, _)| *name != "mode").collect::<Vec<_>>().as_slice(),
        &[("mode", "subscription"), ("line_items[0][price_data][recurring][interval]", "year")],
    ]
    .concat();
    let session = open(&subscribe).await;
    let subscription = text(&control(format!("checkout/{session}/pay")).await["subscription"]);
    for billing in ["renew", "fail-renewal"] {
        control(format!("subscriptions/{subscription}/{billing}")).await;
    }
    let url = bench.url(&format!("/stripe/v1/subscriptions/{subscription}"));
    assert_eq!(bench.http.delete(url).bearer_auth("sk_test_it").send().await.unwrap().status(), 200);

    let events = bench.retrieve("/events?limit=100").await;
    assert_eq!(events["has_more"], false);
    let mut kinds = Vec::new();
    for event in events["data"].as_array().unwrap() {
        let kind = event["type"].as_str().unwrap();
        kinds.push(kind);
        assert_eq!(parsed(event), Some(Ok(())), "{event:#}");
        let object = &event["data"]["object"];
        assert_eq!(parsed(object), Some(Ok(())), "{kind}: {object:#}");
    }
    for kind in [
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_reinstated",
        "charge.failed",
        "charge.pending",
        "charge.refunded",
        "checkout.session.async_payment_failed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.completed",
        "checkout.session.expired",
        "customer.created",
        "customer.subscription.created",
        "customer.subscription.deleted",
        "customer.subscription.updated",
        "invoice.paid",
        "invoice.payment_failed",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "refund.failed",
        "refund.updated",
    ] {
        assert!(kinds.contains(&kind), "no {kind} was told");
    }
    for path in ["products", "prices", "customers", "charges", "payment_intents", "refunds", "disputes", "invoices"] {
        let list = bench.retrieve(&format!("/{path}?limit=100")).await;
        let data = list["data"].as_array().unwrap();
        assert!(!data.is_empty(), "{path}");
        for object in data {
            assert_eq!(parsed(object), Some(Ok(())), "{object:#}");
        }
    }
    let expanded = bench
        .retrieve(&format!("/checkout/sessions/{paid}?expand[]=payment_intent.latest_charge&expand[]=invoice&expand[]=customer&expand[]=line_items"))
        .await;
    assert_eq!(parsed(&expanded), Some(Ok(())));
}
