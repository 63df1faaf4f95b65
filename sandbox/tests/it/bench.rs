//! One sandbox on free ports, and a receiver for what it sends.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use reqwest::{Client, Response};
use sandbox::{Running, SandboxConfig};
use serde_json::{Value, json};

/// What the receiver got.
#[derive(Clone)]
pub struct Delivery {
    pub vendor: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Delivery {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// Stands in for the product's webhook endpoints.
#[derive(Clone, Default)]
pub struct Inbox {
    received: Arc<Mutex<Vec<Delivery>>>,
    /// Status of the next answers; 0 means 200.
    pub status: Arc<AtomicU16>,
}

impl Inbox {
    pub fn of(&self, vendor: &str) -> Vec<Delivery> {
        self.received.lock().unwrap().iter().filter(|delivery| delivery.vendor == vendor).cloned().collect()
    }

    pub fn kinds(&self) -> Vec<String> {
        self.of("stripe").iter().map(|delivery| delivery.json()["type"].as_str().unwrap().to_owned()).collect()
    }
}

async fn receive(
    State(inbox): State<Inbox>,
    Path(vendor): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    inbox.received.lock().unwrap().push(Delivery { vendor, headers, body });
    match inbox.status.load(Ordering::SeqCst) {
        0 => StatusCode::OK,
        status => StatusCode::from_u16(status).unwrap(),
    }
}

/// A running sandbox with its receiver and a client.
pub struct Bench {
    pub base: String,
    pub s3: String,
    pub http: Client,
    pub inbox: Inbox,
    pub config: SandboxConfig,
    pub dir: PathBuf,
    running: Option<Running>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl Bench {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut SandboxConfig)) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let dir = std::env::temp_dir().join(format!("lobster-sandbox-{}-{number}", std::process::id()));
        let inbox = Inbox::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/{vendor}", post(receive)).with_state(inbox.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let mut config = SandboxConfig {
            http: "127.0.0.1:0".parse().unwrap(),
            s3: "127.0.0.1:0".parse().unwrap(),
            stripe_webhook_url: format!("{receiver}/stripe"),
            brevo_webhook_url: format!("{receiver}/brevo"),
            s3_dir: dir.join("s3"),
            ..SandboxConfig::default()
        };
        change(&mut config);
        let running = sandbox::start(config.clone()).await.unwrap();
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let (base, s3) = (format!("http://{}", running.http), format!("http://{}", running.s3));
        Self { base, s3, http, inbox, config, dir, running: Some(running) }
    }

    /// Stops the sandbox and starts it again with the same settings, as a restarted process would.
    pub async fn restart(&mut self) {
        self.running.take().unwrap().stop().await;
        let running = sandbox::start(self.config.clone()).await.unwrap();
        self.base = format!("http://{}", running.http);
        self.running = Some(running);
    }

    pub async fn stop(&mut self) {
        self.running.take().unwrap().stop().await;
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub async fn get(&self, path: &str) -> Value {
        let response = self.http.get(self.url(path)).send().await.unwrap();
        assert!(response.status().is_success(), "GET {path}: {}", response.status());
        response.json().await.unwrap()
    }

    /// A control call.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let response =
            self.http.request(method, self.url(&format!("/_sandbox{path}"))).json(&body).send().await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    pub async fn fault(&self, fault: Value) {
        self.control("POST", "/faults", fault).await;
    }

    /// A form POST to Stripe.
    pub async fn stripe(&self, path: &str, key: Option<&str>, form: &[(&str, &str)]) -> Response {
        let body: String = form
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace('&', "%26").replace(' ', "%20")))
            .collect::<Vec<_>>()
            .join("&");
        let mut request = self.http.post(self.url(&format!("/stripe/v1{path}"))).bearer_auth("sk_test_it").body(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request.send().await.unwrap()
    }

    /// Opens an ordinary session.
    pub async fn session(&self) -> Value {
        let response = self.stripe("/checkout/sessions", None, &ORDER).await;
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    /// Opens and pays a session; gives it as it was opened.
    pub async fn paid(&self) -> Value {
        let session = self.session().await;
        let id = session["id"].as_str().unwrap();
        let paid = self.control("POST", &format!("/stripe/checkout/{id}/pay"), json!({})).await;
        assert_eq!(paid["outcome"], "paid");
        session
    }

    pub async fn retrieve(&self, path: &str) -> Value {
        let request = self.http.get(self.url(&format!("/stripe/v1{path}"))).bearer_auth("sk_test_it");
        request.send().await.unwrap().json().await.unwrap()
    }
}

/// Parameters of an ordinary order.
pub const ORDER: [(&str, &str); 10] = [
    ("mode", "payment"),
    ("line_items[0][quantity]", "1"),
    ("line_items[0][price_data][currency]", "eur"),
    ("line_items[0][price_data][unit_amount]", "34800"),
    ("line_items[0][price_data][product_data][name]", "Diagnostic logement"),
    ("client_reference_id", "order-1"),
    ("customer_email", "acheteur@example.fr"),
    ("metadata[order_id]", "order-1"),
    ("success_url", "http://127.0.0.1:9/retour?session={CHECKOUT_SESSION_ID}"),
    ("cancel_url", "http://127.0.0.1:9/abandon"),
];

/// Waits until `check` gives something, at most ten seconds.
pub async fn until<T>(what: &str, mut check: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..500 {
        if let Some(found) = check().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited ten seconds for {what}");
}
