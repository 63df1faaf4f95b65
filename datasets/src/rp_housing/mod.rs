//! The census on dwellings: stock, occupation, tenure, size, age. One file carries three vintages (P21_, P15_, P10_).

mod reader;

use crate::dataset::{Column, Dataset, Described, Layout, Load, Seen, newest_vintage};

/// The dataset `rp_housing`.
pub const DATASET: Dataset = Dataset {
    name: "rp_housing",
    title: "Recensement de la population : logements",
    producer: "INSEE",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, juin",
    version: 2,
    layouts: &[Layout {
        name: "« base-cc-logement »",
        columns: &[
            Column::needed("codgeo", &[]),
            Column::family("p??_log"),
            Column::family("p??_rp"),
            Column::family("p??_rsecocc"),
            Column::family("p??_logvac"),
            Column::family("p??_rp_*"),
            Column::optional_family("p??_maison"),
            Column::optional_family("p??_appart"),
            Column::optional_family("p??_nbpi_rp"),
            Column::optional_family("p??_men*"),
            Column::optional_family("p??_pmen"),
            Column::optional_family("c??_rp_hstu1p*"),
        ],
        describe: |seen: &Seen| {
            let millesime = newest_vintage(seen.columns, "p", "_log");
            // A vintage is published three years later, in the geography of that year.
            let cog_annee = millesime.as_ref().and_then(|year| year.parse::<i32>().ok()).map(|year| year + 3);
            Described { millesime, cog_annee, ..Described::default() }
        },
        commune: Some("s.codgeo"),
        digest: Some(reader::DIGEST),
        loads: &[Load::Partition { table: "rp_housing", sql: include_str!("load.sql") }],
        keys: &["codgeo", "millesime"],
        ..Layout::EMPTY
    }],
};
