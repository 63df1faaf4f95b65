//! Whether a study can be made for a commune, known before payment and kept in `OrderPlaced`.

use serde::{Deserialize, Serialize};

/// How much of a study the loaded data allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EligibilityStatus {
    /// Every page can be made.
    Full,
    /// Some pages are dropped; at least 60 % of the pages and five key figures remain.
    Reduced,
    /// Made at the scope of the intercommunality, with the commune highlighted.
    EpciScope,
    /// Cannot be sold; the reason says why.
    Unavailable,
}

/// A page that cannot be made, and why, in French.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedPage {
    pub page: u32,
    pub title: String,
    pub reason: String,
}

/// The answer to "can this study be made here?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eligibility {
    pub study: String,
    pub status: EligibilityStatus,
    pub dropped_pages: Vec<DroppedPage>,
    /// French, for the customer; present when `status` is `Unavailable`.
    pub reason: Option<String>,
}

impl Eligibility {
    /// Whether an order may be taken.
    #[must_use]
    pub fn can_be_ordered(&self) -> bool {
        self.status != EligibilityStatus::Unavailable
    }
}
