//! Object storage, write-once.

use std::time::Duration;

use async_trait::async_trait;

use super::PortError;

/// Bytes to keep for ever under a derived key.
#[derive(Clone, PartialEq, Eq)]
pub struct Object<'a> {
    pub key: &'a str,
    pub bytes: &'a [u8],
    /// Lower-case hex of the bytes.
    pub sha256: &'a str,
    pub content_type: &'a str,
    /// The download's file name; ASCII and UTF-8 forms are made from it.
    pub filename: Option<&'a str>,
}

/// What storage says of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub bytes: u64,
    pub sha256: Option<String>,
}

/// Keeps objects; writing the same object twice is a success, other bytes under the same key are an alarm.
#[async_trait]
pub trait Storage: Send + Sync {
    /// # Errors
    /// `Collision` when the key holds other bytes, `Transient` after the retries are spent.
    async fn put_once(&self, object: Object<'_>) -> Result<Stored, PortError>;

    /// # Errors
    /// `Missing` when there is no such key.
    async fn get(&self, key: &str) -> Result<Vec<u8>, PortError>;

    /// # Errors
    /// `Missing` when there is no such key.
    async fn head(&self, key: &str) -> Result<Stored, PortError>;

    /// A signed link, valid for `ttl`; made at the click, never kept.
    ///
    /// # Errors
    /// When the configuration cannot sign.
    async fn link(&self, key: &str, ttl: Duration) -> Result<String, PortError>;
}
