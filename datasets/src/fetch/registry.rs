//! Which files each dataset is published in, by the producers' own names. An address is written here only when it is
//! known for sure; a guessed one would one day bring home something else.

/// A file that a producer publishes.
#[derive(Debug)]
pub struct Expected {
    /// The dataset that imports it.
    pub dataset: &'static str,
    /// Its name in lower case, without compression; `?` is one character, a final `*` any end.
    pub name: &'static str,
    /// Its name as the producer writes it, with AAAA for a year and … for what changes.
    pub shown: &'static str,
    /// Where the producer publishes it; none when that is not known for sure.
    pub url: Option<&'static str>,
}

const fn file(dataset: &'static str, name: &'static str, shown: &'static str) -> Expected {
    Expected { dataset, name, shown, url: None }
}

/// Every file, in the order of imports.
pub const EXPECTED: &[Expected] = &[
    file("communes", "communes.json", "communes.json"),
    file("communes", "epci.json", "epci.json"),
    file("communes", "arrondissements.json", "arrondissements.json"),
    file("communes", "departements.json", "departements.json"),
    file("communes", "regions.json", "regions.json"),
    file("communes", "ept.json", "ept.json"),
    file("commune_passage", "v_mvt_commune_????.csv", "v_mvt_commune_AAAA.csv"),
    file("commune_passage", "passage_annuel_communes*", "passage_annuel_communes_….csv"),
    file("commune_passage", "passage_communes*", "passage_communes_….csv"),
    file("contours", "communes_????_simplifie.geojsonl", "communes_AAAA_simplifie.geojsonl"),
    file("densite", "grille_densite_7_niveaux_????.xlsx", "grille_densite_7_niveaux_AAAA.xlsx"),
    file("population", "population_historique*", "population_historique_….csv"),
    file("zonage_abc", "liste-des-communes-zonage-abc*", "liste-des-communes-zonage-abc-….csv"),
    file("anil_loyers", "pred-app-mef-dhup.csv", "pred-app-mef-dhup.csv"),
    file("anil_loyers", "pred-app12-mef-dhup.csv", "pred-app12-mef-dhup.csv"),
    file("anil_loyers", "pred-app3-mef-dhup.csv", "pred-app3-mef-dhup.csv"),
    file("anil_loyers", "pred-mai-mef-dhup.csv", "pred-mai-mef-dhup.csv"),
    file("lovac", "lovac-opendata-communes*", "lovac-opendata-communesAA.csv"),
    file("dvf", "valeursfoncieres-????*", "ValeursFoncieres-AAAA.txt"),
    file("rp_housing", "base-cc-logement-????*", "base-cc-logement-AAAA_csv.zip"),
    file("rp_demographics", "base-cc-evol-struct-pop-????*", "base-cc-evol-struct-pop-AAAA_csv.zip"),
    file("rpls", "resultats_rpls_????.xlsx", "resultats_rpls_AAAA.xlsx"),
    file("filosofi", "cc_filosofi_????_com.csv", "cc_filosofi_AAAA_COM.csv"),
    file(
        "sitadel",
        "liste-des-autorisations-durbanisme-creant-des-logements*",
        "Liste-des-autorisations-durbanisme-creant-des-logements.AAAA-MM.csv",
    ),
    file("parcelles", "cadastre-*", "cadastre-DDCCC-parcelles.json.gz"),
    file("bpe_nomenclature", "typequ_????.csv", "typequ_AAAA.csv"),
    file("bpe_equipements", "bpe??.csv", "BPEAA.csv"),
    file("caf_communal", "s_ben_com_f.csv", "s_ben_com_f.csv"),
    file("aides_dept", "aides_dept.csv", "aides_dept.csv"),
    file("population_departements", "estim-pop-dep-sexe-gca-????.xls", "estim-pop-dep-sexe-gca-AAAA.xls"),
    file("projections", "projections_*", "projections_scenario_….xls"),
    file("finess", "etalab-cs1100507-stock-*", "etalab-cs1100507-stock-AAAAMMJJ-HHMM.csv"),
    file("rpps", "ps_libreacces_personne_activite_*", "PS_LibreAcces_Personne_activite_AAAAMMJJHHMM.txt"),
];

#[cfg(test)]
mod tests {
    use super::EXPECTED;
    use crate::DATASETS;

    #[test]
    fn every_dataset_has_its_files_and_every_file_its_dataset() {
        for dataset in DATASETS {
            assert!(EXPECTED.iter().any(|file| file.dataset == dataset.name), "{} has no file", dataset.name);
        }
        for file in EXPECTED {
            assert!(crate::find(file.dataset).is_ok(), "{} is no dataset", file.dataset);
        }
    }
}
