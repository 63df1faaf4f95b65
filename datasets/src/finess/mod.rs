//! FINESS: health and social establishments. The historical file has no header and two sections, establishments and
//! coordinates; the flow that replaces it is JSON, legal entities that hold their establishments. Both fill one table.

use crate::dataset::{Check, Column, Control, Dataset, Described, Format, Layout, Load, Section, Seen};

/// The dataset `finess`.
pub const DATASET: Dataset = Dataset {
    name: "finess",
    title: "Fichier national des établissements sanitaires et sociaux (FINESS)",
    producer: "ANS, DREES",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "mensuel",
    version: 1,
    layouts: &[
        Layout {
            name: "historique « etalab-cs1100507 », deux sections sans en-tête",
            format: Format::Sections { opening: "finess", separator: b';', sections: SECTIONS },
            describe: dated,
            snapshot: true,
            commune: Some("data.code_finess(s.departement, s.commune)"),
            // The collectivities overseas are in the file and in no study.
            keep: Some(
                "s.section <> 'structureet' OR s.departement NOT IN ('9E', '975', '977', '978', '986', '987', '988')",
            ),
            checks: &[
                Check {
                    motif: "numéro FINESS qui n’a pas neuf caractères",
                    when: "coalesce(s.nofinesset !~ '^[0-9A-Z]{9}$', true)",
                },
                Check {
                    motif: "établissement sans catégorie ou sans nom",
                    when: "s.section = 'structureet' AND (s.categetab IS NULL OR coalesce(s.rslongue, s.rs) IS NULL)",
                },
                Check {
                    motif: "coordonnées illisibles",
                    when: "s.section = 'geolocalisation' AND NOT (data.est_lisible(s.coordxet) AND data.est_lisible(s.coordyet))",
                },
            ],
            keys: &["nofinesset"],
            loads: &[Load::Partition { table: "finess", sql: include_str!("sections.sql") }],
            controls: &[
                Control {
                    what: "établissements",
                    sql: "SELECT count(*) FROM {staging} WHERE section = 'structureet'",
                    min: 80_000,
                    max: 120_000,
                },
                Control {
                    what: "établissements sans coordonnées, pour mille",
                    sql: "SELECT 1000 - 1000 * count(DISTINCT nofinesset) FILTER (WHERE section = 'geolocalisation')
                                 / greatest(1, count(*) FILTER (WHERE section = 'structureet')) FROM {staging}",
                    min: -1,
                    max: 100,
                },
            ],
            ..Layout::EMPTY
        },
        Layout {
            name: "à plat avec en-tête (nofinesset;nofinessej;rs;…;cog;codepostal;…;coordx;coordy;sourcegeocod)",
            format: Format::Delimited { quoted: true },
            columns: &[
                Column::needed("nofinesset", &[]),
                Column::needed("nofinessej", &[]),
                Column::needed("rs", &[]),
                Column::needed("cog", &[]),
                Column::needed("codepostal", &[]),
                Column::needed("categetab", &[]),
                Column::needed("libcategetab", &[]),
                Column::needed("siret", &[]),
                Column::needed("dateouv", &[]),
                Column::needed("coordx", &["coordxet"]),
                Column::needed("coordy", &["coordyet"]),
                Column::needed("sourcegeocod", &["sourcecoordet"]),
            ],
            describe: dated,
            snapshot: true,
            commune: Some("s.cog"),
            keep: Some("s.cog !~ '^9(7[578]|8)'"),
            checks: &[
                Check {
                    motif: "numéro FINESS qui n’a pas neuf caractères",
                    when: "coalesce(s.nofinesset !~ '^[0-9A-Z]{9}$', true)",
                },
                Check {
                    motif: "établissement sans catégorie ou sans nom",
                    when: "s.categetab IS NULL OR s.rs IS NULL",
                },
                Check {
                    motif: "coordonnées illisibles",
                    when: "NOT (data.est_lisible(s.coordx) AND data.est_lisible(s.coordy))",
                },
            ],
            keys: &["nofinesset"],
            loads: &[Load::Partition { table: "finess", sql: include_str!("flat.sql") }],
            controls: &[Control {
                what: "établissements",
                sql: "SELECT count(*) FROM {staging}",
                min: 80_000,
                max: 120_000,
            }],
            ..Layout::EMPTY
        },
        Layout {
            name: "flux JSON « structures » (pmej, ege)",
            format: Format::Json { array: "pmej" },
            columns: &[Column::needed("entite", &["/"])],
            describe: dated,
            snapshot: true,
            checks: &[Check {
                motif: "entité juridique sans numéro FINESS",
                when: "coalesce(s.entite::jsonb #>> '{informationsGeneralesPmej,numFinessPm}' !~ '^[0-9A-Z]{9}$', true)",
            }],
            loads: &[Load::Partition { table: "finess", sql: include_str!("flow.sql") }],
            controls: &[Control {
                what: "établissements",
                sql: "SELECT coalesce(sum(jsonb_array_length(coalesce(entite::jsonb -> 'ege', '[]'))), 0)::bigint FROM {staging}",
                min: 80_000,
                max: 200_000,
            }],
            ..Layout::EMPTY
        },
    ],
};

/// Names of the producer's documentation, in its order. Telephones and addresses are read and left out.
const SECTIONS: &[Section] = &[
    Section {
        name: "structureet",
        columns: &[
            "nofinesset",
            "nofinessej",
            "rs",
            "rslongue",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "commune",
            "departement",
            "",
            "ligneacheminement",
            "",
            "",
            "categetab",
            "libcategetab",
            "",
            "",
            "siret",
            "",
            "",
            "",
            "",
            "",
            "dateouv",
            "",
            "",
            "",
        ],
    },
    Section { name: "geolocalisation", columns: &["nofinesset", "coordxet", "coordyet", "sourcecoordet", ""] },
];

/// `finess;etalab;94;2025-10-15` on the first line, or eight digits in the name.
fn dated(seen: &Seen) -> Described {
    let from_header = seen.header.iter().map(|cell| cell.trim()).find(|cell| is_date(cell)).map(str::to_owned);
    let from_name = seen
        .file_name
        .split(|c: char| !c.is_ascii_digit())
        .find(|run| run.len() == 8 && run.starts_with("20"))
        .map(|run| format!("{}-{}-{}", &run[..4], &run[4..6], &run[6..]));
    Described { millesime: from_header.or(from_name), ..Described::default() }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(place, byte)| if place == 4 || place == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_on_the_first_line_or_in_the_name() {
        let header = ["finess", "etalab", "94", "2025-10-15"].map(str::to_owned);
        let of = |file_name, header| dated(&Seen { file_name, header, columns: &[] }).millesime;
        assert_eq!(of("etalab.csv", &header[..]).as_deref(), Some("2025-10-15"));
        assert_eq!(of("etalab-cs1100507-stock-20251101-0337.csv", &[]).as_deref(), Some("2025-11-01"));
        assert_eq!(of("finess.json", &[]), None);
    }

    #[test]
    fn the_sections_have_the_documented_widths() {
        assert_eq!((SECTIONS[0].columns.len(), SECTIONS[1].columns.len()), (31, 5));
    }
}
