//! From raw figures to facts: one dictionary of indicators, one rendering of numbers, one rule for what may be shown.

mod build;
mod canonical;
mod dictionary;
mod figure;
mod number;
mod peers;
mod secrecy;
mod support;
pub mod territory;

pub use build::{Moment, Origin, SheetBuilder, fact_id, median_of, scope_name, scope_order};
pub use canonical::{canonical, sha256};
pub use dictionary::{dictionary, indicator};
pub use figure::Figure;
pub use number::{NBSP, NOT_AVAILABLE, THIN, render};
pub use peers::{Candidate, Kinship, Peers, Standing};
pub use peers::{MIN_PEERS, SIZE_LIMITS, apart, choose as choose_peers, size_class, standing};
pub use secrecy::second_to_hide;
pub use support::{
    SAMPLED_FROM, census_of, census_rate, certificates, complementary, evolution, few_dwellings, permits, rents, sales,
};

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
    /// Euros a square metre of land, to 1 €.
    EurLandM2,
    /// Euros a square metre and month, to 0.1 €.
    EurM2Month,
    /// Euros a year, to 10 €.
    EurYear,
    /// Euros, to 10 €: the price of a dwelling.
    Eur,
    /// Millions of euros, one decimal.
    MillionEur,
    /// A coefficient between 0 and 1, two decimals.
    Coefficient,
    /// A mean number of persons, two decimals.
    Persons,
    /// A change of a mean number of persons: prints its sign, two decimals.
    PersonsChange,
    /// How many times one amount goes into another, one decimal.
    Ratio,
    /// A base-100 index, no decimal.
    Index,
    /// A gap between two percentages, in points: prints its sign.
    Points,
    /// A change in number: prints its sign.
    CountChange,
    /// For a thousand inhabitants, dwellings …: one decimal; the label says of what.
    PerThousand,
    /// For ten thousand inhabitants, one decimal.
    PerTenThousand,
    /// For a hundred thousand inhabitants, one decimal.
    PerHundredThousand,
    /// For a hundred households or persons, one decimal.
    PerHundred,
    /// Kilometres, one decimal.
    Km,
    /// Square kilometres, one decimal.
    Km2,
    /// Inhabitants a square kilometre, one decimal.
    PerKm2,
    /// Square metres, no decimal.
    M2,
    /// Months, one decimal.
    Months,
    /// Years of age, one decimal.
    Years,
    /// Kilowatt-hours of primary energy a square metre and year.
    KwhM2,
    /// Kilograms of carbon dioxide a square metre and year.
    KgCo2M2,
    /// A rank in a list: first is 1.
    Rank,
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
            Self::EurLandM2 => "eur_land_m2",
            Self::EurM2Month => "eur_m2_month",
            Self::EurYear => "eur_year",
            Self::Eur => "eur",
            Self::MillionEur => "meur",
            Self::Coefficient => "coefficient",
            Self::Persons => "persons",
            Self::PersonsChange => "persons_change",
            Self::Ratio => "ratio",
            Self::Index => "index",
            Self::Points => "points",
            Self::CountChange => "count_change",
            Self::PerThousand => "per_1000",
            Self::PerTenThousand => "per_10000",
            Self::PerHundredThousand => "per_100000",
            Self::PerHundred => "per_100",
            Self::Km => "km",
            Self::Km2 => "km2",
            Self::PerKm2 => "per_km2",
            Self::M2 => "m2",
            Self::Months => "months",
            Self::Years => "years",
            Self::KwhM2 => "kwh_m2",
            Self::KgCo2M2 => "kgco2_m2",
            Self::Rank => "rank",
            Self::Text => "text",
        }
    }

    /// Decimals printed.
    #[must_use]
    pub fn decimals(self) -> u32 {
        match self {
            Self::Pct
            | Self::Change
            | Self::EurM2Month
            | Self::MillionEur
            | Self::Points
            | Self::PerThousand
            | Self::PerTenThousand
            | Self::PerHundredThousand
            | Self::PerHundred
            | Self::Ratio
            | Self::Km
            | Self::Km2
            | Self::PerKm2
            | Self::Months
            | Self::Years => 1,
            Self::Coefficient | Self::Persons | Self::PersonsChange => 2,
            Self::Count
            | Self::EurM2
            | Self::EurLandM2
            | Self::EurYear
            | Self::Eur
            | Self::Index
            | Self::CountChange
            | Self::M2
            | Self::KwhM2
            | Self::KgCo2M2
            | Self::Rank
            | Self::Text => 0,
        }
    }

    /// Whether the figure is a change and prints its sign.
    #[must_use]
    pub fn is_signed(self) -> bool {
        matches!(self, Self::Change | Self::Points | Self::CountChange | Self::PersonsChange)
    }

    /// The printed step: 10 for prices, one unit of the last decimal elsewhere.
    #[must_use]
    pub fn step(self) -> Decimal {
        match self {
            Self::EurM2 | Self::EurYear | Self::Eur => Decimal::TEN,
            _ => Decimal::new(1, self.decimals()),
        }
    }
}
