//! LOVAC: vacancy of the private stock, of which two years and more. The official file has one group of columns per
//! year; below eleven dwellings a cell is `s`, which means « between 1 and 10 », never zero.

mod reader;

use crate::dataset::{Check, Column, Dataset, Described, Layout, Load, Seen, last_year, newest_vintage};

/// The dataset `lovac`.
pub const DATASET: Dataset = Dataset {
    name: "lovac",
    title: "LOVAC : logements vacants du parc privé",
    producer: "Ministère chargé du logement (DGALN), Cerema",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, printemps",
    version: 2,
    layouts: &[
        Layout {
            name: "officiel « lovac-opendata-communes »",
            columns: &[
                Column::needed("codgeo", &["codgeo_??"]),
                Column::family("pp_vacant_??"),
                Column::family("pp_vacant_plus_2ans_??"),
                Column::optional_family("pp_total_??"),
                Column::optional_family("ff_pp_total_??"),
            ],
            describe,
            commune: Some("s.codgeo"),
            digest: Some(reader::DIGEST),
            loads: &[Load::Partition {
                table: "lovac",
                sql: concat!(include_str!("cells_official.sql"), include_str!("figures.sql")),
            }],
            keys: &["codgeo", "annee"],
            ..Layout::EMPTY
        },
        Layout {
            name: "remanié ANNEE;CODGEO;pp_total;pp_vacant",
            columns: &[
                Column::needed("annee", &[]),
                Column::needed("codgeo", &[]),
                Column::needed("pp_total", &[]),
                Column::needed("pp_vacant", &[]),
                Column::optional("pp_vacant_plus_2ans", &[]),
            ],
            describe,
            commune: Some("s.codgeo"),
            checks: &[
                Check { motif: "année illisible", when: "s.annee !~ '^20[0-9]{2}$'" },
                Check {
                    motif: "nombre de logements illisible",
                    when: "NOT data.est_lisible(s.pp_total) OR NOT data.est_lisible(s.pp_vacant)",
                },
            ],
            loads: &[Load::Partition {
                table: "lovac",
                sql: concat!(include_str!("cells_reshaped.sql"), include_str!("figures.sql")),
            }],
            keys: &["annee", "codgeo"],
            ..Layout::EMPTY
        },
    ],
};

/// `CODGEO_25` says the edition; failing that, the file's name does.
fn describe(seen: &Seen) -> Described {
    let millesime = newest_vintage(seen.columns, "codgeo_", "").or_else(|| last_year(seen.file_name));
    Described { millesime, ..Described::default() }
}
