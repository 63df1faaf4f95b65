//! What became of a mail. The body proves nothing by itself: the bearer token does, and only the mail's own status may
//! follow from it.

use chrono::{DateTime, Utc};
use domain::ports::{MailNews, MailStatus, MailWebhooks, Notice, WebhookRefusal};
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
    /// Milliseconds.
    ts_epoch: Option<i64>,
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
        status: status(&item.event),
        message_id: item.message_id,
        at: moment(item.ts_epoch, at),
        event: item.event,
        reason: without_addresses(item.reason.as_deref().unwrap_or_default()),
    })
}

/// The names differ from those under which the events are subscribed to.
fn status(event: &str) -> MailStatus {
    match event {
        "request" | "sent" => MailStatus::Accepted,
        "deferred" => MailStatus::Deferred,
        "soft_bounce" => MailStatus::SoftBounced,
        "delivered" => MailStatus::Delivered,
        "error" => MailStatus::Failed,
        "blocked" => MailStatus::Blocked,
        "invalid_email" | "invalid" => MailStatus::InvalidAddress,
        "hard_bounce" => MailStatus::HardBounced,
        "unsubscribed" => MailStatus::Unsubscribed,
        "spam" => MailStatus::Spam,
        _ => MailStatus::Other,
    }
}

fn moment(milliseconds: Option<i64>, seconds: i64) -> Option<DateTime<Utc>> {
    milliseconds
        .and_then(DateTime::from_timestamp_millis)
        .or_else(|| DateTime::from_timestamp(seconds, 0).filter(|_| seconds > 0))
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
    use proptest::prelude::*;

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
        assert!(news.failed());
        assert_eq!(news.reason, "550 5.1.1 […] unknown");
        assert!(!news.notice.message_id.contains('@'));
    }

    #[test]
    fn every_event_of_the_vendor_has_its_meaning() {
        for (event, status) in [
            ("request", MailStatus::Accepted),
            ("deferred", MailStatus::Deferred),
            ("soft_bounce", MailStatus::SoftBounced),
            ("delivered", MailStatus::Delivered),
            ("error", MailStatus::Failed),
            ("blocked", MailStatus::Blocked),
            ("invalid_email", MailStatus::InvalidAddress),
            ("hard_bounce", MailStatus::HardBounced),
            ("unsubscribed", MailStatus::Unsubscribed),
            ("spam", MailStatus::Spam),
            ("opened", MailStatus::Other),
            ("unique_proxy_open", MailStatus::Other),
            ("click", MailStatus::Other),
            ("something_new", MailStatus::Other),
        ] {
            assert_eq!(read(&item(event, 1))[0].status, status, "{event}");
        }
        assert!(
            !MailStatus::Delivered.is_failure() && MailStatus::Deferred.is_temporary() && MailStatus::Spam.ends_mail()
        );
    }

    #[test]
    fn news_in_any_order_leave_the_strongest_status() {
        let strongest = |events: &[&str]| events.iter().map(|event| read(&item(event, 1))[0].status).max();
        assert_eq!(strongest(&["delivered", "deferred", "request", "opened"]), Some(MailStatus::Delivered));
        assert_eq!(strongest(&["soft_bounce", "hard_bounce", "deferred"]), Some(MailStatus::HardBounced));
        assert_eq!(strongest(&["spam", "delivered"]), Some(MailStatus::Spam));
        assert_eq!(strongest(&["unsubscribed", "delivered", "click"]), Some(MailStatus::Unsubscribed));
    }

    #[test]
    fn the_hour_is_that_of_the_event() {
        let at = |body: &str| read(body)[0].at.map(|at| at.timestamp_millis());
        assert_eq!(at(&item("delivered", 1_795_000_001)), Some(1_795_000_001_000));
        let item = r#"{"event": "delivered", "message-id": "<1@x>", "ts_event": 9, "ts_epoch": 1795000001500}"#;
        assert_eq!(at(item), Some(1_795_000_001_500));
        assert_eq!(at(r#"{"event": "delivered", "message-id": "<1@x>"}"#), None);
        assert_eq!(at(r#"{"event": "delivered", "message-id": "<1@x>", "ts_event": 9223372036854775807}"#), None);
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

    proptest! {
        #[test]
        fn no_body_makes_us_fall_and_none_is_heard_without_its_token(body in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(webhooks().read(Some("Bearer token-1"), &body).is_ok());
            prop_assert_eq!(webhooks().read(None, &body), Err(WebhookRefusal::Token));
        }

        #[test]
        fn half_a_batch_is_no_news(length in 0_usize..600) {
            let batch = format!("[{}, {}]", item("delivered", 1), item("hard_bounce", 2));
            prop_assume!(length < batch.len());
            prop_assert_eq!(read(&batch[..length]), vec![]);
        }

        #[test]
        fn no_reason_carries_an_address(words in "[a-z@<>. ]{0,300}") {
            let body = serde_json::json!({"event": "hard_bounce", "message-id": "<1@x>", "reason": words}).to_string();
            prop_assert!(!read(&body)[0].reason.contains('@'));
        }
    }
}
