//! Canonical JSON: equal contents have equal bytes, so a digest names a fact sheet or a narrative for ever.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The RFC 8785 bytes of a value and their SHA-256 in lower-case hex.
///
/// # Errors
/// When the value cannot be written as JSON (a map key that is no string, a number outside the doubles).
pub fn canonical(value: &impl Serialize) -> Result<(Vec<u8>, String), serde_json::Error> {
    let bytes = serde_json_canonicalizer::to_vec(value)?;
    let digest = sha256(&bytes);
    Ok((bytes, digest))
}

/// SHA-256 in lower-case hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_does_not_change_the_digest() {
        let one = serde_json::json!({"b": 1, "a": "é"});
        let other: serde_json::Value = serde_json::from_str(r#"{ "a": "\u00e9", "b": 1.0 }"#).unwrap();
        assert_eq!(canonical(&one).unwrap(), canonical(&other).unwrap());
        assert_eq!(canonical(&one).unwrap().0, r#"{"a":"é","b":1}"#.as_bytes());
    }
}
