//! What may come, at the level where it is projected.

use super::{HALF, Rows, halves, listed};
use crate::exhibits;
use crate::pages::{Item, Line, Sheaf};

const PROJECTED: &[Line] = &[
    ("pro.pop", "Population, scénario central", None),
    ("pro.haut", "Population, scénario haut", None),
    ("pro.bas", "Population, scénario bas", None),
    ("pro.evol", "Évolution, scénario central", None),
    ("pro.part65", "Part des 65 ans et plus", None),
];

const LOCAL: &[Line] = &[
    ("dem.tcam", "Variation annuelle de la population", None),
    ("bes.pm_an", "Point mort annuel", None),
    ("bes.pm_par1000", "pour mille habitants", None),
];

pub fn prospects(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let fan = match exhibits::projection(sheaf.press, &mut sheaf.numbers, (HALF, 274.0))? {
        Some(exhibit) => Item::Figure { exhibit },
        None => Item::Note {
            title: "Projection du département",
            text: "Cette figure n’est pas tracée\u{a0}: les projections de population ne sont pas publiées pour ce département."
                .to_owned(),
        },
    };
    let text = sheaf.text("commentaire")?;
    let local = listed(sheaf, "Repères de la commune", "Constatés entre deux recensements", LOCAL)?;
    let mut right = vec![local];
    if sheaf.press.find("pro.pop@dep").is_some() {
        right.push(listed(sheaf, "Projections à la dernière échéance", "Département et région seulement", PROJECTED)?);
    }
    right.push(Item::Note {
        title: "Pourquoi pas de projection communale",
        text: "Le modèle de l’Insee sert des territoires de cinquante mille habitants et plus. Une projection prolonge des tendances selon des scénarios\u{a0}: ce n’est pas une prévision, et elle ne fixe aucun objectif de construction.".to_owned(),
    });
    halves(vec![fan, text], right)
}
