//! How deliveries misbehave, and where they go.

use serde::{Deserialize, Serialize};

use super::Vendor;
use crate::config::SandboxConfig;

/// `PUT /_sandbox/webhooks`: every field is optional, the default is a well-behaved vendor.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Real milliseconds before the first attempt.
    pub delay_ms: u64,
    /// Extra copies of each delivery.
    pub duplicate: u32,
    /// Copies are sent at the same moment instead of one after the other.
    pub simultaneous: bool,
    /// Events overtake each other.
    pub shuffle: bool,
    /// Attempts lost before any is sent.
    pub drop_first: u32,
    /// Chance that an attempt is lost.
    pub drop_probability: f64,
    /// Seconds added to the time in the signature.
    pub timestamp_skew_s: i64,
    /// Sign with another secret; for Brevo, send another token.
    pub wrong_secret: bool,
    /// Change the body after it was signed.
    pub tamper: bool,
    /// Add the signature of an old secret before the right one, as during a roll-over.
    pub two_signatures: bool,
    /// Pretend another API version.
    pub api_version: Option<String>,
    /// Add fields nobody has heard of.
    pub unknown_fields: bool,
    /// Hold everything back.
    pub paused: bool,
}

impl Behaviour {
    /// Of the profile `storm`: everything twice and out of order.
    pub fn storm() -> Self {
        Self { duplicate: 1, shuffle: true, ..Self::default() }
    }
}

/// Where each vendor's events are delivered, and the secrets that prove who sent them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    pub stripe: Target,
    pub brevo: Target,
}

/// One address; empty when nobody listens yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub url: String,
    #[serde(skip_serializing)]
    pub secret: String,
}

impl Targets {
    pub fn of(config: &SandboxConfig) -> Self {
        Self {
            stripe: Target { url: config.stripe_webhook_url.clone(), secret: config.stripe_webhook_secret.clone() },
            brevo: Target { url: config.brevo_webhook_url.clone(), secret: config.brevo_webhook_token.clone() },
        }
    }

    pub fn of_vendor(&self, vendor: Vendor) -> &Target {
        match vendor {
            Vendor::Stripe => &self.stripe,
            Vendor::Brevo => &self.brevo,
        }
    }
}
