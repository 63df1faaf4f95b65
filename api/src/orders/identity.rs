//! Which order a request is: a fresh one, or, under an Idempotency-Key, the one that the key has always meant.

use axum::http::HeaderMap;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::problem::Problem;

/// Namespace of orders placed under a key; frozen for ever.
const ORDERS: Uuid = Uuid::from_u128(0x6c6f_6273_7465_7200_6f72_6465_7200_0001);
/// Namespace of their customers; frozen for ever.
const CUSTOMERS: Uuid = Uuid::from_u128(0x6c6f_6273_7465_7200_6375_7374_0000_0001);
/// Namespace of consents; frozen for ever.
const CONSENTS: Uuid = Uuid::from_u128(0x6c6f_6273_7465_7200_636f_6e73_0000_0001);

/// The ids of an order about to be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    pub order: Uuid,
    /// Under a key it depends on the body too: another customer id tells that the body has changed. The key is not
    /// kept, so nobody can work back from the id to the address that is in the body.
    pub customer: Uuid,
    /// A key was given: the order may exist.
    pub may_exist: bool,
}

/// The ids of a request without a key.
pub fn fresh(order: Uuid, customer: Uuid) -> Identity {
    Identity { order, customer, may_exist: false }
}

/// The ids of a request under `key`; `body` is the request in one canonical form.
pub fn keyed(key: Uuid, body: &[u8]) -> Identity {
    let mut digest = Sha256::new();
    digest.update(key.as_bytes());
    digest.update(body);
    Identity {
        order: Uuid::new_v5(&ORDERS, key.as_bytes()),
        customer: Uuid::new_v5(&CUSTOMERS, &digest.finalize()),
        may_exist: true,
    }
}

/// The id of one consent of an order: giving it again is the same consent.
pub fn consent(order: Uuid, kind: &str) -> Uuid {
    Uuid::new_v5(&CONSENTS, format!("{order}:{kind}").as_bytes())
}

/// The Idempotency-Key header, when there is one.
pub fn key(headers: &HeaderMap) -> Result<Option<Uuid>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().and_then(|text| Uuid::try_parse(text.trim()).ok());
    match key.filter(|key| !key.is_nil() && !key.is_max()) {
        Some(key) => Ok(Some(key)),
        None => Err(Problem::invalid_field(
            "Idempotency-Key",
            "uuid",
            "L’en-tête Idempotency-Key doit être un UUID tiré au hasard, une fois par commande.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_means_one_order_and_a_changed_body_shows_in_the_customer() {
        let key = Uuid::from_u128(42);
        let (first, same, other) = (keyed(key, b"a"), keyed(key, b"a"), keyed(key, b"b"));
        assert_eq!(first, same);
        assert_eq!(first.order, other.order);
        assert_ne!(first.customer, other.customer);
        assert_ne!(first.order, keyed(Uuid::from_u128(43), b"a").order);
    }

    #[test]
    fn a_key_that_is_no_uuid_is_refused_and_none_is_none() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key", axum::http::HeaderValue::from_static(value));
            key(&headers)
        };
        assert!(with("abc").is_err());
        assert!(with("00000000-0000-0000-0000-000000000000").is_err());
        assert!(with("9f0c6a5e-53a0-4a9e-9d1b-0c7c5a3d1e42").is_ok_and(|key| key.is_some()));
        assert!(key(&HeaderMap::new()).is_ok_and(|key| key.is_none()));
    }
}
