//! Filosofi: standards of living and poverty by commune. Most small communes are secret: `s` stays `s`.

use crate::dataset::{Check, Column, Dataset, Described, Layout, Load, Seen, newest_vintage};

/// The dataset `filosofi`.
pub const DATASET: Dataset = Dataset {
    name: "filosofi",
    title: "Fichier localisé social et fiscal (Filosofi)",
    producer: "INSEE, DGFiP, Cnaf, Cnav, CCMSA",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, irrégulier depuis 2022",
    version: 1,
    layouts: &[Layout {
        name: "« cc_filosofi_AAAA_COM »",
        columns: &[
            Column::needed("codgeo", &[]),
            Column::family("nbmenfisc??"),
            Column::family("nbpersmenfisc??"),
            Column::family("med??"),
            Column::family("tp60??"),
            Column::optional_family("pimp??"),
            Column::optional_family("tp60age???"),
            Column::optional_family("tp60tol???"),
            Column::optional_family("p????"),
            Column::optional_family("p?????"),
            Column::optional_family("p??????"),
            Column::optional_family("p???????"),
            Column::family("d1??"),
            Column::family("d9??"),
            Column::family("rd??"),
        ],
        describe: |seen: &Seen| Described {
            millesime: newest_vintage(seen.columns, "med", ""),
            ..Described::default()
        },
        commune: Some("s.codgeo"),
        checks: &[Check {
            motif: "cellule illisible",
            when: "EXISTS (SELECT FROM jsonb_each_text(to_jsonb(s) - 'codgeo' - 'ligne') c WHERE NOT data.est_lisible(c.value))",
        }],
        loads: &[Load::Partition { table: "filosofi", sql: include_str!("load.sql") }],
        keys: &["codgeo"],
        ..Layout::EMPTY
    }],
};
