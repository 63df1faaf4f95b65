//! Filosofi: standards of living and poverty. Most small communes are secret: `s` stays `s`. The files of one vintage
//! differ by their level only: communes, municipal arrondissements, and the zones above, whose medians nobody can
//! compute from those of their communes.

mod reader;

use crate::dataset::{Check, Column, Control, Dataset, Described, Layout, Load, Seen, newest_vintage};

/// The dataset `filosofi`; it also fills `data.filosofi_zones`.
pub const DATASET: Dataset = Dataset {
    name: "filosofi",
    title: "Fichier localisé social et fiscal (Filosofi)",
    producer: "INSEE, DGFiP, Cnaf, Cnav, CCMSA",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel, irrégulier depuis 2022",
    version: 2,
    layouts: &[Layout {
        name: "« cc_filosofi_AAAA_COM » (ou ARR, EPCI, DEP, REG, FR)",
        columns: &[
            Column::needed("codgeo", &[]),
            Column::needed("nbmenfisc", &["nbmenfisc??"]),
            Column::needed("nbpersmenfisc", &["nbpersmenfisc??"]),
            Column::needed("med", &["med??"]),
            Column::needed("tp60", &["tp60??"]),
            Column::needed("d1", &["d1??"]),
            Column::needed("d9", &["d9??"]),
            Column::needed("rd", &["rd??"]),
            Column::needed("pimp", &["pimp??"]),
            Column::optional("tp60age1", &["tp60age1??"]),
            Column::optional("tp60age2", &["tp60age2??"]),
            Column::optional("tp60age3", &["tp60age3??"]),
            Column::optional("tp60age4", &["tp60age4??"]),
            Column::optional("tp60age5", &["tp60age5??"]),
            Column::optional("tp60age6", &["tp60age6??"]),
            Column::optional("tp60tol1", &["tp60tol1??"]),
            Column::optional("tp60tol2", &["tp60tol2??"]),
            Column::optional("pact", &["pact??"]),
            Column::optional("ptsa", &["ptsa??"]),
            Column::optional("pcho", &["pcho??"]),
            Column::optional("pben", &["pben??"]),
            Column::optional("ppen", &["ppen??"]),
            Column::optional("ppat", &["ppat??"]),
            Column::optional("ppsoc", &["ppsoc??"]),
            Column::optional("ppfam", &["ppfam??"]),
            Column::optional("ppmini", &["ppmini??"]),
            Column::optional("pplogt", &["pplogt??"]),
            Column::optional("pimpot", &["pimpot??"]),
        ],
        describe,
        // The code of a zone above the communes is no commune's.
        commune: Some("CASE WHEN s.codgeo ~ '^([0-9]{4,5}|2[AaBb][0-9]{3})$' THEN s.codgeo END"),
        unlocated: true,
        digest: Some(reader::DIGEST),
        checks: &[
            Check {
                motif: "code illisible",
                when: "coalesce(s.codgeo !~* '^([0-9]{2,5}|[0-9]{9}|2[ab]([0-9]{3})?|fr|f|metro?)$', true)",
            },
            Check { motif: "déciles en désordre", when: "s.d1 > s.med OR s.med > s.d9" },
        ],
        loads: &[
            Load::Partition { table: "filosofi", sql: include_str!("communes.sql") },
            Load::Partition { table: "filosofi_zones", sql: include_str!("zones.sql") },
        ],
        controls: &[Control {
            what: "niveau de vie médian de la plupart des territoires, en euros par an",
            sql: "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY med)::bigint FROM {staging}",
            min: 17_000,
            max: 35_000,
        }],
        keys: &["codgeo"],
        ..Layout::EMPTY
    }],
};

/// The level is in the file's name and nowhere else.
fn describe(seen: &Seen) -> Described {
    let stem = seen.file_name.rsplit_once('.').map_or(seen.file_name, |(stem, _)| stem).to_uppercase();
    let level =
        ["COM", "ARR", "EPCI", "DEP", "REG", "FR"].into_iter().find(|level| stem.ends_with(&format!("_{level}")));
    Described {
        millesime: newest_vintage(seen.columns, "med", ""),
        partie: level.unwrap_or_default().to_owned(),
        refusal: level.is_none().then_some(
            "son nom ne dit pas de quels territoires il parle. Gardez le nom d’origine : cc_filosofi_AAAA_COM.csv, ou _ARR, _EPCI, _DEP, _REG, _FR.",
        ),
        ..Described::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_read_off_the_name() {
        for (name, level) in
            [("cc_filosofi_2021_COM.csv", "COM"), ("cc_filosofi_2021_EPCI.csv", "EPCI"), ("x_arr.CSV", "ARR")]
        {
            let described = describe(&Seen { file_name: name, header: &[], columns: &["med21".to_owned()] });
            assert_eq!((described.partie.as_str(), described.millesime.as_deref()), (level, Some("2021")));
        }
        assert!(describe(&Seen { file_name: "filosofi.csv", header: &[], columns: &[] }).refusal.is_some());
    }
}
