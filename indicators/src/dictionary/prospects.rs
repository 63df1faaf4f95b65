//! What is projected, for départements and régions only.

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Change, Count, Pct};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("pro.pop", "Population projetée, scénario central", Count, "none", "Σ départements", NONE,
      &["population projetée", "population projetée au scénario central"], &["habitants"]),
    i("pro.haut", "Population projetée, scénario haut", Count, "none", "Σ départements", NONE,
      &["population projetée au scénario haut"], &["habitants"]),
    i("pro.bas", "Population projetée, scénario bas", Count, "none", "Σ départements", NONE,
      &["population projetée au scénario bas"], &["habitants"]),
    i("pro.evol", "Évolution projetée de la population, scénario central", Change, "none", "100·(pop_h/pop_base − 1)", &["pro.pop"],
      &["évolution projetée de la population"], &["habitants"]),
    i("pro.part65", "Part projetée des 65 ans et plus, scénario central", Pct, "none", "100·P65P_h/pop_h", &["pro.pop"],
      &["part projetée des seniors", "part projetée des personnes âgées"], &["habitants"]),
    i("pro.fourchette", "Écart entre les scénarios haut et bas", Count, "none", "haut − bas", &["pro.haut", "pro.bas"],
      &["écart entre les scénarios haut et bas"], &["habitants"]),
];
