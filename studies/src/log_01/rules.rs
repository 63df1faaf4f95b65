//! The narrative that needs no model: for each block, sentences from the fullest to the barest; the first that the
//! judge accepts is printed. Wording turns with the commune, so that neighbours do not read alike.

use domain::fact::{FactSheet, ScopeKind};
use domain::report::Author;

use super::analysis::BLOCKS;
use crate::facts::fact_id;
use crate::narrative::{Asked, Block, Narrative, Told, asked, judge_block};

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
    cautious.find(fits).unwrap_or_else(|| say.nothing_published().to_owned())
}

/// A number that depends on the commune and the block alone.
fn seed(commune: &str, block: &str) -> u8 {
    let digest = crate::canonical::sha256(format!("{commune}/{block}").as_bytes());
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
            "p3.synthese4" => "Prix à titre indicatif.",
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

    fn p3_titre(&self) -> Vec<Vec<Option<String>>> {
        let (homes, people) = (self.com("log.n"), self.com("dem.pop"));
        let both = homes.clone().zip(people.clone());
        vec![
            vec![
                both.clone().map(|(n, p)| format!("La commune compte {n} logements pour {p} habitants")),
                both.map(|(n, p)| format!("Le parc {{{{geo:com|de}}}} réunit {n} logements pour {p} habitants")),
            ],
            vec![homes.map(|n| format!("La commune compte {n} logements"))],
            vec![people.map(|p| format!("La commune compte {p} habitants"))],
        ]
    }

    fn p3_lede(&self) -> Vec<Vec<Option<String>>> {
        let (homes, people, main) = (self.com("log.n"), self.com("dem.pop"), self.com("log.tx_rp"));
        let zone = self.com("zon.abc").map_or_else(String::new, |zone| format!(" Elle est classée en zone {zone}."));
        let all = homes.clone().zip(people.clone()).zip(main);
        vec![
            vec![
                all.clone().map(|((n, p), rp)| format!("La commune loge ses {p} habitants dans un parc de {n} logements, composé pour {rp} de résidences principales.{zone}")),
                all.map(|((n, p), rp)| format!("La commune réunit {p} habitants et {n} logements, dont {rp} de résidences principales.{zone}")),
            ],
            vec![homes.map(|n| format!("Le parc de logements de la commune est de {n}.{zone}"))],
            vec![people.map(|p| format!("La population de la commune est de {p} habitants.{zone}"))],
        ]
    }

    fn p3_synthese1(&self) -> Vec<Vec<Option<String>>> {
        let main = self.beside("log.tx_rp");
        let second = self
            .com("log.tx_rs")
            .map_or_else(String::new, |rs| format!(" La part des résidences secondaires y est de {rs}."));
        vec![
            vec![
                main.clone()
                    .map(|rp| format!("Dans la commune, la part des résidences principales est de {rp}.{second}")),
                main.clone()
                    .map(|rp| format!("La part des résidences principales de la commune s’établit à {rp}.{second}")),
            ],
            vec![main.map(|rp| format!("Dans la commune, la part des résidences principales est de {rp}."))],
            vec![self.com("log.n").map(|n| format!("Le nombre de logements de la commune est de {n}."))],
        ]
    }

    fn p3_synthese2(&self) -> Vec<Vec<Option<String>>> {
        let tenure = self.com("log.proprio").zip(self.com("log.loc_prive")).zip(self.com("log.loc_hlm"));
        vec![
            vec![
                tenure.clone().map(|((own, let_), hlm)| format!("Dans la commune, la part des propriétaires occupants est de {own}, celle des locataires hors HLM de {let_} et celle des locataires HLM de {hlm}.")),
                tenure.map(|((own, let_), hlm)| format!("Les propriétaires occupants forment {own} des résidences principales de la commune, la location privée {let_} et la location sociale {hlm}.")),
            ],
            vec![self.beside("log.proprio").map(|own| format!("Dans la commune, la part des propriétaires occupants est de {own}."))],
            vec![self.com("rpl.n").map(|n| format!("Le parc locatif social de la commune est de {n} logements."))],
        ]
    }

    fn p3_synthese3(&self) -> Vec<Vec<Option<String>>> {
        let (tax, census) = (self.beside("lov.tx"), self.beside("log.tx_vac"));
        vec![
            vec![
                tax.clone().map(|tx| format!("Dans la commune, le taux de vacance du parc privé est de {tx}.")),
                tax.map(|tx| format!("La vacance du parc privé de la commune s’établit à {tx}.")),
            ],
            vec![census.map(|tx| format!("Dans la commune, le taux de vacance au recensement est de {tx}."))],
        ]
    }

    fn p3_synthese4(&self) -> Vec<Vec<Option<String>>> {
        let (flats, houses) = (self.com("dvf.med[appt]"), self.com("dvf.med[mais]"));
        let both = flats.clone().zip(houses.clone());
        vec![
            vec![
                both.clone().map(|(f, h)| format!("Dans la commune, le prix médian des appartements est de {f} et le prix médian des maisons de {h}.")),
                both.map(|(f, h)| format!("Les ventes de la commune donnent un prix médian des appartements de {f} et un prix médian des maisons de {h}.")),
            ],
            vec![
                flats.map(|f| format!("Dans la commune, le prix médian des appartements est de {f}.")),
                houses.map(|h| format!("Dans la commune, le prix médian des maisons est de {h}.")),
            ],
            vec![self.com("ani.loyer[appt]").map(|rent| format!("Dans la commune, le loyer d’annonce des appartements est de {rent}."))],
            vec![self.com("zon.abc").map(|zone| format!("La commune relève de la zone ABC {zone}."))],
        ]
    }

    fn p3_retenir(&self) -> Vec<Vec<Option<String>>> {
        let vacancy = self.com("lov.tx").map(|tx| format!("le taux de vacance du parc privé est de {tx}"));
        let vacancy = vacancy
            .or_else(|| self.com("log.tx_vac").map(|tx| format!("le taux de vacance au recensement est de {tx}")));
        let social = self.com("log.loc_hlm").map(|hlm| format!("la part des locataires HLM est de {hlm}"));
        let price = self.com("dvf.med[appt]").map(|price| format!("le prix médian des appartements est de {price}"));
        let parts: Vec<String> = [social, vacancy, price].into_iter().flatten().collect();
        vec![vec![listed(&parts).map(|list| format!("À l’échelle de la commune, {list}."))]]
    }

    fn p4_titre(&self) -> Vec<Vec<Option<String>>> {
        vec![
            vec![
                self.com("lov.tx").map(|tx| format!("La vacance du parc privé est de {tx} dans la commune")),
                self.com("lov.tx").map(|tx| format!("Le taux de vacance du parc privé de la commune est de {tx}")),
            ],
            vec![
                self.com("log.tx_vac")
                    .map(|tx| format!("Le taux de vacance au recensement est de {tx} dans la commune")),
            ],
        ]
    }

    fn p4_lede(&self) -> Vec<Vec<Option<String>>> {
        let census = self
            .com("log.tx_vac")
            .map_or_else(String::new, |tx| format!(" Au sens du recensement, la vacance de la commune est de {tx}."));
        let tax = self.beside("lov.tx");
        vec![
            vec![
                tax.clone().map(|tx| format!("Selon les fichiers fiscaux, le taux de vacance du parc privé de la commune est de {tx}.{census}")),
                tax.clone().map(|tx| format!("Les fichiers fiscaux donnent à la commune un taux de vacance du parc privé de {tx}.{census}")),
            ],
            vec![tax.map(|tx| format!("Selon les fichiers fiscaux, le taux de vacance du parc privé de la commune est de {tx}."))],
            vec![self.beside("log.tx_vac").map(|tx| format!("Selon le recensement, la vacance de la commune est de {tx}."))],
        ]
    }

    fn p4_commentaire(&self) -> Vec<Vec<Option<String>>> {
        let long = self.beside("lov.tx2");
        let part = self.com("lov.part2").map_or_else(String::new, |part| {
            format!(" Dans la commune, la part de la longue durée dans la vacance du parc privé est de {part}.")
        });
        vec![
            vec![
                long.clone().map(|tx| format!("Le taux de vacance de longue durée de la commune est de {tx}.{part}")),
                long.clone().map(|tx| format!("La vacance de longue durée touche le parc privé de la commune à hauteur de {tx}.{part}")),
            ],
            vec![long.map(|tx| format!("Le taux de vacance de longue durée de la commune est de {tx}."))],
            vec![self.beside("log.tx_vac").map(|tx| format!("La vacance de longue durée n’est pas publiée ; au recensement, la vacance de la commune est de {tx}."))],
        ]
    }

    fn p4_retenir(&self) -> Vec<Vec<Option<String>>> {
        let (tax, census) = (self.com("lov.tx"), self.com("log.tx_vac"));
        let long = self
            .com("lov.vac2")
            .map_or_else(String::new, |n| format!(" Le nombre de logements en vacance de longue durée est de {n}."));
        let both = tax.clone().zip(census.clone());
        vec![
            vec![both.clone().map(|(tx, rp)| format!("Le recensement et les fichiers fiscaux ne mesurent pas la même vacance : {rp} d’un côté, {tx} de l’autre, pour la même commune.{long}"))],
            vec![both.map(|(tx, rp)| format!("Le recensement et les fichiers fiscaux ne mesurent pas la même vacance : {rp} d’un côté, {tx} de l’autre, pour la même commune."))],
            vec![tax.map(|tx| format!("Pour la commune, la vacance du parc privé est de {tx} selon les fichiers fiscaux."))],
            vec![census.map(|rp| format!("Pour la commune, seule la vacance au sens du recensement est publiée : {rp}."))],
        ]
    }

    fn p5_titre(&self) -> Vec<Vec<Option<String>>> {
        let titles = |figure: Option<String>, what: &str| {
            vec![
                figure.clone().map(|price| format!("Le prix médian des {what} est de {price} dans la commune")),
                figure.map(|price| format!("Dans la commune, le prix médian des {what} est de {price}")),
            ]
        };
        vec![
            titles(self.com("dvf.med[appt]"), "appartements"),
            titles(self.com("dvf.med[mais]"), "maisons"),
            vec![
                self.com("ani.loyer[appt]")
                    .map(|rent| format!("Le loyer d’annonce des appartements est de {rent} dans la commune")),
            ],
            vec![self.com("zon.abc").map(|zone| format!("La commune est classée en zone {zone}"))],
        ]
    }

    fn p5_lede(&self) -> Vec<Vec<Option<String>>> {
        let zone = self
            .com("zon.abc")
            .map_or_else(String::new, |zone| format!(" La commune est classée en zone {zone} du zonage ABC."));
        let (flats, houses) = (self.beside("dvf.med[appt]"), self.beside("dvf.med[mais]"));
        vec![
            vec![flats.clone().zip(self.com("dvf.med[mais]")).map(|(f, h)| format!("Le prix médian des appartements de la commune est de {f}. Celui des maisons de la commune est de {h}.{zone}"))],
            vec![flats.map(|f| format!("Un appartement de la commune se vend au prix médian de {f}.{zone}"))],
            vec![houses.map(|h| format!("Une maison de la commune se vend au prix médian de {h}.{zone}"))],
            vec![self.com("ani.loyer[appt]").map(|rent| format!("Le loyer d’annonce des appartements de la commune est de {rent}.{zone}"))],
            vec![self.com("zon.abc").map(|zone| format!("La commune se situe en zone {zone} du zonage ABC."))],
        ]
    }

    fn p5_prix(&self) -> Vec<Vec<Option<String>>> {
        let sold = |what: &str, modality: &str| {
            let n = self.com(&format!("dvf.n[{modality}]"))?;
            let quartiles = self.com(&format!("dvf.q1[{modality}]")).zip(self.com(&format!("dvf.q3[{modality}]")));
            let spread = quartiles.map_or_else(String::new, |(q1, q3)| {
                format!(" ; du premier au dernier quartile, leur prix va de {q1} à {q3}")
            });
            Some(format!("Les ventes {what} de la commune sont au nombre de {n}{spread}."))
        };
        let (flats, houses) = (sold("d’appartements", "appt"), sold("de maisons", "mais"));
        vec![vec![flats.clone().zip(houses.clone()).map(|(f, h)| format!("{f} {h}"))], vec![flats], vec![houses]]
    }

    fn p5_loyers(&self) -> Vec<Vec<Option<String>>> {
        let (flats, houses) = (self.beside("ani.loyer[appt]"), self.com("ani.loyer[maison]"));
        vec![
            vec![
                flats.clone().zip(houses.clone()).map(|(f, h)| format!("À la location, le loyer d’annonce des appartements est dans la commune de {f}. Pour les maisons de la commune, il est de {h}.")),
                flats.clone().zip(houses.clone()).map(|(f, h)| format!("Les annonces de la commune situent le loyer d’annonce des appartements à {f}. Le loyer d’annonce des maisons de la commune est de {h}.")),
            ],
            vec![flats.map(|f| format!("À la location, le loyer d’annonce des appartements est dans la commune de {f}."))],
            vec![houses.map(|h| format!("À la location, le loyer d’annonce des maisons est dans la commune de {h}."))],
            vec![self.com("zon.abc").map(|zone| format!("Les loyers d’annonce ne sont pas publiés ; la commune est en zone {zone}."))],
        ]
    }

    fn p5_retenir(&self) -> Vec<Vec<Option<String>>> {
        let price = self.com("dvf.med[appt]").map(|price| format!("un prix médian des appartements de {price}"));
        let house = self.com("dvf.med[mais]").map(|price| format!("un prix médian des maisons de {price}"));
        let rent = self.com("ani.loyer[appt]").map(|rent| format!("un loyer d’annonce des appartements de {rent}"));
        let zone = self.com("zon.abc").map(|zone| format!("un classement en zone {zone}"));
        let parts: Vec<String> = [price, house, rent, zone].into_iter().flatten().collect();
        vec![
            vec![listed(&parts).map(|list| format!("Le marché de la commune se lit en bref : {list}."))],
            vec![listed(&parts).map(|list| format!("Le marché de la commune se résume en ces valeurs : {list}."))],
        ]
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
