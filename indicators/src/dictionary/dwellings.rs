//! Dwellings of the census.

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Count, Pct};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("log.n", "Logements", Count, "none", "LOG", NONE, &["parc de logements", "nombre de logements"], &["logements"]),
    i("log.rp", "Résidences principales", Count, "none", "RP", NONE,
      &["nombre de résidences principales"], &["résidences principales", "logements"]),
    i("log.rs", "Résidences secondaires et logements occasionnels", Count, "none", "RSECOCC", NONE,
      &["nombre de résidences secondaires"], &["résidences secondaires", "logements"]),
    i("log.vac", "Logements vacants au recensement", Count, "low", "LOGVAC", NONE,
      &["nombre de logements vacants au recensement"], &["logements"]),
    i("log.tx_rp", "Part des résidences principales", Pct, "none", "100·RP/LOG", &["log.rp", "log.n"],
      &["part des résidences principales"], &["logements", "résidences principales"]),
    i("log.tx_rs", "Part des résidences secondaires", Pct, "none", "100·RSECOCC/LOG", &["log.rs", "log.n"],
      &["part des résidences secondaires"], &["logements", "résidences secondaires"]),
    i("log.tx_vac", "Taux de logements vacants au recensement", Pct, "low", "100·LOGVAC/LOG", &["log.vac", "log.n"],
      &["taux de vacance au recensement", "vacance au sens du recensement"], &["logements"]),
    i("log.maison", "Part des maisons", Pct, "none", "100·MAISON/LOG", &["log.n"],
      &["part des maisons"], &["logements", "maisons"]),
    i("log.appart", "Part des appartements", Pct, "none", "100·APPART/LOG", &["log.n"],
      &["part des appartements"], &["logements", "appartements"]),
    i("log.proprio", "Part des propriétaires occupants", Pct, "none", "100·RP_PROP/RP", &["log.rp"],
      &["part des propriétaires occupants", "propriétaires occupants"], &["résidences principales", "ménages"]),
    i("log.loc_prive", "Part des locataires hors HLM", Pct, "none", "100·(RP_LOC − RP_LOCHLMV)/RP", &["log.rp"],
      &["part des locataires hors HLM", "location privée"], &["résidences principales", "ménages"]),
    i("log.loc_hlm", "Part des locataires HLM", Pct, "none", "100·RP_LOCHLMV/RP", &["log.rp"],
      &["part des locataires HLM", "location sociale"], &["résidences principales", "ménages"]),
];
