//! Allowances that the départements pay: APA, PCH, ACTP, ASH. The producer's workbooks change shape every year, so what
//! is read is a table of our own layout, copied from them by hand, that names the workbook of each figure.

use crate::dataset::{Check, Column, Control, Dataset, Described, Layout, Load, last_year};

/// The dataset `aides_dept`.
pub const DATASET: Dataset = Dataset {
    name: "aides_dept",
    title: "Enquête Aide sociale auprès des départements : APA, PCH, ACTP, ASH",
    producer: "DREES",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, dix-huit mois après le 31 décembre décrit",
    version: 1,
    layouts: &[Layout {
        name: "normalisé departement;annee;prestation;lieu;beneficiaires;depenses_milliers_eur",
        columns: &[
            Column::needed("departement", &["code_dept", "code_departement"]),
            Column::needed("annee", &[]),
            Column::needed("prestation", &[]),
            Column::needed("lieu", &[]),
            Column::needed("beneficiaires", &[]),
            Column::needed("depenses_milliers_eur", &[]),
            Column::optional("estime", &[]),
            Column::optional("classeur", &[]),
            Column::optional("feuille", &[]),
            Column::optional("plage", &[]),
            Column::optional("sha256_classeur", &[]),
        ],
        describe: |seen| Described { millesime: last_year(seen.file_name), ..Described::default() },
        checks: &[
            Check { motif: "année illisible", when: "coalesce(s.annee !~ '^20[0-9]{2}$', true)" },
            Check {
                motif: "payeur inconnu : ni un département, ni 69D, 69M ou 20",
                when: "CASE WHEN s.departement IN ('69D', '69M', '20') THEN false
                            WHEN s.departement ~ '^[0-9]' THEN NOT EXISTS (SELECT FROM data.departements d
                                WHERE d.code = data.code_departement(s.departement))
                            ELSE NOT EXISTS (SELECT FROM data.departements d
                                WHERE data.nom_norm(d.nom) = data.nom_norm(s.departement)) END",
            },
            Check {
                motif: "prestation inconnue : APA, PCH, ACTP ou ASH",
                when: "coalesce(upper(s.prestation) NOT IN ('APA', 'PCH', 'ACTP', 'ASH'), true)",
            },
            Check {
                motif: "lieu inconnu : domicile, etablissement ou ensemble",
                when: "coalesce(data.nom_norm(s.lieu) NOT IN ('domicile', 'etablissement', 'ensemble'), true)",
            },
            Check {
                motif: "chiffre illisible ou négatif",
                when: "NOT data.est_lisible(s.beneficiaires) OR NOT data.est_lisible(s.depenses_milliers_eur)
                       OR data.nombre(s.beneficiaires) < 0 OR data.nombre(s.depenses_milliers_eur) < 0",
            },
            Check {
                motif: "nombre de bénéficiaires qui n’est pas entier",
                when: "data.nombre(s.beneficiaires) % 1 <> 0",
            },
        ],
        keys: &["departement", "annee", "prestation", "lieu"],
        loads: &[Load::Partition { table: "aides_dept", sql: include_str!("load.sql") }],
        controls: &[
            Control {
                what: "bénéficiaires de la PCH, année la moins fournie",
                sql: "SELECT min(n)::bigint FROM (SELECT sum(data.nombre(beneficiaires)) AS n FROM {staging}
                      WHERE upper(prestation) = 'PCH' AND data.nom_norm(lieu) = 'ensemble' GROUP BY annee) a",
                min: 100_000,
                max: 600_000,
            },
            Control {
                what: "payeurs de l’année la moins fournie",
                sql: "SELECT min(n) FROM (SELECT count(DISTINCT departement) AS n FROM {staging} GROUP BY annee) a",
                min: 95,
                max: 104,
            },
        ],
        ..Layout::EMPTY
    }],
};
