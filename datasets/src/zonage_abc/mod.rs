//! The ABC zoning of housing tension, by decree. The zone's column carries the date of the decree in its name.

use crate::dataset::{Check, Column, Control, Dataset, Described, Layout, Load, Seen};

const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// The dataset `zonage_abc`.
pub const DATASET: Dataset = Dataset {
    name: "zonage_abc",
    title: "Zonage A, B, C des communes",
    producer: "Ministère chargé du logement (DHUP)",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "à chaque arrêté",
    version: 2,
    layouts: &[
        Layout {
            name: "liste officielle des communes et de leur zone",
            columns: &[
                Column::needed("codgeo", &["code_insee"]),
                Column::needed("zone", &["zonage_en_vigueur*", "zone_abc"]),
                Column::optional("mouvement", &["reclassement*"]),
            ],
            describe: |seen| Described { millesime: decree(seen, "zonage_en_vigueur"), ..Described::default() },
            commune: Some("s.codgeo"),
            checks: &[Check {
                motif: "zone inconnue",
                when: "s.zone IS NULL OR replace(lower(s.zone), ' ', '') NOT IN ('abis', 'a', 'b1', 'b2', 'c')",
            }],
            loads: &[Load::Partition { table: "zonage_abc", sql: include_str!("load.sql") }],
            controls: &[Control {
                what: "communes classées",
                sql: "SELECT count(*) FROM {staging}",
                min: 34_800,
                max: 35_100,
            }],
            keys: &["codgeo"],
            ..Layout::EMPTY
        },
        Layout {
            name: "liste des communes reclassées ou déclassées par un arrêté",
            columns: &[
                Column::needed("codgeo", &["code_insee"]),
                Column::needed("zone_avant", &["zone_avant_revision*"]),
                Column::needed("zone_apres", &["reclassements_*"]),
            ],
            describe: |seen| Described {
                millesime: decree(seen, "reclassements"),
                // A decree has one list of communes that went up and one of those that went down.
                partie: if seen.file_name.contains("declassees") { "declassees" } else { "reclassees" }.to_owned(),
                ..Described::default()
            },
            commune: Some("s.codgeo"),
            checks: &[Check {
                motif: "zone inconnue",
                when: "coalesce(replace(lower(s.zone_avant), ' ', '') NOT IN ('abis', 'a', 'b1', 'b2', 'c')
                                OR replace(lower(s.zone_apres), ' ', '') NOT IN ('abis', 'a', 'b1', 'b2', 'c'), true)",
            }],
            loads: &[
                Load::Partition { table: "zonage_abc_mouvements", sql: include_str!("movements.sql") },
                Load::InPlace { table: "zonage_abc", sql: include_str!("previous.sql") },
            ],
            keys: &["codgeo"],
            ..Layout::EMPTY
        },
    ],
};

/// The date of the decree, which the file writes in the name of a column.
fn decree(seen: &Seen, start: &str) -> Option<String> {
    seen.columns.iter().find_map(|column| date_after(column, start))
}

/// `zonage_en_vigueur_depuis_le_5_septembre_2025` → `2025-09-05`.
fn date_after(column: &str, start: &str) -> Option<String> {
    let mut words = column.strip_prefix(start)?.rsplit('_');
    let (year, month) = (words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    // « juillet 2024 » alone: decrees of that kind are named by the month in which they take effect.
    let day = match words.next() {
        None | Some("") => 1,
        Some(day) => day.strip_suffix("er").unwrap_or(day).parse::<u8>().ok()?,
    };
    Some(format!("{}-{month:02}-{day:02}", year.parse::<u16>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::date_after;

    #[test]
    fn the_date_of_the_decree_is_read_off_the_column_name() {
        let zoning = |column| date_after(column, "zonage_en_vigueur");
        assert_eq!(zoning("zonage_en_vigueur_depuis_le_5_septembre_2025").as_deref(), Some("2025-09-05"));
        assert_eq!(zoning("zonage_en_vigueur_depuis_le_1er_juillet_2024").as_deref(), Some("2024-07-01"));
        assert_eq!(zoning("zonage_en_vigueur"), None);
        assert_eq!(zoning("reclassement_5_septembre_2025"), None);
        let list = |column| date_after(column, "reclassements");
        assert_eq!(list("reclassements_5_septembre_2025").as_deref(), Some("2025-09-05"));
        assert_eq!(list("reclassements_juillet_2024").as_deref(), Some("2024-07-01"));
    }
}
