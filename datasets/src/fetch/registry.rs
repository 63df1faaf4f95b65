//! Which files each dataset is published in, by the producers' own names. An address is written here only when it is
//! known for sure; a guessed one would one day bring home something else.

/// A file that a producer publishes.
#[derive(Debug)]
pub struct Expected {
    /// The dataset that imports it.
    pub dataset: &'static str,
    /// Its name in lower case, without compression; `?` is one character, a final `*` any end.
    pub name: &'static str,
    /// Where the producer publishes it; none when that is not known for sure.
    pub url: Option<&'static str>,
}

const fn file(dataset: &'static str, name: &'static str) -> Expected {
    Expected { dataset, name, url: None }
}

/// Every file, in the order of imports.
pub const EXPECTED: &[Expected] = &[
    file("communes", "communes.json"),
    file("communes", "epci.json"),
    file("communes", "arrondissements.json"),
    file("communes", "departements.json"),
    file("communes", "regions.json"),
    file("commune_passage", "passage_communes*"),
    file("commune_passage", "v_mvt_commune_????.csv"),
    file("contours", "communes_????_simplifie.geojsonl"),
    file("densite", "grille_densite_7_niveaux_????.xlsx"),
    file("population", "population_historique*"),
    file("zonage_abc", "liste-des-communes-zonage-abc*"),
    file("anil_loyers", "pred-app-mef-dhup.csv"),
    file("anil_loyers", "pred-app12-mef-dhup.csv"),
    file("anil_loyers", "pred-app3-mef-dhup.csv"),
    file("anil_loyers", "pred-mai-mef-dhup.csv"),
    file("lovac", "lovac-opendata-communes*"),
    file("dvf", "valeursfoncieres-????*"),
    file("rp_housing", "base-cc-logement-????*"),
    file("rp_demographics", "base-cc-evol-struct-pop-????*"),
    file("rpls", "resultats_rpls_????.xlsx"),
    file("filosofi", "cc_filosofi_????_com.csv"),
    file("sitadel", "liste-des-autorisations-durbanisme-creant-des-logements*"),
    file("bpe_equipements", "bpe??.csv"),
    file("caf_communal", "s_ben_com_f.csv"),
    file("aides_dept", "aides_dept.csv"),
    file("projections", "projections_*"),
    file("finess", "etalab-cs1100507-stock-*"),
    file("rpps", "ps_libreacces_personne_activite_*"),
];
