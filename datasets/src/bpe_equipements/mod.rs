//! Permanent base of facilities (BPE): one row per facility. Codes are renumbered from one vintage to the next, so each
//! row is read with the list of its own vintage, and a code that the list does not know stops the import. Two vintages
//! are not comparable.

mod nomenclature;

use crate::dataset::{Check, Column, Control, Dataset, Described, Layout, Load, Seen};

pub use nomenclature::DATASET as NOMENCLATURE;

/// The dataset `bpe_equipements`.
pub const DATASET: Dataset = Dataset {
    name: "bpe_equipements",
    title: "Base permanente des équipements",
    producer: "INSEE",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, juillet",
    version: 1,
    layouts: &[
        Layout {
            name: "détail depuis 2022 (BPE24.csv, coordonnées avec leur projection)",
            columns: &[
                Column::needed("an", &[]),
                Column::needed("typequ", &[]),
                Column::needed("depcom", &[]),
                Column::needed("lambert_x", &[]),
                Column::needed("lambert_y", &[]),
                Column::needed("longitude", &[]),
                Column::needed("latitude", &[]),
                Column::needed("qualite_xy", &[]),
                Column::needed("epsg", &[]),
                Column::needed("capacite", &[]),
                Column::needed("nbequident", &[]),
            ],
            describe,
            member: "bpe*.csv",
            checks: &[
                UNKNOWN_QUALITY,
                SHORT_CODE,
                Check {
                    motif: "coordonnées illisibles",
                    when: "s.lambert_x !~ '^-?[0-9]+(\\.[0-9]+)?$' OR s.lambert_y !~ '^-?[0-9]+(\\.[0-9]+)?$'
                           OR s.longitude !~ '^-?[0-9]+(\\.[0-9]+)?$' OR s.latitude !~ '^-?[0-9]+(\\.[0-9]+)?$'",
                },
                Check {
                    motif: "projection qui n’est pas celle du territoire",
                    when: "s.lambert_x IS NOT NULL AND s.epsg <> data.projection_de(s.depcom)::text",
                },
                // One row in ten: a wrong column is seen at once, and projecting every point takes as long as all the rest.
                Check {
                    motif: "coordonnées projetées et géographiques à plus de 5 m",
                    when: "s.ligne % 10 = 0 AND s.longitude ~ '^-?[0-9.]+$' AND s.latitude ~ '^-?[0-9.]+$'
                           AND s.epsg = data.projection_de(s.depcom)::text AND coalesce(ST_DistanceSphere(
                               data.point_projete(data.nombre(s.lambert_x), data.nombre(s.lambert_y), s.epsg::int),
                               ST_SetSRID(ST_MakePoint(s.longitude::float8, s.latitude::float8), 4326)) > 5, true)",
                },
            ],
            loads: &[Load::Partition { table: "bpe_equipements", sql: include_str!("detail.sql") }],
            ..COMMON
        },
        Layout {
            name: "détail jusqu’en 2021 (bpe21_ensemble_xy.csv)",
            columns: &[
                Column::needed("an", &[]),
                Column::needed("typequ", &[]),
                Column::needed("depcom", &[]),
                Column::needed("lambert_x", &[]),
                Column::needed("lambert_y", &[]),
                Column::needed("qualite_xy", &[]),
            ],
            describe,
            member: "bpe*.csv",
            checks: &[
                UNKNOWN_QUALITY,
                SHORT_CODE,
                Check {
                    motif: "coordonnées illisibles",
                    when: "NOT data.est_lisible(s.lambert_x) OR NOT data.est_lisible(s.lambert_y)",
                },
            ],
            loads: &[Load::Partition { table: "bpe_equipements", sql: include_str!("detail_until_2021.sql") }],
            ..COMMON
        },
        nomenclature::LAYOUT,
    ],
};

/// What the two layouts of the detailed file share.
const COMMON: Layout = Layout {
    commune: Some("s.depcom"),
    // The collectivities overseas are in the file and in no study.
    keep: Some("s.depcom !~ '^9(7[578]|8)'"),
    refusals: &[OTHER_VINTAGE, UNKNOWN_TYPE],
    controls: &[Control {
        what: "équipements", sql: "SELECT count(*) FROM {staging}", min: 2_000_000, max: 4_000_000
    }],
    ..Layout::EMPTY
};

const OTHER_VINTAGE: Check = Check {
    motif: "la colonne AN ne dit pas le millésime du fichier : son nom a été changé, ou --millesime n’est pas le bon",
    when: "s.an IS DISTINCT FROM current_setting('lobster.millesime')",
};
/// Counted nowhere, it would make a service disappear.
const UNKNOWN_TYPE: Check = Check {
    motif: "type d’équipement absent de la nomenclature de son millésime : importez d’abord celle-ci (bpe_nomenclature)",
    when: "s.an IS NULL OR s.typequ IS NULL
           OR (s.an, s.typequ) NOT IN (SELECT t.millesime::text, t.code FROM data.bpe_typequ t)",
};
const UNKNOWN_QUALITY: Check = Check {
    motif: "qualité des coordonnées inconnue",
    when: "s.qualite_xy NOT IN ('Bonne', 'Acceptable', 'Mauvaise', 'Non géolocalisé')",
};

const SHORT_CODE: Check = Check {
    motif: "code commune qui n’a pas cinq caractères : un tableur a mangé le zéro, reprenez le fichier du producteur",
    when: "length(s.depcom) <> 5",
};

/// `BPE24.csv` and `bpe21_ensemble_xy.csv` say their vintage in two digits.
fn describe(seen: &Seen) -> Described {
    let name = seen.file_name.to_lowercase();
    let digits: String =
        name.strip_prefix("bpe").unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    let millesime = match digits.len() {
        2 => Some(format!("20{digits}")),
        4 => Some(digits),
        _ => None,
    };
    Described { millesime, partie: "detail".to_owned(), ..Described::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vintage_is_two_digits_of_the_name() {
        for (name, year) in
            [("BPE24.csv", Some("2024")), ("bpe21_ensemble_xy.csv", Some("2021")), ("equipements.csv", None)]
        {
            let found = describe(&Seen { file_name: name, header: &[], columns: &[] });
            assert_eq!(found.millesime.as_deref(), year, "{name}");
        }
    }
}
