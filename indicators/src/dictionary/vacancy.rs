//! Vacancy of the private stock, tax files (LOVAC).

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Change, Count, Pct};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("lov.parc", "Logements du parc privé", Count, "none", "pp_total", NONE,
      &["parc privé", "nombre de logements du parc privé"], &["logements"]),
    i("lov.vac", "Logements vacants du parc privé", Count, "low", "pp_vacant", NONE,
      &["nombre de logements vacants du parc privé"], &["logements"]),
    i("lov.vac2", "Logements vacants depuis plus de deux ans (parc privé)", Count, "low", "pp_vacant_plus_2ans", NONE,
      &["nombre de logements en vacance de longue durée"], &["logements"]),
    i("lov.tx", "Taux de vacance du parc privé", Pct, "low", "100·pp_vacant/pp_total", &["lov.vac", "lov.parc"],
      &["taux de vacance du parc privé", "vacance du parc privé"], &["logements"]),
    i("lov.tx2", "Taux de vacance de plus de deux ans du parc privé", Pct, "low", "100·pp_vacant_plus_2ans/pp_total",
      &["lov.vac2", "lov.parc"], &["taux de vacance de longue durée", "vacance de longue durée"], &["logements"]),
    i("lov.part2", "Part de la vacance de plus de deux ans dans la vacance du parc privé", Pct, "low",
      "100·pp_vacant_plus_2ans/pp_vacant", &["lov.vac2", "lov.vac"],
      &["part de la longue durée dans la vacance du parc privé"], &["logements"]),
    i("lov.evol2", "Évolution sur trois ans de la vacance de plus de deux ans (parc privé)", Change, "low",
      "100·(vac2(v)/vac2(v−3) − 1)", &["lov.vac2"], &["évolution de la vacance de longue durée"], &["logements"]),
];
