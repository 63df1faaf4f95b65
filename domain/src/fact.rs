//! Facts: a number is never alone. Value, status, text, provenance and peers travel together from the query to the page.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Whether a figure may be printed, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactStatus {
    Ok,
    /// Usable with a caution mark: few observations.
    LowN,
    /// Estimated or modelled by the producer or by us.
    Modelled,
    /// Withheld by the producer: never rebuilt, never zero.
    Secret,
    /// Not published, not loaded or not covered; the note says which.
    Missing,
    NotApplicable,
}

impl FactStatus {
    /// Whether the figure itself may be shown or cited.
    #[must_use]
    pub fn is_citable(self) -> bool {
        matches!(self, Self::Ok | Self::LowN | Self::Modelled)
    }

    /// The name used in JSON and in events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::LowN => "low_n",
            Self::Modelled => "modelled",
            Self::Secret => "secret",
            Self::Missing => "missing",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// The six comparison scopes, always in this order and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScopeKind {
    Com,
    Epci,
    Dep,
    Reg,
    Fr,
    /// Communes of the same size class and zone: median of the peers.
    Sim,
}

/// The territory a fact speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    pub kind: ScopeKind,
    pub code: String,
    pub name: String,
    /// Year of the Code officiel géographique.
    pub cog: i32,
}

/// Where a figure comes from: from the page back to the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    pub dataset: String,
    pub producteur: String,
    pub vintage: String,
    /// Row of `data.data_sources` (file, checksum, licence).
    pub load: String,
    /// SQL file of the study's folder, and the digest of its text.
    pub query: String,
    pub query_sha256: String,
    pub formula: String,
    pub inputs: Vec<String>,
    /// Whether any input row was generated: the document is then a specimen.
    pub synthetic: bool,
}

/// Where the commune stands among comparable communes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    pub n: u32,
    pub p25: Decimal,
    pub p50: Decimal,
    pub p75: Decimal,
    /// Percentile of the commune, 0 to 100.
    pub pct: u32,
}

/// One figure of one territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// `indicator@scope`, e.g. `lov.tx@com`.
    pub id: String,
    pub label: String,
    /// Exact decimal; absent unless the status is citable.
    pub value: Option<Decimal>,
    /// `pct`, `count`, `eur_m2`, `eur_m2_month`, `text` …
    pub unit: String,
    pub decimals: u32,
    /// French rendering, unit included; produced once, printed everywhere.
    pub text: String,
    pub status: FactStatus,
    /// Observations behind the figure.
    pub n: Option<i64>,
    /// Margin of error, in the unit of the value.
    pub moe: Option<Decimal>,
    pub period: Option<String>,
    /// Date of extraction, for live sources.
    pub asof: Option<String>,
    /// Why the figure is withheld or to be read with care, in French.
    pub note: Option<String>,
    /// Whether more is `high`, `low` or neither (`none`) desirable.
    pub better: String,
    /// A change or a gap: prints its sign.
    pub signed: bool,
    pub provisional: bool,
    pub scope: Scope,
    pub prov: Provenance,
    pub peer: Option<Peer>,
    /// Phrases that may name the indicator in a sentence (narrative rule V15).
    pub anchors: Vec<String>,
    /// Nouns of the denominator and words of time that may stand near the figure.
    pub base: Vec<String>,
    pub time: Vec<String>,
}

/// Everything a report knows, sorted by id. Stored by content, never rewritten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactSheet {
    pub study: String,
    pub commune: String,
    /// The territory that the study speaks of: the commune, or its intercommunality where the commune is too small to be
    /// studied alone. It is then shown beside it.
    #[serde(default = "commune", skip_serializing_if = "is_commune")]
    pub lead: ScopeKind,
    /// `reference_version` of the open data at collection.
    pub reference_version: i64,
    pub facts: BTreeMap<String, Fact>,
    /// Tables behind maps and series, by exhibit, as the collector read them.
    pub exhibits: BTreeMap<String, serde_json::Value>,
}

fn commune() -> ScopeKind {
    ScopeKind::Com
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_commune(kind: &ScopeKind) -> bool {
    *kind == ScopeKind::Com
}

impl FactSheet {
    /// Whether any figure comes from generated data.
    #[must_use]
    pub fn is_specimen(&self) -> bool {
        self.facts.values().any(|fact| fact.prov.synthetic)
    }

    /// Number of facts by status name.
    #[must_use]
    pub fn by_status(&self) -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for fact in self.facts.values() {
            *counts.entry(fact.status.name().to_owned()).or_default() += 1;
        }
        counts
    }
}
