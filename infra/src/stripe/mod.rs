//! Stripe: the hosted payment page, and the messages that say it was paid.

mod event;
mod payments;
mod refund;
mod session;
mod sessions;
mod signature;
mod webhooks;

use crate::http::Secret;

pub use payments::StripePayments;
pub use webhooks::StripeWebhooks;

const SERVICE: &str = "stripe";

/// What Stripe needs to know of us.
#[derive(Debug, Clone)]
pub struct StripeConfig {
    /// `https://api.stripe.com`, or the sandbox; a final slash is optional.
    pub base_url: String,
    /// `sk_test_…`, `sk_live_…` or a restricted key.
    pub secret_key: Secret,
    /// `whsec_…`; two while one is being replaced.
    pub webhook_secrets: Vec<Secret>,
    /// Whether this deployment takes real money; messages of the other kind are kept for a person to look at.
    pub livemode: bool,
}
