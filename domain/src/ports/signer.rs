//! A printed document, signed: any reader shows who issued it, and that nothing was changed since.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::PortError;

/// Signs documents by one key.
#[async_trait]
pub trait Signer: Send + Sync {
    /// The document, byte for byte, followed by its signature. The same document, date and key give the same bytes.
    ///
    /// # Errors
    /// `Refused` when the certificate is not valid at `dated`, or the document is not of our printer.
    async fn sign(&self, pdf: &[u8], dated: DateTime<Utc>) -> Result<Vec<u8>, PortError>;
}
