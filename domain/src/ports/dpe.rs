//! Energy performance certificates, live from ADEME, as counts.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::PortError;

/// Certificates of a territory by label. Certificates, never dwellings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateCounts {
    /// A to G.
    pub by_label: BTreeMap<String, i64>,
    pub total: i64,
    /// When the counts were extracted.
    pub asof: DateTime<Utc>,
    /// The data set's id at ADEME.
    pub dataset: String,
    /// Digest of the stored answer.
    pub answer_sha256: String,
    /// The answer came from a double, not from ADEME.
    pub synthetic: bool,
}

/// Counts certificates; arrondissements of Paris, Lyon and Marseille are asked together.
#[async_trait]
pub trait EnergyCertificates: Send + Sync {
    /// # Errors
    /// `Transient` when ADEME is down; the page is then dropped, never the order.
    async fn by_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError>;
}
