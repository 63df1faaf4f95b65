//! Energy certificates.

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Count, Pct};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("dpe.n", "Diagnostics de performance énergétique", Count, "none", "nombre de diagnostics", NONE,
      &["nombre de diagnostics de performance énergétique", "diagnostics de performance énergétique"], &["diagnostics"]),
    i("dpe.fg", "Part des diagnostics classés F ou G", Pct, "low", "100·(F + G)/(A + … + G)", &["dpe.n"],
      &["part des diagnostics classés F ou G"], &["diagnostics"]),
];
