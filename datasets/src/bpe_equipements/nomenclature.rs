//! The list of facility types of one vintage. Real lists are a dataset of their own; a generated list belongs to the
//! generated facilities that it describes, and leaves with them.

use crate::dataset::{Check, Column, Control, Dataset, Described, Layout, Load, last_year};

/// The dataset `bpe_nomenclature`.
pub const DATASET: Dataset = Dataset {
    name: "bpe_nomenclature",
    title: "Base permanente des équipements : liste des types",
    producer: "INSEE",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, juillet",
    version: 1,
    layouts: &[LAYOUT],
};

/// Codes and labels. The services that studies speak of are recognised by their labels.
pub const LAYOUT: Layout = Layout {
    name: "liste des types TYPEQU;LIBELLE",
    columns: &[
        Column::needed("typequ", &["facility_type"]),
        Column::needed("libelle", &["lib_typequ", "libelle_typequ"]),
    ],
    describe: |seen| Described {
        millesime: last_year(seen.file_name),
        partie: "nomenclature".to_owned(),
        ..Described::default()
    },
    checks: &[Check {
        motif: "code qui n’a pas la forme A101",
        when: "coalesce(s.typequ !~ '^[A-G][0-9]{3}$', true) OR s.libelle IS NULL",
    }],
    keys: &["typequ"],
    loads: &[Load::Partition { table: "bpe_types", sql: include_str!("nomenclature.sql") }],
    controls: &[Control {
        what: "services des études qu’aucun libellé ne désigne",
        sql: "SELECT count(*) FROM data.bpe_services v
              WHERE NOT EXISTS (SELECT FROM {staging} s WHERE data.nom_norm(s.libelle) ~ v.motif)",
        min: 0,
        max: 0,
    }],
    ..Layout::EMPTY
};
