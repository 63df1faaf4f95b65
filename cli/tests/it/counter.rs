//! A customer with patience: who gets no answer asks again with the same words, until the report is there.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{COMMUNES, books::Books};

/// Between two questions.
const PACE: Duration = Duration::from_millis(250);
/// How often Stripe tells that an order was paid.
const TELLINGS: usize = 3;

/// Where customers are served.
#[derive(Clone)]
pub struct Counter {
    pub books: Books,
    pub api: String,
}

/// What became of one order.
#[derive(Debug, Clone, Copy)]
pub struct Served {
    pub order: Uuid,
    /// Requests that nobody answered, or that were to be made again later.
    pub unanswered: usize,
}

impl Counter {
    /// Orders, pays, is told about, and waits until the report is there; the `number`-th order of a shop.
    ///
    /// # Panics
    /// When the shop answers what it may not, or not within `patience`.
    pub async fn serve(&self, number: usize, patience: Duration) -> Served {
        let end = Instant::now() + patience;
        let mut unanswered = 0;
        let key = Uuid::from_u128(0x0c05_7043 + number as u128).to_string();
        let body = json!({
            "commune": COMMUNES[number % COMMUNES.len()], "study": "LOG-01", "email": "mairie@exemple.test",
            "recipient": "particulier", "consents": ["execution_immediate", "renonciation_retractation"],
        });
        let asked =
            || self.books.client.post(format!("{}/api/orders", self.api)).header("idempotency-key", &key).json(&body);
        let placed = self.answered("placing", end, &mut unanswered, asked).await;
        let order: Uuid = placed["order_id"].as_str().unwrap().parse().unwrap();
        self.books.pay(&placed).await;
        self.told(&placed, end).await;
        let (id, token) = (placed["order_id"].as_str().unwrap(), placed["follow_token"].as_str().unwrap());
        let url = format!("{}/api/orders/{id}?t={token}", self.api);
        loop {
            let seen = self.answered("following", end, &mut unanswered, || self.books.client.get(&url)).await;
            assert_ne!(seen["status"], "failed", "{seen}");
            if seen["status"] == "delivered" && seen["download"]["url"].is_string() {
                return Served { order, unanswered };
            }
            assert!(Instant::now() < end, "order {order} is not delivered: {seen}");
            tokio::time::sleep(PACE).await;
        }
    }

    /// The answer to a question that is asked until there is one. Anything but success, « come back later » and silence is
    /// a broken promise.
    async fn answered(
        &self,
        what: &str,
        end: Instant,
        unanswered: &mut usize,
        ask: impl Fn() -> reqwest::RequestBuilder,
    ) -> Value {
        loop {
            if let Ok(answer) = ask().timeout(Duration::from_secs(20)).send().await {
                let status = answer.status().as_u16();
                let later = answer.headers().contains_key("retry-after");
                if let Ok(said) = answer.text().await {
                    match status {
                        200 | 201 => return serde_json::from_str(&said).unwrap(),
                        503 | 429 => assert!(later, "{what}: {status} without a time to come back: {said}"),
                        _ => panic!("{what}: {status} {said}"),
                    }
                }
            }
            *unanswered += 1;
            assert!(Instant::now() < end, "{what}: no answer");
            tokio::time::sleep(PACE).await;
        }
    }

    /// Stripe tells of a payment until it is heard, and then as often again as it may.
    async fn told(&self, placed: &Value, end: Instant) {
        let session = placed["payment_url"].as_str().unwrap().rsplit('/').next().unwrap();
        loop {
            let events = self.books.sandbox_events().await;
            let event = events.into_iter().find(|event| {
                event["kind"] == "checkout.session.completed" && event["body"]["data"]["object"]["id"] == session
            });
            if let Some(event) = event {
                let attempts: Vec<_> = event["attempts"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
                let kept = attempts.iter().all(|status| status.is_null() || **status == 200 || **status == 503);
                assert!(kept, "answers to Stripe: {attempts:?}");
                if attempts.iter().filter(|status| **status == 200).count() >= TELLINGS {
                    return;
                }
                let path = format!("/_sandbox/stripe/events/{}/redeliver", event["id"].as_str().unwrap());
                let again = self.books.post(&self.books.sandbox, &path, &json!({ "times": 1 })).await;
                assert!(again.status().is_success(), "{}", again.status());
            }
            assert!(Instant::now() < end, "nobody hears of the payment of {session}");
            tokio::time::sleep(2 * PACE).await;
        }
    }
}
