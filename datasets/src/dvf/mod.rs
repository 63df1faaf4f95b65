//! DVF: sales of real estate. The producer's lines repeat the price of a sale on every lot, outbuilding and parcel of
//! it; here a row is a mutation, with the reason why it may not serve as a price.

mod layouts;
mod line;
mod reader;
mod sale;

use crate::dataset::{Dataset, Described, Format, Layout, Load, Seen, last_year};
use reader::{Delivery, digest};

/// The dataset `dvf`.
pub const DATASET: Dataset = Dataset {
    name: "dvf",
    title: "Demandes de valeurs foncières",
    producer: "DGFiP",
    licence: "Licence Ouverte 2.0, et conditions de l’article R.112 A-3 du livre des procédures fiscales",
    origin: "",
    rhythm: "semestriel, avril et octobre",
    version: 2,
    layouts: &[
        Layout {
            name: "brut de la DGFiP « ValeursFoncieres » (43 colonnes, séparateur |)",
            format: Format::Delimited { quoted: false },
            columns: layouts::RAW,
            digest: Some(digest(|| Box::new(Delivery::new(layouts::raw)))),
            ..SALES
        },
        Layout {
            name: "geo-dvf (40 colonnes, séparateur virgule)",
            columns: layouts::GEO,
            digest: Some(digest(|| Box::new(Delivery::new(layouts::geo)))),
            ..SALES
        },
    ],
};

const SALES: Layout = Layout {
    describe: |seen: &Seen| Described { millesime: years(seen.file_name), ..Described::default() },
    commune: Some("s.code"),
    loads: &[Load::Partition { table: "dvf", sql: include_str!("load.sql") }],
    ..Layout::EMPTY
};

/// `ValeursFoncieres-2024.txt` → `2024`; `…-2014-2017-44109-….txt` → `2014-2017`.
fn years(name: &str) -> Option<String> {
    let runs: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4).collect();
    match runs.as_slice() {
        [first, second, ..] if first.starts_with("20") && second.starts_with("20") && first < second => {
            Some(format!("{first}-{second}"))
        }
        _ => last_year(name),
    }
}

#[cfg(test)]
mod tests {
    use super::years;

    #[test]
    fn the_vintage_is_the_years_in_the_name() {
        assert_eq!(years("ValeursFoncieres-2024.txt").as_deref(), Some("2024"));
        assert_eq!(years("ValeursFoncieres-2014-2017-44109-Nantes.txt").as_deref(), Some("2014-2017"));
        assert_eq!(years("ValeursFoncieres-2025-S1.txt").as_deref(), Some("2025"));
        assert_eq!(years("full.csv"), None);
    }
}
