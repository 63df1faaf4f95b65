//! The sentences of each block: ranks from the fullest to the barest, wordings that say the same within a rank.

use super::{Say, listed};

/// Ranks of wordings; `None` where a figure that the sentence needs is not published.
type Ranks = Vec<Vec<Option<String>>>;

impl Say<'_> {
    pub(super) fn p3_titre(&self) -> Ranks {
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

    pub(super) fn p3_lede(&self) -> Ranks {
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

    pub(super) fn p3_synthese1(&self) -> Ranks {
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

    pub(super) fn p3_synthese2(&self) -> Ranks {
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

    pub(super) fn p3_synthese3(&self) -> Ranks {
        let (tax, census) = (self.beside("lov.tx"), self.beside("log.tx_vac"));
        vec![
            vec![
                tax.clone().map(|tx| format!("Dans la commune, le taux de vacance du parc privé est de {tx}.")),
                tax.map(|tx| format!("La vacance du parc privé de la commune s’établit à {tx}.")),
            ],
            vec![census.map(|tx| format!("Dans la commune, le taux de vacance au recensement est de {tx}."))],
        ]
    }

    pub(super) fn p3_synthese4(&self) -> Ranks {
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

    pub(super) fn p3_retenir(&self) -> Ranks {
        let vacancy = self.com("lov.tx").map(|tx| format!("le taux de vacance du parc privé est de {tx}"));
        let vacancy = vacancy
            .or_else(|| self.com("log.tx_vac").map(|tx| format!("le taux de vacance au recensement est de {tx}")));
        let social = self.com("log.loc_hlm").map(|hlm| format!("la part des locataires HLM est de {hlm}"));
        let price = self.com("dvf.med[appt]").map(|price| format!("le prix médian des appartements est de {price}"));
        let parts: Vec<String> = [social, vacancy, price].into_iter().flatten().collect();
        vec![vec![listed(&parts).map(|list| format!("À l’échelle de la commune, {list}."))]]
    }

    pub(super) fn p4_titre(&self) -> Ranks {
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

    pub(super) fn p4_lede(&self) -> Ranks {
        let census = self
            .com("log.tx_vac")
            .map_or_else(String::new, |tx| format!(" La vacance au sens du recensement est de {tx} dans la commune."));
        let tax = self.beside("lov.tx");
        vec![
            vec![
                tax.clone().map(|tx| format!("Selon les fichiers fiscaux, le taux de vacance du parc privé de la commune est de {tx}.{census}")),
                tax.clone().map(|tx| format!("Les fichiers fiscaux donnent à la commune un taux de vacance du parc privé de {tx}.{census}")),
            ],
            vec![tax.map(|tx| format!("Selon les fichiers fiscaux, le taux de vacance du parc privé de la commune est de {tx}."))],
            vec![self.beside("log.tx_vac").map(|tx| format!("La vacance au sens du recensement de la commune est de {tx}."))],
        ]
    }

    pub(super) fn p4_commentaire(&self) -> Ranks {
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
            vec![self.beside("log.tx_vac").map(|tx| format!("La vacance de longue durée n’est pas publiée ; le taux de vacance au recensement de la commune est de {tx}."))],
        ]
    }

    pub(super) fn p4_retenir(&self) -> Ranks {
        let (tax, census) = (self.com("lov.tx"), self.com("log.tx_vac"));
        let long = self
            .com("lov.vac2")
            .map_or_else(String::new, |n| format!(" Le nombre de logements en vacance de longue durée est de {n}."));
        let both = tax.clone().zip(census.clone());
        vec![
            vec![both.clone().map(|(tx, rp)| format!("Le recensement et les fichiers fiscaux ne mesurent pas la même vacance : le taux de vacance au recensement de la commune est de {rp} et le taux de vacance du parc privé de {tx}.{long}"))],
            vec![both.map(|(tx, rp)| format!("Le recensement et les fichiers fiscaux ne mesurent pas la même vacance : le taux de vacance au recensement de la commune est de {rp} et le taux de vacance du parc privé de {tx}."))],
            vec![tax.map(|tx| format!("Pour la commune, la vacance du parc privé est de {tx} selon les fichiers fiscaux."))],
            vec![census.map(|rp| format!("Pour la commune, seule la vacance au sens du recensement est publiée : {rp}."))],
        ]
    }

    pub(super) fn p5_titre(&self) -> Ranks {
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

    pub(super) fn p5_lede(&self) -> Ranks {
        let zone = self
            .com("zon.abc")
            .map_or_else(String::new, |zone| format!(" La commune est classée en zone {zone} du zonage ABC."));
        let (flats, houses) = (self.beside("dvf.med[appt]"), self.beside("dvf.med[mais]"));
        vec![
            vec![flats.clone().zip(self.com("dvf.med[mais]")).map(|(f, h)| format!("Le prix médian des appartements de la commune est de {f}. Le prix médian des maisons de la commune est de {h}.{zone}"))],
            vec![flats.map(|f| format!("Le prix médian des appartements de la commune s’établit à {f}.{zone}"))],
            vec![houses.map(|h| format!("Le prix médian des maisons de la commune s’établit à {h}.{zone}"))],
            vec![self.com("ani.loyer[appt]").map(|rent| format!("Le loyer d’annonce des appartements de la commune est de {rent}.{zone}"))],
            vec![self.com("zon.abc").map(|zone| format!("La commune se situe en zone {zone} du zonage ABC."))],
        ]
    }

    pub(super) fn p5_prix(&self) -> Ranks {
        let sold = |what: &str, modality: &str| {
            let n = self.com(&format!("dvf.n[{modality}]"))?;
            let of = if modality == "appt" { "des appartements" } else { "des maisons" };
            let quartiles = self.com(&format!("dvf.q1[{modality}]")).zip(self.com(&format!("dvf.q3[{modality}]")));
            let spread = quartiles.map_or_else(String::new, |(q1, q3)| {
                format!(" ; le premier quartile du prix {of} est de {q1} et le dernier quartile du prix {of} de {q3}")
            });
            Some(format!("Les ventes {what} de la commune sont au nombre de {n}{spread}."))
        };
        let (flats, houses) = (sold("d’appartements", "appt"), sold("de maisons", "mais"));
        vec![vec![flats.clone().zip(houses.clone()).map(|(f, h)| format!("{f} {h}"))], vec![flats], vec![houses]]
    }

    pub(super) fn p5_loyers(&self) -> Ranks {
        let (flats, houses) = (self.beside("ani.loyer[appt]"), self.com("ani.loyer[maison]"));
        vec![
            vec![
                flats.clone().zip(houses.clone()).map(|(f, h)| format!("À la location, le loyer d’annonce des appartements est dans la commune de {f}. Le loyer d’annonce des maisons est de {h}.")),
                flats.clone().zip(houses.clone()).map(|(f, h)| format!("Les annonces de la commune situent le loyer d’annonce des appartements à {f}. Le loyer d’annonce des maisons de la commune est de {h}.")),
            ],
            vec![flats.map(|f| format!("À la location, le loyer d’annonce des appartements est dans la commune de {f}."))],
            vec![houses.map(|h| format!("À la location, le loyer d’annonce des maisons est dans la commune de {h}."))],
            vec![self.com("zon.abc").map(|zone| format!("Les loyers d’annonce ne sont pas publiés ; la commune est en zone {zone}."))],
        ]
    }

    pub(super) fn p5_retenir(&self) -> Ranks {
        let price = self.com("dvf.med[appt]").map(|price| format!("un prix médian des appartements de {price}"));
        let house = self.com("dvf.med[mais]").map(|price| format!("un prix médian des maisons de {price}"));
        let rent = self.com("ani.loyer[appt]").map(|rent| format!("un loyer d’annonce des appartements de {rent}"));
        let zone = self.com("zon.abc").map(|zone| format!("un rattachement à la zone {zone}"));
        let parts: Vec<String> = [price, house, rent, zone].into_iter().flatten().collect();
        vec![
            vec![listed(&parts).map(|list| format!("Le marché de la commune se lit en bref : {list}."))],
            vec![listed(&parts).map(|list| format!("Le marché de la commune se résume en ces valeurs : {list}."))],
        ]
    }
}
