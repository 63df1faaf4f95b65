//! One service per test, and the few words the tests speak to it.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use api::{Deps, Settings};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode},
};
use domain::{
    command::{Actor, CommandContext},
    order::OrderCommand,
    ports::Commands as _,
    report::ReportCommand,
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use test_support::TestDb;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{
    audit::Eye,
    fakes::{AddressBook, Counter, Gauge, Keyring, Shelf, StoppedClock, Till, morning},
    ledger::Ledger,
    post::{MailPost, PaymentPost},
    shop::{Atlas, Window},
};

pub struct World {
    pub router: Router,
    pub ledger: Arc<Ledger>,
    pub till: Arc<Till>,
    pub keyring: Arc<Keyring>,
    pub contacts: Arc<AddressBook>,
    pub window: Arc<Window>,
    pub gauge: Arc<Gauge>,
    pub shelf: Arc<Shelf>,
    pub stopping: CancellationToken,
    /// Last: the database goes after everything that uses it.
    _db: TestDb,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Status and code of a problem, after checking that it is a proper one.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert_eq!(problem["instance"], format!("urn:uuid:{}", self.header("x-request-id")));
        (self.status.as_u16(), problem["code"].as_str().unwrap_or_default().to_owned())
    }
}

pub fn settings() -> Settings {
    Settings {
        public_url: "https://lobster.example/".to_owned(),
        production: false,
        frontend_dir: None,
        operator_token: None,
        specimens_allowed: true,
    }
}

pub async fn world() -> World {
    world_with(settings()).await
}

pub async fn world_with_site(folder: PathBuf) -> World {
    world_with(Settings { frontend_dir: Some(folder), ..settings() }).await
}

pub async fn world_with(settings: Settings) -> World {
    let db = test_support::database().await;
    let (announced, positions) = watch::channel(0);
    let ledger = Arc::new(Ledger::new(db.pool.clone(), announced, morning()));
    let (till, keyring, contacts) = (Arc::<Till>::default(), Arc::<Keyring>::default(), Arc::<AddressBook>::default());
    let shelf = Arc::<Shelf>::default();
    let (window, gauge, stopping) = (Arc::<Window>::default(), Arc::<Gauge>::default(), CancellationToken::new());
    let router = api::router(Deps {
        commands: ledger.clone(),
        history: ledger.clone(),
        payments: till.clone(),
        payment_webhooks: Arc::new(PaymentPost),
        mail_webhooks: Arc::new(MailPost),
        storage: shelf.clone(),
        links: keyring.clone(),
        contacts: contacts.clone(),
        catalogue: window.clone(),
        spreadsheet: |sheet| format!("{} lignes", sheet.facts.len()),
        territories: Arc::new(Atlas),
        clock: Arc::new(StoppedClock),
        ids: Arc::new(Counter::default()),
        read: db.pool.clone(),
        settings: Arc::new(settings),
        metrics: None,
        ready: gauge.clone(),
        auditor: Arc::new(Eye),
        positions,
        stopping: stopping.clone(),
    });
    World { router, ledger, till, keyring, contacts, window, gauge, shelf, stopping, _db: db }
}

impl World {
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path, &[]).body(Body::empty()).unwrap()).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, headers).body(Body::empty()).unwrap()).await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let request = request(Method::POST, path, headers).header("content-type", "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A message of the payment vendor.
    pub async fn stripe_tells(&self, event: &Value) -> Answer {
        self.post("/api/webhooks/stripe", &[("stripe-signature", "good")], event.to_string()).await
    }

    /// The order as its customer sees it.
    pub async fn shown(&self, order: Uuid, token: &str) -> Value {
        let answer = self.get(&format!("/api/orders/{order}?t={token}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Asked from elsewhere, as through no proxy.
    pub async fn get_from(&self, peer: &str, path: &str) -> Answer {
        let mut request = request(Method::GET, path, &[]).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 40_000)));
        self.send(request).await
    }

    /// An order that waits for its payment: its id and token.
    pub async fn placed(&self) -> (Uuid, String) {
        let answer = self.post("/api/orders", &[], order_body().to_string()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let body = answer.json();
        (body["order_id"].as_str().unwrap().parse().unwrap(), body["follow_token"].as_str().unwrap().to_owned())
    }

    pub async fn order(&self, order: Uuid, command: OrderCommand) {
        let context = context(order, command.name());
        self.ledger.order(order, command, context).await.unwrap();
    }

    pub async fn report(&self, order: Uuid, command: ReportCommand) {
        let context = context(order, &format!("report.{}", command.name()));
        self.ledger.report(report_of(order), command, context).await.unwrap();
    }
}

pub fn report_of(order: Uuid) -> Uuid {
    domain::identity::report_id(order, 1)
}

pub fn order_body() -> Value {
    json!({
        "commune": "44109",
        "study": "LOG-01",
        "email": "agent@ville.example",
        "recipient": "particulier",
        "consents": ["execution_immediate", "renonciation_retractation"],
    })
}

fn context(order: Uuid, name: &str) -> CommandContext {
    CommandContext {
        command_id: format!("{name}:{order}"),
        actor: Actor::System("test".to_owned()),
        correlation_id: order.to_string(),
        causation_id: None,
        request_id: None,
    }
}

fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> axum::http::request::Builder {
    headers
        .iter()
        .fold(Request::builder().method(method).uri(path), |request, (name, value)| request.header(*name, *value))
}
