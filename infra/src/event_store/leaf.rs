//! The hash of one event, computable anywhere from what a bundle holds: no PostgreSQL, no library of ours.
//!
//! `leaf = SHA-256(field₁ ‖ … ‖ field₈)`, where each field is its length in bytes as an unsigned 64-bit big-endian number,
//! followed by its bytes:
//!
//! 1. aggregate type, UTF-8
//! 2. aggregate id, UTF-8
//! 3. sequence, signed 64-bit big-endian
//! 4. event type, UTF-8
//! 5. event version, UTF-8
//! 6. time of recording in microseconds since 1970-01-01 UTC, signed 64-bit big-endian
//! 7. payload, canonical JSON (RFC 8785)
//! 8. metadata, canonical JSON (RFC 8785)
//!
//! The first byte hashed is always zero (no type is 2⁵⁶ bytes long), that of a Merkle node is one: neither can pass for
//! the other. RFC 8785 numbers are IEEE doubles, so integers of payloads stay below 2⁵³.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub(super) type Hash = [u8; 32];

/// The fields that are hashed, in their order.
pub(super) struct Leaf<'a> {
    pub aggregate_type: &'a str,
    pub aggregate_id: &'a str,
    pub sequence: i64,
    pub event_type: &'a str,
    pub event_version: &'a str,
    pub recorded_at: DateTime<Utc>,
    pub payload: &'a Value,
    pub metadata: &'a Value,
}

/// The same with documents that are canonical already.
pub(super) struct Inputs<'a> {
    pub aggregate_type: &'a str,
    pub aggregate_id: &'a str,
    pub sequence: i64,
    pub event_type: &'a str,
    pub event_version: &'a str,
    /// Microseconds since 1970-01-01 UTC.
    pub recorded_at: i64,
    pub payload: &'a [u8],
    pub metadata: &'a [u8],
}

impl Leaf<'_> {
    /// The leaf hash.
    ///
    /// # Errors
    /// When a document holds what RFC 8785 cannot write.
    pub fn hash(&self) -> Result<Hash, serde_json::Error> {
        let inputs = Inputs {
            aggregate_type: self.aggregate_type,
            aggregate_id: self.aggregate_id,
            sequence: self.sequence,
            event_type: self.event_type,
            event_version: self.event_version,
            recorded_at: self.recorded_at.timestamp_micros(),
            payload: &serde_json_canonicalizer::to_vec(self.payload)?,
            metadata: &serde_json_canonicalizer::to_vec(self.metadata)?,
        };
        Ok(inputs.hash())
    }
}

impl Inputs<'_> {
    /// The leaf hash.
    pub fn hash(&self) -> Hash {
        let mut hasher = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        field(self.aggregate_type.as_bytes());
        field(self.aggregate_id.as_bytes());
        field(&self.sequence.to_be_bytes());
        field(self.event_type.as_bytes());
        field(self.event_version.as_bytes());
        field(&self.recorded_at.to_be_bytes());
        field(self.payload);
        field(self.metadata);
        hasher.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn example() -> (Value, Value) {
        (
            json!({"OrderPaid": {"session": "cs_1", "paid_cents": 34_800, "currency": "EUR"}}),
            json!({"actor": "stripe", "correlation_id": "o", "command_id": "stripe:evt_1"}),
        )
    }

    fn leaf<'a>(payload: &'a Value, metadata: &'a Value) -> Leaf<'a> {
        Leaf {
            aggregate_type: "order",
            aggregate_id: "00000000-0000-0000-0000-000000000007",
            sequence: 2,
            event_type: "OrderPaid",
            event_version: "1.0",
            recorded_at: DateTime::from_timestamp_micros(1_790_000_000_123_456).unwrap(),
            payload,
            metadata,
        }
    }

    /// Computed apart from this code, with the Python standard library, from the description above.
    #[test]
    fn the_encoding_is_the_documented_one() {
        let (payload, metadata) = example();
        assert_eq!(
            hex::encode(leaf(&payload, &metadata).hash().unwrap()),
            "ccf6e051a63fd56cb2f14862ee9361b1746e7ae03b37ec7bf4568e9b5881bd9d"
        );
    }

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let (payload, metadata) = example();
        let turned: Value =
            serde_json::from_str(r#"{"OrderPaid":{"currency":"EUR","paid_cents":34800,"session":"cs_1"}}"#).unwrap();
        assert_eq!(leaf(&payload, &metadata).hash().unwrap(), leaf(&turned, &metadata).hash().unwrap());
    }

    proptest! {
        /// Moving a letter from one field to the next must not give the same bytes.
        #[test]
        fn fields_cannot_run_into_each_other(text in "[a-z]{2,20}", one in 0_usize..20, other in 0_usize..20) {
            let (one, other) = (one % (text.len() + 1), other % (text.len() + 1));
            prop_assume!(one != other);
            let (payload, metadata) = example();
            let cut = |at: usize| {
                let (event_type, event_version) = text.split_at(at);
                Leaf { event_type, event_version, ..leaf(&payload, &metadata) }.hash().unwrap()
            };
            prop_assert_ne!(cut(one), cut(other));
        }

        #[test]
        fn every_number_counts(sequence in 1_i64..i64::MAX, micros in 0_i64..4_000_000_000_000_000) {
            let (payload, metadata) = example();
            let recorded_at = DateTime::from_timestamp_micros(micros).unwrap();
            let base = Leaf { sequence, recorded_at, ..leaf(&payload, &metadata) }.hash().unwrap();
            let later = DateTime::from_timestamp_micros(micros + 1).unwrap();
            prop_assert_ne!(base, Leaf { sequence: sequence - 1, recorded_at, ..leaf(&payload, &metadata) }.hash().unwrap());
            prop_assert_ne!(base, Leaf { sequence, recorded_at: later, ..leaf(&payload, &metadata) }.hash().unwrap());
        }
    }
}
