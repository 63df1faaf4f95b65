//! Parts of answers that several endpoints share: prices, facts, eligibility, sources.

use domain::{
    eligibility::{self, EligibilityStatus},
    fact::{Fact, FactStatus},
    money,
    ports::{Named, SourceNote},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{french, problem::Problem};

/// A territory: its code and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Zone {
    pub code: String,
    pub nom: String,
}

impl From<Named> for Zone {
    fn from(Named { code, nom }: Named) -> Self {
        Self { code, nom }
    }
}

/// What one study costs; amounts in cents of `currency`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Price {
    pub ht_cents: i64,
    pub vat_cents: i64,
    pub ttc_cents: i64,
    /// Percent with one decimal, e.g. `20.0`.
    pub vat_rate: String,
    pub currency: String,
}

impl From<&money::Price> for Price {
    fn from(price: &money::Price) -> Self {
        let tenths = (price.vat_rate_bp + 5) / 10;
        Self {
            ht_cents: price.ht_cents,
            vat_cents: price.vat_cents,
            ttc_cents: price.ttc_cents,
            vat_rate: format!("{}.{}", tenths / 10, tenths % 10),
            currency: price.currency.clone(),
        }
    }
}

/// How much of a study the loaded data allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EligibilityState {
    Full,
    Reduced,
    EpciScope,
    Unavailable,
}

impl From<EligibilityStatus> for EligibilityState {
    fn from(status: EligibilityStatus) -> Self {
        match status {
            EligibilityStatus::Full => Self::Full,
            EligibilityStatus::Reduced => Self::Reduced,
            EligibilityStatus::EpciScope => Self::EpciScope,
            EligibilityStatus::Unavailable => Self::Unavailable,
        }
    }
}

impl EligibilityState {
    /// As the read models write it.
    pub fn read(word: &str) -> Result<Self, Problem> {
        Ok(match word {
            "full" => Self::Full,
            "reduced" => Self::Reduced,
            "epci_scope" => Self::EpciScope,
            other => return Err(Problem::unexpected(&format!("no order was placed with eligibility {other:?}"))),
        })
    }
}

/// A page that cannot be made for this commune.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DroppedPage {
    pub page: u32,
    pub title: String,
    /// French.
    pub reason: String,
}

impl From<eligibility::DroppedPage> for DroppedPage {
    fn from(eligibility::DroppedPage { page, title, reason }: eligibility::DroppedPage) -> Self {
        Self { page, title, reason }
    }
}

/// Whether a study can be made for a commune.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Eligibility {
    /// Code of the study.
    pub study: String,
    pub status: EligibilityState,
    pub dropped_pages: Vec<DroppedPage>,
    /// French; present when the study is unavailable.
    #[schema(required = true)]
    pub reason: Option<String>,
}

impl From<eligibility::Eligibility> for Eligibility {
    fn from(found: eligibility::Eligibility) -> Self {
        Self {
            study: found.study,
            status: found.status.into(),
            dropped_pages: found.dropped_pages.into_iter().map(DroppedPage::from).collect(),
            reason: found.reason,
        }
    }
}

/// Whether a figure may be shown, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureStatus {
    Ok,
    LowN,
    Modelled,
    Secret,
    Missing,
    NotApplicable,
}

impl From<FactStatus> for FigureStatus {
    fn from(status: FactStatus) -> Self {
        match status {
            FactStatus::Ok => Self::Ok,
            FactStatus::LowN => Self::LowN,
            FactStatus::Modelled => Self::Modelled,
            FactStatus::Secret => Self::Secret,
            FactStatus::Missing => Self::Missing,
            FactStatus::NotApplicable => Self::NotApplicable,
        }
    }
}

/// How a figure stands beside comparable communes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Comparison {
    pub scope_label: String,
    pub text: String,
}

/// A dataset, as it is cited under a figure.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactSource {
    pub dataset: String,
    pub producteur: String,
    pub titre: String,
    pub millesime: String,
    pub synthetique: bool,
}

/// One figure, with what is needed to believe it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactView {
    /// `indicator@scope`, e.g. `lov.tx@com`.
    pub id: String,
    pub label: String,
    /// French, unit included; `n.d.` when the figure is not available.
    pub text: String,
    pub status: FigureStatus,
    pub unit: String,
    /// Empty when the figure has no period of its own.
    pub period: String,
    /// French: why the figure is withheld or to be read with care.
    #[schema(required = true)]
    pub note: Option<String>,
    #[schema(required = true)]
    pub comparison: Option<Comparison>,
    #[schema(required = true)]
    pub source: Option<FactSource>,
}

impl FactView {
    /// `sources` gives the datasets their titles.
    pub fn new(fact: Fact, sources: &[SourceNote]) -> Self {
        let comparison = fact.peer.as_ref().filter(|_| fact.status.is_citable()).map(|peer| Comparison {
            scope_label: "Communes comparables".to_owned(),
            text: format!(
                "médiane {} ({})",
                french::figure(peer.p50, fact.decimals, &fact.unit),
                french::counted(i64::from(peer.n), "commune", "communes")
            ),
        });
        let note = sources.iter().find(|source| source.dataset == fact.prov.dataset);
        let cited = !fact.prov.dataset.is_empty();
        let source = cited.then(|| FactSource {
            titre: note.map_or_else(|| fact.prov.dataset.clone(), |source| source.titre.clone()),
            dataset: fact.prov.dataset,
            producteur: fact.prov.producteur,
            millesime: fact.prov.vintage,
            synthetique: fact.prov.synthetic,
        });
        Self {
            id: fact.id,
            label: fact.label,
            text: fact.text,
            status: fact.status.into(),
            unit: fact.unit,
            period: fact.period.unwrap_or_default(),
            note: fact.note,
            comparison,
            source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vat_rate_is_written_with_one_decimal() {
        let rate = |basis_points| Price::from(&money::Price::before_tax(100, basis_points, "EUR")).vat_rate;
        assert_eq!(rate(2_000), "20.0");
        assert_eq!(rate(550), "5.5");
        assert_eq!(rate(0), "0.0");
    }
}
