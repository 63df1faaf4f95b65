//! Tells what an authentic message from Stripe means for an order.

use chrono::{DateTime, Utc};
use domain::{
    order::PaymentNotice,
    ports::{Notice, PaymentNews, PaymentWebhooks, WebhookRefusal},
};
use sha2::{Digest, Sha256};

use super::{SERVICE, StripeConfig, event::Event, session::Session, signature};
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
        let noted = |notice, reason| PaymentNews::Noted { notice, reason };
        let ended = match event.kind.as_str() {
            "checkout.session.completed" | "checkout.session.async_payment_succeeded" => false,
            "checkout.session.expired" => true,
            "checkout.session.async_payment_failed" => return noted(notice, "a delayed payment failed"),
            _ => return noted(notice, "a type that calls for nothing"),
        };
        let Ok(session) = serde_json::from_value::<Session>(event.data.object.clone()) else {
            return noted(notice, "a session that cannot be read");
        };
        if session.mode.as_deref().is_some_and(|mode| mode != "payment") {
            return noted(notice, "a session that is no single payment");
        }
        let Some(id) = session.id.clone() else { return noted(notice, "a session without an id") };
        let Some(reference) = session.reference() else { return noted(notice, "no order reference of ours") };
        if ended {
            return PaymentNews::Expired { notice, order: reference.order, session: id };
        }
        if !matches!(session.payment_status.as_deref(), Some("paid" | "no_payment_required")) {
            return noted(notice, "a delayed payment method, not paid yet");
        }
        let payment = PaymentNotice {
            session: id,
            payment: session.payment(),
            // Without an amount nothing matches, and a person looks.
            paid_cents: session.amount_total.unwrap_or(0),
            currency: session.currency.clone().unwrap_or_default(),
            livemode_expected: event.livemode.or(session.livemode) == Some(self.livemode),
            reference_matches: reference.consistent,
        };
        PaymentNews::Paid { notice, order: reference.order, payment }
    }
}

impl PaymentWebhooks for StripeWebhooks {
    fn read(&self, signature: Option<&str>, body: &[u8], now: DateTime<Utc>) -> Result<PaymentNews, WebhookRefusal> {
        signature::verify(signature, body, &self.secrets, now)?;
        // Authentic from here on: nothing is refused any more, at worst it is kept for a person.
        let event = serde_json::from_slice::<Event>(body).unwrap_or_default();
        let notice = Notice {
            source: SERVICE,
            message_id: event.id.clone().unwrap_or_else(|| format!("sha256:{}", hex::encode(Sha256::digest(body)))),
            kind: if event.kind.is_empty() { "unreadable".to_owned() } else { event.kind.clone() },
            body: body.to_vec(),
        };
        Ok(self.meaning(&event, notice))
    }
}

#[cfg(test)]
mod tests;
