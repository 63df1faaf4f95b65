//! The social stock (RPLS).

use super::{Indicator, NONE, indicator_of as i, monthly};
use crate::Unit::{Count, EurM2Month, Pct, Text, Years};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("rpl.n", "Logements locatifs sociaux (RPLS)", Count, "none", "nb_ls", NONE,
      &["nombre de logements locatifs sociaux", "parc locatif social"], &["logements"]),
    i("rpl.tx", "Logements sociaux RPLS / résidences principales", Pct, "none", "100·nb_ls/RP", &["rpl.n", "log.rp"],
      &["rapport des logements sociaux aux résidences principales"], &["logements", "résidences principales"]),
    i("rpl.vac", "Taux de vacance du parc social", Pct, "low", "tx_vac", &["rpl.n"],
      &["taux de vacance du parc social"], &["logements", "logements sociaux"]),
    i("rpl.vac3", "Taux de vacance de plus de trois mois du parc social", Pct, "low", "tx_vac3", &["rpl.n"],
      &["taux de vacance durable du parc social"], &["logements", "logements sociaux"]),
    i("rpl.mob", "Taux de mobilité du parc social", Pct, "none", "tx_mob", &["rpl.n"],
      &["taux de mobilité du parc social", "rotation du parc social"], &["logements", "logements sociaux"]),
    monthly(i("rpl.loyer", "Loyer moyen du parc social", EurM2Month, "none", "loymoy", &["rpl.n"],
      &["loyer moyen du parc social"], NONE)),
    i("rpl.age", "Âge moyen du parc social", Years, "none", "age_moyen", &["rpl.n"],
      &["âge moyen du parc social"], &["logements", "logements sociaux"]),
    i("rpl.neufs", "Logements sociaux mis en service dans l’année", Count, "none", "nb_neufs", NONE,
      &["nombre de logements sociaux mis en service"], &["logements", "logements sociaux"]),
    i("rpl.fin[PLAI]", "Part des logements sociaux financés en PLAI", Pct, "none", "100·nb_plai/nb_ls", &["rpl.n"],
      &["part des logements sociaux financés en PLAI"], &["logements", "logements sociaux"]),
    i("rpl.fin[PLUS]", "Part des logements sociaux financés en PLUS", Pct, "none", "100·nb_plus/nb_ls", &["rpl.n"],
      &["part des logements sociaux financés en PLUS"], &["logements", "logements sociaux"]),
    i("rpl.fin[PLS]", "Part des logements sociaux financés en PLS", Pct, "none", "100·nb_pls/nb_ls", &["rpl.n"],
      &["part des logements sociaux financés en PLS"], &["logements", "logements sociaux"]),
    i("rpl.fin[autres]", "Part des logements sociaux aux autres financements", Pct, "none", "100·(nb_pli + autres)/nb_ls", &["rpl.n"],
      &["part des logements sociaux aux autres financements"], &["logements", "logements sociaux"]),
    i("rpl.t1t2", "Part des logements sociaux d’une ou deux pièces", Pct, "none", "100·t1t2/nb_ls", &["rpl.n"],
      &["part des petits logements sociaux"], &["logements", "logements sociaux"]),
    i("rpl.dpe_efg", "Part des logements sociaux classés E, F ou G parmi ceux dont l’étiquette est connue", Pct, "low", "100·EFG/étiquettes connues", &["rpl.n"],
      &["part des logements sociaux énergivores"], &["logements", "logements sociaux"]),
    i("sru.concernee", "Commune dans le champ de la loi SRU (à confirmer auprès de la DDT)", Text, "none", "pop ≥ 3 500 et EPCI > 50 000 avec une commune > 15 000", NONE,
      &["champ de la loi SRU"], NONE),
];
