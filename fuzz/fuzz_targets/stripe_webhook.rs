//! Stripe's webhook: header and body, split at the first line break; and the body alone, as it is read again later.

#![no_main]

use std::sync::LazyLock;

use chrono::DateTime;
use domain::ports::PaymentWebhooks as _;
use infra::{
    http::Secret,
    stripe::{StripeConfig, StripeWebhooks},
};
use libfuzzer_sys::fuzz_target;

static WEBHOOKS: LazyLock<StripeWebhooks> = LazyLock::new(|| {
    StripeWebhooks::new(&StripeConfig {
        base_url: String::new(),
        secret_key: Secret::new("sk_test_fuzz"),
        webhook_secrets: vec![Secret::new("whsec_fuzz"), Secret::new("whsec_old")],
        livemode: false,
    })
});

fuzz_target!(|data: &[u8]| {
    let split = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (header, body) = data.split_at(split);
    let header = std::str::from_utf8(header).ok();
    let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap_or_default();
    let heard = WEBHOOKS.read(header, body.get(1..).unwrap_or_default(), now);
    assert!(heard.is_err(), "nobody signs by chance");
    let _ = WEBHOOKS.reread(data);
});
