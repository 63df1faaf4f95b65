//! From raw figures to facts: one dictionary of indicators, one rendering of numbers, one rule for what may be shown.

mod build;
mod dictionary;
mod figure;
mod number;
mod peers;
mod secrecy;
mod support;

pub use build::{Moment, Origin, SheetBuilder, fact_id, median_of, scope_name, scope_order};
pub use dictionary::{DICTIONARY, indicator};
pub use figure::Figure;
pub use number::{NBSP, NOT_AVAILABLE, THIN, render};
pub use peers::{Candidate, Standing};
pub use peers::{MIN_PEERS, SIZE_LIMITS, choose as choose_peers, size_class, standing};
pub use secrecy::second_to_hide;
pub use support::{SAMPLED_FROM, census_rate, certificates, evolution, rents, sales};

use rust_decimal::Decimal;

/// One line of the dictionary: what a number means, whatever the territory.
#[derive(Debug, Clone, Copy)]
pub struct Indicator {
    /// `lov.tx`, or with its modality `dvf.med[appt]`.
    pub id: &'static str,
    /// French, as printed in tables and in the annex.
    pub label: &'static str,
    pub unit: Unit,
    /// Whether `high`, `low` or `none` is desirable.
    pub better: &'static str,
    pub formula: &'static str,
    /// Indicators that the formula reads, at the same scope.
    pub inputs: &'static [&'static str],
    /// Phrases that may name the indicator in a sentence; the first is the plainest.
    pub anchors: &'static [&'static str],
    /// Nouns of the denominator that may stand near the figure.
    pub base: &'static [&'static str],
    /// Words of time that may stand near the figure.
    pub time: &'static [&'static str],
}

/// How a figure is counted and printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Count,
    /// Percentage, one decimal.
    Pct,
    /// A change in percent: prints its sign.
    Change,
    /// Euros a square metre, to 10 €.
    EurM2,
    /// Euros a square metre and month, to 0.1 €.
    EurM2Month,
    /// Euros a year, to 10 €.
    EurYear,
    /// A coefficient between 0 and 1, two decimals.
    Coefficient,
    Text,
}

impl Unit {
    /// The name in fact sheets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Pct | Self::Change => "pct",
            Self::EurM2 => "eur_m2",
            Self::EurM2Month => "eur_m2_month",
            Self::EurYear => "eur_year",
            Self::Coefficient => "coefficient",
            Self::Text => "text",
        }
    }

    /// Decimals printed.
    #[must_use]
    pub fn decimals(self) -> u32 {
        match self {
            Self::Pct | Self::Change | Self::EurM2Month => 1,
            Self::Coefficient => 2,
            Self::Count | Self::EurM2 | Self::EurYear | Self::Text => 0,
        }
    }

    /// Whether the figure is a change and prints its sign.
    #[must_use]
    pub fn is_signed(self) -> bool {
        self == Self::Change
    }

    /// The printed step: 10 for prices, one unit of the last decimal elsewhere.
    #[must_use]
    pub fn step(self) -> Decimal {
        match self {
            Self::EurM2 | Self::EurYear => Decimal::TEN,
            _ => Decimal::new(1, self.decimals()),
        }
    }
}
