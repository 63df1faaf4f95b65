//! No key is ever shown: not in an error, not in a log line of any library, not by `Debug`.

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::ports::{Mail, Mailer, Object, Question, Storage, Writer};
use infra::{
    anthropic::{AnthropicConfig, AnthropicWriter},
    brevo::{BrevoConfig, BrevoMailer},
    clock::SystemClock,
    http::Secret,
    storage::{S3Config, S3Endpoint, S3Storage},
};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

use crate::vendor::{Reply, Vendor};

const CANARY: &str = "canary-4f1d";

/// Everything that anybody logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Refused, with the key in the body: vendors do quote what they were shown.
fn quoting() -> [Reply; 2] {
    let body = json!({"code": "unauthorized", "message": CANARY, "error": {"type": "authentication_error", "message": CANARY}});
    [Reply::json(503, &body), Reply::json(401, &body)]
}

#[tokio::test]
async fn no_key_is_in_an_error_a_trace_or_a_debug() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (secret, mut shown) = (Secret::new(CANARY), String::new());

    let vendor = Vendor::answering(quoting()).await;
    let config = AnthropicConfig {
        base_url: vendor.url.clone(),
        api_key: secret.clone(),
        model: "claude-sonnet-4-6".into(),
        price: None,
        stream: true,
        budget_cents: 50,
        deadline: Duration::from_secs(5),
    };
    shown += &format!("{config:?}");
    let question = Question {
        system: "s".into(),
        user: "u".into(),
        schema: json!({}),
        max_tokens: 100,
        prompt_sha256: "p".into(),
        subject: "r".into(),
        ..Question::default()
    };
    let error = AnthropicWriter::new(config, Arc::new(SystemClock)).unwrap().write(&question).await.unwrap_err();
    shown += &format!("{error} {error:?}");
    assert_eq!(vendor.asked()[1].header("x-api-key"), CANARY);

    let vendor = Vendor::answering(quoting()).await;
    let config = BrevoConfig {
        base_url: vendor.url.clone(),
        api_key: secret.clone(),
        sender_email: "rapports@example.fr".into(),
        sender_name: "LObsTer".into(),
        webhook_token: secret.clone(),
    };
    shown += &format!("{config:?}");
    let mail = Mail {
        key: Uuid::from_u128(5),
        to: "mairie@example.fr".into(),
        subject: "s".into(),
        text: "t".into(),
        html: "h".into(),
        tag: "livraison",
    };
    let error = BrevoMailer::new(config).unwrap().send(&mail).await.unwrap_err();
    shown += &format!("{error} {error:?}");
    assert_eq!(vendor.asked()[1].header("api-key"), CANARY);

    let refusal = format!("<Error><Code>SignatureDoesNotMatch</Code><Message>{CANARY}</Message></Error>");
    let vendor = Vendor::answering([Reply::text(403, "application/xml", refusal)]).await;
    let config = S3Config {
        endpoint: S3Endpoint::Custom { url: vendor.url.clone(), region: "auto".into() },
        bucket: "lobster-reports".into(),
        access_key: Secret::new("access"),
        secret_key: secret,
    };
    shown += &format!("{config:?}");
    let object = Object { key: "k", bytes: b"b", sha256: "s", content_type: "text/plain", filename: None };
    let error = S3Storage::new(&config).unwrap().put_once(object).await.unwrap_err();
    shown += &format!("{error} {error:?}");

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for service in ["anthropic", "brevo", "storage"] {
        assert!(logged.contains(&format!("service=\"{service}\"")), "{service} was not traced: {logged}");
    }
    assert!(
        logged.contains("operation=\"messages.create\"")
            && logged.contains("attempt=2")
            && logged.contains("status=401")
    );
    assert!(!logged.contains(CANARY), "{}", logged.lines().find(|line| line.contains(CANARY)).unwrap_or_default());
    assert!(!logged.contains("mairie@example.fr"), "an address is in the log");
    assert!(!shown.contains(CANARY), "{shown}");
}

#[tokio::test]
async fn the_id_of_the_vendors_request_is_in_the_trace_and_in_the_error() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let vendor = Vendor::answering([Reply::json(404, &json!({})).with("request-id", "req_77")]).await;
    let config = AnthropicConfig {
        base_url: vendor.url.clone(),
        api_key: Secret::new("x"),
        model: "claude-sonnet-4-6".into(),
        price: None,
        stream: false,
        budget_cents: 50,
        deadline: Duration::from_secs(5),
    };
    let question = Question {
        system: "s".into(),
        user: "u".into(),
        schema: json!({}),
        max_tokens: 100,
        prompt_sha256: "p".into(),
        subject: "r".into(),
        ..Question::default()
    };
    let error = AnthropicWriter::new(config, Arc::new(SystemClock)).unwrap().write(&question).await.unwrap_err();
    assert!(error.to_string().contains("req_77"), "{error}");
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("request_id=\"req_77\"") && logged.contains("milliseconds="), "{logged}");
}
