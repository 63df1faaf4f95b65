//! The sandbox for one test, on free ports, with its controls.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use sandbox::{Running, SandboxConfig};
use serde_json::{Value, json};

static STARTED: AtomicU32 = AtomicU32::new(0);

/// A running sandbox; its folder goes with it.
pub struct Doubles {
    running: Running,
    http: reqwest::Client,
    folder: PathBuf,
}

impl Doubles {
    pub async fn start() -> Self {
        Self::telling("").await
    }

    /// The same, with Brevo's news sent to `brevo_webhook_url`.
    pub async fn telling(brevo_webhook_url: &str) -> Self {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("lobster-contract-{}-{number}", std::process::id()));
        let any = "127.0.0.1:0".parse().unwrap();
        let config = SandboxConfig {
            http: any,
            s3: any,
            s3_dir: folder.clone(),
            stripe_webhook_url: String::new(),
            brevo_webhook_url: brevo_webhook_url.to_owned(),
            ..SandboxConfig::default()
        };
        let running = sandbox::start(config).await.unwrap();
        Self { running, http: reqwest::Client::builder().no_proxy().build().unwrap(), folder }
    }

    /// Address of everything but storage.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.http)
    }

    pub fn s3_url(&self) -> String {
        format!("http://{}", self.running.s3)
    }

    /// Arms one effect, for the next call of an operation.
    pub async fn arm(&self, service: &str, operation: &str, effect: &Value) {
        self.arm_times(service, operation, effect, json!(1)).await;
    }

    pub async fn arm_times(&self, service: &str, operation: &str, effect: &Value, times: Value) {
        let fault = json!({"service": service, "operation": operation, "times": times, "effect": effect});
        let armed = self.control("POST", "/faults", &fault).await;
        assert!(armed["id"].is_number(), "{armed}");
    }

    pub async fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, self.url(&format!("/_sandbox{path}"))).body(body.to_string());
        serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap()
    }

    async fn look(&self, path: &str) -> Value {
        serde_json::from_slice(&self.http.get(self.url(path)).send().await.unwrap().bytes().await.unwrap()).unwrap()
    }

    /// Calls that an operation received.
    pub async fn calls(&self, service: &str, operation: &str) -> usize {
        let calls = self.look(&format!("/_sandbox/requests?service={service}&operation={operation}")).await;
        calls["requests"].as_array().unwrap().len()
    }

    /// Mails that Brevo's double took.
    pub async fn outbox(&self) -> Vec<Value> {
        self.look("/_sandbox/brevo/outbox").await["messages"].as_array().unwrap().clone()
    }

    /// What a link gives, followed without following redirects.
    pub async fn fetch(&self, url: &str) -> reqwest::Response {
        self.http.get(url).send().await.unwrap()
    }
}

impl Drop for Doubles {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Every effect that a call survives by itself; what each does is in the name.
pub fn passing_effects() -> Vec<(&'static str, Value)> {
    vec![
        ("a failure", json!({"kind": "status", "status": 503})),
        (
            "a limit",
            json!({"kind": "status", "status": 429,
            "headers": {"retry-after": "1", "x-sib-ratelimit-reset": "1"}}),
        ),
        ("a slow answer", json!({"kind": "latency", "ms": 300, "jitter_ms": 50})),
        ("silence, then nothing", json!({"kind": "hang", "ms": 50})),
        ("a cut connection", json!({"kind": "reset"})),
        ("half an answer", json!({"kind": "reset", "after_bytes": 5})),
        ("work done, then a failure", json!({"kind": "commit_then_fail", "status": 500})),
        ("work done, then a cut connection", json!({"kind": "commit_then_fail", "reset": true})),
    ]
}
