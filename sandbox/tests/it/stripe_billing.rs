//! Subscriptions: begun by a session, renewed, failing, cancelled on the portal, ended by the clock.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bench::{Bench, until};

const SUBSCRIBE: [(&str, &str); 11] = [
    ("mode", "subscription"),
    ("line_items[0][quantity]", "1"),
    ("line_items[0][price_data][currency]", "eur"),
    ("line_items[0][price_data][unit_amount]", "2900"),
    ("line_items[0][price_data][recurring][interval]", "month"),
    ("line_items[0][price_data][product_data][name]", "Veille territoriale"),
    ("client_reference_id", "account-1"),
    ("subscription_data[metadata][account_id]", "account-1"),
    ("customer_email", "agence@example.fr"),
    ("success_url", "http://127.0.0.1:9/retour"),
    ("cancel_url", "http://127.0.0.1:9/abandon"),
];

const DAY_S: i64 = 86_400;

struct Subscribed {
    bench: Bench,
    session: Value,
    id: String,
}

impl Subscribed {
    async fn new() -> Self {
        let bench = Bench::start().await;
        let session: Value = bench.stripe("/checkout/sessions", None, &SUBSCRIBE).await.json().await.unwrap();
        assert_eq!((&session["subscription"], &session["mode"]), (&Value::Null, &json!("subscription")), "{session}");
        let id = session["id"].as_str().unwrap();
        let done = bench.control("POST", &format!("/stripe/checkout/{id}/pay"), json!({})).await;
        let session = bench.retrieve(&format!("/checkout/sessions/{id}")).await;
        let id = done["subscription"].as_str().unwrap().to_owned();
        Self { bench, session, id }
    }

    async fn now(&self) -> Value {
        self.bench.retrieve(&format!("/subscriptions/{}", self.id)).await
    }

    async fn bill(&self, how: &str) -> Value {
        self.bench.control("POST", &format!("/stripe/subscriptions/{}/{how}", self.id), json!({})).await
    }

    async fn pass(&self, days: i64) {
        self.bench.control("POST", "/clock", json!({ "advance_s": days * DAY_S })).await;
    }

    /// All events of a kind, oldest first; published ones, delivered or not.
    async fn told(&self, kind: &str) -> Vec<Value> {
        let all = self.bench.get("/_sandbox/stripe/events").await;
        let events = all["events"].as_array().unwrap().iter().map(|event| event["body"].clone());
        events.filter(|event| event["type"] == kind).collect()
    }
}

#[tokio::test]
async fn a_paid_session_begins_a_subscription_with_its_customer_and_invoice() {
    let subscribed = Subscribed::new().await;
    let Subscribed { bench, session, id } = &subscribed;
    assert_eq!((&session["status"], &session["payment_status"]), (&json!("complete"), &json!("paid")));
    assert_eq!((&session["payment_intent"], &session["subscription"]), (&Value::Null, &json!(id)));
    let shown = bench.retrieve(&format!("/subscriptions/{id}?expand[]=customer&expand[]=latest_invoice")).await;
    assert_eq!((&shown["status"], &shown["metadata"]["account_id"]), (&json!("active"), &json!("account-1")));
    assert_eq!(shown["customer"]["email"], "agence@example.fr");
    let item = &shown["items"]["data"][0];
    assert_eq!(item["price"]["recurring"]["interval"], "month");
    let days = (item["current_period_end"].as_i64().unwrap() - item["current_period_start"].as_i64().unwrap()) / DAY_S;
    assert!((28..=31).contains(&days) && shown.get("current_period_end").is_none(), "periods are on the items");
    let invoice = &shown["latest_invoice"];
    assert_eq!((&invoice["billing_reason"], &invoice["status"]), (&json!("subscription_create"), &json!("paid")));
    assert_eq!(invoice["parent"]["type"], "subscription_details");
    assert_eq!(invoice["parent"]["subscription_details"]["subscription"], json!(id));
    assert_eq!(invoice["parent"]["subscription_details"]["metadata"]["account_id"], "account-1");
    assert!(invoice["payments"]["data"][0]["payment"]["payment_intent"].as_str().unwrap().starts_with("pi_"));
    assert!(invoice.get("charge").is_none() && invoice.get("payment_intent").is_none());
    until("all events", async || (bench.inbox.kinds().len() == 7).then_some(())).await;
    let mut kinds = bench.inbox.kinds();
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "charge.succeeded",
            "checkout.session.completed",
            "customer.created",
            "customer.subscription.created",
            "invoice.paid",
            "invoice.payment_succeeded",
            "payment_intent.succeeded",
        ]
    );
    let expanded = bench
        .retrieve(&format!(
            "/checkout/sessions/{}?expand[]=subscription&expand[]=invoice",
            session["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!((&expanded["subscription"]["id"], &expanded["invoice"]["id"]), (&json!(id), &invoice["id"]));
}

#[tokio::test]
async fn a_renewal_bills_the_next_period() {
    let subscribed = Subscribed::new().await;
    let before = subscribed.now().await["items"]["data"][0]["current_period_end"].clone();
    let after = subscribed.bill("renew").await;
    assert_eq!(after["items"]["data"][0]["current_period_start"], before);
    let invoices = subscribed.told("invoice.paid").await;
    let invoice = &invoices[1]["data"]["object"];
    assert_eq!((&invoice["billing_reason"], &invoice["amount_paid"]), (&json!("subscription_cycle"), &json!(2_900)));
    assert_eq!(invoice["lines"]["data"][0]["period"]["start"], before);
    assert_eq!(
        invoice["lines"]["data"][0]["parent"]["subscription_item_details"]["subscription"],
        json!(subscribed.id)
    );
    let told = subscribed.told("customer.subscription.updated").await;
    assert!(told[0]["data"]["previous_attributes"]["latest_invoice"].is_string());
    assert!(told[0]["data"]["previous_attributes"]["items"]["data"][0]["current_period_end"].is_i64());
}

#[tokio::test]
async fn the_clock_renews_by_itself() {
    let subscribed = Subscribed::new().await;
    subscribed.pass(95).await;
    assert_eq!(subscribed.told("invoice.paid").await.len(), 4, "three months have passed");
    assert_eq!(subscribed.now().await["status"], "active");
}

#[tokio::test]
async fn a_failed_renewal_is_reminded_of_until_it_is_unpaid_or_paid() {
    let subscribed = Subscribed::new().await;
    assert_eq!(subscribed.bill("fail-renewal").await["status"], "past_due");
    let failed = subscribed.told("invoice.payment_failed").await;
    let invoice = &failed[0]["data"]["object"];
    assert_eq!((&invoice["status"], &invoice["attempt_count"]), (&json!("open"), &json!(1)));
    assert!(invoice["next_payment_attempt"].is_i64());
    let told = subscribed.told("customer.subscription.updated").await;
    assert_eq!(told[0]["data"]["previous_attributes"]["status"], "active");
    subscribed.pass(3).await;
    assert_eq!(subscribed.told("invoice.payment_failed").await.len(), 2, "the first reminder");
    subscribed.pass(13).await;
    subscribed.pass(8).await;
    let failed = subscribed.told("invoice.payment_failed").await;
    assert_eq!((failed.len(), &failed[3]["data"]["object"]["next_payment_attempt"]), (4, &Value::Null));
    assert!(failed.iter().all(|event| event["data"]["object"]["id"] == invoice["id"]), "one invoice all along");
    assert_eq!(subscribed.now().await["status"], "unpaid");
    assert_eq!(subscribed.bill("renew").await["status"], "active", "the customer pays after all");
    let paid = bench_invoice(&subscribed, invoice["id"].as_str().unwrap()).await;
    assert_eq!((&paid["status"], &paid["attempt_count"]), (&json!("paid"), &json!(5)));
}

async fn bench_invoice(subscribed: &Subscribed, id: &str) -> Value {
    subscribed.bench.retrieve(&format!("/invoices/{id}")).await
}

#[tokio::test]
async fn the_portal_cancels_resumes_and_goes_back() {
    let subscribed = Subscribed::new().await;
    let bench = &subscribed.bench;
    let customer = subscribed.session["customer"].as_str().unwrap();
    let form = [("customer", customer), ("return_url", "http://127.0.0.1:9/compte"), ("locale", "fr")];
    let portal: Value = bench.stripe("/billing_portal/sessions", None, &form).await.json().await.unwrap();
    assert_eq!((&portal["object"], &portal["customer"]), (&json!("billing_portal.session"), &json!(customer)));
    let url = portal["url"].as_str().unwrap();
    let read = async || bench.http.get(url).send().await.unwrap().text().await.unwrap();
    let page = read().await;
    for piece in ["Veille territoriale", "29,00\u{a0}€ par mois", "Résilier", "http://127.0.0.1:9/compte", "SBX-"] {
        assert!(page.contains(piece), "{piece}");
    }
    assert!(!page.contains("<script"));
    let press = async |action: &str| {
        let address = format!("{url}/subscriptions/{}/{action}", subscribed.id);
        let answer = bench.http.post(address).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        let next = bench.url(answer.headers()["location"].to_str().unwrap());
        bench.http.get(next).send().await.unwrap().text().await.unwrap()
    };
    assert!(press("cancel").await.contains("Reprendre"));
    let cancelled = subscribed.now().await;
    assert_eq!(cancelled["cancel_at_period_end"], true);
    assert_eq!(cancelled["cancel_at"], cancelled["items"]["data"][0]["current_period_end"]);
    let told = subscribed.told("customer.subscription.updated").await;
    assert_eq!(told[0]["data"]["previous_attributes"]["cancel_at_period_end"], false);
    assert!(press("resume").await.contains("Résilier"));
    assert_eq!(subscribed.now().await["cancel_at_period_end"], false);
    press("cancel").await;
    subscribed.pass(32).await;
    let ended = subscribed.now().await;
    assert_eq!(ended["status"], "canceled");
    assert_eq!(subscribed.told("customer.subscription.deleted").await[0]["data"]["object"]["status"], "canceled");
    assert_eq!(subscribed.told("invoice.paid").await.len(), 1, "nothing is billed after the end");
    assert_eq!(bench.http.get(url).send().await.unwrap().status(), 410, "links are short-lived");
    let again = bench.http.post(bench.url(&format!("/_sandbox/stripe/subscriptions/{}/renew", subscribed.id)));
    assert_eq!(again.send().await.unwrap().status(), 409);
}

#[tokio::test]
async fn the_portal_opens_to_its_own_customer_only() {
    let subscribed = Subscribed::new().await;
    let bench = &subscribed.bench;
    let stranger: Value = bench.stripe("/customers", None, &[("email", "x@example.fr")]).await.json().await.unwrap();
    let form = [("customer", stranger["id"].as_str().unwrap())];
    let portal: Value = bench.stripe("/billing_portal/sessions", None, &form).await.json().await.unwrap();
    let url = portal["url"].as_str().unwrap();
    assert!(bench.http.get(url).send().await.unwrap().text().await.unwrap().contains("Aucun abonnement"));
    let taken = bench.http.post(format!("{url}/subscriptions/{}/cancel", subscribed.id)).send().await.unwrap();
    assert_eq!(taken.status(), 404);
    assert_eq!(subscribed.now().await["cancel_at_period_end"], false);
    for (form, param) in [(vec![], "customer"), (vec![("customer", "cus_none")], "customer")] {
        let refused = bench.stripe("/billing_portal/sessions", None, &form).await;
        assert_eq!(refused.json::<Value>().await.unwrap()["error"]["param"], param);
    }
}

#[tokio::test]
async fn calls_cancel_at_the_end_or_at_once() {
    let subscribed = Subscribed::new().await;
    let bench = &subscribed.bench;
    let path = format!("/subscriptions/{}", subscribed.id);
    let changed: Value = bench
        .stripe(&path, Some("cancel"), &[("cancel_at_period_end", "true"), ("metadata[note]", "n")])
        .await
        .json()
        .await
        .unwrap();
    assert_eq!((&changed["cancel_at_period_end"], &changed["metadata"]["note"]), (&json!(true), &json!("n")));
    let told = subscribed.told("customer.subscription.updated").await;
    assert_eq!(told[0]["request"]["idempotency_key"], "cancel", "an event says which call caused it");
    let ended =
        bench.http.delete(bench.url(&format!("/stripe/v1{path}"))).bearer_auth("sk_test_it").send().await.unwrap();
    assert_eq!(ended.json::<Value>().await.unwrap()["status"], "canceled");
    assert_eq!(bench.retrieve("/subscriptions").await["data"], json!([]));
    assert_eq!(bench.retrieve("/subscriptions?status=all").await["data"][0]["id"], json!(subscribed.id));
    let late = bench.stripe(&path, None, &[("cancel_at_period_end", "false")]).await;
    assert_eq!(late.status(), 400);
}

#[tokio::test]
async fn what_subscriptions_do_not_take_is_refused() {
    let bench = Bench::start().await;
    for (extra, status) in [
        (("payment_intent_data[metadata][a]", "b"), 400),
        (("invoice_creation[enabled]", "true"), 400),
        (("customer_creation", "always"), 400),
        (("payment_method_types[0]", "sepa_debit"), 501),
        (("subscription_data[trial_period_days]", "7"), 501),
    ] {
        let form = [SUBSCRIBE.as_slice(), &[extra]].concat();
        assert_eq!(bench.stripe("/checkout/sessions", None, &form).await.status(), status, "{extra:?}");
    }
    let once: Vec<(&str, &str)> = SUBSCRIBE.into_iter().filter(|(name, _)| !name.contains("recurring")).collect();
    assert_eq!(bench.stripe("/checkout/sessions", None, &once).await.status(), 400, "no recurring price");
}
