//! What we sell, as screens need it: the studies crate answers, `api` never sees it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use rust_decimal::Decimal;

use super::PortError;
use crate::{
    eligibility::Eligibility,
    fact::{Fact, FactStatus},
    money::Price,
};

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

/// One figure of one commune of a map; no value unless the status allows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapFigure {
    pub value: Option<Decimal>,
    /// French, unit included; `n.d.` without a value.
    pub text: String,
    pub status: FactStatus,
}

/// What the colours of a commune's map mean: one indicator over the communes of its EPCI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureMap {
    /// e.g. `lov.tx2`.
    pub indicator: String,
    pub label: String,
    /// As in facts, e.g. `pct`.
    pub unit: String,
    pub vintage: String,
    /// By INSEE code.
    pub figures: BTreeMap<String, MapFigure>,
}

/// What anybody may see of a commune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFigures {
    /// Six facts, n.d. ones included.
    pub facts: Vec<Fact>,
    /// `None` where no commune around has a figure to show.
    pub map: Option<FigureMap>,
}

/// A drawing as the reports of a study have it, made from an invented commune and stamped as a specimen.
#[derive(Debug, Clone, PartialEq)]
pub struct Specimen {
    /// Unique in the study; short, ASCII.
    pub key: &'static str,
    pub title: String,
    /// Unit and scope.
    pub measure: String,
    pub source: String,
    /// Size in CSS pixels at which its smallest type is read.
    pub width: f64,
    pub height: f64,
    /// The document itself, with its title and description.
    pub svg: String,
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

    /// Drawings of a study; none where it shows none.
    ///
    /// # Errors
    /// `Missing` for an unknown study.
    async fn specimens(&self, study: &str) -> Result<Vec<Specimen>, PortError>;

    /// Whether each study can be made for a commune.
    ///
    /// # Errors
    /// `Missing` for an unknown commune.
    async fn eligibility(&self, commune: &str) -> Result<Vec<Eligibility>, PortError>;

    /// The figures of a commune that anybody may see.
    ///
    /// # Errors
    /// `Missing` for an unknown commune.
    async fn key_figures(&self, commune: &str) -> Result<KeyFigures, PortError>;
}
