//! Building permits, and what dwellings were needed between two censuses.

use super::{Indicator, NONE, indicator_of as i, yearly};
use crate::Unit::{Count, CountChange, Months, Pct, PerThousand};

const BUILT: &[&str] = &["logements"];

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("sit.aut", "Logements autorisés", Count, "none", "Σ logements par année d’autorisation, permis annulés exclus", NONE,
      &["nombre de logements autorisés", "logements autorisés"], BUILT),
    i("sit.com", "Logements commencés", Count, "none", "Σ logements par année d’ouverture de chantier", NONE,
      &["nombre de logements commencés", "logements commencés"], BUILT),
    yearly(i("sit.moy5", "Logements autorisés par an, moyenne de cinq ans", Count, "none", "Σ autorisés sur cinq ans / 5",
      NONE, &["nombre moyen de logements autorisés sur cinq ans"], BUILT)),
    yearly(i("sit.moy10", "Logements autorisés par an, moyenne de dix ans", Count, "none", "Σ autorisés sur dix ans / 10",
      NONE, &["nombre moyen de logements autorisés sur dix ans"], BUILT)),
    yearly(i("sit.tx", "Logements autorisés par an pour mille logements", PerThousand, "none", "1000·moy5/LOG",
      &["sit.moy5", "log.n"], &["rythme de construction rapporté au parc"], BUILT)),
    yearly(i("sit.par1000", "Logements autorisés par an pour mille habitants", PerThousand, "none", "1000·moy5/population",
      &["sit.moy5"], &["rythme de construction rapporté à la population"], &["logements", "habitants"])),
    i("sit.part_coll", "Part du collectif dans les logements autorisés", Pct, "none", "100·collectifs/autorisés",
      NONE, &["part du collectif dans les logements autorisés"], BUILT),
    i("sit.transfo", "Logements commencés rapportés aux logements autorisés", Pct, "none", "100·commencés/autorisés",
      NONE, &["rapport des logements commencés aux logements autorisés"], BUILT),
    i("sit.delai", "Délai médian entre autorisation et ouverture de chantier", Months, "low", "médiane(ouverture − autorisation)",
      NONE, &["délai médian entre autorisation et ouverture de chantier"], &["permis"]),
    i("sit.demol", "Logements à démolir déclarés dans les permis", Count, "none", "Σ démolis sur cinq ans", NONE,
      &["nombre de logements à démolir"], BUILT),
    i("bes.construits", "Logements commencés entre les deux recensements, un an avant chacun", Count, "none",
      "C = Σ commencés de y5−1 à yy−2", NONE, &["logements construits entre les deux recensements"], BUILT),
    i("bes.renouv", "Logements ayant servi au renouvellement du parc", CountChange, "none", "R = C − ΔLOG", &["bes.construits"],
      &["besoin de renouvellement du parc"], BUILT),
    i("bes.vacance", "Logements passés en résidences secondaires ou vacants", CountChange, "none", "V = ΔRSECOCC + ΔLOGVAC",
      NONE, &["besoin de fluidité et de résidences secondaires"], BUILT),
    i("bes.desserr", "Logements ayant répondu au desserrement des ménages", CountChange, "none",
      "D = PMEN_y5/taille_yy − PMEN_y5/taille_y5", NONE, &["besoin de desserrement des ménages"], BUILT),
    i("bes.pm", "Point mort entre les deux recensements", Count, "none", "R + V + D",
      &["bes.renouv", "bes.vacance", "bes.desserr"], &["point mort entre les deux recensements"], BUILT),
    yearly(i("bes.pm_an", "Point mort annuel", Count, "none", "point mort / années", &["bes.pm"], &["point mort annuel"], BUILT)),
    i("bes.effet_demo", "Logements construits au-delà du point mort", CountChange, "none", "C − point mort",
      &["bes.construits", "bes.pm"], &["effet démographique de la construction"], BUILT),
    yearly(i("bes.pm_par1000", "Point mort annuel pour mille habitants", PerThousand, "none", "1000·point mort annuel/population",
      &["bes.pm_an"], &["point mort rapporté à la population"], &["logements", "habitants"])),
];
