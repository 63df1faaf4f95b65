//! Brevo's webhook: any body is read, and no reason that it gives carries an address.

#![no_main]

use std::sync::LazyLock;

use domain::ports::MailWebhooks as _;
use infra::{
    brevo::{BrevoConfig, BrevoWebhooks},
    http::Secret,
};
use libfuzzer_sys::fuzz_target;

static WEBHOOKS: LazyLock<BrevoWebhooks> = LazyLock::new(|| {
    BrevoWebhooks::new(&BrevoConfig {
        base_url: String::new(),
        api_key: Secret::new("xkeysib-fuzz"),
        sender_email: String::new(),
        sender_name: String::new(),
        webhook_token: Secret::new("token"),
    })
});

fuzz_target!(|data: &[u8]| {
    for news in WEBHOOKS.reread(data) {
        assert!(!news.reason.contains('@'), "{}", news.reason);
        let _ = news.command();
    }
    assert!(WEBHOOKS.read(std::str::from_utf8(data).ok(), b"[]").is_err() || data == b"Bearer token");
});
