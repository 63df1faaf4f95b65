//! Sends one mail at a time, and never the same one twice within the vendor's memory.

use std::time::Duration;

use async_trait::async_trait;
use domain::ports::{Mail, Mailer, PortError};
use reqwest::header::HeaderValue;
use serde::Deserialize;
use serde_json::json;

use super::{BrevoConfig, SERVICE};
use crate::http::{Answer, Backoff, ClientError, Fault, Http, Policy, Terms, alert};

/// What only the holder of the account can mend.
const FOR_A_PERSON: [&str; 5] =
    ["unauthorized", "permission_denied", "not_enough_credits", "account_under_validation", "document_not_found"];

/// The mail port on Brevo's transactional API.
pub struct BrevoMailer {
    http: Http,
    config: BrevoConfig,
    key: HeaderValue,
    url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Accepted {
    message_id: String,
}

impl BrevoMailer {
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(config: BrevoConfig) -> Result<Self, ClientError> {
        let http = Http::new(Policy {
            service: SERVICE,
            attempts: 5,
            timeout: Duration::from_secs(10),
            patience: Duration::from_secs(75),
            backoff: Backoff { first: Duration::from_secs(1), factor: 2, cap: Duration::from_secs(16) },
        })?
        .breaking(Terms { failures: 10, pause: Duration::from_secs(30) });
        let key = config.api_key.header("").map_err(|_| ClientError {
            service: SERVICE,
            reason: "the key holds a character that no key has".into(),
        })?;
        let url = format!("{}/smtp/email", config.base_url.trim_end_matches('/'));
        Ok(Self { http, config, key, url })
    }
}

#[async_trait]
impl Mailer for BrevoMailer {
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PortError> {
        // A line break in a header would let its writer add headers of his own.
        if [&mail.to, &mail.subject].iter().any(|field| field.contains(['\r', '\n'])) {
            return Err(self.http.refused("the address or the subject of the mail holds a line break"));
        }
        let body = json!({
            "sender": {"email": self.config.sender_email, "name": self.config.sender_name},
            "to": [{"email": mail.to}],
            "subject": mail.subject,
            "htmlContent": mail.html,
            "textContent": mail.text,
            "tags": [mail.tag],
            "headers": {"idempotencyKey": mail.key},
        });
        self.http
            .call(
                "smtp.email",
                |client| client.post(&self.url).header("api-key", self.key.clone()).json(&body),
                |answer| read(&answer),
            )
            .await
    }
}

fn read(answer: &Answer) -> Result<Option<String>, Fault> {
    if answer.is_success() {
        return answer.json::<Accepted>().map(|accepted| Some(accepted.message_id));
    }
    let code = code(&answer.body);
    if code.as_deref() == Some("duplicate_request") {
        return Ok(None);
    }
    let code = code.unwrap_or_else(|| "unknown".to_owned());
    let message = format!("{} code={code}", answer.summary());
    match answer.status {
        408 | 429 | 500..=599 => Err(Fault::Passing { message, after: answer.retry_after() }),
        status => {
            if matches!(status, 401..=403) || FOR_A_PERSON.contains(&code.as_str()) {
                alert(SERVICE, &code, &message);
            }
            Err(Fault::Lasting(PortError::Refused { service: SERVICE, message }))
        }
    }
}

/// The stable code; the sentence beside it may quote an address and stays out of logs.
fn code(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    body["code"].as_str().map(str::to_owned)
}
