//! Estimated populations by département, sex and large age group: the base of the projections and the denominators of
//! APA and PCH.

use crate::dataset::{Check, Column, Control, Dataset, Described, Format, Layout, Load, last_year};

/// The dataset `population_departements`.
pub const DATASET: Dataset = Dataset {
    name: "population_departements",
    title: "Estimation de la population au 1er janvier, par département, sexe et grande classe d’âge",
    producer: "INSEE",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, janvier",
    version: 1,
    layouts: &[Layout {
        name: "classeur « estim-pop-dep-sexe-gca » d’une année",
        format: Format::Workbook { sheet: "feuille1" },
        columns: &[
            Column::needed("dep", &[]),
            Column::family("ensemble_*"),
            Column::family("homme_*"),
            Column::family("femme_*"),
        ],
        describe: |seen| Described { millesime: last_year(seen.file_name), ..Described::default() },
        // Totals of the overseas départements and of France stand under the others.
        keep: Some("s.dep ~ '^[0-9AB]{1,9}$'"),
        checks: &[
            Check {
                motif: "département inconnu",
                when: "NOT EXISTS (SELECT FROM data.departements d WHERE d.code = data.code_departement(s.dep))",
            },
            Check {
                motif: "population illisible",
                when: "EXISTS (SELECT FROM jsonb_each_text(to_jsonb(s)) c
                               WHERE c.key ~ '^(ensemble|homme|femme)_' AND data.nombre(c.value) IS NULL)",
            },
            Check {
                motif: "hommes + femmes ≠ ensemble",
                when: "data.nombre(s.homme_total) + data.nombre(s.femme_total) <> data.nombre(s.ensemble_total)",
            },
        ],
        keys: &["dep"],
        loads: &[Load::Partition { table: "population_departements", sql: include_str!("estimates.sql") }],
        controls: &[
            Control { what: "départements", sql: "SELECT count(*) FROM {staging}", min: 96, max: 101 },
            Control {
                what: "population de la France",
                sql: "SELECT sum(data.nombre(ensemble_total))::bigint FROM {staging}",
                min: 58_000_000,
                max: 75_000_000,
            },
        ],
        ..Layout::EMPTY
    }],
};
