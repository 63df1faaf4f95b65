//! Brevo: our mails go out through it, and it tells what became of them.

mod mailer;
mod webhooks;

use crate::http::Secret;

pub use mailer::BrevoMailer;
pub use webhooks::BrevoWebhooks;

const SERVICE: &str = "brevo";

/// What Brevo needs to know of us.
#[derive(Debug, Clone)]
pub struct BrevoConfig {
    /// `https://api.brevo.com/v3`, or the sandbox; a final slash is optional.
    pub base_url: String,
    /// `xkeysib-…`.
    pub api_key: Secret,
    /// An address of a domain that the account has verified.
    pub sender_email: String,
    /// What mail programs show instead of the address; up to 70 characters.
    pub sender_name: String,
    /// The bearer token that the vendor's webhooks carry.
    pub webhook_token: Secret,
}
