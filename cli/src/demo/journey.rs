//! What a customer does: order, pay, watch, download, read the mail.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use reqwest::{Client, Response};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const EMAIL: &str = "demo@lobster.test";

/// A customer with a browser.
pub struct Journey {
    client: Client,
    api: String,
    sandbox: String,
}

#[derive(Deserialize)]
struct Placed {
    order_id: uuid::Uuid,
    payment_url: String,
    follow_token: String,
}

#[derive(Deserialize)]
struct Order {
    status: String,
    download: Option<Download>,
}

#[derive(Deserialize)]
struct Download {
    url: String,
    filename: String,
    bytes: u64,
    sha256: String,
}

#[derive(Deserialize)]
struct Timeline {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    position: i64,
    event_type: String,
    title: String,
}

impl Journey {
    pub fn new(api: String, sandbox: String) -> anyhow::Result<Self> {
        let client = Client::builder().connect_timeout(Duration::from_secs(2)).timeout(Duration::from_secs(60));
        Ok(Self { client: client.build()?, api, sandbox })
    }

    /// Orders, pays, follows the order to its delivery, and writes the PDF into `out`.
    pub async fn run(&self, commune: &str, study: &str, out: &Path) -> anyhow::Result<PathBuf> {
        let started = Instant::now();
        let placed = self.order(commune, study).await?;
        println!("▸ Commande {} : {study} pour {commune}", placed.order_id);
        self.pay(&placed).await?;
        let order = self.follow(&placed, started).await?;
        let download = order.download.context("the order is delivered and offers nothing to download")?;
        let file = self.download(&download, out).await?;
        println!("  {:>5.1} s  Rapport téléchargé, empreinte vérifiée ({} octets)", seconds(started), download.bytes);
        self.read_mail(&placed.order_id, &download.url).await?;
        println!("  {:>5.1} s  Courriel reçu, avec le même lien", seconds(started));
        Ok(file)
    }

    async fn order(&self, commune: &str, study: &str) -> anyhow::Result<Placed> {
        let body = json!({
            "commune": commune,
            "study": study,
            "email": EMAIL,
            "recipient": "particulier",
            "consents": ["execution_immediate", "renonciation_retractation"],
        });
        let answer = self.client.post(format!("{}/api/orders", self.api)).json(&body).send().await?;
        Ok(understood(answer, "placing the order").await?.json().await?)
    }

    /// Pays as on the hosted page, with the test card that always works.
    async fn pay(&self, placed: &Placed) -> anyhow::Result<()> {
        let session = placed.payment_url.rsplit('/').next().unwrap_or_default();
        let url = format!("{}/_sandbox/stripe/checkout/{session}/pay", self.sandbox);
        let answer = self.client.post(url).json(&json!({ "card": "4242424242424242" })).send().await?;
        understood(answer, "paying").await?;
        Ok(())
    }

    /// Prints each event of the order as it comes, until the mail has left.
    async fn follow(&self, placed: &Placed, started: Instant) -> anyhow::Result<Order> {
        let token = [("t", &placed.follow_token)];
        let order_url = format!("{}/api/orders/{}", self.api, placed.order_id);
        let timeline_url = format!("{order_url}/timeline");
        let mut seen = 0;
        let mut mailed = false;
        let mut look = tokio::time::interval(Duration::from_millis(100));
        loop {
            look.tick().await;
            let answer = self.client.get(&timeline_url).query(&token).send().await?;
            if answer.status() == reqwest::StatusCode::NOT_FOUND {
                continue; // the read model has not seen the order yet
            }
            let timeline: Timeline = understood(answer, "reading the timeline").await?.json().await?;
            for entry in timeline.entries.iter().filter(|entry| entry.position > seen) {
                println!("  {:>5.1} s  {}", seconds(started), entry.title);
                mailed |= entry.event_type == "DeliveryEmailSent";
            }
            seen = timeline.entries.last().map_or(seen, |entry| entry.position);
            let answer = self.client.get(&order_url).query(&token).send().await?;
            let order: Order = understood(answer, "reading the order").await?.json().await?;
            match order.status.as_str() {
                // Timeline and order are two read models: one may be ahead of the other.
                "delivered" if mailed && order.download.is_some() => return Ok(order),
                "failed" | "held" | "expired" => bail!("the order is {}: see its timeline above", order.status),
                _ => {}
            }
        }
    }

    async fn download(&self, download: &Download, out: &Path) -> anyhow::Result<PathBuf> {
        let answer = self.client.get(format!("{}{}", self.api, download.url)).send().await?;
        let bytes = understood(answer, "downloading the report").await?.bytes().await?;
        let found = hex::encode(Sha256::digest(&bytes));
        ensure!(found == download.sha256, "the file hashes to {found}, the order says {}", download.sha256);
        std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
        let file = out.join(&download.filename);
        std::fs::write(&file, &bytes).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }

    /// Exactly one mail carries the link of this order.
    async fn read_mail(&self, order: &uuid::Uuid, link: &str) -> anyhow::Result<()> {
        let outbox = self.client.get(format!("{}/_sandbox/brevo/outbox", self.sandbox)).send().await?;
        let outbox = understood(outbox, "reading the outbox").await?.text().await?;
        let outbox: serde_json::Value = serde_json::from_str(&outbox)?;
        let mails = outbox["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        let ours = mails.iter().filter(|mail| mail.to_string().contains(link)).count();
        ensure!(ours == 1, "order {order} has {ours} mails with its link in the outbox instead of one");
        Ok(())
    }
}

/// The answer when it is a success; else its problem, in a sentence.
async fn understood(answer: Response, doing: &str) -> anyhow::Result<Response> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let text = answer.text().await.unwrap_or_default();
    bail!("{doing} failed with {status}: {text}")
}

fn seconds(started: Instant) -> f64 {
    started.elapsed().as_secs_f64()
}
