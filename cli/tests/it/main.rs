//! The binary itself: one order from the click to the download, and what a kill in the middle may not break.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod auditor;
mod books;
mod chaos;
mod counter;
mod crash;
mod crew;
mod datasets;
mod faults;
mod gate;
mod outage;
mod pipe;
mod press;
mod reimport;
mod seed;
mod shop;
mod storm;

use std::{
    net::TcpListener,
    ops::Deref,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use test_support::TestDb;

use crate::books::Books;

/// A shop of our own: database, ports and home folder belong to this test.
pub struct Shop {
    pub db: TestDb,
    pub api: String,
    books: Books,
    ports: [u16; 3],
    /// Beside the usual: faults, seeds.
    environment: Vec<(&'static str, String)>,
    process: Option<Child>,
}

impl Deref for Shop {
    type Target = Books;

    fn deref(&self) -> &Books {
        &self.books
    }
}

/// Communes of the département that a test shop sells, no two with the same answers in ADEME's cache.
pub const COMMUNES: [&str; 8] = ["44109", "44143", "44162", "44190", "44114", "44020", "44035", "44172"];

/// Ports that were free a moment ago.
fn free_ports() -> [u16; 3] {
    let listeners = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}

/// A database that has had its first start: loading a département takes an unoptimised binary half a minute, and is the
/// same for every test.
async fn stock() -> TestDb {
    let binary = Path::new(env!("CARGO_BIN_EXE_lobster"));
    let built = binary.metadata().and_then(|file| file.modified()).unwrap();
    test_support::stocked(&format!("first start of {built:?}"), async |url: &str| {
        let home = std::env::temp_dir().join(format!("lobster-stock-{}", std::process::id()));
        std::fs::create_dir_all(&home)?;
        let prepared = Command::new(binary)
            .args(["datasets", "prepare"])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env("LOBSTER_DATABASE_URL", url)
            .env("LOBSTER_HOME", &home)
            .env_remove("LOBSTER_DATA_DIR")
            .output()?;
        std::fs::remove_dir_all(&home)?;
        let said = String::from_utf8_lossy(&prepared.stderr);
        anyhow::ensure!(prepared.status.success(), "datasets prepare: {said}");
        Ok(())
    })
    .await
}

impl Shop {
    pub async fn open() -> Self {
        Self::open_with(vec![]).await
    }

    /// A shop with settings of its own.
    pub async fn open_with(environment: Vec<(&'static str, String)>) -> Self {
        Self::open_on(stock().await, environment).await
    }

    /// A shop whose database is empty, as on the first day.
    pub async fn open_empty() -> Self {
        Self::open_on(test_support::database().await, vec![]).await
    }

    async fn open_on(db: TestDb, environment: Vec<(&'static str, String)>) -> Self {
        let ports = free_ports();
        let home = std::env::temp_dir().join(format!("lobster-shop-{}-{}", std::process::id(), ports[0]));
        std::fs::create_dir_all(&home).unwrap();
        let sandbox = format!("http://127.0.0.1:{}", ports[1]);
        let books = Books { pool: db.pool.clone(), sandbox, home, client: reqwest::Client::new() };
        let api = format!("http://127.0.0.1:{}", ports[0]);
        let mut shop = Self { db, api, books, ports, environment, process: None };
        shop.start().await;
        shop
    }

    /// Starts the process and waits until it says that it is ready.
    pub async fn start(&mut self) {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let log = std::fs::File::options().create(true).append(true).open(self.home.join("shop.log")).unwrap();
        let [api, sandbox, s3] = self.ports.map(|port| format!("127.0.0.1:{port}"));
        let child = Command::new(env!("CARGO_BIN_EXE_lobster"))
            .arg("serve")
            .current_dir(root)
            .env("LOBSTER_DATABASE_URL", &self.db.url)
            .env("LOBSTER_HOME", &self.home)
            .env("LOBSTER_LISTEN", api)
            .env("LOBSTER_SANDBOX_HTTP", sandbox)
            .env("LOBSTER_SANDBOX_S3", s3)
            .env_remove("LOBSTER_DATA_DIR")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        self.process = Some(child);
        let client = self.client.clone();
        let url = format!("{}/readyz", self.api);
        // An empty shop loads a whole département first, with an unoptimised binary.
        self.until("the shop is ready", Duration::from_secs(300), async || {
            client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()).then_some(())
        })
        .await;
    }

    /// Power cut.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.process.take() {
            child.kill().expect("kill -9");
            child.wait().expect("the process is gone");
        }
    }

    /// Looks again and again, without sleeping in between longer than a poll needs; panics with the log at the end.
    pub async fn until<T>(&self, what: &str, patience: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let end = Instant::now() + patience;
        let mut pace = tokio::time::interval(Duration::from_millis(50));
        loop {
            pace.tick().await;
            if let Some(found) = look().await {
                return found;
            }
            if Instant::now() > end {
                let log = std::fs::read_to_string(self.home.join("shop.log")).unwrap_or_default();
                let tail: Vec<&str> = log.lines().rev().take(40).collect();
                panic!("{what}: not within {patience:?}\n{}", tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
            }
        }
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.api)).send().await.expect("the API answers")
    }

    /// Places an order for Nantes.
    pub async fn order(&self) -> Value {
        let body = json!({
            "commune": "44109", "study": "LOG-01", "email": "mairie@exemple.test", "recipient": "particulier",
            "consents": ["execution_immediate", "renonciation_retractation"],
        });
        let answer = self.post(&self.api, "/api/orders", &body).await;
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    /// Places an order as a patient customer does: the same key again while the shop says that it is busy.
    pub async fn order_surely(&self, commune: &str) -> Value {
        static CUSTOMERS: AtomicU64 = AtomicU64::new(1);
        let key = uuid::Uuid::from_u128(CUSTOMERS.fetch_add(1, Ordering::Relaxed).into()).to_string();
        let body = json!({
            "commune": commune, "study": "LOG-01", "email": "mairie@exemple.test", "recipient": "particulier",
            "consents": ["execution_immediate", "renonciation_retractation"],
        });
        self.until("the order is placed", Duration::from_secs(180), async || {
            let asked =
                self.client.post(format!("{}/api/orders", self.api)).header("idempotency-key", &key).json(&body);
            let answer = asked.send().await.expect("the API answers");
            match answer.status().as_u16() {
                201 => answer.json::<Value>().await.ok(),
                503 => {
                    assert!(answer.headers().contains_key("retry-after"), "a busy shop says when to come back");
                    None
                }
                other => panic!("{other}: {}", answer.text().await.unwrap()),
            }
        })
        .await
    }

    /// Arms a fault of the doubles.
    pub async fn arm(&self, fault: &Value) {
        let answer = self.post(&self.sandbox, "/_sandbox/faults", fault).await;
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    }

    /// Faults that have not struck yet.
    pub async fn armed(&self) -> Value {
        let url = format!("{}/_sandbox/faults", self.sandbox);
        self.client.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Every line that the customer's timeline shows.
    pub async fn timeline(&self, placed: &Value) -> Vec<Value> {
        let (id, token) = (placed["order_id"].as_str().unwrap(), placed["follow_token"].as_str().unwrap());
        let answer: Value = self.get(&format!("/api/orders/{id}/timeline?t={token}")).await.json().await.unwrap();
        answer["entries"].as_array().unwrap().clone()
    }

    /// The order as its follow-up page sees it.
    pub async fn follow(&self, placed: &Value) -> Option<Value> {
        let (id, token) = (placed["order_id"].as_str()?, placed["follow_token"].as_str()?);
        let answer = self.get(&format!("/api/orders/{id}?t={token}")).await;
        answer.status().is_success().then_some(())?;
        answer.json().await.ok()
    }

    /// Waits until the order is delivered and its mail recorded.
    pub async fn delivered(&self, placed: &Value, patience: Duration) -> Value {
        let id: uuid::Uuid = placed["order_id"].as_str().unwrap().parse().unwrap();
        self.until("the order is delivered", patience, async || {
            let order = self.follow(placed).await?;
            assert_ne!(order["status"], "failed", "{order}");
            // The log is ahead of what screens show: the link must be there too.
            let shown = order["status"] == "delivered" && order["download"]["url"].is_string();
            (shown && self.count(id, "DeliveryEmailSent").await == 1).then_some(order)
        })
        .await
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.kill();
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.home);
        }
    }
}
