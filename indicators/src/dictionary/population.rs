//! Inhabitants and households.

use super::{Indicator, NONE, indicator_of as i, yearly};
use crate::Unit::{Change, Count};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("dem.pop", "Population municipale", Count, "none", "population municipale", NONE,
      &["population municipale", "population"], &["habitants"]),
    yearly(i("dem.tcam", "Variation annuelle moyenne de la population", Change, "none",
      "((P_yy/P_y5)^(1/(yy−y5)) − 1)·100", &["dem.pop"],
      &["variation annuelle moyenne de la population", "rythme annuel de la population"], &["habitants"])),
    i("dem.menages", "Ménages", Count, "none", "MEN", NONE, &["nombre de ménages", "ménages"], &["ménages"]),
];
