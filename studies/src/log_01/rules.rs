//! The narrative that needs no model: for each block, sentences from the fullest to the barest; the first that the
//! judge accepts is printed. Wording turns with the commune, so that neighbours do not read alike.

mod wordings;

use domain::fact::{FactSheet, ScopeKind};
use domain::report::Author;

use super::analysis::BLOCKS;
use crate::writer;
use indicators::fact_id;
use narrative::{Asked, Block, Narrative, Told, asked, judge_block};

/// Every block, written by rules.
#[must_use]
pub fn by_rules(sheet: &FactSheet) -> Narrative {
    let mut narrative = Narrative::default();
    let mut told = Told::default();
    for block in asked(BLOCKS, sheet) {
        let text = write(sheet, &block, &told);
        told.remember(sheet, &block, &text);
        narrative.blocks.insert(block.spec.id.to_owned(), Block { text, claims: vec![], author: Author::Rules });
    }
    narrative
}

fn write(sheet: &FactSheet, block: &Asked<'_>, told: &Told) -> String {
    let say = Say { sheet, block };
    let wordings = say.wordings();
    // A turn within each rank of fullness, never a barer sentence before a fuller one.
    let turn = usize::from(seed(&sheet.commune, block.spec.id));
    let turned = wordings.iter().flat_map(|rank| {
        let start = if rank.is_empty() { 0 } else { turn % rank.len() };
        rank.iter().cycle().skip(start).take(rank.len())
    });
    let fits =
        |text: &String| told.repeated(sheet, block, text).is_none() && judge_block(sheet, block, text, &[]).is_empty();
    let mut cautious = turned.map(|text| say.with_caution(text));
    cautious
        .find(fits)
        .or_else(|| writer::said(sheet, block, told))
        .unwrap_or_else(|| say.nothing_published().to_owned())
}

/// A number that depends on the commune and the block alone.
fn seed(commune: &str, block: &str) -> u8 {
    let digest = indicators::sha256(format!("{commune}/{block}").as_bytes());
    u8::from_str_radix(digest.get(..2).unwrap_or("0"), 16).unwrap_or_default()
}

/// Sentences of one block for one sheet.
struct Say<'a> {
    sheet: &'a FactSheet,
    block: &'a Asked<'a>,
}

impl Say<'_> {
    /// The figure's placeholder, where it is published.
    fn at(&self, indicator: &str, scope: ScopeKind) -> Option<String> {
        let id = fact_id(indicator, None, scope);
        let fact = self.sheet.facts.get(&id)?;
        fact.status.is_citable().then(|| format!("{{{{fact:{id}}}}}"))
    }

    fn com(&self, indicator: &str) -> Option<String> {
        self.at(indicator, ScopeKind::Com)
    }

    /// « X, contre Y dans l’intercommunalité et Z dans le département », as far as it is published.
    fn beside(&self, indicator: &str) -> Option<String> {
        let own = self.com(indicator)?;
        let near = [(ScopeKind::Epci, "dans l’intercommunalité"), (ScopeKind::Dep, "dans le département")];
        let others: Vec<String> = near
            .iter()
            .filter_map(|(scope, place)| self.at(indicator, *scope).map(|figure| format!("{figure} {place}")))
            .collect();
        match others.as_slice() {
            [] => Some(own),
            [one] => Some(format!("{own}, contre {one}")),
            [one, other, ..] => Some(format!("{own}, contre {one} et {other}")),
        }
    }

    /// A caution in the block whenever a cited figure needs one.
    fn with_caution(&self, text: &str) -> String {
        let unsure = self.block.facts.iter().any(|fact| {
            matches!(fact.status, domain::fact::FactStatus::LowN | domain::fact::FactStatus::Modelled)
                && text.contains(&format!("{{{{fact:{}}}}}", fact.id))
        });
        match (unsure, text.ends_with('.')) {
            (false, _) => text.to_owned(),
            (true, true) => format!("{text} {}", self.caution()),
            (true, false) => format!("À titre indicatif, {}", lower_first(text)),
        }
    }

    /// The caution turns with the block: the same sentence is not printed twice.
    fn caution(&self) -> &'static str {
        match self.block.spec.id {
            "p3.lede" | "p4.titre" => "À titre indicatif.",
            "p3.synthese1" => "Parts à titre indicatif.",
            "p3.synthese2" => "Statuts à titre indicatif.",
            "p3.synthese3" => "Taux à titre indicatif.",
            "p3.synthese4" => "Repères de marché à titre indicatif.",
            "p3.retenir" => "Repères à titre indicatif.",
            "p4.lede" => "Vacance à titre indicatif.",
            "p4.commentaire" => "Longue durée à titre indicatif.",
            "p4.retenir" => "Mesures à titre indicatif.",
            "p5.lede" => "Marché à titre indicatif.",
            "p5.prix" => "Ventes à titre indicatif.",
            "p5.loyers" => "Loyers à titre indicatif.",
            _ => "Valeurs à titre indicatif.",
        }
    }

    /// Ranks of wordings, the fullest first; within a rank all say the same.
    fn wordings(&self) -> Vec<Vec<String>> {
        let ranks = match self.block.spec.id {
            "p3.titre" => self.p3_titre(),
            "p3.lede" => self.p3_lede(),
            "p3.synthese1" => self.p3_synthese1(),
            "p3.synthese2" => self.p3_synthese2(),
            "p3.synthese3" => self.p3_synthese3(),
            "p3.synthese4" => self.p3_synthese4(),
            "p3.retenir" => self.p3_retenir(),
            "p4.titre" => self.p4_titre(),
            "p4.lede" => self.p4_lede(),
            "p4.commentaire" => self.p4_commentaire(),
            "p4.retenir" => self.p4_retenir(),
            "p5.titre" => self.p5_titre(),
            "p5.lede" => self.p5_lede(),
            "p5.prix" => self.p5_prix(),
            "p5.loyers" => self.p5_loyers(),
            _ => self.p5_retenir(),
        };
        ranks.into_iter().map(|rank| rank.into_iter().flatten().collect()).collect()
    }

    /// What is said where no figure of the block is published: no territory, no figure.
    fn nothing_published(&self) -> &'static str {
        match self.block.spec.id {
            "p3.titre" => "Le diagnostic s’appuie sur les données publiées",
            "p3.lede" => {
                "Les chiffres du parc ne sont pas publiés à ce périmètre ; les limites du rapport disent pourquoi."
            }
            "p3.synthese1" => "L’occupation du parc n’est pas publiée à ce périmètre.",
            "p3.synthese2" => "Le statut d’occupation n’est pas publié à ce périmètre.",
            "p3.synthese3" => "Les taux de vacance ne sont pas publiés à ce périmètre.",
            "p3.synthese4" => "Les prix et les loyers ne sont pas publiés à ce périmètre.",
            "p3.retenir" => "Les données manquantes et leur motif sont listés à la dernière page.",
            "p4.titre" => "Les données de vacance ne sont pas publiées",
            "p4.lede" => "Ni les fichiers fiscaux ni le recensement ne publient la vacance à ce périmètre.",
            "p4.commentaire" => "La vacance de longue durée n’est pas publiée à ce périmètre.",
            "p4.retenir" => {
                "Un chiffre absent n’est pas un chiffre à remplacer : le secret statistique protège les petits effectifs."
            }
            "p5.titre" => "Les prix et les loyers ne sont pas publiés",
            "p5.lede" => "Les ventes et les annonces ne suffisent pas à publier un prix ou un loyer à ce périmètre.",
            "p5.prix" => "Les ventes ne sont pas publiées à ce périmètre.",
            "p5.loyers" => "Les loyers d’annonce ne sont pas publiés à ce périmètre.",
            _ => "Le marché ne peut pas être décrit à ce périmètre avec les fichiers chargés.",
        }
    }
}

/// « a, b et c ».
fn listed(parts: &[String]) -> Option<String> {
    let (last, first) = parts.split_last()?;
    Some(if first.is_empty() { last.clone() } else { format!("{} et {last}", first.join(", ")) })
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_with_and() {
        let parts: Vec<String> = ["a", "b", "c"].map(str::to_owned).into();
        assert_eq!(listed(&parts).as_deref(), Some("a, b et c"));
        assert_eq!(listed(&parts[..1]).as_deref(), Some("a"));
        assert_eq!(listed(&[]), None);
    }
}
