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
    version: 1,
    layouts: &[Layout {
        name: "liste officielle des communes et de leur zone",
        columns: &[
            Column::needed("codgeo", &["code_insee"]),
            Column::needed("zone", &["zonage_en_vigueur*", "zone_abc"]),
            Column::optional("mouvement", &["reclassement*"]),
        ],
        describe,
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
    }],
};

fn describe(seen: &Seen) -> Described {
    Described { millesime: seen.columns.iter().find_map(|column| date_in(column)), ..Described::default() }
}

/// `zonage_en_vigueur_depuis_le_5_septembre_2025` → `2025-09-05`.
fn date_in(column: &str) -> Option<String> {
    let mut words = column.strip_prefix("zonage_en_vigueur")?.rsplit('_');
    let (year, month, day) = (words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let day: u8 = day.strip_suffix("er").unwrap_or(day).parse().ok()?;
    Some(format!("{}-{month:02}-{day:02}", year.parse::<u16>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::date_in;

    #[test]
    fn the_date_of_the_decree_is_read_off_the_column_name() {
        assert_eq!(date_in("zonage_en_vigueur_depuis_le_5_septembre_2025").as_deref(), Some("2025-09-05"));
        assert_eq!(date_in("zonage_en_vigueur_depuis_le_1er_juillet_2024").as_deref(), Some("2024-07-01"));
        assert_eq!(date_in("zonage_en_vigueur"), None);
        assert_eq!(date_in("reclassement_5_septembre_2025"), None);
    }
}
