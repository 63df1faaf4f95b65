//! Energy certificates.

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Count, KgCo2M2, KwhM2, Pct, PerHundred};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("dpe.n", "Diagnostics de performance énergétique", Count, "none", "nombre de diagnostics", NONE,
      &["nombre de diagnostics de performance énergétique", "diagnostics de performance énergétique"], &["diagnostics"]),
    i("dpe.fg", "Part des diagnostics classés F ou G", Pct, "low", "100·(F + G)/(A + … + G)", &["dpe.n"],
      &["part des diagnostics classés F ou G"], &["diagnostics"]),
    class("dpe.cl[A]", "Part des diagnostics classés A", &["étiquette énergie A"]),
    class("dpe.cl[B]", "Part des diagnostics classés B", &["étiquette énergie B"]),
    class("dpe.cl[C]", "Part des diagnostics classés C", &["étiquette énergie C"]),
    class("dpe.cl[D]", "Part des diagnostics classés D", &["étiquette énergie D"]),
    class("dpe.cl[E]", "Part des diagnostics classés E", &["étiquette énergie E"]),
    class("dpe.cl[F]", "Part des diagnostics classés F", &["étiquette énergie F"]),
    class("dpe.cl[G]", "Part des diagnostics classés G", &["étiquette énergie G"]),
    i("dpe.ges_fg", "Part des diagnostics classés F ou G pour les gaz à effet de serre", Pct, "low",
      "100·(F + G)/(A + … + G)", &["dpe.n"], &["étiquettes climat F et G"], &["diagnostics"]),
    i("dpe.conso", "Consommation médiane d’énergie primaire des logements diagnostiqués", KwhM2, "low",
      "médiane(conso_5_usages_par_m2_ep)", &["dpe.n"], &["consommation médiane d’énergie primaire"], &["diagnostics"]),
    i("dpe.ges", "Émissions médianes de gaz à effet de serre des logements diagnostiqués", KgCo2M2, "low",
      "médiane(emission_ges_5_usages_par_m2)", &["dpe.n"], &["émissions médianes de gaz à effet de serre"], &["diagnostics"]),
    i("dpe.repr", "Diagnostics pour cent logements du recensement", PerHundred, "none", "100·diagnostics/LOG",
      &["dpe.n", "log.n"], &["nombre de diagnostics rapporté au parc de logements"], &["logements"]),
];

const fn class(id: &'static str, label: &'static str, anchors: &'static [&'static str]) -> Indicator {
    i(id, label, Pct, "none", "100·classe/(A + … + G)", &["dpe.n"], anchors, &["diagnostics"])
}
