//! The key that signs heads of the chain, and what anybody checks them with: Ed25519 (RFC 8032), by the cryptography that
//! our TLS brings anyway.

use std::fmt;
use std::str::FromStr;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::http::Secret;

/// The signing key. It prints nothing of itself.
pub struct AuditKey(Ed25519KeyPair);

/// The public half, in hexadecimal wherever it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// A key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("LOBSTER_AUDIT_KEY is not 64 hexadecimal digits (32 bytes): make one with `openssl rand -hex 32`")]
    Secret,
    #[error("{0:?} is no public key: 64 hexadecimal digits are needed, as `lobster es heads` prints them")]
    Public(String),
}

impl AuditKey {
    /// The key of a 32-byte seed, written as 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn new(seed: &Secret) -> Result<Self, BadKey> {
        let seed: [u8; 32] = bytes(seed.reveal().trim()).ok_or(BadKey::Secret)?;
        Ed25519KeyPair::from_seed_unchecked(&seed).map(Self).map_err(|_| BadKey::Secret)
    }

    /// What its signatures are checked with.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let mut public = [0; 32];
        public.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(public)
    }

    /// The signature of `message`, in hexadecimal.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        hex::encode(self.0.sign(message))
    }
}

impl PublicKey {
    /// Whether `signature` (hexadecimal) is this key's, over exactly `message`.
    #[must_use]
    pub fn signed(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = hex::decode(signature) else { return false };
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, &signature).is_ok()
    }
}

impl FromStr for PublicKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        bytes(text.trim()).map(Self).ok_or_else(|| BadKey::Public(text.to_owned()))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex::encode(self.0))
    }
}

fn bytes(text: &str) -> Option<[u8; 32]> {
    hex::decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 8032, section 7.1, tests 1 to 3: secret key, public key, message, signature.
    const VECTORS: [(&str, &str, &str, &str); 3] = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];

    #[test]
    fn the_vectors_of_the_standard_hold() {
        for (secret, public, message, signature) in VECTORS {
            let (key, message) = (AuditKey::new(&Secret::new(secret)).unwrap(), hex::decode(message).unwrap());
            assert_eq!(key.public().to_string(), public);
            assert_eq!(key.sign(&message), signature);
            assert!(key.public().signed(&message, signature));
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        for text in ["", "canary", &"0".repeat(63), &"g".repeat(64)] {
            let refused = AuditKey::new(&Secret::new(text)).err().unwrap().to_string();
            assert!(refused.contains("LOBSTER_AUDIT_KEY") && !refused.contains("canary"), "{refused}");
        }
        assert!("1234".parse::<PublicKey>().is_err());
    }

    proptest! {
        #[test]
        fn a_changed_message_key_or_signature_is_refused(
            message in prop::collection::vec(any::<u8>(), 1..80), at in any::<prop::sample::Index>(), bit in 0_usize..8,
        ) {
            let [(first, ..), (second, ..), _] = VECTORS;
            let (key, other) = (AuditKey::new(&Secret::new(first)).unwrap(), AuditKey::new(&Secret::new(second)).unwrap());
            let signature = key.sign(&message);
            prop_assert!(key.public().signed(&message, &signature));
            prop_assert!(!other.public().signed(&message, &signature));
            let mut changed = message.clone();
            *at.get_mut(&mut changed) ^= 1 << bit;
            prop_assert!(!key.public().signed(&changed, &signature));
            let mut forged = hex::decode(&signature).unwrap();
            *at.get_mut(&mut forged) ^= 1 << bit;
            prop_assert!(!key.public().signed(&message, &hex::encode(forged)));
        }
    }
}
