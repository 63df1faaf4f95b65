//! The hosted payment page, as a person without JavaScript meets it.

use pretty_assertions::assert_eq;
use reqwest::Response;
use serde_json::Value;

use crate::bench::{Bench, until};

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
