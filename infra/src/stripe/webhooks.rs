//! Tells what an authentic message from Stripe means for an order: its payment page, a refund, a dispute.

use chrono::{DateTime, Utc};
use domain::{
    order::DisputeNotice,
    ports::{Notice, PaymentNews, PaymentWebhooks, SessionNews, SessionState, WebhookRefusal},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{SERVICE, StripeConfig, event::Event, refund::Refund, session::Session, signature};
use crate::http::Secret;

/// Reader of Stripe's webhooks.
pub struct StripeWebhooks {
    secrets: Vec<Secret>,
    livemode: bool,
}

impl StripeWebhooks {
    #[must_use]
    pub fn new(config: &StripeConfig) -> Self {
        Self { secrets: config.webhook_secrets.clone(), livemode: config.livemode }
    }

    fn meaning(&self, event: &Event, notice: Notice) -> PaymentNews {
        let object = &event.data.object;
        match event.kind.as_str() {
            "checkout.session.completed"
            | "checkout.session.async_payment_succeeded"
            | "checkout.session.async_payment_failed"
            | "checkout.session.expired" => self.about_session(event, notice),
            "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
                match Refund::read(object).and_then(Refund::notice) {
                    Some(refund) => PaymentNews::Refund { notice, refund },
                    None => PaymentNews::Noted { notice, reason: "a refund that cannot be read" },
                }
            }
            "charge.refunded" => match object["payment_intent"].as_str() {
                Some(payment) => PaymentNews::Refunded { notice, payment: payment.to_owned() },
                None => PaymentNews::Noted { notice, reason: "a refund of no payment of ours" },
            },
            "charge.dispute.created" | "charge.dispute.closed" => match dispute(&event.kind, object) {
                Some(dispute) => PaymentNews::Dispute { notice, dispute },
                None => PaymentNews::Noted { notice, reason: "a dispute that cannot be read" },
            },
            _ => PaymentNews::Noted { notice, reason: "a type that calls for nothing" },
        }
    }

    fn about_session(&self, event: &Event, notice: Notice) -> PaymentNews {
        let noted = |notice, reason| PaymentNews::Noted { notice, reason };
        let Ok(mut session) = serde_json::from_value::<Session>(event.data.object.clone()) else {
            return noted(notice, "a session that cannot be read");
        };
        if !session.is_single_payment() {
            return noted(notice, "a session that is no single payment");
        }
        let Some(id) = session.id.clone() else { return noted(notice, "a session without an id") };
        let Some(reference) = session.reference() else { return noted(notice, "no order reference of ours") };
        session.livemode = event.livemode.or(session.livemode);
        let state = match event.kind.as_str() {
            "checkout.session.expired" => SessionState::Expired,
            "checkout.session.async_payment_failed" => SessionState::Failed,
            _ if session.is_paid() => match session.paid(self.livemode) {
                Some(payment) => SessionState::Paid(payment),
                None => return noted(notice, "a session without an id"),
            },
            _ => SessionState::UnderWay { payment: session.payment() },
        };
        let order = reference.order;
        let news = SessionNews { session: id, order: Some(order), state, refunded_cents: None };
        PaymentNews::Session { notice, order, news }
    }
}

/// A dispute, when it names itself; its end carries the vendor's last word.
fn dispute(kind: &str, object: &Value) -> Option<DisputeNotice> {
    let text = |field: &str| object[field].as_str().map(str::to_owned);
    let ended = kind == "charge.dispute.closed";
    Some(DisputeNotice {
        dispute: text("id")?,
        payment: text("payment_intent"),
        amount_cents: object["amount"].as_i64()?,
        currency: text("currency")?,
        reason: text("reason").unwrap_or_else(|| "unknown".to_owned()),
        outcome: if ended { Some(text("status")?) } else { None },
    })
}

impl PaymentWebhooks for StripeWebhooks {
    fn read(&self, signature: Option<&str>, body: &[u8], now: DateTime<Utc>) -> Result<PaymentNews, WebhookRefusal> {
        signature::verify(signature, body, &self.secrets, now)?;
        // Authentic from here on: nothing is refused any more, at worst it is kept for a person.
        Ok(self.reread(body))
    }

    fn reread(&self, body: &[u8]) -> PaymentNews {
        let event = serde_json::from_slice::<Event>(body).unwrap_or_default();
        let notice = Notice {
            source: SERVICE,
            message_id: event.id.clone().unwrap_or_else(|| format!("sha256:{}", hex::encode(Sha256::digest(body)))),
            kind: if event.kind.is_empty() { "unreadable".to_owned() } else { event.kind.clone() },
            body: body.to_vec(),
        };
        self.meaning(&event, notice)
    }
}

#[cfg(test)]
mod tests;
