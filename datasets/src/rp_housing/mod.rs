//! The census on dwellings: stock, occupation, tenure, size, age. One file carries three vintages (P21_, P15_, P10_).

use crate::dataset::{Check, Column, Dataset, Described, Layout, Load, Seen, newest_vintage};

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
        describe: |seen: &Seen| Described {
            millesime: newest_vintage(seen.columns, "p", "_log"),
            ..Described::default()
        },
        commune: Some("s.codgeo"),
        checks: &[
            Check {
                motif: "cellule illisible",
                when: "EXISTS (SELECT FROM jsonb_each_text(to_jsonb(s) - 'codgeo' - 'ligne') c WHERE NOT data.est_lisible(c.value))",
            },
            Check {
                motif: "LOG ≠ RP + RSECOCC + LOGVAC",
                when: "EXISTS (SELECT FROM jsonb_object_keys(to_jsonb(s)) k CROSS JOIN LATERAL (SELECT left(k, 3) AS p, to_jsonb(s) AS j) v
                       WHERE k ~ '^p\\d\\d_log$'
                         AND abs(data.nombre(j ->> k) - data.nombre(j ->> (p || '_rp')) - data.nombre(j ->> (p || '_rsecocc'))
                                 - data.nombre(j ->> (p || '_logvac'))) > 0.5)",
            },
            Check {
                motif: "RP ≠ PROP + LOC + GRAT",
                when: "EXISTS (SELECT FROM jsonb_object_keys(to_jsonb(s)) k CROSS JOIN LATERAL (SELECT left(k, 3) AS p, to_jsonb(s) AS j) v
                       WHERE k ~ '^p\\d\\d_rp$'
                         AND abs(data.nombre(j ->> k) - data.nombre(j ->> (p || '_rp_prop')) - data.nombre(j ->> (p || '_rp_loc'))
                                 - data.nombre(j ->> (p || '_rp_grat'))) > 0.5)",
            },
        ],
        loads: &[Load::Partition { table: "rp_housing", sql: include_str!("load.sql") }],
        keys: &["codgeo"],
        ..Layout::EMPTY
    }],
};
