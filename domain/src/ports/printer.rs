//! HTML to PDF, reproducibly: the same HTML gives the same bytes under the same renderer and fonts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::PortError;

/// A printed document in canonical bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Printed {
    pub pdf: Vec<u8>,
    pub sha256: String,
    pub pages: u32,
    /// Browser name and version.
    pub renderer_version: String,
    /// Digest of the font files in use.
    pub fonts_sha256: String,
}

/// Prints a self-contained page: no script, no network, no file.
#[async_trait]
pub trait Printer: Send + Sync {
    /// `dated` is written into the document in place of the time of printing.
    ///
    /// # Errors
    /// `Transient` when the browser died or took too long, `Refused` when the page wants something it may not have.
    async fn print(&self, html: &str, dated: DateTime<Utc>) -> Result<Printed, PortError>;
}
