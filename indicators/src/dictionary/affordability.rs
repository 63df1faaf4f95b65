//! What rents and prices take of the standard of living, and what a loan supposes.

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{M2, Months, Pct, Years};

const EFFORT: &str = "100·12·loyer·surface/(MED·UC)";
const BOUGHT: &str = "((e·MED·UC/12)·(1 − (1+t)^−N)/t)/(prix·(1 − apport)·(1 + frais))";
const LOAN: &[&str] = &["fil.med", "dvf.med[appt]", "aff.taux", "aff.duree", "aff.apport", "aff.frais", "aff.effort"];

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("aff.taux", "Hypothèse de calcul : taux d’emprunt annuel hors assurance", Pct, "none", "paramètre daté", NONE,
      &["taux d’emprunt supposé"], NONE),
    i("aff.duree", "Hypothèse de calcul : durée d’emprunt", Years, "none", "paramètre daté", NONE, &["durée d’emprunt supposée"], NONE),
    i("aff.apport", "Hypothèse de calcul : apport personnel, part du prix", Pct, "none", "paramètre daté", NONE,
      &["apport personnel supposé"], NONE),
    i("aff.frais", "Hypothèse de calcul : frais d’acquisition, part du prix", Pct, "none", "paramètre daté", NONE,
      &["frais d’acquisition supposés"], NONE),
    i("aff.effort", "Hypothèse de calcul : part du revenu consacrée à l’emprunt", Pct, "none", "paramètre daté", NONE,
      &["part du revenu consacrée à l’emprunt"], NONE),
    i("aff.mois_m2", "Prix d’un mètre carré d’appartement en mois de niveau de vie médian", Months, "low", "prix/(MED/12)",
      &["dvf.med[appt]", "fil.med"], &["prix du mètre carré en mois de niveau de vie"], NONE),
    i("aff.loyer[solo]", "Taux d’effort locatif d’une personne seule (37 m²)", Pct, "low", EFFORT,
      &["ani.loyer[t1t2]", "fil.med"], &["taux d’effort locatif d’une personne seule"], &["ménages"]),
    i("aff.loyer[couple]", "Taux d’effort locatif d’un couple (52 m²)", Pct, "low", EFFORT,
      &["ani.loyer[appt]", "fil.med"], &["taux d’effort locatif d’un couple"], &["ménages"]),
    i("aff.loyer[famille]", "Taux d’effort locatif d’une famille (72 m²)", Pct, "low", EFFORT,
      &["ani.loyer[t3p]", "fil.med"], &["taux d’effort locatif d’une famille"], &["ménages"]),
    i("aff.m2[solo]", "Surface d’appartement finançable par une personne seule", M2, "high", BOUGHT, LOAN,
      &["surface finançable par une personne seule"], &["ménages"]),
    i("aff.m2[couple]", "Surface d’appartement finançable par un couple", M2, "high", BOUGHT, LOAN,
      &["surface finançable par un couple"], &["ménages"]),
    i("aff.m2[famille]", "Surface d’appartement finançable par une famille", M2, "high", BOUGHT, LOAN,
      &["surface finançable par une famille"], &["ménages"]),
    i("ren.brut[appt]", "Rendement locatif brut des appartements, avant toute charge", Pct, "none", "100·12·loyer/prix",
      &["ani.loyer[appt]", "dvf.med[appt]"], &["rendement locatif brut des appartements"], NONE),
    i("ren.brut[mais]", "Rendement locatif brut des maisons, avant toute charge", Pct, "none", "100·12·loyer/prix",
      &["ani.loyer[maison]", "dvf.med[mais]"], &["rendement locatif brut des maisons"], NONE),
];
