//! Advertised rents by commune (« carte des loyers »): predicted rent per m², charges included, with its interval and
//! its reliability. Four official files of one shape, or one reshaped file without interval.

use crate::dataset::{Check, Column, Dataset, Described, Layout, Load, Seen, last_year};

/// The dataset `anil_loyers`.
pub const DATASET: Dataset = Dataset {
    name: "anil_loyers",
    title: "Carte des loyers : indicateurs de loyers d’annonce par commune",
    producer: "Ministère chargé du logement (DHUP), ANIL",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, décembre",
    version: 2,
    layouts: &[
        Layout {
            name: "officiel « pred-…-mef-dhup » (un fichier par type de logement)",
            columns: &[
                Column::needed("insee_c", &["insee"]),
                Column::needed("loypredm2", &[]),
                Column::needed("lwr_ipm2", &[]),
                Column::needed("upr_ipm2", &[]),
                Column::needed("typpred", &[]),
                Column::needed("nbobs_com", &[]),
                Column::needed("nbobs_mail", &[]),
                Column::needed("r2_adj", &["r2adj"]),
            ],
            describe,
            commune: Some("s.insee_c"),
            checks: &[
                Check {
                    motif: "loyer illisible ou hors de 1 à 100 € par m²",
                    when: "coalesce(data.nombre(s.loypredm2) NOT BETWEEN 1 AND 100, true)",
                },
                Check {
                    motif: "bornes de l’intervalle en désordre",
                    when: "data.nombre(s.lwr_ipm2) > data.nombre(s.loypredm2) OR data.nombre(s.upr_ipm2) < data.nombre(s.loypredm2)",
                },
                Check { motif: "type de prédiction inconnu", when: "lower(s.typpred) NOT IN ('commune', 'maille')" },
            ],
            loads: &[Load::Partition { table: "anil_loyers", sql: include_str!("official.sql") }],
            keys: &["insee_c"],
            ..Layout::EMPTY
        },
        Layout {
            name: "remanié ANNEE;INSEE_C;loypredm2_app;loypredm2_mai",
            columns: &[
                Column::needed("annee", &[]),
                Column::needed("insee_c", &["insee"]),
                Column::needed("loypredm2_app", &[]),
                Column::needed("loypredm2_mai", &[]),
            ],
            describe: |_| Described { millesime: Some("2022".to_owned()), ..Described::default() },
            commune: Some("s.insee_c"),
            checks: &[Check {
                motif: "loyer illisible ou hors de 1 à 100 € par m²",
                when: "NOT data.est_lisible(s.loypredm2_app) OR NOT data.est_lisible(s.loypredm2_mai)
                       OR data.nombre(s.loypredm2_app) NOT BETWEEN 1 AND 100 OR data.nombre(s.loypredm2_mai) NOT BETWEEN 1 AND 100",
            }],
            loads: &[Load::Partition { table: "anil_loyers", sql: include_str!("reshaped.sql") }],
            keys: &["annee", "insee_c"],
            ..Layout::EMPTY
        },
    ],
};

/// The segment is in the file's name and nowhere else.
fn describe(seen: &Seen) -> Described {
    let segment = ["app12", "app3", "app", "mai"].into_iter().find(|s| seen.file_name.contains(&format!("pred-{s}-")));
    Described {
        partie: segment.unwrap_or_default().to_owned(),
        millesime: last_year(seen.file_name),
        cog_annee: None,
        refusal: segment.is_none().then_some(
            "son nom ne dit pas le type de logement. Gardez le nom d’origine : pred-app-, pred-app12-, pred-app3- ou pred-mai-mef-dhup.csv.",
        ),
        ..Described::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_official_names_give_four_segments() {
        for (name, segment) in [
            ("pred-app-mef-dhup.csv", "app"),
            ("pred-app12-mef-dhup.csv", "app12"),
            ("pred-app3-mef-dhup.csv", "app3"),
            ("pred-mai-mef-dhup.csv", "mai"),
        ] {
            assert_eq!(describe(&Seen { file_name: name, header: &[], columns: &[] }).partie, segment);
        }
    }
}
