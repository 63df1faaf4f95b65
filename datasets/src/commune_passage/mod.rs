//! The passage table: where the communes of an older geography are today.

use crate::dataset::{Check, Column, Dataset, Described, Layout, Load, Seen};

/// The dataset `commune_passage`.
pub const DATASET: Dataset = Dataset {
    name: "commune_passage",
    title: "Table de passage entre géographies communales",
    producer: "INSEE (traitement à partir du code officiel géographique)",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel",
    version: 1,
    layouts: &[Layout {
        name: "table de passage code_AAAA;code_AAAA;ratio",
        columns: &[
            Column::needed("code_ancien", &["code_2018"]),
            Column::needed("code_actuel", &["code_2025", "code_2026"]),
            Column::needed("ratio", &[]),
        ],
        describe,
        checks: &[
            Check {
                motif: "code actuel inconnu du code officiel géographique",
                when: "NOT EXISTS (SELECT FROM data.communes c WHERE c.code_insee = s.code_actuel)",
            },
            Check {
                motif: "ratio hors de ]0 ; 1]",
                when: "coalesce(data.nombre(s.ratio) NOT BETWEEN 0.000001 AND 1, true)",
            },
        ],
        loads: &[
            Load::InPlace { table: "commune_passage", sql: include_str!("load.sql") },
            Load::InPlace { table: "rattachement", sql: include_str!("../communes/rattachement.sql") },
        ],
        keys: &["code_ancien", "code_actuel"],
        ..Layout::EMPTY
    }],
};

/// The year of the old codes is in the first column's name.
fn describe(seen: &Seen) -> Described {
    let millesime = seen.columns.iter().find_map(|column| column.strip_prefix("code_")).map(str::to_owned);
    Described { millesime, ..Described::default() }
}
