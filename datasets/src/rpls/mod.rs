//! RPLS: the social rented stock at 1 January, by commune. A commune absent from a complete file has none.

use crate::dataset::{Check, Column, Dataset, Described, Layout, Load, Seen, last_year};

/// The dataset `rpls`.
pub const DATASET: Dataset = Dataset {
    name: "rpls",
    title: "Répertoire des logements locatifs des bailleurs sociaux",
    producer: "SDES",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, décembre",
    version: 1,
    layouts: &[
        Layout {
            name: "résultats par commune (feuille COMMUNE)",
            columns: &[
                Column::needed("depcom_arm", &[]),
                Column::needed("nb_ls", &[]),
                Column::needed("tx_vac", &[]),
                Column::needed("tx_vac3", &[]),
                Column::needed("tx_mob", &[]),
                Column::needed("loymoy", &[]),
                Column::optional("nb_plai", &["plai"]),
                Column::optional("nb_plus", &["plus"]),
                Column::optional("nb_pls", &["pls"]),
                Column::optional("nb_pli", &["pli"]),
                Column::optional_family("nb_ls20??"),
            ],
            describe,
            commune: Some("s.depcom_arm"),
            checks: &[
                Check {
                    motif: "nombre de logements illisible",
                    when: "data.nombre(s.nb_ls) IS NULL OR data.nombre(s.nb_ls) < 0",
                },
                Check {
                    motif: "taux hors de 0 à 100",
                    when: "data.nombre(s.tx_vac) NOT BETWEEN 0 AND 100 OR data.nombre(s.tx_mob) NOT BETWEEN 0 AND 100",
                },
            ],
            loads: &[Load::Partition { table: "rpls", sql: include_str!("communes.sql") }],
            keys: &["depcom_arm"],
            ..Layout::EMPTY
        },
        Layout {
            name: "agrégé par territoire (TypeZone, Parc_HLM)",
            columns: &[
                Column::needed("depcom", &["depcom20??"]),
                Column::needed("typezone", &[]),
                Column::needed("parc_hlm", &[]),
                Column::needed("taux_de_vacance_numerateur", &[]),
                Column::needed("taux_de_vacance_denominateur", &[]),
                Column::needed("taux_de_mobilite_numerateur", &[]),
                Column::needed("taux_de_mobilite_denominateur", &[]),
                Column::needed("loyer_total", &[]),
                Column::needed("surface_totale", &[]),
            ],
            describe,
            keep: Some("s.typezone = 'Communes'"),
            commune: Some("s.depcom"),
            checks: &[Check { motif: "nombre de logements illisible", when: "data.nombre(s.parc_hlm) IS NULL" }],
            loads: &[Load::Partition { table: "rpls", sql: include_str!("aggregated.sql") }],
            keys: &["depcom"],
            ..Layout::EMPTY
        },
    ],
};

fn describe(seen: &Seen) -> Described {
    Described { millesime: last_year(seen.file_name), ..Described::default() }
}
