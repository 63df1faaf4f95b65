//! What an auditor may look into: the log, the ledgers of the doubles, the stored objects.

use std::path::PathBuf;

use serde_json::{Value, json};
use sqlx::PgPool;

/// The books of one shop.
#[derive(Clone)]
pub struct Books {
    pub pool: PgPool,
    /// Address of the doubles.
    pub sandbox: String,
    /// Where the shop and its doubles keep their files.
    pub home: PathBuf,
    pub client: reqwest::Client,
}

impl Books {
    pub async fn post(&self, base: &str, path: &str, body: &Value) -> reqwest::Response {
        self.client.post(format!("{base}{path}")).json(body).send().await.expect("an answer")
    }

    /// Pays on the hosted page's behalf.
    pub async fn pay(&self, placed: &Value) {
        let session = placed["payment_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let path = format!("/_sandbox/stripe/checkout/{session}/pay");
        let answer = self.post(&self.sandbox, &path, &json!({ "card": "4242424242424242" })).await;
        assert_eq!(answer.status(), 202);
    }

    /// Events of one type in the story of an order.
    pub async fn count(&self, order: uuid::Uuid, event_type: &str) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM es.events WHERE correlation_id = $1 AND event_type = $2")
            .bind(order.to_string())
            .bind(event_type)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// Accepted mails that carry this link.
    pub async fn mails_with(&self, link: &str) -> usize {
        let outbox: Value = self
            .client
            .get(format!("{}/_sandbox/brevo/outbox", self.sandbox))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        outbox["messages"].as_array().unwrap().iter().filter(|mail| mail.to_string().contains(link)).count()
    }

    /// What the payment double sent.
    pub async fn sandbox_events(&self) -> Vec<Value> {
        let url = format!("{}/_sandbox/stripe/events", self.sandbox);
        let answer: Value = self.client.get(url).send().await.unwrap().json().await.unwrap();
        answer["events"].as_array().or(answer.as_array()).expect("a list of events").clone()
    }

    /// Stored reports, not counting intermediate results.
    pub fn stored_reports(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut todo = vec![self.home.join("s3")];
        while let Some(folder) = todo.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    todo.push(path);
                } else if path.extension().is_some_and(|ending| ending == "pdf") {
                    found.push(path);
                }
            }
        }
        found
    }
}
