//! The indicators, one line each. A formula, a label or an anchor is written here and nowhere else.

use super::{Indicator, Unit};

const NONE: &[&str] = &[];

#[expect(clippy::too_many_arguments, reason = "one line of a table")]
const fn indicator_of(
    id: &'static str,
    label: &'static str,
    unit: Unit,
    better: &'static str,
    formula: &'static str,
    inputs: &'static [&'static str],
    anchors: &'static [&'static str],
    base: &'static [&'static str],
) -> Indicator {
    Indicator { id, label, unit, better, formula, inputs, anchors, base, time: NONE }
}

const fn yearly(indicator: Indicator) -> Indicator {
    Indicator { time: &["par an", "chaque année"], ..indicator }
}

const fn monthly(indicator: Indicator) -> Indicator {
    Indicator { time: &["par mois"], ..indicator }
}

use Unit::{Change, Coefficient, Count, EurM2, EurM2Month, EurYear, Pct, Text};
use indicator_of as i;

/// Every indicator that our studies print, by family. A table, laid out as one.
#[rustfmt::skip]
pub const DICTIONARY: &[Indicator] = &[
    // Population
    i("dem.pop", "Population municipale", Count, "none", "population municipale", NONE,
      &["population municipale", "population"], &["habitants"]),
    yearly(i("dem.tcam", "Variation annuelle moyenne de la population", Change, "none",
      "((P_yy/P_y5)^(1/(yy−y5)) − 1)·100", &["dem.pop"],
      &["variation annuelle moyenne de la population", "rythme annuel de la population"], &["habitants"])),
    i("dem.menages", "Ménages", Count, "none", "MEN", NONE, &["nombre de ménages", "ménages"], &["ménages"]),
    // Dwellings, census
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
    // Vacancy, tax files
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
    // Social housing
    i("rpl.n", "Logements locatifs sociaux (RPLS)", Count, "none", "nb_ls", NONE,
      &["nombre de logements locatifs sociaux", "parc locatif social"], &["logements"]),
    i("rpl.tx", "Logements sociaux RPLS / résidences principales", Pct, "none", "100·nb_ls/RP", &["rpl.n", "log.rp"],
      &["rapport des logements sociaux aux résidences principales"], &["logements", "résidences principales"]),
    // Market
    i("zon.abc", "Zone ABC", Text, "none", "zone en vigueur", NONE, &["zonage ABC", "zone ABC"], NONE),
    i("zon.abc_prec", "Zone ABC précédente", Text, "none", "zone avant la dernière révision", NONE,
      &["zonage ABC précédent"], NONE),
    monthly(i("ani.loyer[appt]", "Loyer d’annonce des appartements", EurM2Month, "none", "loypredm2", NONE,
      &["loyer d’annonce des appartements"], NONE)),
    monthly(i("ani.loyer[t1t2]", "Loyer d’annonce des appartements d’une ou deux pièces", EurM2Month, "none", "loypredm2",
      NONE, &["loyer d’annonce des petits appartements"], NONE)),
    monthly(i("ani.loyer[t3p]", "Loyer d’annonce des appartements de trois pièces et plus", EurM2Month, "none",
      "loypredm2", NONE, &["loyer d’annonce des grands appartements"], NONE)),
    monthly(i("ani.loyer[maison]", "Loyer d’annonce des maisons", EurM2Month, "none", "loypredm2", NONE,
      &["loyer d’annonce des maisons"], NONE)),
    monthly(i("ani.loyer_bas[appt]", "Loyer d’annonce, borne basse : appartements", EurM2Month, "none", "lwr.IPm2", NONE,
      &["borne basse du loyer des appartements"], NONE)),
    monthly(i("ani.loyer_haut[appt]", "Loyer d’annonce, borne haute : appartements", EurM2Month, "none", "upr.IPm2", NONE,
      &["borne haute du loyer des appartements"], NONE)),
    i("ani.loyer_r2[appt]", "Qualité du modèle de loyers (R²) : appartements", Coefficient, "high", "R2_adj", NONE,
      &["qualité du modèle de loyers des appartements"], NONE),
    i("ani.loyer_nobs[appt]", "Annonces observées : appartements", Count, "none", "nbobs_com", NONE,
      &["nombre d’annonces de location des appartements"], &["annonces"]),
    monthly(i("ani.loyer_bas[t1t2]", "Loyer d’annonce, borne basse : appartements d’une ou deux pièces", EurM2Month, "none", "lwr.IPm2", NONE,
      &["borne basse du loyer des petits appartements"], NONE)),
    monthly(i("ani.loyer_haut[t1t2]", "Loyer d’annonce, borne haute : appartements d’une ou deux pièces", EurM2Month, "none", "upr.IPm2", NONE,
      &["borne haute du loyer des petits appartements"], NONE)),
    i("ani.loyer_r2[t1t2]", "Qualité du modèle de loyers (R²) : appartements d’une ou deux pièces", Coefficient, "high", "R2_adj", NONE,
      &["qualité du modèle de loyers des petits appartements"], NONE),
    i("ani.loyer_nobs[t1t2]", "Annonces observées : appartements d’une ou deux pièces", Count, "none", "nbobs_com", NONE,
      &["nombre d’annonces de location des petits appartements"], &["annonces"]),
    monthly(i("ani.loyer_bas[t3p]", "Loyer d’annonce, borne basse : appartements de trois pièces et plus", EurM2Month, "none", "lwr.IPm2", NONE,
      &["borne basse du loyer des grands appartements"], NONE)),
    monthly(i("ani.loyer_haut[t3p]", "Loyer d’annonce, borne haute : appartements de trois pièces et plus", EurM2Month, "none", "upr.IPm2", NONE,
      &["borne haute du loyer des grands appartements"], NONE)),
    i("ani.loyer_r2[t3p]", "Qualité du modèle de loyers (R²) : appartements de trois pièces et plus", Coefficient, "high", "R2_adj", NONE,
      &["qualité du modèle de loyers des grands appartements"], NONE),
    i("ani.loyer_nobs[t3p]", "Annonces observées : appartements de trois pièces et plus", Count, "none", "nbobs_com", NONE,
      &["nombre d’annonces de location des grands appartements"], &["annonces"]),
    monthly(i("ani.loyer_bas[maison]", "Loyer d’annonce, borne basse : maisons", EurM2Month, "none", "lwr.IPm2", NONE,
      &["borne basse du loyer des maisons"], NONE)),
    monthly(i("ani.loyer_haut[maison]", "Loyer d’annonce, borne haute : maisons", EurM2Month, "none", "upr.IPm2", NONE,
      &["borne haute du loyer des maisons"], NONE)),
    i("ani.loyer_r2[maison]", "Qualité du modèle de loyers (R²) : maisons", Coefficient, "high", "R2_adj", NONE,
      &["qualité du modèle de loyers des maisons"], NONE),
    i("ani.loyer_nobs[maison]", "Annonces observées : maisons", Count, "none", "nbobs_com", NONE,
      &["nombre d’annonces de location des maisons"], &["annonces"]),
    i("dvf.n[appt]", "Ventes d’appartements", Count, "none", "mutations exploitables", NONE,
      &["nombre de ventes d’appartements", "ventes d’appartements"], &["ventes"]),
    i("dvf.n[mais]", "Ventes de maisons", Count, "none", "mutations exploitables", NONE,
      &["nombre de ventes de maisons", "ventes de maisons"], &["ventes"]),
    i("dvf.med[appt]", "Prix médian des appartements", EurM2, "none", "médiane(prix/surface)", &["dvf.n[appt]"],
      &["prix médian des appartements"], NONE),
    i("dvf.med[mais]", "Prix médian des maisons", EurM2, "none", "médiane(prix/surface)", &["dvf.n[mais]"],
      &["prix médian des maisons"], NONE),
    i("dvf.q1[appt]", "Premier quartile du prix des appartements", EurM2, "none", "quantile 25 %", &["dvf.n[appt]"],
      &["premier quartile du prix des appartements"], NONE),
    i("dvf.q1[mais]", "Premier quartile du prix des maisons", EurM2, "none", "quantile 25 %", &["dvf.n[mais]"],
      &["premier quartile du prix des maisons"], NONE),
    i("dvf.q3[appt]", "Troisième quartile du prix des appartements", EurM2, "none", "quantile 75 %", &["dvf.n[appt]"],
      &["dernier quartile du prix des appartements"], NONE),
    i("dvf.q3[mais]", "Troisième quartile du prix des maisons", EurM2, "none", "quantile 75 %", &["dvf.n[mais]"],
      &["dernier quartile du prix des maisons"], NONE),
    i("dvf.evol1[appt]", "Évolution du prix médian des appartements sur un an", Change, "none", "100·(med_y/med_y−1 − 1)",
      &["dvf.med[appt]"], &["évolution annuelle du prix médian des appartements"], NONE),
    i("dvf.evol1[mais]", "Évolution du prix médian des maisons sur un an", Change, "none", "100·(med_y/med_y−1 − 1)",
      &["dvf.med[mais]"], &["évolution annuelle du prix médian des maisons"], NONE),
    i("dvf.evol5[appt]", "Évolution du prix médian des appartements sur cinq ans", Change, "none",
      "100·(med_y/med_y−5 − 1)", &["dvf.med[appt]"], &["évolution pluriannuelle du prix médian des appartements"], NONE),
    i("dvf.evol5[mais]", "Évolution du prix médian des maisons sur cinq ans", Change, "none", "100·(med_y/med_y−5 − 1)",
      &["dvf.med[mais]"], &["évolution pluriannuelle du prix médian des maisons"], NONE),
    // Income
    yearly(i("fil.med", "Niveau de vie médian", EurYear, "high", "MED", NONE, &["niveau de vie médian"], &["ménages"])),
    // Energy certificates
    i("dpe.n", "Diagnostics de performance énergétique", Count, "none", "nombre de diagnostics", NONE,
      &["nombre de diagnostics de performance énergétique", "diagnostics de performance énergétique"], &["diagnostics"]),
    i("dpe.fg", "Part des diagnostics classés F ou G", Pct, "low", "100·(F + G)/(A + … + G)", &["dpe.n"],
      &["part des diagnostics classés F ou G"], &["diagnostics"]),
];

/// The dictionary's line for an id without scope or year, e.g. `dvf.med[appt]`.
#[must_use]
pub fn indicator(id: &str) -> Option<&'static Indicator> {
    DICTIONARY.iter().find(|indicator| indicator.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_indicator_is_defined_once_and_its_inputs_exist() {
        let ids: BTreeSet<_> = DICTIONARY.iter().map(|line| line.id).collect();
        assert_eq!(ids.len(), DICTIONARY.len());
        for line in DICTIONARY {
            for input in line.inputs {
                assert!(ids.contains(input), "{} reads the unknown {input}", line.id);
            }
        }
    }

    #[test]
    fn an_anchor_names_one_indicator_only_and_holds_no_digit() {
        let mut seen = BTreeSet::new();
        for anchor in DICTIONARY.iter().flat_map(|line| line.anchors) {
            assert!(seen.insert(anchor), "« {anchor} » names two indicators");
            assert!(!anchor.chars().any(char::is_numeric), "« {anchor} »");
        }
    }
}
