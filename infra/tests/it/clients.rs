//! Every client in one process: a clash of TLS providers would panic here, and nowhere earlier.

use std::{sync::Arc, time::Duration};

use domain::ports::Storage as _;
use infra::{
    ademe::{AdemeCertificates, AdemeConfig},
    anthropic::{AnthropicConfig, AnthropicWriter, NARRATIVE_DEADLINE},
    brevo::{BrevoConfig, BrevoMailer},
    clock::SystemClock,
    http::Secret,
    storage::{S3Config, S3Endpoint, S3Storage},
    stripe::{StripeConfig, StripePayments},
};
use sqlx::PgPool;

#[tokio::test]
async fn all_clients_are_built_over_https_without_a_clash() {
    let stripe = StripeConfig {
        base_url: "https://api.stripe.com".into(),
        secret_key: Secret::new("sk_test_x"),
        webhook_secrets: vec![Secret::new("whsec_x")],
        livemode: false,
    };
    StripePayments::new(stripe).unwrap();
    let anthropic = AnthropicConfig {
        base_url: "https://api.anthropic.com".into(),
        api_key: Secret::new("sk-ant-x"),
        model: "claude-sonnet-4-6".into(),
        price: None,
        stream: true,
        budget_cents: 50,
        deadline: NARRATIVE_DEADLINE,
    };
    AnthropicWriter::new(anthropic, Arc::new(SystemClock)).unwrap();
    let brevo = BrevoConfig {
        base_url: "https://api.brevo.com/v3".into(),
        api_key: Secret::new("xkeysib-x"),
        sender_email: "rapports@example.fr".into(),
        sender_name: "LObsTer".into(),
        webhook_token: Secret::new("token"),
    };
    BrevoMailer::new(brevo).unwrap();
    let ademe = AdemeConfig {
        base_url: "https://data.ademe.fr/data-fair/api/v1".into(),
        contact: "contact@example.fr".into(),
        synthetic: false,
    };
    let nobody = PgPool::connect_lazy("postgres://127.0.0.1:1/none").unwrap();
    AdemeCertificates::new(ademe, Arc::new(SystemClock), nobody).unwrap();
    S3Storage::new(&r2(true)).unwrap();
}

fn r2(eu: bool) -> S3Config {
    S3Config {
        endpoint: S3Endpoint::R2 { account_id: "account".into(), eu },
        bucket: "lobster-reports".into(),
        access_key: Secret::new("access"),
        secret_key: Secret::new("secret"),
    }
}

#[tokio::test]
async fn an_account_of_r2_gives_its_address() {
    for (eu, host) in [(false, "account.r2.cloudflarestorage.com"), (true, "account.eu.r2.cloudflarestorage.com")] {
        let link = S3Storage::new(&r2(eu)).unwrap().link("reports/a.pdf", Duration::from_secs(900)).await.unwrap();
        assert!(link.starts_with(&format!("https://{host}/lobster-reports/reports/a.pdf?")), "{link}");
        assert!(link.contains("%2Fauto%2Fs3%2Faws4_request"), "{link}");
    }
}

#[test]
fn a_key_that_no_header_may_hold_is_refused_at_the_start_without_being_shown() {
    let anthropic = AnthropicConfig {
        base_url: "https://api.anthropic.com".into(),
        api_key: Secret::new("canary\n"),
        model: "claude-sonnet-4-6".into(),
        price: None,
        stream: true,
        budget_cents: 50,
        deadline: NARRATIVE_DEADLINE,
    };
    let error = AnthropicWriter::new(anthropic.clone(), Arc::new(SystemClock)).err().unwrap().to_string();
    assert!(error.contains("key") && !error.contains("canary"), "{error}");
    let nameless = AnthropicConfig { api_key: Secret::new("x"), model: "claude-next".into(), ..anthropic };
    let error = AnthropicWriter::new(nameless, Arc::new(SystemClock)).err().unwrap().to_string();
    assert!(error.contains("claude-next"), "{error}");
}
