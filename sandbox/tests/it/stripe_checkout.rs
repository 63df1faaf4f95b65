//! Checkout sessions: what may be asked, what is refused by name, and how they are found again.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bench::{Bench, ORDER, until};

/// An ordinary order with other or more parameters; an empty value leaves one out.
fn order<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form: Vec<(&str, &str)> =
        ORDER.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name)).collect();
    form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    form
}

async fn opened(bench: &Bench, changes: &[(&str, &str)]) -> Value {
    let response = bench.stripe("/checkout/sessions", None, &order(changes)).await;
    let status = response.status();
    let body: Value = response.json().await.unwrap();
    assert_eq!(status, 200, "{body}");
    body
}

async fn refused(bench: &Bench, changes: &[(&str, &str)]) -> (u16, Option<String>) {
    let response = bench.stripe("/checkout/sessions", None, &order(changes)).await;
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, body["error"]["param"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn contradictions_and_limits_are_refused_with_their_parameter() {
    let bench = Bench::start().await;
    let now = bench.session().await["created"].as_i64().unwrap();
    let (soon, late) = ((now + 20 * 60).to_string(), (now + 25 * 3_600).to_string());
    let long = "x".repeat(501);
    let longer_reference = "r".repeat(201);
    let long_key = format!("metadata[{}]", "k".repeat(41));
    let many: Vec<String> = (0..51).map(|number| format!("metadata[k{number}]")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "v")).collect();
    let cases: [(&[(&str, &str)], &str); 24] = [
        (&[("metadata[a]", &long)], "metadata[a]"),
        (&[(&long_key, "v")], "metadata"),
        (&many, "metadata"),
        (&[("client_reference_id", &longer_reference)], "client_reference_id"),
        (&[("expires_at", &soon)], "expires_at"),
        (&[("expires_at", &late)], "expires_at"),
        (&[("expires_at", "tomorrow")], "expires_at"),
        (&[("customer", "cus_1")], "customer"),
        (&[("customer_email", ""), ("customer", "cus_1")], "customer"),
        (&[("customer_email", "nobody")], "customer_email"),
        (&[("automatic_tax[enabled]", "perhaps")], "automatic_tax[enabled]"),
        (&[("automatic_tax", "yes")], "automatic_tax"),
        (&[("metadata", "text"), ("metadata[order_id]", "")], "metadata"),
        (&[("mode[x]", "payment"), ("mode", "")], "mode"),
        (&[("line_items[0][price_data][unit_amount]", "-1")], "line_items[0][price_data][unit_amount]"),
        (&[("line_items[0][quantity]", "0")], "line_items[0][quantity]"),
        (&[("line_items[0][price]", "price_none"), ("line_items[0][quantity]", "1")], "line_items[0][price]"),
        (&[("billing_address_collection", "maybe")], "billing_address_collection"),
        (&[("consent_collection[terms_of_service]", "asked")], "consent_collection[terms_of_service]"),
        (&[("tax_id_collection[required]", "never")], "tax_id_collection[enabled]"),
        (&[("customer_update[name]", "auto")], "customer_update"),
        (&[("subscription_data[metadata][a]", "b")], "subscription_data"),
        (&[("line_items[0][price_data][recurring][interval]", "month")], "mode"),
        (&[("invoice_creation[enabled]", "true"), ("invoice_creation[colour]", "red")], "invoice_creation[colour]"),
    ];
    for (changes, param) in cases {
        assert_eq!(refused(&bench, changes).await, (400, Some(param.to_owned())), "{changes:?}");
    }
    let sessions = bench.retrieve("/checkout/sessions").await;
    assert_eq!(sessions["data"].as_array().unwrap().len(), 1, "a refused call opens nothing");
}

#[tokio::test]
async fn limits_themselves_are_allowed() {
    let bench = Bench::start().await;
    let now = bench.session().await["created"].as_i64().unwrap();
    let reference = "r".repeat(200);
    let key = format!("metadata[{}]", "k".repeat(40));
    let value = "v".repeat(500);
    let ends = (now + 30 * 60 + 5).to_string();
    let session = opened(&bench, &[("client_reference_id", &reference), (&key, &value), ("expires_at", &ends)]).await;
    assert_eq!(session["client_reference_id"], json!(reference));
    assert_eq!(session["metadata"]["k".repeat(40)], json!(value));
    assert_eq!(session["expires_at"], now + 30 * 60 + 5);
}

#[tokio::test]
async fn options_come_back_as_they_were_asked_for() {
    let bench = Bench::start().await;
    let session = opened(
        &bench,
        &[
            ("line_items[0][price_data][tax_behavior]", "inclusive"),
            ("line_items[1][price_data][currency]", "eur"),
            ("line_items[1][price_data][unit_amount]", "1000"),
            ("line_items[1][price_data][tax_behavior]", "exclusive"),
            ("line_items[1][price_data][product_data][name]", "Option"),
            ("line_items[1][quantity]", "3"),
            ("automatic_tax[enabled]", "true"),
            ("tax_id_collection[enabled]", "true"),
            ("billing_address_collection", "required"),
            ("consent_collection[terms_of_service]", "required"),
            ("allow_promotion_codes", "true"),
            ("after_expiration[recovery][enabled]", "true"),
            ("locale", "fr"),
            ("customer_creation", "always"),
            ("payment_intent_data[metadata][order_id]", "order-1"),
        ],
    )
    .await;
    assert_eq!(session["amount_total"], 34_800 + 3_600);
    assert_eq!(session["amount_subtotal"], 34_800 + 3_000);
    assert_eq!(session["total_details"]["amount_tax"], 5_800 + 600);
    assert_eq!(session["automatic_tax"]["enabled"], true);
    assert_eq!(session["tax_id_collection"], json!({ "enabled": true, "required": "never" }));
    assert_eq!(session["billing_address_collection"], "required");
    assert_eq!(session["consent_collection"]["terms_of_service"], "required");
    assert_eq!(session["allow_promotion_codes"], true);
    assert_eq!(session["after_expiration"]["recovery"]["enabled"], true);
    assert_eq!(session["locale"], "fr");
    assert_eq!((session["consent"].clone(), session["customer"].clone()), (Value::Null, Value::Null));
    let id = session["id"].as_str().unwrap();
    bench.control("POST", &format!("/stripe/checkout/{id}/pay"), json!({ "tax_id": "21350051900017" })).await;
    let paid = bench.retrieve(&format!("/checkout/sessions/{id}?expand[]=payment_intent&expand[]=customer")).await;
    assert_eq!(paid["consent"]["terms_of_service"], "accepted");
    assert_eq!(paid["customer_details"]["tax_ids"], json!([{ "type": "fr_siret", "value": "21350051900017" }]));
    assert_eq!(paid["customer"]["email"], "acheteur@example.fr");
    // The session's own metadata is not copied: only what was meant for the intent is there.
    assert_eq!(paid["payment_intent"]["metadata"], json!({ "order_id": "order-1" }));
}

#[tokio::test]
async fn a_known_customer_and_a_known_price_are_used() {
    let bench = Bench::start().await;
    let made = |path: &'static str, form: Vec<(&'static str, String)>| {
        let bench = &bench;
        async move {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            bench.stripe(path, None, &form).await.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned()
        }
    };
    let customer = made("/customers", vec![("email", "mairie@example.fr".into()), ("metadata[a]", "b".into())]).await;
    let product = made("/products", vec![("name", "Étude".into())]).await;
    let price =
        made("/prices", vec![("product", product), ("currency", "eur".into()), ("unit_amount", "900".into())]).await;
    let form = [
        ("mode", "payment"),
        ("customer", &customer),
        ("line_items[0][price]", &price),
        ("line_items[0][quantity]", "2"),
        ("success_url", "http://127.0.0.1:9/x"),
    ];
    let session: Value = bench.stripe("/checkout/sessions", None, &form).await.json().await.unwrap();
    assert_eq!((session["customer"].clone(), session["amount_total"].clone()), (json!(customer), json!(1_800)));
    let refused = bench
        .stripe("/checkout/sessions", None, &[form.as_slice(), &[("tax_id_collection[enabled]", "true")]].concat())
        .await;
    assert_eq!(refused.json::<Value>().await.unwrap()["error"]["param"], "customer_update[name]");
    let found = bench.retrieve(&format!("/checkout/sessions?customer={customer}")).await;
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
    let lines = bench
        .retrieve(&format!(
            "/checkout/sessions/{}/line_items?expand[]=data.price.product",
            session["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(lines["data"][0]["price"]["product"]["name"], "Étude");
}

#[tokio::test]
async fn nothing_to_pay_is_completed_without_a_payment() {
    let bench = Bench::start().await;
    let session = opened(&bench, &[("line_items[0][price_data][unit_amount]", "0")]).await;
    assert_eq!(session["payment_status"], "no_payment_required");
    let id = session["id"].as_str().unwrap();
    bench.control("POST", &format!("/stripe/checkout/{id}/pay"), json!({})).await;
    let done = bench.retrieve(&format!("/checkout/sessions/{id}")).await;
    assert_eq!(
        (&done["status"], &done["payment_status"], &done["payment_intent"]),
        (&json!("complete"), &json!("no_payment_required"), &Value::Null)
    );
    assert_eq!(bench.retrieve("/charges").await["data"], json!([]));
    assert_eq!(refused(&bench, &[("line_items[0][price_data][unit_amount]", "49")]).await.0, 400);
}

#[tokio::test]
async fn sessions_are_listed_in_pages_by_time_and_state() {
    let bench = Bench::start().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(bench.session().await["id"].as_str().unwrap().to_owned());
        bench.control("POST", "/clock", json!({ "advance_s": 60 })).await;
    }
    ids.reverse();
    let page = async |query: String| {
        let answer = bench.retrieve(&format!("/checkout/sessions?{query}")).await;
        let found: Vec<String> =
            answer["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        (found, answer["has_more"].as_bool().unwrap())
    };
    assert_eq!(page("limit=2".into()).await, (ids[..2].to_vec(), true));
    assert_eq!(page(format!("limit=2&starting_after={}", ids[1])).await, (ids[2..4].to_vec(), true));
    assert_eq!(page(format!("limit=2&starting_after={}", ids[3])).await, (ids[4..].to_vec(), false));
    assert_eq!(page(format!("limit=2&ending_before={}", ids[3])).await, (ids[1..3].to_vec(), true));
    assert_eq!(page(format!("ending_before={}", ids[2])).await, (ids[..2].to_vec(), false));
    let created = bench.retrieve(&format!("/checkout/sessions/{}", ids[2])).await["created"].as_i64().unwrap();
    assert_eq!(page(format!("created[gte]={created}")).await.0, ids[..3].to_vec());
    assert_eq!(page(format!("created[gt]={created}")).await.0, ids[..2].to_vec());
    assert_eq!(page(format!("created[lt]={created}")).await.0, ids[3..].to_vec());
    assert_eq!(page(format!("created[lte]={created}&created[gt]={}", created - 70)).await.0, ids[2..4].to_vec());
    bench.control("POST", &format!("/stripe/checkout/{}/pay", ids[1]), json!({})).await;
    bench.stripe(&format!("/checkout/sessions/{}/expire", ids[4]), None, &[]).await;
    assert_eq!(page("status=complete".into()).await.0, ids[1..2].to_vec());
    assert_eq!(page("status=expired".into()).await.0, ids[4..].to_vec());
    let intent = bench.retrieve(&format!("/checkout/sessions/{}", ids[1])).await["payment_intent"].clone();
    assert_eq!(page(format!("payment_intent={}", intent.as_str().unwrap())).await.0, ids[1..2].to_vec());
    for (query, param) in
        [("limit=0", "limit"), ("limit=101", "limit"), ("starting_after=cs_test_none", "starting_after")]
    {
        let refused = bench.retrieve(&format!("/checkout/sessions?{query}")).await;
        assert_eq!(refused["error"]["param"], param, "{query}");
    }
}

#[tokio::test]
async fn one_call_shows_a_session_with_all_that_hangs_on_it() {
    let bench = Bench::start().await;
    bench.paid().await;
    let list = bench
        .retrieve(
            "/checkout/sessions?expand[]=data.payment_intent&expand[]=data.payment_intent.latest_charge&expand[]=data.line_items",
        )
        .await;
    let session = &list["data"][0];
    assert_eq!(session["payment_intent"]["latest_charge"]["payment_intent"], session["payment_intent"]["id"]);
    assert_eq!(session["line_items"]["data"][0]["amount_total"], 34_800);
    let charge = session["payment_intent"]["latest_charge"]["id"].as_str().unwrap().to_owned();
    bench.stripe("/refunds", None, &[("charge", &charge)]).await;
    let refunds = bench.retrieve("/refunds?expand[]=data.charge&expand[]=data.payment_intent").await;
    assert_eq!(refunds["data"][0]["charge"]["amount_refunded"], 34_800);
    assert_eq!(refunds["data"][0]["payment_intent"]["status"], "succeeded");
    let charge = bench.retrieve(&format!("/charges/{charge}?expand[]=refunds")).await;
    assert_eq!(charge["refunds"]["data"][0]["amount"], 34_800);
    let id = session["id"].as_str().unwrap();
    for path in ["colour", "amount_total", "id", "payment_intent.latest_charge.payment_intent.latest_charge.refunds"] {
        let refused = bench.retrieve(&format!("/checkout/sessions/{id}?expand[]={path}")).await;
        assert_eq!(refused["error"]["param"], "expand", "{path}");
    }
    for path in ["subscription", "invoice", "customer", "payment_intent", "line_items"] {
        let shown = bench.retrieve(&format!("/checkout/sessions/{id}?expand[]={path}")).await;
        assert_eq!(shown["id"], id, "{path}");
    }
}

#[tokio::test]
async fn an_expired_session_can_be_recovered_when_asked_for() {
    let bench = Bench::start().await;
    let session = opened(&bench, &[("after_expiration[recovery][enabled]", "true")]).await;
    let id = session["id"].as_str().unwrap();
    let ended: Value = bench.stripe(&format!("/checkout/sessions/{id}/expire"), None, &[]).await.json().await.unwrap();
    let link = ended["after_expiration"]["recovery"]["url"].as_str().unwrap();
    let again = bench.http.get(link).send().await.unwrap();
    let address = again.headers()["location"].to_str().unwrap().to_owned();
    let new = address.rsplit('/').next().unwrap();
    let recovered = bench.retrieve(&format!("/checkout/sessions/{new}")).await;
    assert_eq!((&recovered["recovered_from"], &recovered["status"]), (&json!(id), &json!("open")));
    assert_eq!(recovered["client_reference_id"], "order-1");
    bench.control("POST", "/clock", json!({ "advance_s": 31 * 24 * 3_600 })).await;
    assert_eq!(bench.http.get(link).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_key_lives_a_day_and_belongs_to_one_path() {
    let bench = Bench::start().await;
    let first: Value = bench.stripe("/checkout/sessions", Some("k"), &ORDER).await.json().await.unwrap();
    let id = first["id"].as_str().unwrap();
    let elsewhere = bench.stripe(&format!("/checkout/sessions/{id}/expire"), Some("k"), &[]).await;
    assert_eq!(elsewhere.status(), 400);
    assert_eq!(elsewhere.json::<Value>().await.unwrap()["error"]["type"], "idempotency_error");
    bench.control("POST", "/clock", json!({ "advance_s": 23 * 3_600 })).await;
    let again = bench.stripe("/checkout/sessions", Some("k"), &ORDER).await;
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert!(again.headers()["original-request"].to_str().unwrap().starts_with("req_"));
    bench.control("POST", "/clock", json!({ "advance_s": 2 * 3_600 })).await;
    let new: Value = bench.stripe("/checkout/sessions", Some("k"), &ORDER).await.json().await.unwrap();
    assert_ne!(new["id"], first["id"]);
    let long = "k".repeat(256);
    assert_eq!(bench.stripe("/checkout/sessions", Some(&long), &ORDER).await.status(), 400);
    assert_eq!(bench.stripe("/checkout/sessions", Some(&long[1..]), &ORDER).await.status(), 200);
}

#[tokio::test]
async fn json_and_invented_versions_are_refused() {
    let bench = Bench::start().await;
    let url = bench.url("/stripe/v1/checkout/sessions");
    let json =
        bench.http.post(&url).bearer_auth("sk_test_it").json(&json!({ "mode": "payment" })).send().await.unwrap();
    assert_eq!(json.status(), 400);
    for (version, status) in [("2026-10-28.endive", 200), ("2020-08-27", 200), ("tomorrow", 400), ("2026-13-01.x", 400)]
    {
        let request = bench.http.get(&url).bearer_auth("sk_test_it").header("stripe-version", version);
        assert_eq!(request.send().await.unwrap().status(), status, "{version}");
    }
}

#[tokio::test]
async fn every_test_card_does_what_it_says() {
    let bench = Bench::start().await;
    for (card, outcome) in [
        ("4242 4242 4242 4242", "paid"),
        ("4000 0025 0000 0003", "paid"),
        ("4000 0025 0000 3155", "paid"),
        ("4000 0027 6000 3184", "paid"),
        ("4000 0000 0000 7726", "paid"),
        ("4000 0000 0000 5126", "paid"),
        ("4000 0000 0000 0259", "paid"),
        ("4000 0000 0000 0002", "generic_decline"),
        ("4000 0000 0000 9995", "insufficient_funds"),
        ("4000 0000 0000 0069", "expired_card"),
        ("4000 0000 0000 0127", "incorrect_cvc"),
        ("4000 0000 0000 0119", "processing_error"),
    ] {
        let id = bench.session().await["id"].as_str().unwrap().to_owned();
        let done = bench.control("POST", &format!("/stripe/checkout/{id}/pay"), json!({ "card": card })).await;
        let said = if done["outcome"] == "paid" { &done["outcome"] } else { &done["reason"] };
        assert_eq!(said, outcome, "{card}");
        let session = bench.retrieve(&format!("/checkout/sessions/{id}?expand[]=payment_intent.latest_charge")).await;
        let status = if outcome == "paid" { "succeeded" } else { "failed" };
        assert_eq!(session["payment_intent"]["latest_charge"]["status"], status, "{card}");
    }
}

#[tokio::test]
async fn two_tries_share_one_intent() {
    let bench = Bench::start().await;
    let id = bench.session().await["id"].as_str().unwrap().to_owned();
    bench.control("POST", &format!("/stripe/checkout/{id}/decline"), json!({})).await;
    let refused = bench.retrieve(&format!("/checkout/sessions/{id}?expand[]=payment_intent")).await;
    assert_eq!(refused["payment_intent"]["last_payment_error"]["decline_code"], "generic_decline");
    bench.control("POST", &format!("/stripe/checkout/{id}/pay"), json!({})).await;
    let paid = bench.retrieve(&format!("/checkout/sessions/{id}")).await;
    assert_eq!(paid["payment_intent"], refused["payment_intent"]["id"]);
    let charges =
        bench.retrieve(&format!("/charges?payment_intent={}", paid["payment_intent"].as_str().unwrap())).await;
    assert_eq!(charges["data"].as_array().unwrap().len(), 2);
    until("all events", async || (bench.inbox.kinds().len() == 5).then_some(())).await;
}
