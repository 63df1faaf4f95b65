//! RPLS: the social rented stock at 1 January, by commune. A commune absent from a complete file has none.

use crate::dataset::{Check, Column, Control, Dataset, Described, Format, Layout, Load, Seen, last_year};

/// The dataset `rpls`.
pub const DATASET: Dataset = Dataset {
    name: "rpls",
    title: "Répertoire des logements locatifs des bailleurs sociaux",
    producer: "SDES",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, décembre",
    version: 2,
    layouts: &[
        Layout { name: "résultats par commune", ..BY_COMMUNE },
        Layout {
            name: "classeur de résultats, feuille COMMUNE",
            format: Format::Workbook { sheet: "commune*" },
            ..BY_COMMUNE
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
                Column::needed("t1t2", &["moins_de_2_pieces"]),
                Column::needed("dpe_abc", &["dpe_energie_classe_abc"]),
                Column::needed("dpe_d", &["dpe_energie_classe_d"]),
                Column::needed("dpe_efg", &["dpe_energie_classe_efg"]),
                Column::needed("neufs", &["parc_de_moins_d_un_an"]),
            ],
            describe: |seen| {
                let year = seen.columns.iter().find_map(|column| column.strip_prefix("depcom")?.parse().ok());
                Described { cog_annee: year, ..describe(seen) }
            },
            keep: Some("s.typezone = 'Communes'"),
            commune: Some("s.depcom"),
            checks: &[Check { motif: "nombre de logements illisible", when: "data.nombre(s.parc_hlm) IS NULL" }],
            loads: &[Load::Partition { table: "rpls", sql: include_str!("aggregated.sql") }],
            controls: &[Control {
                what: "logements sociaux en France",
                sql: "SELECT sum(data.nombre(parc_hlm))::bigint FROM {staging}",
                min: STOCK.0,
                max: STOCK.1,
            }],
            keys: &["depcom"],
            ..Layout::EMPTY
        },
    ],
};

/// Social dwellings of the whole country, whatever the year: 4.8 million in 2017, 5.4 in 2024.
const STOCK: (i64, i64) = (4_500_000, 6_500_000);

const BY_COMMUNE: Layout = Layout {
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
    controls: &[Control {
        what: "logements sociaux en France",
        sql: "SELECT sum(data.nombre(nb_ls))::bigint FROM {staging}",
        min: STOCK.0,
        max: STOCK.1,
    }],
    keys: &["depcom_arm"],
    ..Layout::EMPTY
};

fn describe(seen: &Seen) -> Described {
    Described { millesime: last_year(seen.file_name), ..Described::default() }
}
