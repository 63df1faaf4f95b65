//! CAF: households, persons and euro by benefit, commune and December. The producer rounds households to 5 and amounts
//! to 100 euro, so sums carry noise; recipients without a commune stay apart and are never shared out.

use crate::dataset::{Check, Column, Control, Dataset, Described, Layout, Load, last_year};

/// `dtreffre`, `numcomdo`, the recipients of any benefit, and three figures for each benefit of the list.
macro_rules! columns {
    ($($benefit:literal),*) => {
        &[
            Column::needed("dtreffre", &[]),
            Column::needed("numcomdo", &[]),
            Column::needed("indfoy_ndur", &[]),
            Column::optional("indnbp_ndur", &[]),
            Column::optional("indmtt_ndur", &[]),
            $(
                Column::optional(concat!("indfoy_", $benefit), &[]),
                Column::optional(concat!("indnbp_", $benefit), &[]),
                Column::optional(concat!("indmtt_", $benefit), &[]),
            )*
        ]
    };
}

/// The dataset `caf_communal`.
pub const DATASET: Dataset = Dataset {
    name: "caf_communal",
    title: "Bénéficiaires toutes prestations, par commune (s_ben_com_f)",
    producer: "CNAF",
    licence: "Licence Ouverte",
    origin: "",
    rhythm: "annuel, automne",
    version: 1,
    layouts: &[Layout {
        name: "« s_ben_com_f », noms techniques (use_labels=false)",
        columns: columns!("af", "cf", "asf", "ab", "cmg", "ndurpaje", "ndural", "apl", "als", "alf", "rsa", "ppa", "aah"),
        describe: |seen| Described { millesime: last_year(seen.file_name), ..Described::default() },
        commune: Some(LOCATED),
        unlocated: true,
        checks: &[
            Check { motif: "dtreffre n’est pas un mois de décembre (AAAA-12)", when: "coalesce(s.dtreffre !~ '^20[0-9]{2}-12', true)" },
            Check {
                motif: "code commune illisible",
                when: "s.numcomdo !~ '^([0-9][0-9AB][0-9]{3}|[1-9][0-9]{3}|[0-9AB]{0,3}[Xx*]+|9{5}|0{5})$'",
            },
            Check {
                motif: "chiffre illisible",
                // A row of digits alone is the rule; only another one is taken apart.
                when: "s::text !~ '^[(),0-9AB-]*$' AND EXISTS (
                           SELECT FROM jsonb_each_text(to_jsonb(s) - 'dtreffre' - 'numcomdo' - 'ligne') c
                           WHERE NOT data.est_lisible(c.value))",
            },
            Check {
                motif: "nombre de foyers qui n’est pas un multiple de 5 : ce fichier n’est pas arrondi comme celui du producteur",
                when: "EXISTS (SELECT FROM (VALUES (s.indfoy_ndur), (s.indfoy_rsa), (s.indfoy_ppa), (s.indfoy_ndural)) f (n)
                               WHERE f.n ~ '^[0-9]' AND f.n !~ '[05]$')",
            },
            Check {
                motif: "montant qui n’est pas un multiple de 100 €",
                when: "EXISTS (SELECT FROM (VALUES (s.indmtt_ndur), (s.indmtt_rsa), (s.indmtt_ppa)) m (n)
                               WHERE m.n ~ '^[0-9]' AND m.n !~ '(^0|00)$')",
            },
        ],
        keys: &["dtreffre", "numcomdo"],
        loads: &[Load::Partition { table: "caf_communal", sql: include_str!("load.sql") }],
        controls: &[
            Control { what: "communes du mois le moins fourni", sql: LEAST_MONTH, min: 34_000, max: 36_000 },
            Control { what: "communes du mois le plus fourni", sql: FULLEST_MONTH, min: 34_000, max: 36_000 },
        ],
        ..Layout::EMPTY
    }],
};

/// A code of a commune; anything else is a mask over recipients that could not be located.
const LOCATED: &str =
    "CASE WHEN s.numcomdo ~ '^([0-9][0-9AB][0-9]{3}|[1-9][0-9]{3})$' AND s.numcomdo NOT IN ('00000', '99999')
                            THEN s.numcomdo END";
const LEAST_MONTH: &str = "SELECT min(n) FROM (SELECT count(*) AS n FROM {staging} GROUP BY dtreffre) m";
const FULLEST_MONTH: &str = "SELECT max(n) FROM (SELECT count(*) AS n FROM {staging} GROUP BY dtreffre) m";
