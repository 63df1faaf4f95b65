//! The territory: area, density, rank among its neighbours, comparable communes.

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Count, Km2, PerKm2, Rank, Text};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("geo.superficie", "Superficie", Km2, "none", "aire du contour sur l’ellipsoïde", NONE, &["superficie"], NONE),
    i("geo.densite", "Densité de population", PerKm2, "none", "population municipale/superficie",
      &["dem.pop", "geo.superficie"], &["densité de population"], &["habitants"]),
    i("geo.nb_communes", "Nombre de communes", Count, "none", "communes du code officiel géographique", NONE,
      &["nombre de communes membres"], &["communes"]),
    i("geo.rang_pop", "Rang de la commune par sa population", Rank, "none", "1 + communes plus peuplées", &["dem.pop"],
      &["rang de la commune par sa population", "rang démographique"], &["communes"]),
    i("geo.strate", "Strate de population", Text, "none", "classe de taille de la population municipale", NONE,
      &["strate de population"], NONE),
    i("geo.voisines", "Communes limitrophes", Count, "none", "communes ayant une limite commune", NONE,
      &["communes limitrophes"], &["communes"]),
    i("geo.comparables", "Communes comparables", Count, "none", "communes de même taille et de même zone", NONE,
      &["effectif des communes comparables"], &["communes"]),
];
