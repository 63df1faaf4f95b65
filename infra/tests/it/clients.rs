//! Every client in one process: a clash of TLS providers would panic here, and nowhere earlier.

use std::sync::Arc;

use infra::{
    ademe::{AdemeCertificates, AdemeConfig},
    anthropic::{AnthropicConfig, AnthropicWriter},
    brevo::{BrevoConfig, BrevoMailer},
    clock::SystemClock,
    http::Secret,
    storage::{S3Config, S3Endpoint, S3Storage},
    stripe::{StripeConfig, StripePayments},
};

#[test]
fn all_clients_are_built_over_https_without_a_clash() {
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
    };
    AnthropicWriter::new(anthropic).unwrap();
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
    AdemeCertificates::new(ademe, Arc::new(SystemClock)).unwrap();
    let r2 = S3Config {
        endpoint: S3Endpoint::R2 { account_id: "account".into(), eu: true },
        bucket: "lobster-reports".into(),
        access_key: Secret::new("access"),
        secret_key: Secret::new("secret"),
    };
    S3Storage::new(&r2).unwrap();
}
