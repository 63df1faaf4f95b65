//! The density grid: how dense or rural a commune is, in seven degrees, from INSEE's workbook.

use crate::dataset::{Check, Column, Control, Dataset, Described, Format, Layout, Load, Seen, last_year};

/// The dataset `densite`.
pub const DATASET: Dataset = Dataset {
    name: "densite",
    title: "Grille communale de densité à sept niveaux",
    producer: "INSEE",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, juillet",
    version: 1,
    layouts: &[Layout {
        name: "classeur Excel « grille de densité », feuille « Maille communale »",
        format: Format::Workbook { sheet: "maille_communale" },
        columns: &[
            Column::needed("codgeo", &[]),
            Column::needed("dens7", &[]),
            Column::needed("pmun", &["pmun??"]),
            Column::optional("libgeo", &[]),
        ],
        describe,
        commune: Some("s.codgeo"),
        checks: &[
            Check { motif: "degré de densité hors de 1 à 7", when: "s.dens7 IS NULL OR s.dens7 !~ '^[1-7]$'" },
            Check { motif: "population illisible", when: "data.nombre(s.pmun) IS NULL" },
        ],
        keys: &["codgeo"],
        loads: &[Load::InPlace { table: "communes", sql: include_str!("load.sql") }],
        controls: &[
            Control { what: "communes classées", sql: "SELECT count(*) FROM {staging}", min: 34_800, max: 36_000 },
            Control {
                what: "population municipale de la France",
                sql: "SELECT sum(data.nombre(pmun))::bigint FROM {staging}",
                min: 66_000_000,
                max: 70_000_000,
            },
        ],
        ..Layout::EMPTY
    }],
};

/// `grille_densite_7_niveaux_2025.xlsx` is the grid of the geography of 2025.
fn describe(seen: &Seen) -> Described {
    let year = last_year(seen.file_name);
    Described { cog_annee: year.as_ref().and_then(|year| year.parse().ok()), millesime: year, ..Described::default() }
}
