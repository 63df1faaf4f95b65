//! Facilities (BPE): how many, which of the baskets, how far the nearest.

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Count, Km, Pct, PerTenThousand};

const INHABITANTS: &[&str] = &["habitants"];
const SERVICES: &[&str] = &["services"];

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("bpe.n", "Équipements", Count, "high", "équipements de la base permanente", NONE,
      &["nombre d’équipements"], &["équipements"]),
    domain("bpe.dom[A]", "Services aux particuliers pour 10\u{202f}000 habitants", &["densité de services aux particuliers"]),
    domain("bpe.dom[B]", "Commerces pour 10\u{202f}000 habitants", &["densité de commerces"]),
    domain("bpe.dom[C]", "Établissements d’enseignement pour 10\u{202f}000 habitants", &["densité d’établissements d’enseignement"]),
    domain("bpe.dom[D]", "Équipements de santé et d’action sociale pour 10\u{202f}000 habitants",
           &["densité d’équipements de santé et d’action sociale"]),
    domain("bpe.dom[E]", "Équipements de transport pour 10\u{202f}000 habitants", &["densité d’équipements de transport"]),
    domain("bpe.dom[F]", "Équipements de sport, loisirs et culture pour 10\u{202f}000 habitants",
           &["densité d’équipements de sport, loisirs et culture"]),
    domain("bpe.dom[G]", "Équipements de tourisme pour 10\u{202f}000 habitants", &["densité d’équipements de tourisme"]),
    i("bpe.gamme[prox]", "Part des services de proximité présents", Pct, "high", "100·types présents/types du panier", NONE,
      &["part des services de proximité présents"], SERVICES),
    i("bpe.gamme[inter]", "Part des services intermédiaires présents", Pct, "high", "100·types présents/types du panier", NONE,
      &["part des services intermédiaires présents"], SERVICES),
    i("bpe.gamme[sup]", "Part des services supérieurs présents", Pct, "high", "100·types présents/types du panier", NONE,
      &["part des services supérieurs présents"], SERVICES),
    i("bpe.manque", "Services du panier absents de la commune", Count, "low", "types du panier absents", NONE,
      &["services absents"], SERVICES),
    distance("bpe.dist[boulangerie]", "Distance à la boulangerie la plus proche", &["distance à la boulangerie la plus proche"]),
    distance("bpe.dist[epicerie]", "Distance à l’épicerie ou à la supérette la plus proche", &["distance à l’épicerie la plus proche"]),
    distance("bpe.dist[poste]", "Distance au point de contact postal le plus proche", &["distance au point postal le plus proche"]),
    distance("bpe.dist[ecole]", "Distance à l’école la plus proche", &["distance à l’école la plus proche"]),
    distance("bpe.dist[medecin]", "Distance au médecin généraliste le plus proche", &["distance au généraliste le plus proche"]),
    distance("bpe.dist[pharmacie]", "Distance à la pharmacie la plus proche", &["distance à la pharmacie la plus proche"]),
    distance("bpe.dist[supermarche]", "Distance au supermarché le plus proche", &["distance au supermarché le plus proche"]),
    distance("bpe.dist[creche]", "Distance à la crèche la plus proche", &["distance à la crèche la plus proche"]),
    distance("bpe.dist[college]", "Distance au collège le plus proche", &["distance au collège le plus proche"]),
    distance("bpe.dist[lycee]", "Distance au lycée général ou technologique le plus proche", &["distance au lycée le plus proche"]),
    distance("bpe.dist[gare]", "Distance à la gare de voyageurs la plus proche", &["distance à la gare la plus proche"]),
    distance("bpe.dist[urgences]", "Distance au service d’urgences le plus proche", &["distance aux urgences les plus proches"]),
];

const fn domain(id: &'static str, label: &'static str, anchors: &'static [&'static str]) -> Indicator {
    i(id, label, PerTenThousand, "high", "10 000·équipements/population municipale", &["dem.pop"], anchors, INHABITANTS)
}

const fn distance(id: &'static str, label: &'static str, anchors: &'static [&'static str]) -> Indicator {
    i(id, label, Km, "low", "distance à vol d’oiseau depuis le centre de la commune", NONE, anchors, NONE)
}
