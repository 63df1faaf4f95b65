//! Income.

use super::{Indicator, NONE, indicator_of as i, yearly};
use crate::Unit::EurYear;

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    yearly(i("fil.med", "Niveau de vie médian", EurYear, "high", "MED", NONE, &["niveau de vie médian"], &["ménages"])),
];
