//! Communes, EPCI, EPT, arrondissements, départements, régions and the municipal arrondissements of Paris, Lyon and
//! Marseille: the reference geography, from the JSON files of the npm package `@etalab/decoupage-administratif`.

use crate::dataset::{Dataset, Described, Format, Layout, Load};

/// The geography of the package, whose communes are those of 2025 and 2026.
const VINTAGE: &str = "2026 (paquet 6.0.0)";

/// The dataset `communes`.
pub const DATASET: Dataset = Dataset {
    name: "communes",
    title: "Code officiel géographique et intercommunalités",
    producer: "INSEE, DGCL",
    licence: "Licence Ouverte 2.0",
    origin: "https://github.com/etalab/decoupage-administratif",
    rhythm: "annuel, 1er janvier",
    version: 2,
    layouts: &[Layout {
        name: "documents JSON du paquet « decoupage-administratif »",
        format: Format::Documents(&["communes", "epci", "arrondissements", "departements", "regions", "ept"]),
        describe: |_| Described { millesime: Some(VINTAGE.to_owned()), ..Described::default() },
        loads: &[
            Load::InPlace { table: "regions", sql: include_str!("regions.sql") },
            Load::InPlace { table: "departements", sql: include_str!("departements.sql") },
            Load::InPlace { table: "arrondissements", sql: include_str!("arrondissements.sql") },
            Load::InPlace { table: "epci", sql: include_str!("epci.sql") },
            Load::InPlace { table: "ept", sql: include_str!("ept.sql") },
            Load::InPlace { table: "communes", sql: include_str!("communes.sql") },
            Load::InPlace { table: "arrondissements_plm", sql: include_str!("arrondissements_plm.sql") },
            Load::InPlace { table: "commune_passage", sql: include_str!("passage.sql") },
            Load::InPlace { table: "epci", sql: include_str!("retire.sql") },
            Load::InPlace { table: "rattachement_dates", sql: include_str!("rattachement.sql") },
        ],
        ..Layout::EMPTY
    }],
};
