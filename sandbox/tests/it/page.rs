//! The hosted payment page, as a person without JavaScript meets it.

use pretty_assertions::assert_eq;
use reqwest::Response;
use serde_json::{Value, json};

use crate::bench::{Bench, ORDER, until};

struct Visit {
    bench: Bench,
    session: Value,
}

impl Visit {
    async fn new() -> Self {
        let bench = Bench::start().await;
        let session = bench.session().await;
        Self { bench, session }
    }

    fn id(&self) -> &str {
        self.session["id"].as_str().unwrap()
    }

    async fn read(&self) -> String {
        self.bench.http.get(self.session["url"].as_str().unwrap()).send().await.unwrap().text().await.unwrap()
    }

    async fn submit(&self, action: &str, form: &str) -> Response {
        let url = self.bench.url(&format!("/stripe/checkout/{}/{action}", self.id()));
        self.bench
            .http
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned())
            .send()
            .await
            .unwrap()
    }

    async fn status(&self) -> Value {
        self.bench.retrieve(&format!("/checkout/sessions/{}", self.id())).await["status"].clone()
    }
}

fn to(response: &Response) -> &str {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap()
}

#[tokio::test]
async fn the_page_says_what_is_paid_and_that_it_is_not_real() {
    let visit = Visit::new().await;
    let page = visit.read().await;
    for piece in [
        "lang=\"fr\"",
        "Bac à sable",
        "aucun paiement réel",
        "Payer 348,00\u{a0}€",
        "Diagnostic logement",
        "Quitter sans payer",
    ] {
        assert!(page.contains(piece), "{piece}");
    }
    assert!(!page.contains("<script"), "it works without JavaScript");
}

#[tokio::test]
async fn paying_sends_the_customer_back_to_the_shop() {
    let visit = Visit::new().await;
    let answer = visit.submit("pay", "card=4242+4242+4242+4242").await;
    assert_eq!(to(&answer), format!("http://127.0.0.1:9/retour?session={}", visit.id()));
    assert_eq!(visit.status().await, "complete");
    until("the event", async || {
        visit.bench.inbox.kinds().contains(&"checkout.session.completed".to_owned()).then_some(())
    })
    .await;
    assert!(visit.read().await.contains("Paiement déjà effectué"));
    let twice = visit.submit("pay", "card=4242424242424242").await;
    assert_eq!(twice.status(), 200);
    assert_eq!(visit.bench.inbox.kinds().iter().filter(|kind| *kind == "charge.succeeded").count(), 1);
}

#[tokio::test]
async fn a_refusal_is_explained_and_another_card_may_be_tried() {
    let visit = Visit::new().await;
    let answer = visit.submit("pay", "card=4000000000009995").await;
    let explained = visit.bench.http.get(visit.bench.url(to(&answer))).send().await.unwrap().text().await.unwrap();
    assert!(explained.contains("role=\"alert\"") && explained.contains("provision"), "{explained}");
    let simulated = visit.submit("decline", "").await;
    assert!(to(&simulated).contains("refus=generic_decline"));
    assert_eq!(visit.status().await, "open");
}

#[tokio::test]
async fn three_d_secure_asks_first() {
    for (answer, expected) in [("yes", "complete"), ("no", "open")] {
        let visit = Visit::new().await;
        let asked = visit.submit("pay", "card=4000002500003155").await;
        let page = visit.bench.http.get(visit.bench.url(to(&asked))).send().await.unwrap().text().await.unwrap();
        assert!(page.contains("3-D Secure"));
        assert_eq!(visit.status().await, "open");
        visit.submit("pay", &format!("card=4000002500003155&authenticated={answer}")).await;
        assert_eq!(visit.status().await, expected);
    }
}

#[tokio::test]
async fn leaving_goes_back_and_keeps_the_session_open() {
    let visit = Visit::new().await;
    assert_eq!(to(&visit.submit("leave", "").await), "http://127.0.0.1:9/abandon");
    assert_eq!(visit.status().await, "open");
}

#[tokio::test]
async fn an_unknown_session_is_a_clear_page() {
    let bench = Bench::start().await;
    let answer = bench.http.get(bench.url("/stripe/checkout/cs_test_sbx_unknown")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert!(answer.text().await.unwrap().contains("Session inconnue"));
}

/// A visit to a session with more parameters.
async fn visit(extra: &[(&str, &str)]) -> Visit {
    let bench = Bench::start().await;
    let form = [ORDER.as_slice(), extra].concat();
    let session: Value = bench.stripe("/checkout/sessions", None, &form).await.json().await.unwrap();
    Visit { bench, session }
}

#[tokio::test]
async fn a_debit_is_ordered_on_the_page_and_settles_by_the_clock() {
    for (iban, expected) in
        [("FR14 2004 1010 0505 0001 3M02 606", "paid"), ("FR84+2004+1010+0505+0001+3M02+607", "unpaid")]
    {
        let visit = Visit::new().await;
        assert!(visit.read().await.contains("prélèvement SEPA"));
        let wrong = visit.submit("debit", "iban=FR7630006000011234567890189").await;
        assert!(to(&wrong).contains("refus=invalid_bank_account_iban"));
        let ordered = visit.submit("debit", &format!("iban={iban}")).await;
        assert!(to(&ordered).starts_with("http://127.0.0.1:9/retour"));
        assert_eq!(visit.status().await, "complete");
        assert!(visit.read().await.contains("Prélèvement en cours"));
        visit.bench.control("POST", "/clock", json!({ "advance_s": 200 })).await;
        let path = format!("/checkout/sessions/{}", visit.id());
        assert_eq!(visit.bench.retrieve(&path).await["payment_status"], expected, "{iban}");
    }
}

#[tokio::test]
async fn the_page_asks_what_the_session_asks() {
    let visit = visit(&[
        ("billing_address_collection", "required"),
        ("consent_collection[terms_of_service]", "required"),
        ("tax_id_collection[enabled]", "true"),
        ("phone_number_collection[enabled]", "true"),
        ("payment_method_types[0]", "card"),
    ])
    .await;
    let page = visit.read().await;
    for name in ["name=\"line1\"", "name=\"tax_id\"", "name=\"terms\"", "name=\"phone\""] {
        assert!(page.contains(name), "{name}");
    }
    assert!(!page.contains("SEPA"), "only cards were asked for");
    let without = visit.submit("pay", "card=4242424242424242").await;
    assert!(to(&without).contains("refus=terms"));
    assert_eq!(visit.status().await, "open");
    // The bank's page carries everything along.
    let typed = "card=4000002500003155&terms=yes&name=Jo+%26+Cie&city=Nantes&tax_id=213500519";
    let asked = visit.submit("pay", typed).await;
    let bank = visit.bench.http.get(visit.bench.url(to(&asked))).send().await.unwrap().text().await.unwrap();
    assert!(bank.contains("value=\"Jo &amp; Cie\"") && bank.contains("name=\"terms\""), "{bank}");
    let paid = visit.submit("pay", &format!("{typed}&authenticated=yes")).await;
    assert!(to(&paid).starts_with("http://127.0.0.1:9/retour"));
    let session = visit.bench.retrieve(&format!("/checkout/sessions/{}", visit.id())).await;
    assert_eq!(session["customer_details"]["name"], "Jo & Cie");
    assert_eq!(session["customer_details"]["address"]["city"], "Nantes");
    assert_eq!(session["customer_details"]["tax_ids"][0]["type"], "fr_siren");
}

#[tokio::test]
async fn an_expired_session_says_so_and_cannot_be_paid() {
    let visit = Visit::new().await;
    visit.bench.stripe(&format!("/checkout/sessions/{}/expire", visit.id()), None, &[]).await;
    assert!(visit.read().await.contains("Session expirée"));
    for (action, form) in [("pay", "card=4242424242424242"), ("debit", ""), ("decline", "")] {
        let answer = visit.submit(action, form).await;
        assert!(answer.text().await.unwrap().contains("Session expirée"), "{action}");
    }
    assert_eq!(visit.status().await, "expired");
    assert_eq!(visit.bench.retrieve("/charges").await["data"], json!([]));
}

#[tokio::test]
async fn nothing_runs_on_the_page_and_every_field_has_its_label() {
    let visit =
        visit(&[("billing_address_collection", "required"), ("consent_collection[terms_of_service]", "required")])
            .await;
    let answer = visit.bench.http.get(visit.session["url"].as_str().unwrap()).send().await.unwrap();
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let page = answer.text().await.unwrap();
    let ids: Vec<&str> = page.split("<input id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(ids.len() >= 8);
    for id in &ids {
        assert!(page.contains(&format!("<label for=\"{id}\"")), "{id} has no label");
        assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{id} is there twice");
    }
}

#[tokio::test]
async fn the_receipt_of_a_payment_can_be_read() {
    let visit = Visit::new().await;
    visit.submit("pay", "card=4242424242424242").await;
    let charge = visit.bench.retrieve("/charges").await["data"][0].clone();
    let receipt = visit.bench.http.get(charge["receipt_url"].as_str().unwrap()).send().await.unwrap();
    assert!(receipt.text().await.unwrap().contains("348,00"));
}
