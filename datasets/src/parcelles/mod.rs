//! Parcels of the cadastre, commune by commune as they are asked for. France has ninety million of them: what was loaded
//! is forgotten after a quarter, when the next edition is out.

use crate::dataset::{Check, Column, Dataset, Described, Format, Layout, Load, Seen};

/// The dataset `parcelles`.
pub const DATASET: Dataset = Dataset {
    name: "parcelles",
    title: "Plan cadastral informatisé, parcelles par commune",
    producer: "DGFiP, mis en forme par Etalab",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "trimestriel",
    version: 1,
    layouts: &[Layout {
        name: "GeoJSON « cadastre-DDCCC-parcelles »",
        format: Format::Json { array: "features" },
        columns: &[
            Column::needed("id", &["/properties/id"]),
            Column::needed("geometrie", &["/geometry"]),
            Column::needed("contenance", &["/properties/contenance"]),
            Column::optional("arpente", &["/properties/arpente"]),
        ],
        describe,
        commune: Some("left(s.id, 5)"),
        checks: &[
            Check {
                motif: "identifiant de parcelle mal formé (14 signes : commune 5, préfixe 3, section 2, numéro 4)",
                when: "s.id IS NULL OR s.id !~ '^[0-9][0-9AB][0-9]{6}[0-9A-Z]{2}[0-9]{4}$'",
            },
            Check { motif: "contenance illisible", when: "NOT data.est_lisible(s.contenance)" },
            Check {
                motif: "géométrie absente ou qui n’est pas une surface",
                when: "s.geometrie IS NULL OR s.geometrie !~ '^\\s*\\{.*\"(Multi)?Polygon\"'",
            },
        ],
        loads: &[Load::Partition { table: "parcelles", sql: include_str!("load.sql") }],
        snapshot: true,
        time_to_live: Some(DAYS),
        ..Layout::EMPTY
    }],
};

/// A quarter, the rhythm of the editions.
const DAYS: u16 = 92;

/// `cadastre-44109-parcelles.json` is about one commune; its edition is the folder it came from, or a day in its name.
fn describe(seen: &Seen) -> Described {
    let commune = seen.file_name.strip_prefix("cadastre-").and_then(|rest| rest.split('-').next());
    let perimetre = commune.filter(|code| matches!(code.len(), 2 | 3 | 5)).map(str::to_owned);
    let refusal = perimetre.is_none().then_some(
        "le nom doit dire le territoire, comme « cadastre-44109-parcelles.json ». Rendez-lui son nom d’origine.",
    );
    Described { millesime: day(seen.file_name), perimetre, refusal, ..Described::default() }
}

fn day(name: &str) -> Option<String> {
    let at = |start: usize| name.get(start..start + 10);
    let is_day = |part: &&str| chrono::NaiveDate::parse_from_str(part, "%Y-%m-%d").is_ok();
    (0..name.len()).filter_map(at).find(is_day).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Seen, describe};

    #[test]
    fn the_name_says_the_commune_and_sometimes_the_edition() {
        let seen = |file_name| describe(&Seen { file_name, header: &[], columns: &[] });
        let plain = seen("cadastre-44109-parcelles.json");
        assert_eq!((plain.perimetre.as_deref(), plain.millesime), (Some("44109"), None));
        let dated = seen("cadastre-2A004-parcelles-2025-07-01.json");
        assert_eq!((dated.perimetre.as_deref(), dated.millesime.as_deref()), (Some("2A004"), Some("2025-07-01")));
        assert!(seen("parcelles.json").refusal.is_some());
    }
}
