//! What the law asks of the diagnosis of a « programme local de l’habitat » (CCH, article R. 302-1-1), and how far open data
//! answer. Selling the diagnosis without saying so would be dishonest.

use domain::fact::FactSheet;

use crate::pages::{LeafSpec, Piece, Verdict};

/// How far an item can be covered at best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Covered,
    Partly,
    NotCovered,
}

/// An item of the diagnosis.
pub struct Required {
    item: &'static str,
    reach: Reach,
    /// Pages of this report that answer it.
    pages: &'static [u32],
    /// What lacks, and who holds it.
    lacks: &'static str,
}

use Reach::{Covered, NotCovered, Partly};

const fn required(item: &'static str, reach: Reach, pages: &'static [u32], lacks: &'static str) -> Required {
    Required { item, reach, pages, lacks }
}

/// In the order of the article.
#[rustfmt::skip]
pub const CHECKLIST: &[Required] = &[
    required("Offre\u{a0}: parc, types, tailles, statuts", Covered, &[7, 8, 9, 10], "–"),
    required("Offre publique de logements", Covered, &[12], "–"),
    required("Vacance et fluidité du parc", Covered, &[11], "Causes de la vacance, logement par logement\u{a0}: enquête locale"),
    required("Fonctionnement des marchés\u{a0}: prix, loyers, tension", Covered, &[16, 17], "Loyers payés\u{a0}: observatoires locaux"),
    required("Construction et besoins passés", Covered, &[14, 15], "–"),
    required("Demande\u{a0}: ménages, âges, revenus", Partly, &[4, 5, 6, 18], "Parcours résidentiels, souhaits des ménages\u{a0}: enquêtes"),
    required("Demande de logement social", NotCovered, &[], "Système national d’enregistrement (SNE)\u{a0}: services de l’État"),
    required("Offre foncière", Partly, &[19], "Gisements, droits à construire\u{a0}: documents d’urbanisme"),
    required("État du parc et performance énergétique", Partly, &[8, 13], "Logements jamais diagnostiqués"),
    required("Habitat indigne", NotCovered, &[], "Repérage de l’agence régionale de santé et du pôle départemental"),
    required("Copropriétés dégradées", NotCovered, &[], "Registre des copropriétés, Anah\u{a0}: accès réservé aux collectivités"),
    required("Hébergement et accès des personnes défavorisées", NotCovered, &[], "SIAO, plan départemental (PDALHPD)"),
    required("Besoins des personnes âgées ou handicapées", Partly, &[5], "Adaptation des logements\u{a0}: département, bailleurs"),
    required("Logement des étudiants\u{a0}; accueil des gens du voyage", NotCovered, &[], "Crous, établissements\u{a0}; schéma départemental d’accueil"),
    required("Bilan du programme précédent", NotCovered, &[], "Documents de l’intercommunalité"),
    required("Perspectives de développement", Partly, &[20], "Orientations du SCoT, projets urbains, équipements prévus"),
];

/// An item with the pages that stand in this report; without any of its pages it is not covered.
#[must_use]
pub fn verdict(required: &Required, leaves: &[LeafSpec], sheet: &FactSheet) -> Verdict {
    let of = |page: &u32| leaves.iter().find(|leaf| leaf.page == *page);
    let standing: Vec<&str> =
        required.pages.iter().filter_map(of).filter(|leaf| leaf.stands(sheet)).map(|leaf| leaf.section.title).collect();
    let dropped = standing.is_empty() && !required.pages.is_empty();
    let some_dropped = standing.len() < required.pages.len();
    let (state, result) = match required.reach {
        _ if dropped => ("non", "Non couvert"),
        NotCovered => ("non", "Non couvert"),
        Partly => ("partiel", "En partie"),
        Covered if some_dropped => ("partiel", "En partie"),
        Covered => ("oui", "Couvert"),
    };
    let pages = match (required.pages.is_empty(), dropped) {
        (true, _) => "–".to_owned(),
        (false, true) => "page retirée, faute de données publiées".to_owned(),
        (false, false) => standing.join("\u{a0}; "),
    };
    Verdict {
        label: required.item.to_owned(),
        state,
        result,
        evidence: vec![Piece::plain(pages)],
        remark: required.lacks.to_owned(),
    }
}
