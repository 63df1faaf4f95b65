//! Parcels of the cadastre.

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Count, M2, Pct};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("cad.nb", "Parcelles cadastrales", Count, "none", "nombre de parcelles", NONE, &["nombre de parcelles"], &["parcelles"]),
    i("cad.surf_mediane", "Surface médiane des parcelles", M2, "none", "médiane(contenance)", &["cad.nb"],
      &["surface médiane des parcelles"], &["parcelles"]),
    i("cad.part_grandes", "Part de la surface en parcelles de plus d’un hectare", Pct, "none",
      "100·Σ contenance > 1 ha/Σ contenance", &["cad.nb"], &["part des grandes parcelles dans la surface"], &["surface"]),
];
