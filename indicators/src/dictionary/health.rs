//! Practitioners (RPPS) and establishments (FINESS).

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Count, Km, PerHundredThousand};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    number("rpp.n[mg]", "Médecins généralistes de premier recours", &["nombre de médecins généralistes"], &["médecins"]),
    number("rpp.n[dent]", "Chirurgiens-dentistes, tous modes d’exercice", &["nombre de chirurgiens-dentistes"], &["chirurgiens-dentistes"]),
    number("rpp.n[inf]", "Infirmiers, tous modes d’exercice", &["nombre d’infirmiers"], &["infirmiers"]),
    number("rpp.n[kine]", "Masseurs-kinésithérapeutes, tous modes d’exercice", &["nombre de masseurs-kinésithérapeutes"],
           &["masseurs-kinésithérapeutes"]),
    number("rpp.n[sf]", "Sages-femmes, tous modes d’exercice", &["nombre de sages-femmes"], &["sages-femmes"]),
    number("rpp.n[ortho]", "Orthophonistes, tous modes d’exercice", &["nombre d’orthophonistes"], &["orthophonistes"]),
    number("rpp.n[pharma]", "Pharmaciens, tous modes d’exercice", &["nombre de pharmaciens"], &["pharmaciens"]),
    density("rpp.dens[mg]", "Médecins généralistes de premier recours pour 100\u{202f}000 habitants", &["rpp.n[mg]", "dem.pop"],
            &["densité de médecins généralistes"]),
    density("rpp.dens[dent]", "Chirurgiens-dentistes pour 100\u{202f}000 habitants", &["rpp.n[dent]", "dem.pop"], &["densité de chirurgiens-dentistes"]),
    density("rpp.dens[inf]", "Infirmiers pour 100\u{202f}000 habitants", &["rpp.n[inf]", "dem.pop"], &["densité d’infirmiers"]),
    density("rpp.dens[kine]", "Masseurs-kinésithérapeutes pour 100\u{202f}000 habitants", &["rpp.n[kine]", "dem.pop"],
            &["densité de masseurs-kinésithérapeutes"]),
    density("rpp.dens[sf]", "Sages-femmes pour 100\u{202f}000 habitants", &["rpp.n[sf]", "dem.pop"], &["densité de sages-femmes"]),
    density("rpp.dens[ortho]", "Orthophonistes pour 100\u{202f}000 habitants", &["rpp.n[ortho]", "dem.pop"], &["densité d’orthophonistes"]),
    density("rpp.dens[pharma]", "Pharmaciens pour 100\u{202f}000 habitants", &["rpp.n[pharma]", "dem.pop"], &["densité de pharmaciens"]),
    i("rpp.acc10[mg]", "Médecins généralistes à moins de 10 km pour 100\u{202f}000 habitants", PerHundredThousand, "high",
      "100 000·médecins/habitants des communes à moins de 10 km", NONE,
      &["densité de médecins généralistes à proximité", "médecins généralistes du voisinage rapportés aux habitants"], &["habitants"]),
    number("fin.n[hopital]", "Hôpitaux", &["nombre d’hôpitaux"], &["établissements"]),
    number("fin.n[maison]", "Maisons et centres de santé", &["nombre de maisons et centres de santé"], &["établissements"]),
    number("fin.n[ehpad]", "Établissements d’hébergement pour personnes âgées dépendantes (EHPAD)", &["nombre d’EHPAD"], &["établissements"]),
    number("fin.n[autonomie]", "Résidences autonomie", &["nombre de résidences autonomie"], &["établissements"]),
    number("fin.n[pharmacie]", "Pharmacies d’officine", &["nombre de pharmacies d’officine"], &["établissements"]),
    number("fin.n[labo]", "Laboratoires de biologie médicale", &["nombre de laboratoires"], &["établissements"]),
    distance("fin.dist[hopital]", "Distance à l’hôpital le plus proche", &["distance à l’hôpital le plus proche"]),
    distance("fin.dist[maison]", "Distance à la maison ou au centre de santé le plus proche",
             &["distance à la maison de santé la plus proche"]),
    distance("fin.dist[ehpad]", "Distance à l’EHPAD le plus proche", &["distance à l’EHPAD le plus proche"]),
    distance("fin.dist[autonomie]", "Distance à la résidence autonomie la plus proche",
             &["distance à la résidence autonomie la plus proche"]),
    distance("fin.dist[pharmacie]", "Distance à la pharmacie d’officine la plus proche",
             &["distance à l’officine la plus proche"]),
    distance("fin.dist[labo]", "Distance au laboratoire de biologie médicale le plus proche",
             &["distance au laboratoire le plus proche"]),
];

const fn number(
    id: &'static str,
    label: &'static str,
    anchors: &'static [&'static str],
    base: &'static [&'static str],
) -> Indicator {
    i(id, label, Count, "high", "effectif de la commune", NONE, anchors, base)
}

const fn density(
    id: &'static str,
    label: &'static str,
    inputs: &'static [&'static str],
    anchors: &'static [&'static str],
) -> Indicator {
    i(id, label, PerHundredThousand, "high", "100 000·effectif/population municipale", inputs, anchors, &["habitants"])
}

const fn distance(id: &'static str, label: &'static str, anchors: &'static [&'static str]) -> Indicator {
    i(id, label, Km, "low", "distance à vol d’oiseau depuis le centre de la commune", NONE, anchors, NONE)
}
