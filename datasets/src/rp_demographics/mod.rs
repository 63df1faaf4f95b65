//! The census on people: population at three vintages, sex, ages, occupations, households; births and deaths where
//! the file carries them.

mod reader;

use crate::dataset::{Check, Column, Dataset, Described, Layout, Load, Seen, newest_vintage};

/// The dataset `rp_demographics`; it also fills `data.rp_details`.
pub const DATASET: Dataset = Dataset {
    name: "rp_demographics",
    title: "Recensement de la population : évolution et structure de la population",
    producer: "INSEE",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, juin",
    version: 2,
    layouts: &[
        Layout {
        name: "« base-cc-evol-struct-pop »",
        columns: &[
            Column::needed("codgeo", &[]),
            Column::family("p??_pop"),
            Column::family("p??_pop????"),
            Column::optional_family("p??_pop??p"),
            Column::optional_family("p??_poph"),
            Column::optional_family("p??_popf"),
            Column::optional_family("p??_h????"),
            Column::optional_family("p??_h??p"),
            Column::optional_family("p??_f????"),
            Column::optional_family("p??_f??p"),
            Column::optional_family("c??_pop15p*"),
            Column::optional_family("c??_men*"),
            Column::optional_family("c??_fam*"),
            Column::optional_family("c??_pmen"),
            Column::optional_family("c??_ne24f*"),
            Column::optional_family("nais????"),
            Column::optional_family("dece????"),
        ],
        describe: |seen: &Seen| {
            let millesime = newest_vintage(seen.columns, "p", "_pop");
            // A vintage is published three years later, in the geography of that year.
            let cog_annee = millesime.as_ref().and_then(|year| year.parse::<i32>().ok()).map(|year| year + 3);
            Described { millesime, cog_annee, ..Described::default() }
        },
        commune: Some("s.codgeo"),
        checks: &[Check { motif: "population absente", when: "s.pop IS NULL" }],
        digest: Some(reader::DIGEST),
        loads: &[
            Load::Partition { table: "rp_demographics", sql: include_str!("demographics.sql") },
            Load::Partition { table: "rp_details", sql: include_str!("details.sql") },
        ],
        keys: &["codgeo"],
        ..Layout::EMPTY
    },
        Layout {
            name: "remanié « code_insee;pop_tot;pop_0_14… » (communes de 2 000 habitants et plus)",
            columns: &[
                Column::needed("pop_tot", &[]),
                Column::needed("code_insee", &[]),
                Column::needed("pop_0_14", &[]),
                Column::needed("pop_15_29", &[]),
                Column::needed("pop_75p", &[]),
                Column::needed("pop_femmes", &[]),
            ],
            describe: |seen: &Seen| Described {
                // « rp2018_… » : the number is glued to the letters, and published in the geography of 2020.
                millesime: seen.file_name.get(2..6).filter(|_| seen.file_name.starts_with("rp")).map(str::to_owned),
                partie: "2000_habitants_et_plus".to_owned(),
                cog_annee: seen.file_name.get(2..6).and_then(|year| year.parse::<i32>().ok()).map(|year| year + 2),
                ..Described::default()
            },
            commune: Some("s.code_insee"),
            checks: &[Check {
                motif: "population illisible",
                when: "data.nombre(s.pop_tot) IS NULL OR data.nombre(s.pop_femmes) IS NULL OR NOT data.est_lisible(s.pop_0_14)
                       OR NOT data.est_lisible(s.pop_15_29) OR NOT data.est_lisible(s.pop_75p)",
            }],
            loads: &[
                Load::Partition { table: "rp_demographics", sql: include_str!("reshaped.sql") },
                Load::Partition { table: "rp_details", sql: include_str!("reshaped_details.sql") },
            ],
            keys: &["code_insee"],
            ..Layout::EMPTY
        },
    ],
};
