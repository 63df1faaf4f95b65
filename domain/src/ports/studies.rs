//! What we sell, as screens need it: the studies crate answers, `api` never sees it.

use async_trait::async_trait;

use super::PortError;
use crate::{eligibility::Eligibility, fact::Fact, money::Price};

/// A dataset as it is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceNote {
    pub dataset: String,
    pub producteur: String,
    pub titre: String,
    pub millesime: String,
    pub licence: String,
    pub synthetique: bool,
}

/// A study as a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudySheet {
    pub code: &'static str,
    pub title: &'static str,
    /// One sentence, in French.
    pub promise: &'static str,
    pub audience: &'static str,
    pub questions: &'static [&'static str],
    /// Page number and subject.
    pub contents: &'static [(u32, &'static str)],
    pub limits: &'static [&'static str],
    pub price: Price,
}

/// The shop window.
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// Every study, in order, at today's price.
    ///
    /// # Errors
    /// When the price table cannot be read.
    async fn studies(&self) -> Result<Vec<StudySheet>, PortError>;

    /// Where the figures of a study come from, as loaded now.
    ///
    /// # Errors
    /// `Missing` for an unknown study.
    async fn sources(&self, study: &str) -> Result<Vec<SourceNote>, PortError>;

    /// Whether each study can be made for a commune.
    ///
    /// # Errors
    /// `Missing` for an unknown commune.
    async fn eligibility(&self, commune: &str) -> Result<Vec<Eligibility>, PortError>;

    /// Six facts of a commune that anybody may see, n.d. ones included.
    ///
    /// # Errors
    /// `Missing` for an unknown commune.
    async fn key_facts(&self, commune: &str) -> Result<Vec<Fact>, PortError>;
}
