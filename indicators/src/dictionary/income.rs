//! Standards of living: the producer's figures at every level, never recomputed.

use super::{Indicator, NONE, indicator_of as i, yearly};
use crate::Unit::{EurYear, Pct, Ratio};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    yearly(i("fil.med", "Niveau de vie médian", EurYear, "high", "MED", NONE, &["niveau de vie médian"], &["ménages"])),
    yearly(i("fil.d1", "Premier décile de niveau de vie", EurYear, "high", "D1", NONE,
      &["premier décile de niveau de vie", "plafond de niveau de vie des plus modestes"], &["ménages"])),
    yearly(i("fil.d9", "Neuvième décile de niveau de vie", EurYear, "none", "D9", NONE,
      &["dernier décile de niveau de vie", "seuil de niveau de vie des plus aisés"], &["ménages"])),
    i("fil.d9d1", "Rapport interdécile de niveau de vie", Ratio, "low", "RD = D9/D1", &["fil.d9", "fil.d1"],
      &["rapport interdécile", "écart entre les plus aisés et les plus modestes"], &["ménages"]),
    i("fil.tp60", "Taux de pauvreté", Pct, "low", "TP60 (seuil de 60\u{a0}% du niveau de vie médian)", NONE,
      &["taux de pauvreté"], &["habitants", "ménages"]),
    i("fil.tp60_loc", "Taux de pauvreté des locataires", Pct, "low", "TP60TOL2", NONE,
      &["taux de pauvreté des locataires", "pauvreté des locataires"], &["habitants", "ménages"]),
    i("fil.impo", "Part des ménages fiscaux imposés", Pct, "none", "PIMP", NONE,
      &["part des ménages imposés", "part des ménages fiscaux imposés"], &["ménages"]),
    i("fil.pps", "Part des prestations sociales dans le revenu disponible", Pct, "none", "PPSOC", NONE,
      &["part des prestations sociales dans le revenu", "poids des prestations sociales"], &["revenu"]),
    i("fil.ppen", "Part des pensions, retraites et rentes dans le revenu disponible", Pct, "none", "PPEN", NONE,
      &["part des pensions et retraites dans le revenu", "poids des pensions et retraites"], &["revenu"]),
];
