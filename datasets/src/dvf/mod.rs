//! DVF: sales of real estate. The producer's lines repeat the price of a sale on every lot, outbuilding and parcel of
//! it; here a row is a mutation, with the reason why it may not serve as a price.

use crate::dataset::{Check, Column, Dataset, Described, Format, Layout, Load, Seen, last_year};

/// The dataset `dvf`.
pub const DATASET: Dataset = Dataset {
    name: "dvf",
    title: "Demandes de valeurs foncières",
    producer: "DGFiP",
    licence: "Licence Ouverte 2.0, et conditions de l’article R.112 A-3 du livre des procédures fiscales",
    origin: "",
    rhythm: "semestriel, avril et octobre",
    version: 1,
    layouts: &[
        Layout {
            name: "brut de la DGFiP « ValeursFoncieres » (43 colonnes, séparateur |)",
            format: Format::Delimited { quoted: false },
            columns: &[
                Column::needed("no_disposition", &[]),
                Column::needed("date_mutation", &[]),
                Column::needed("nature_mutation", &[]),
                Column::needed("valeur_fonciere", &[]),
                Column::needed("code_departement", &[]),
                Column::needed("code_commune", &[]),
                Column::needed("prefixe_de_section", &[]),
                Column::needed("section", &[]),
                Column::needed("no_plan", &[]),
                Column::needed("premier_lot", &["1er_lot"]),
                Column::needed("code_type_local", &[]),
                Column::needed("surface_reelle_bati", &[]),
                Column::needed("nombre_pieces_principales", &[]),
                Column::needed("nature_culture", &[]),
                Column::needed("nature_culture_speciale", &[]),
                Column::needed("surface_terrain", &[]),
                Column::optional("reference_document", &[]),
            ],
            describe,
            commune: Some("data.code_dvf(s.code_departement, s.code_commune)"),
            checks: &[
                Check {
                    motif: "date illisible",
                    when: "s.date_mutation IS NULL OR s.date_mutation !~ '^\\d\\d/\\d\\d/\\d{4}$'",
                },
                Check { motif: "prix illisible", when: "NOT data.est_lisible(s.valeur_fonciere)" },
                Check { motif: "type de local inconnu", when: "s.code_type_local NOT IN ('1', '2', '3', '4')" },
                Check {
                    motif: "surface illisible",
                    when: "NOT data.est_lisible(s.surface_reelle_bati) OR NOT data.est_lisible(s.surface_terrain)",
                },
            ],
            loads: &[Load::Partition {
                table: "dvf",
                sql: concat!(include_str!("lines_raw.sql"), include_str!("mutations.sql")),
            }],
            ..Layout::EMPTY
        },
        Layout {
            name: "geo-dvf (40 colonnes, séparateur virgule)",
            columns: &[
                Column::needed("id_mutation", &[]),
                Column::needed("date_mutation", &[]),
                Column::needed("nature_mutation", &[]),
                Column::needed("valeur_fonciere", &[]),
                Column::needed("code_commune", &[]),
                Column::needed("code_departement", &[]),
                Column::needed("id_parcelle", &[]),
                Column::needed("lot1_numero", &["lot_1_numero"]),
                Column::needed("code_type_local", &[]),
                Column::needed("surface_reelle_bati", &[]),
                Column::needed("nombre_pieces_principales", &[]),
                Column::needed("code_nature_culture", &[]),
                Column::needed("code_nature_culture_speciale", &[]),
                Column::needed("surface_terrain", &[]),
                Column::needed("longitude", &[]),
                Column::needed("latitude", &[]),
                Column::needed("numero_disposition", &[]),
            ],
            describe,
            commune: Some("s.code_commune"),
            checks: &[
                Check {
                    motif: "date illisible",
                    when: "s.date_mutation IS NULL OR s.date_mutation !~ '^\\d{4}-\\d\\d-\\d\\d$'",
                },
                Check { motif: "prix illisible", when: "NOT data.est_lisible(s.valeur_fonciere)" },
                Check { motif: "type de local inconnu", when: "s.code_type_local NOT IN ('1', '2', '3', '4')" },
                Check {
                    motif: "surface illisible",
                    when: "NOT data.est_lisible(s.surface_reelle_bati) OR NOT data.est_lisible(s.surface_terrain)",
                },
            ],
            loads: &[Load::Partition {
                table: "dvf",
                sql: concat!(include_str!("lines_geo.sql"), include_str!("mutations.sql")),
            }],
            ..Layout::EMPTY
        },
    ],
};

/// The file's name carries the year, or the first and the last of several.
fn describe(seen: &Seen) -> Described {
    Described { millesime: years(seen.file_name), ..Described::default() }
}

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
