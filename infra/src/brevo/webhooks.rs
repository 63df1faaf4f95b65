//! What became of a mail. The body proves nothing by itself: the bearer token does, and only the mail's own status may
//! follow from it.

use domain::ports::{MailNews, MailWebhooks, Notice, WebhookRefusal};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{BrevoConfig, SERVICE};
use crate::http::Secret;

/// A reason longer than this tells nobody more.
const LONGEST_REASON: usize = 200;

/// Reader of Brevo's webhooks.
pub struct BrevoWebhooks {
    token: Secret,
}

#[derive(Deserialize)]
struct Item {
    event: String,
    #[serde(rename = "message-id")]
    message_id: String,
    #[serde(default)]
    email: String,
    ts_event: Option<i64>,
    ts: Option<i64>,
    reason: Option<String>,
}

impl BrevoWebhooks {
    #[must_use]
    pub fn new(config: &BrevoConfig) -> Self {
        Self { token: config.webhook_token.clone() }
    }
}

impl MailWebhooks for BrevoWebhooks {
    fn read(&self, authorization: Option<&str>, body: &[u8]) -> Result<Vec<MailNews>, WebhookRefusal> {
        let shown = authorization.and_then(|value| value.strip_prefix("Bearer ")).ok_or(WebhookRefusal::Token)?;
        // An empty token would be everybody's.
        if self.token.is_empty() || !self.token.matches(shown.trim()) {
            return Err(WebhookRefusal::Token);
        }
        Ok(self.reread(body))
    }

    fn reread(&self, body: &[u8]) -> Vec<MailNews> {
        items(body).into_iter().filter_map(news).collect()
    }
}

/// One object, or an array of them; what is neither holds no news.
fn items(body: &[u8]) -> Vec<&RawValue> {
    if let Ok(batch) = serde_json::from_slice::<Vec<&RawValue>>(body) {
        return batch;
    }
    serde_json::from_slice::<&RawValue>(body).into_iter().collect()
}

fn news(raw: &RawValue) -> Option<MailNews> {
    let item: Item = serde_json::from_str(raw.get()).ok()?;
    let at = item.ts_event.or(item.ts).unwrap_or_default();
    let notice = Notice {
        source: SERVICE,
        message_id: notice_id(&item, at),
        kind: item.event.clone(),
        body: raw.get().as_bytes().to_vec(),
    };
    Some(MailNews {
        notice,
        message_id: item.message_id,
        failed: matches!(item.event.as_str(), "hard_bounce" | "invalid_email" | "blocked" | "error"),
        event: item.event,
        reason: without_addresses(item.reason.as_deref().unwrap_or_default()),
    })
}

/// Brevo numbers no message: the same mail, event, second and recipient are the same message. Ids are kept for ever, so
/// the recipient only enters as part of a digest.
fn notice_id(item: &Item, at: i64) -> String {
    let identity = format!("{}\u{1f}{}\u{1f}{at}\u{1f}{}", item.message_id, item.event, item.email);
    hex::encode(Sha256::digest(identity))
}

/// Mail servers like to quote the recipient; the reason ends in an event, which never holds an address.
fn without_addresses(reason: &str) -> String {
    let words: Vec<_> = reason.split_whitespace().map(|word| if word.contains('@') { "[…]" } else { word }).collect();
    words.join(" ").chars().take(LONGEST_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhooks() -> BrevoWebhooks {
        BrevoWebhooks { token: Secret::new("token-1") }
    }

    fn item(event: &str, second: i64) -> String {
        format!(
            r#"{{"event": "{event}", "email": "mairie@example.fr", "id": 4, "message-id": "<1.2@smtp-relay.mailin.fr>",
                "ts_event": {second}, "tags": ["livraison"], "reason": "550 5.1.1 <mairie@example.fr>: unknown"}}"#
        )
    }

    fn read(body: &str) -> Vec<MailNews> {
        webhooks().read(Some("Bearer token-1"), body.as_bytes()).unwrap()
    }

    #[test]
    fn only_the_right_bearer_is_heard() {
        let body = item("delivered", 1);
        for shown in [None, Some(""), Some("token-1"), Some("Bearer "), Some("Bearer token-2"), Some("bearer token-1")]
        {
            assert_eq!(webhooks().read(shown, body.as_bytes()), Err(WebhookRefusal::Token), "{shown:?}");
        }
        let open = BrevoWebhooks { token: Secret::new("") };
        assert_eq!(open.read(Some("Bearer "), body.as_bytes()), Err(WebhookRefusal::Token));
    }

    #[test]
    fn a_lost_mail_is_told_without_the_address() {
        let news = &read(&item("hard_bounce", 1))[0];
        assert_eq!((news.message_id.as_str(), news.event.as_str()), ("<1.2@smtp-relay.mailin.fr>", "hard_bounce"));
        assert!(news.failed);
        assert_eq!(news.reason, "550 5.1.1 […] unknown");
        assert!(!news.notice.message_id.contains('@'));
    }

    #[test]
    fn temporary_trouble_and_unknown_events_lose_no_mail() {
        for event in ["delivered", "soft_bounce", "deferred", "spam", "unsubscribed", "opened", "something_new"] {
            assert!(!read(&item(event, 1))[0].failed, "{event}");
        }
    }

    #[test]
    fn a_batch_holds_several_messages_and_a_repeat_has_the_same_id() {
        let (delivered, opened) = (item("delivered", 1), item("opened", 2));
        let batch = read(&format!("[{delivered}, {opened}, {delivered}]"));
        let ids: Vec<_> = batch.iter().map(|news| &news.notice.message_id).collect();
        assert_eq!(ids.len(), 3);
        assert_eq!(ids[0], ids[2]);
        assert_ne!(ids[0], ids[1]);
        assert_ne!(ids[0], &read(&item("delivered", 3))[0].notice.message_id);
        assert_eq!(batch[0].notice.body, delivered.as_bytes());
    }

    #[test]
    fn what_cannot_be_read_holds_no_news() {
        for body in ["", "not json", "12", "[]", r#"{"event": "delivered"}"#] {
            assert_eq!(read(body), vec![], "{body}");
        }
    }
}
