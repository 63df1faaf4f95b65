//! Files in the same layouts that another generator wrote: whatever ours has in common with our importers, they have not.

use std::io::Read as _;
use std::path::Path;

use datasets::{Options, Specimen, synthesize};
use test_support::{TestDb, shared_data};

use crate::support::{count, imported, reference, scratch, with_communes};

const FILES: [(&str, &str, Option<&str>); 6] = [
    ("caf_communal", "SYNTHETIQUE_s_ben_com_f.csv.gz", Some("2024")),
    ("aides_dept", "SYNTHETIQUE_aides_dept.csv.gz", Some("2023")),
    ("projections", "SYNTHETIQUE_projections_dep_scenario.csv.gz", Some("2018")),
    ("bpe_equipements", "SYNTHETIQUE_BPE24.csv.gz", None),
    ("finess", "SYNTHETIQUE_etalab-cs1100507-stock-20251015-0337.csv.gz", None),
    ("rpps", "SYNTHETIQUE_PS_LibreAcces_Personne_activite_202510150800.txt.gz", None),
];

/// Lines that describe something: not the header, and in two sections only those of the first.
fn lines(file: &Path) -> u64 {
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(file).unwrap()).read_to_end(&mut bytes).unwrap();
    let lines = bytes.split(|byte| *byte == b'\n').skip(1);
    lines.filter(|line| !line.is_empty() && !line.starts_with(b"geolocalisation")).count() as u64
}

/// Imports what a département's folder has of our six datasets.
async fn whole(departement: &str) -> Option<TestDb> {
    let folder = shared_data()?.join("synthetic").join(format!("dep{departement}"));
    let db = with_communes().await?;
    let (reference, out) = (reference()?, scratch());
    let only = ["bpe_equipements"];
    let specimen = Specimen {
        departement: Some("23"),
        reference: &reference,
        out: &out,
        only: &only,
        turnover: 0.001,
        gzip: false,
    };
    // The samples come without the list of types that they are read with: ours has all of their codes.
    let list = synthesize(&specimen).unwrap().remove(0).files.remove(0);
    let options = Options { perimetre: Some(departement.to_owned()), ..Options::default() };
    imported(&db.pool, "bpe_equipements", list, &options).await;
    std::fs::remove_dir_all(out).unwrap();
    for (dataset, name, millesime) in FILES {
        let file = folder.join(name);
        if file.is_file() {
            let options = Options { millesime: millesime.map(str::to_owned), ..options.clone() };
            assert_eq!(
                imported(&db.pool, dataset, file.clone(), &options).await,
                (lines(&file), 0),
                "{name} {departement}"
            );
        }
    }
    Some(db)
}

#[tokio::test]
async fn another_generator_s_files_are_imported_whole() {
    for departement in ["974", "2A", "44", "75"] {
        let Some(db) = whole(departement).await else { return };
        let pool = &db.pool;
        let benefits = "SELECT count(DISTINCT date_ref) FROM data.caf_communal";
        assert_eq!(count(pool, benefits).await, 5, "{departement}");
        if departement == "974" {
            for table in ["finess", "bpe_equipements"] {
                let astray = format!(
                    "SELECT count(*) FROM data.{table} WHERE NOT ST_DWithin(geom::geography,
                         ST_SetSRID(ST_MakePoint(55.53, -21.12), 4326)::geography, 60000)"
                );
                assert_eq!(count(pool, &astray).await, 0, "Réunion is sixty kilometres wide: {table}");
            }
        }
    }
}
