//! The social stock (RPLS).

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Count, Pct};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("rpl.n", "Logements locatifs sociaux (RPLS)", Count, "none", "nb_ls", NONE,
      &["nombre de logements locatifs sociaux", "parc locatif social"], &["logements"]),
    i("rpl.tx", "Logements sociaux RPLS / résidences principales", Pct, "none", "100·nb_ls/RP", &["rpl.n", "log.rp"],
      &["rapport des logements sociaux aux résidences principales"], &["logements", "résidences principales"]),
];
