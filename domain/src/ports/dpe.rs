//! Energy performance certificates, live from ADEME, as counts.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::PortError;

/// Certificates of a territory by label. Certificates, never dwellings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateCounts {
    /// A to G.
    pub by_label: BTreeMap<String, i64>,
    pub total: i64,
    /// When the counts were extracted: up to 7 days ago, or up to 90 when they are a fall-back.
    pub asof: DateTime<Utc>,
    /// ADEME did not answer: an older answer stands in, and the report says so.
    pub fallback: bool,
    /// The data set's id at ADEME.
    pub dataset: String,
    /// Digest of the stored answer.
    pub answer_sha256: String,
    /// The answer came from a double, not from ADEME.
    pub synthetic: bool,
}

/// What a certificate measures, by square metre and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateMeasure {
    /// Kilowatt-hours of primary energy, five uses.
    Consumption,
    /// Kilograms of carbon dioxide, five uses.
    Emissions,
}

/// The median of a measure over the certificates of a territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateMedian {
    /// `None` where no certificate has the measure.
    pub value: Option<Decimal>,
    /// Certificates of the territory.
    pub total: i64,
    /// As in [`CertificateCounts`].
    pub asof: DateTime<Utc>,
    pub fallback: bool,
    pub dataset: String,
    pub answer_sha256: String,
    pub synthetic: bool,
}

/// Counts certificates; all codes of a territory are asked together: arrondissements of Paris, Lyon and Marseille, former
/// codes of merged communes.
#[async_trait]
pub trait EnergyCertificates: Send + Sync {
    /// # Errors
    /// When ADEME does not answer and no answer of the last 90 days is kept; the page is then dropped, never the order.
    async fn by_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError>;

    /// The same by label of greenhouse gases.
    ///
    /// # Errors
    /// As [`EnergyCertificates::by_label`].
    async fn by_climate_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError>;

    /// The median of a measure; `certificates` are those that the territory is known to have, so that an answer about
    /// another territory is recognised.
    ///
    /// # Errors
    /// As [`EnergyCertificates::by_label`].
    async fn median(
        &self,
        communes: &[String],
        measure: CertificateMeasure,
        certificates: i64,
    ) -> Result<CertificateMedian, PortError>;
}
