//! A mail as it was accepted.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Someone a mail is from or to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One mail of the outbox, in the names of Brevo's API.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// With its angle brackets, as webhooks repeat it.
    pub message_id: String,
    /// The number that webhooks carry beside it.
    pub number: u64,
    pub at: DateTime<Utc>,
    pub sender: Option<Person>,
    pub to: Vec<Person>,
    pub cc: Vec<Person>,
    pub bcc: Vec<Person>,
    pub reply_to: Option<Person>,
    pub subject: Option<String>,
    pub html_content: Option<String>,
    pub text_content: Option<String>,
    pub template_id: Option<u64>,
    pub params: Value,
    pub tags: Vec<String>,
    pub headers: Value,
    /// Names of the attached files.
    pub attachments: Vec<String>,
}

impl Mail {
    /// Everyone who gets it.
    pub fn recipients(&self) -> impl Iterator<Item = &Person> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }
}
