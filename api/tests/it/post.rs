//! Vendors' messages as the tests write them: one flat JSON object each, read in place of the vendors' own forms.

use chrono::{DateTime, Utc};
use domain::{
    order::{DisputeNotice, PaymentNotice, RefundNotice, RefundState},
    ports::{
        MailNews, MailStatus, MailWebhooks, Notice, PaymentNews, PaymentWebhooks, SessionNews, SessionState,
        WebhookRefusal,
    },
};
use serde_json::Value;

use crate::fakes::morning;

/// Reads `{id, type, …}` under the signature `good`.
pub struct PaymentPost;

impl PaymentWebhooks for PaymentPost {
    fn read(&self, signature: Option<&str>, body: &[u8], _: DateTime<Utc>) -> Result<PaymentNews, WebhookRefusal> {
        match signature {
            None => Err(WebhookRefusal::Header),
            Some("good") => Ok(meaning(body)),
            Some("old") => Err(WebhookRefusal::Time),
            Some(_) => Err(WebhookRefusal::Signature),
        }
    }

    fn reread(&self, body: &[u8]) -> PaymentNews {
        meaning(body)
    }
}

fn meaning(body: &[u8]) -> PaymentNews {
    let event: Value = serde_json::from_slice(body).unwrap();
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let notice = Notice { source: "stripe", message_id: text("id"), kind: text("type"), body: body.to_vec() };
    let cents = event["cents"].as_i64().unwrap_or_default();
    let (payment, currency) = (text("payment"), "eur".to_owned());
    match text("type").as_str() {
        "refund" => {
            let failed = event["failed"].as_str().map(|reason| RefundState::Failed(reason.to_owned()));
            let (refund, state) = (text("refund"), failed.unwrap_or(RefundState::Going));
            let refund = RefundNotice { refund, request: None, payment, amount_cents: cents, currency, state };
            return PaymentNews::Refund { notice, refund };
        }
        "charge.refunded" => return PaymentNews::Refunded { notice, payment },
        "dispute" => {
            let outcome = event["outcome"].as_str().map(str::to_owned);
            let (dispute, payment, reason) = ("du_1".to_owned(), Some(payment), "fraudulent".to_owned());
            let dispute = DisputeNotice { dispute, payment, amount_cents: cents, currency, reason, outcome };
            return PaymentNews::Dispute { notice, dispute };
        }
        _ => {}
    }
    let Ok(order) = text("order").parse() else { return PaymentNews::Noted { notice, reason: "other_type" } };
    let session = text("session");
    let state = match text("type").as_str() {
        "checkout.session.expired" => SessionState::Expired,
        "under_way" => SessionState::UnderWay { payment: Some("pi_1".to_owned()) },
        "payment_failed" => SessionState::Failed,
        _ => SessionState::Paid(paid(&session, cents)),
    };
    PaymentNews::Session {
        notice,
        order,
        news: SessionNews { session, order: Some(order), state, refunded_cents: None },
    }
}

/// A payment of the right mode and reference.
pub fn paid(session: &str, cents: i64) -> PaymentNotice {
    PaymentNotice {
        session: session.to_owned(),
        payment: Some("pi_1".to_owned()),
        paid_cents: cents,
        currency: "eur".to_owned(),
        livemode_expected: true,
        reference_matches: true,
    }
}

/// Reads `{id, message, event}` under the token `good`; a hard bounce quotes an address, as vendors do.
pub struct MailPost;

impl MailWebhooks for MailPost {
    fn read(&self, authorization: Option<&str>, body: &[u8]) -> Result<Vec<MailNews>, WebhookRefusal> {
        if authorization == Some("Bearer good") { Ok(self.reread(body)) } else { Err(WebhookRefusal::Token) }
    }

    fn reread(&self, body: &[u8]) -> Vec<MailNews> {
        let event: Value = serde_json::from_slice(body).unwrap();
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let notice = Notice { source: "brevo", message_id: text("id"), kind: text("event"), body: body.to_vec() };
        let status = match text("event").as_str() {
            "request" => MailStatus::Accepted,
            "deferred" => MailStatus::Deferred,
            "soft_bounce" => MailStatus::SoftBounced,
            "delivered" => MailStatus::Delivered,
            "hard_bounce" => MailStatus::HardBounced,
            "blocked" => MailStatus::Blocked,
            "invalid_email" => MailStatus::InvalidAddress,
            "error" => MailStatus::Failed,
            "unsubscribed" => MailStatus::Unsubscribed,
            "spam" => MailStatus::Spam,
            _ => MailStatus::Other,
        };
        let reason = "550 <agent@ville.example> is unknown".to_owned();
        vec![MailNews {
            notice,
            message_id: text("message"),
            event: text("event"),
            status,
            at: Some(morning()),
            reason,
        }]
    }
}
