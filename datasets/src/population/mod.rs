//! Municipal populations since 1968, each in the geography of its year.

use crate::dataset::{Check, Column, Dataset, Described, Layout, Load, Seen};

/// The dataset `population`.
pub const DATASET: Dataset = Dataset {
    name: "population",
    title: "Populations municipales historiques",
    producer: "INSEE, recensements de la population",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel",
    version: 2,
    layouts: &[Layout {
        name: "populations ANNEE_COG;CODGEO;POP",
        columns: &[
            Column::needed("annee_cog", &["annee"]),
            Column::needed("codgeo", &["code_insee"]),
            Column::needed("pop", &["population", "pmun"]),
        ],
        describe,
        checks: &[
            Check { motif: "année illisible", when: "s.annee_cog !~ '^(19|20)[0-9]{2}$'" },
            Check { motif: "population illisible", when: "NOT data.est_lisible(s.pop) OR data.nombre(s.pop) < 0" },
        ],
        loads: &[Load::Partition { table: "population_historique", sql: include_str!("load.sql") }],
        keys: &["annee_cog", "codgeo"],
        ..Layout::EMPTY
    }],
};

/// All years are in one file, which is replaced as a whole; a longer file is another vintage.
fn describe(_: &Seen) -> Described {
    Described { millesime: Some("1968-2024".to_owned()), ..Described::default() }
}
