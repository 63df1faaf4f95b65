//! The few fields of a Checkout Session that we need, read with tolerance: no other field may cost us a payment.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    order::PaymentNotice,
    ports::{SessionNews, SessionState},
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

/// A Checkout Session, as answered or as announced. A field of an unknown form is as good as absent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Session {
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub url: Option<String>,
    #[serde(deserialize_with = "seconds")]
    pub expires_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "lenient")]
    pub mode: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub status: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub payment_status: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub amount_total: Option<i64>,
    #[serde(deserialize_with = "lenient")]
    pub currency: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub livemode: Option<bool>,
    #[serde(deserialize_with = "lenient")]
    client_reference_id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    metadata: Option<BTreeMap<String, Value>>,
    payment_intent: Value,
}

/// What a session says of the order that it pays.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub order: Uuid,
    /// `client_reference_id` and `metadata.order_id` name the same order, or one of them is absent.
    pub consistent: bool,
}

impl Session {
    /// The order that the session refers to, when it is one of ours.
    pub fn reference(&self) -> Option<Reference> {
        let named: Vec<&str> = self.names().collect();
        let order = named.iter().find_map(|name| Uuid::parse_str(name).ok())?;
        let consistent = named.iter().all(|name| Uuid::parse_str(name) == Ok(order));
        Some(Reference { order, consistent })
    }

    /// Whether nothing in the session points to another order.
    pub fn speaks_only_of(&self, order: Uuid) -> bool {
        self.names().all(|name| Uuid::parse_str(name) == Ok(order))
    }

    /// Whether it is a single payment, the only kind that an order has.
    pub fn is_single_payment(&self) -> bool {
        self.mode.as_deref().is_none_or(|mode| mode == "payment")
    }

    /// Where it stands, as the vendor's own fields tell; `livemode` is the mode of this deployment.
    pub fn news(&self, livemode: bool) -> Option<SessionNews> {
        let session = self.id.clone()?;
        let reference = self.reference();
        let state = match self.status.as_deref() {
            Some("expired") => SessionState::Expired,
            Some("open") => SessionState::Open,
            _ if self.is_paid() => SessionState::Paid(self.paid(livemode)?),
            Some("complete") if self.has_failed() => SessionState::Failed,
            Some("complete") => SessionState::UnderWay { payment: self.payment() },
            // A status that we do not know proves nothing: the order is told nothing.
            _ => SessionState::Open,
        };
        let refunded_cents = self.payment_intent["latest_charge"]["amount_refunded"].as_i64();
        Some(SessionNews { session, order: reference.map(|reference| reference.order), state, refunded_cents })
    }

    /// Money moved, or none had to.
    pub fn is_paid(&self) -> bool {
        matches!(self.payment_status.as_deref(), Some("paid" | "no_payment_required"))
    }

    /// The payment as the order is to be told of it.
    pub fn paid(&self, livemode: bool) -> Option<PaymentNotice> {
        Some(PaymentNotice {
            session: self.id.clone()?,
            payment: self.payment(),
            // Without an amount nothing matches, and a person looks.
            paid_cents: self.amount_total.unwrap_or(0),
            currency: self.currency.clone().unwrap_or_default(),
            livemode_expected: self.livemode == Some(livemode),
            reference_matches: self.reference().is_some_and(|reference| reference.consistent),
        })
    }

    /// A method that takes days has failed: seen on an expanded payment only.
    fn has_failed(&self) -> bool {
        matches!(self.payment_intent["status"].as_str(), Some("requires_payment_method" | "canceled"))
    }

    /// The payment's id, given as such or as an expanded object.
    pub fn payment(&self) -> Option<String> {
        let id = self.payment_intent.as_str().or_else(|| self.payment_intent["id"].as_str());
        id.map(str::to_owned)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let kept = self.metadata.as_ref().and_then(|all| all.get("order_id")).and_then(Value::as_str);
        self.client_reference_id.as_deref().into_iter().chain(kept)
    }
}

fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// Seconds since 1970; a number with a fraction is understood too.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let written: Option<serde_json::Number> = lenient(deserializer)?;
    let whole = written.and_then(|number| number.to_string().split('.').next()?.parse::<i64>().ok());
    Ok(whole.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn session(body: Value) -> Session {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn both_references_must_agree_where_both_are_given() {
        let (ours, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let agreed = session(json!({"client_reference_id": ours, "metadata": {"order_id": ours}}));
        assert_eq!(agreed.reference(), Some(Reference { order: ours, consistent: true }));
        let one = session(json!({"client_reference_id": null, "metadata": {"order_id": ours}}));
        assert_eq!(one.reference(), Some(Reference { order: ours, consistent: true }));
        let torn = session(json!({"client_reference_id": ours, "metadata": {"order_id": other}}));
        assert_eq!(torn.reference(), Some(Reference { order: ours, consistent: false }));
        assert!(!torn.speaks_only_of(ours));
        assert_eq!(session(json!({"client_reference_id": "ord_0001", "metadata": null})).reference(), None);
    }

    #[test]
    fn what_the_vendor_does_not_say_is_not_guessed() {
        let state = |body: Value| session(body).news(false).unwrap().state;
        assert_eq!(state(json!({"id": "cs_1", "payment_status": "unpaid"})), SessionState::Open);
        assert_eq!(state(json!({"id": "cs_1", "status": "new", "payment_status": "unpaid"})), SessionState::Open);
        let under_way = SessionState::UnderWay { payment: None };
        assert_eq!(state(json!({"id": "cs_1", "status": "complete", "payment_status": "unpaid"})), under_way);
    }

    #[test]
    fn odd_forms_of_known_fields_are_understood() {
        let body = json!({"expires_at": 1_795_086_400.0, "payment_intent": {"id": "pi_1"}, "new_field": [1]});
        let read = session(body);
        assert_eq!(read.expires_at, DateTime::from_timestamp(1_795_086_400, 0));
        assert_eq!(read.payment().as_deref(), Some("pi_1"));
        assert_eq!(session(json!({"payment_intent": "pi_2"})).payment().as_deref(), Some("pi_2"));
        assert_eq!(session(json!({"payment_intent": null})).payment(), None);
    }

    #[test]
    fn a_field_of_another_form_costs_no_payment() {
        let ours = Uuid::from_u128(1);
        let body = json!({"id": "cs_1", "url": {}, "expires_at": "soon", "mode": 7, "livemode": "no", "metadata": [],
                          "client_reference_id": ours, "payment_status": "paid", "amount_total": 34_800,
                          "currency": "eur", "payment_intent": "pi_1"});
        let paid = session(body).paid(false).unwrap();
        assert_eq!((paid.payment.as_deref(), paid.paid_cents, paid.reference_matches), (Some("pi_1"), 34_800, true));
        assert!(!paid.livemode_expected, "an unknown mode is not the expected one");
    }
}
