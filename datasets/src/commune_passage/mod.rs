//! The passage between geographies: which communes joined others, left them again, or changed their code, and when.
//! Three kinds of files tell it: INSEE's events since 1943, yearly tables with shares, and one step over many years.

use crate::dataset::{Check, Column, Control, Dataset, Described, Layout, Load, Seen, last_year};

const PLACES: Load = Load::InPlace { table: "rattachement_dates", sql: include_str!("../communes/rattachement.sql") };

/// The dataset `commune_passage`.
pub const DATASET: Dataset = Dataset {
    name: "commune_passage",
    title: "Table de passage entre géographies communales",
    producer: "INSEE (traitement à partir du code officiel géographique)",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel",
    version: 2,
    layouts: &[
        Layout {
            name: "événements du code officiel géographique (v_mvt_commune_AAAA)",
            columns: &[
                Column::needed("com_av", &[]),
                Column::needed("mod", &[]),
                Column::needed("date_eff", &[]),
                Column::needed("typecom_av", &[]),
                Column::needed("typecom_ap", &[]),
                Column::needed("com_ap", &[]),
            ],
            describe: |seen| described(last_year(seen.file_name), "evenements"),
            checks: &[Check {
                motif: "date d’effet illisible",
                when: "coalesce(s.date_eff !~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$', true)",
            }],
            loads: &[Load::InPlace { table: "commune_passage", sql: include_str!("events.sql") }, PLACES],
            controls: &[Control {
                what: "communes qui en ont rejoint une autre depuis 1943",
                sql: "SELECT count(DISTINCT com_av) FROM {staging} WHERE mod IN ('31', '32', '33') AND com_av <> com_ap",
                min: 3_000,
                max: 8_000,
            }],
            ..Layout::EMPTY
        },
        Layout {
            name: "passages annuels annee_de;annee_a;code_de;code_a;typemodif;ratio",
            columns: &[
                Column::needed("code_de", &[]),
                Column::needed("code_a", &[]),
                Column::needed("annee_de", &[]),
                Column::needed("annee_a", &[]),
                Column::needed("typemodif", &[]),
                Column::needed("ratio", &[]),
            ],
            describe: |seen| described(last_year(seen.file_name), "annuel"),
            checks: &[
                Check {
                    motif: "les deux années ne se suivent pas",
                    when: "coalesce(s.annee_de !~ '^[0-9]{4}$' OR s.annee_a !~ '^[0-9]{4}$', true)
                           OR s.annee_a::int <> s.annee_de::int + 1",
                },
                Check { motif: "type de passage inconnu", when: "coalesce(s.typemodif NOT IN ('f', 'd', 'c'), true)" },
                Check { motif: "ratio hors de ]0 ; 1]", when: RATIO },
            ],
            loads: &[Load::InPlace { table: "commune_passage", sql: include_str!("annual.sql") }, PLACES],
            keys: &["annee_de", "code_de", "code_a"],
            ..Layout::EMPTY
        },
        Layout {
            name: "table de passage code_AAAA;code_AAAA;ratio",
            columns: &[
                Column::needed("code_ancien", &["code_2018"]),
                Column::needed("code_actuel", &["code_2025", "code_2026"]),
                Column::needed("ratio", &[]),
            ],
            describe: |seen| described(oldest(seen), "direct"),
            checks: &[
                Check {
                    motif: "code actuel inconnu du code officiel géographique",
                    when: "NOT EXISTS (SELECT FROM data.communes c WHERE c.code_insee = s.code_actuel)",
                },
                Check { motif: "ratio hors de ]0 ; 1]", when: RATIO },
            ],
            loads: &[Load::InPlace { table: "commune_passage", sql: include_str!("direct.sql") }, PLACES],
            keys: &["code_ancien", "code_actuel"],
            ..Layout::EMPTY
        },
    ],
};

const RATIO: &str = "coalesce(data.nombre(s.ratio) NOT BETWEEN 0.000001 AND 1, true)";

/// The year of the old codes is in the first column's name.
fn oldest(seen: &Seen) -> Option<String> {
    seen.columns.iter().find_map(|column| column.strip_prefix("code_")).map(str::to_owned)
}

/// The three kinds stand beside each other: each is a part of its own.
fn described(millesime: Option<String>, partie: &str) -> Described {
    Described { millesime, partie: partie.to_owned(), ..Described::default() }
}
