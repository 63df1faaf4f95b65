//! Every real file of the reference folder: imported as it is, or named here as what it is instead.

use std::collections::BTreeMap;
use std::path::Path;

use datasets::{Options, Outcome};
use serde::Deserialize;
use test_support::shared_data;

use crate::support::attempt;

/// What becomes of a real file.
enum Fate {
    /// Imported into this dataset; the geography or perimeter that its name does not say.
    Import(&'static str, Scope),
    /// One document of the set that is imported as a folder.
    Document,
    /// A list of codes and labels, or of column names: read by people, not by studies.
    Dictionary,
    /// Totals that imports are compared with, or that tests are.
    Control,
}

/// What an operator adds on the command line.
#[derive(Default)]
struct Scope {
    cog: Option<i32>,
    perimetre: Option<&'static str>,
    millesime: Option<&'static str>,
}

use Fate::{Control, Dictionary, Document, Import};

const FRANCE: Scope = Scope { cog: None, perimetre: None, millesime: None };
const NANTES: Scope = Scope { cog: Some(2017), perimetre: Some("44109"), millesime: None };

/// In an order in which they can be imported.
const FATES: &[(&str, Fate)] = &[
    ("cog/decoupage-administratif-6.0.0/communes.json.gz", Document),
    ("cog/decoupage-administratif-6.0.0/epci.json.gz", Document),
    ("cog/decoupage-administratif-6.0.0/arrondissements.json.gz", Document),
    ("cog/decoupage-administratif-6.0.0/departements.json.gz", Document),
    ("cog/decoupage-administratif-6.0.0/regions.json.gz", Document),
    ("cog/decoupage-administratif-6.0.0/ept.json.gz", Document),
    ("cog/passage_communes_2018_vers_2026.csv.gz", Import("commune_passage", FRANCE)),
    ("cog/passage_annuel_communes_2015_2024.csv.gz", Import("commune_passage", FRANCE)),
    ("cog/insee/v_mvt_commune_2024.csv.gz", Import("commune_passage", FRANCE)),
    // The package above says the same of a newer year; this one tells how many communes there were in 2024.
    ("cog/insee/v_commune_2024.csv.gz", Control),
    ("cog/insee/v_commune_depuis_1943.csv.gz", Control),
    ("cog/insee/table_appartenance_geo_communes_2024.csv.gz", Control),
    ("cog/insee/grille_densite_7_niveaux_2025.xlsx", Import("densite", FRANCE)),
    ("cog/contours/communes_2018_simplifie.geojsonl.gz", Import("contours", FRANCE)),
    // Shapes of départements are dissolved from those of communes, so that maps have no gaps.
    ("cog/contours/departements_2018_simplifie.geojson.gz", Control),
    ("population/population_historique_cog_du_moment.csv.gz", Import("population", FRANCE)),
    ("zonage_abc/liste-des-communes-zonage-abc-5-septembre-2025.csv.gz", Import("zonage_abc", FRANCE)),
    ("zonage_abc/liste-des-468-communes-reclassees-zonage-abc-5-septembre-2025.csv.gz", Import("zonage_abc", FRANCE)),
    ("zonage_abc/liste-des-19-communes-declassees-zonage-abc-5-septembre-2025.csv.gz", Import("zonage_abc", FRANCE)),
    ("zonage_abc/liste-des-865-communes-reclassees-abc-juillet-2024.csv.gz", Import("zonage_abc", FRANCE)),
    ("anil_loyers/loyers_communes_2018_2022_reshaped.csv.gz", Import("anil_loyers", FRANCE)),
    ("lovac/lovac_communes_2019_2021_reshaped.csv.gz", Import("lovac", FRANCE)),
    ("rpls/rpls_aggrege_2017.csv.gz", Import("rpls", Scope { cog: Some(2017), ..FRANCE })),
    ("rp/rp2018_communes_2000hab_plus.csv.gz", Import("rp_demographics", FRANCE)),
    ("rp/meta_base-cc-emploi-pop-active-2020_v2.CSV.variables.csv", Dictionary),
    ("rp/meta_base-cc-logement-2021.CSV.variables.csv", Dictionary),
    ("projections/estim-pop-dep-sexe-gca-2019.xls", Import("population_departements", FRANCE)),
    ("bpe/typequ_2021.csv", Import("bpe_nomenclature", FRANCE)),
    ("sitadel/Donnees-mensuelles-nationales-Logements.csv.gz", Control),
    ("dvf/geo-dvf-2014-2017-44109-Nantes.csv.gz", Import("dvf", NANTES)),
    ("dvf/ValeursFoncieres-2014-2017-44109-Nantes.txt.gz", Import("dvf", NANTES)),
    (
        "dvf/ValeursFoncieres-echantillon-neutralise-59.txt.gz",
        Import("dvf", Scope { cog: None, perimetre: Some("59"), millesime: Some("2001") }),
    ),
    ("dvf/table-cultures-speciales.csv", Dictionary),
    ("dvf/table-cultures.csv", Dictionary),
];

#[derive(Deserialize)]
struct Manifest {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    path: String,
    rows: Option<u64>,
    synthetic: bool,
}

fn rows(data: &Path) -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(data.join("MANIFEST.json")).unwrap();
    let manifest: Manifest = serde_json::from_str(&text).unwrap();
    let real = manifest.files.into_iter().filter(|file| !file.synthetic);
    real.map(|file| (file.path, file.rows.unwrap_or_default())).collect()
}

#[test]
fn every_real_file_has_a_fate() {
    let Some(data) = shared_data() else { return };
    let mut named: Vec<&str> = FATES.iter().map(|(path, _)| *path).collect();
    named.sort_unstable();
    assert_eq!(named, rows(&data).keys().map(String::as_str).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_real_file_is_imported_with_its_row_count() {
    let Some(data) = shared_data() else { return };
    let rows = rows(&data);
    let db = test_support::database().await;
    let folder = data.join("cog/decoupage-administratif-6.0.0");
    let communes = attempt(&db.pool, "communes", folder, &Options::default()).await;
    let documents: u64 = FATES.iter().filter(|(_, fate)| matches!(fate, Document)).map(|(path, _)| rows[*path]).sum();
    let mut faults = Vec::new();
    match communes {
        Ok(Outcome::Imported { read, .. }) if read == documents => {}
        other => faults.push(format!("communes, {documents} éléments : {other:?}")),
    }
    for (path, fate) in FATES {
        let Import(dataset, Scope { cog, perimetre, millesime }) = fate else { continue };
        let options = Options {
            cog_annee: *cog,
            perimetre: perimetre.map(str::to_owned),
            millesime: millesime.map(str::to_owned),
            ..Options::default()
        };
        match attempt(&db.pool, dataset, data.join(path), &options).await {
            Ok(Outcome::Imported { read, .. }) => {
                // A workbook whose rows the list does not count only has to have some.
                if (rows[*path] > 0 && read != rows[*path]) || read == 0 {
                    faults.push(format!("{path} : {read} lignes lues au lieu de {}", rows[*path]));
                }
            }
            Ok(other) => faults.push(format!("{path} : {other:?}")),
            Err(error) => faults.push(format!("{path} : {error}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
