//! The envelope of a message from Stripe, read with tolerance.

use serde::Deserialize;
use serde_json::Value;

/// What every message carries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event {
    pub id: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
    pub livemode: Option<bool>,
    pub data: Data,
}

/// The object that the message is about, left unread until its type is known.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Data {
    pub object: Value,
}
