//! A value that may be used, and never shown.

use std::{fmt, str::FromStr};

use reqwest::header::{HeaderValue, InvalidHeaderValue};
use sha2::{Digest, Sha256};

/// A key, token or password from the configuration. It prints as `[redacted]`, whatever the format.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself: for the wire, never for a message.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The value as a header that HTTP libraries keep out of their own logs, after `prefix`.
    ///
    /// # Errors
    /// When it holds a character that no header may.
    pub fn header(&self, prefix: &str) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut value = HeaderValue::from_str(&format!("{prefix}{}", self.0))?;
        value.set_sensitive(true);
        Ok(value)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether somebody showed the same value. The time taken tells nothing about where they differ.
    #[must_use]
    pub fn matches(&self, shown: &str) -> bool {
        let (kept, shown) = (Sha256::digest(&self.0), Sha256::digest(shown));
        kept.iter().zip(shown.iter()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(value))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::new("sk_test_canary");
        let header = secret.header("Bearer ").unwrap();
        assert_eq!(format!("{secret} {secret:?} {:#?} {header:?}", Some(&secret)).matches("canary").count(), 0);
        assert_eq!(header.to_str().unwrap(), "Bearer sk_test_canary");
        assert!(Secret::new("two\nlines").header("").is_err());
    }

    #[test]
    fn only_the_same_value_matches() {
        let secret = Secret::new("bearer-1");
        assert!(secret.matches("bearer-1"));
        for other in ["", "bearer-", "bearer-2", "bearer-11", "Bearer-1"] {
            assert!(!secret.matches(other), "{other}");
        }
    }
}
