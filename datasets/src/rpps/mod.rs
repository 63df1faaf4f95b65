//! RPPS: practitioners of the free-access directory, one line per person, activity and place. Names, addresses and
//! telephones are not read; the national identifier becomes a hash under a key that nobody keeps, which tells two lines
//! of one person in one file and nothing else.

use crate::dataset::{Check, Column, Control, Dataset, Described, Format, Layout, Load, Seen};

/// The dataset `rpps`.
pub const DATASET: Dataset = Dataset {
    name: "rpps",
    title: "Annuaire santé : extraction en libre accès des professionnels de santé (RPPS)",
    producer: "Agence du numérique en santé",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "quotidien",
    version: 1,
    layouts: &[Layout {
        name: "« PS_LibreAcces_Personne_activite »",
        format: Format::Delimited { quoted: false },
        columns: &[
            Column::pseudonym("identification_nationale_pp", &[]),
            Column::needed("code_profession", &[]),
            Column::optional("code_savoir_faire", &[]),
            Column::needed("code_mode_exercice", &[]),
            Column::needed("code_secteur_d_activite", &["code_secteur_activite"]),
            Column::optional("numero_finess_site", &[]),
            Column::needed("code_postal", &["code_postal_coord_structure"]),
            Column::needed("code_commune", &["code_commune_coord_structure"]),
            Column::needed("libelle_commune", &["libelle_commune_coord_structure"]),
        ],
        describe,
        member: "ps_libreacces_personne_activite*",
        commune: Some(PLACED),
        unlocated: true,
        personal: true,
        snapshot: true,
        checks: &[
            Check { motif: "ligne sans identifiant", when: "s.identification_nationale_pp IS NULL" },
            Check { motif: "profession absente", when: "coalesce(s.code_profession !~ '^[0-9]{2,3}$', true)" },
        ],
        loads: &[Load::Partition { table: "rpps", sql: include_str!("load.sql") }],
        controls: &[
            Control { what: "activités", sql: "SELECT count(*) FROM {staging}", min: 1_000_000, max: 3_000_000 },
            Control {
                what: "activités sans commune, pour mille",
                sql: "SELECT 1000 * count(*) FILTER (WHERE code_commune IS NULL) / count(*) FROM {staging}",
                min: 0,
                max: 400,
            },
        ],
        ..Layout::EMPTY
    }],
};

/// A French commune of a study; foreign places and the collectivities overseas have none.
const PLACED: &str = "CASE WHEN s.code_commune ~ '^([0-9][0-9AB][0-9]{3}|[1-9][0-9]{3})$' AND s.code_commune !~ '^9(7[578]|8|9)' THEN s.code_commune END";

/// `PS_LibreAcces_Personne_activite_202510150800.txt` says the minute of the extraction; the day is enough.
fn describe(seen: &Seen) -> Described {
    let digits =
        seen.file_name.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() >= 8 && run.starts_with("20"));
    Described {
        millesime: digits.map(|run| format!("{}-{}-{}", &run[..4], &run[4..6], &run[6..8])),
        ..Described::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_the_extraction_is_in_the_name() {
        let of = |file_name| describe(&Seen { file_name, header: &[], columns: &[] }).millesime;
        assert_eq!(of("PS_LibreAcces_Personne_activite_202510150800.txt").as_deref(), Some("2025-10-15"));
        assert_eq!(of("ps-libreacces-personne-activite.txt"), None);
    }
}
