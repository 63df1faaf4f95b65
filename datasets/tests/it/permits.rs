//! Building permits: labels above codes, states that change, months that replace each other, national totals.

use std::io::Read as _;
use std::path::PathBuf;

use datasets::{ImportError, Options, Outcome};
use test_support::{TestDb, shared_data};

use crate::support::{attempt, count, imported, scratch, text, with_communes};

const CODES: &str = "COMM;TYPE_DAU;NUM_DAU;ETAT_DAU;DATE_REELLE_AUTORISATION;DATE_REELLE_DOC;DATE_REELLE_DAACT;DPC_DERN;NB_LGT_TOT_CREES;NB_LGT_IND_CREES;NB_LGT_COL_CREES;SEC_CADASTRE1;NUM_CADASTRE1;AUTRE";
const LABELS: &str = "Commune;Type;Numéro;État;Autorisation;Ouverture;Achèvement;Dernier mois;Logements;Individuels;Collectifs;Section;Numéro de parcelle;Autre";

fn file(month: &str, rows: &[&str]) -> PathBuf {
    let path = scratch().join(format!("Liste-des-autorisations-durbanisme-creant-des-logements.{month}.csv"));
    std::fs::write(&path, format!("{LABELS}\n{CODES}\n{}\n", rows.join("\n"))).unwrap();
    path
}

async fn delivered(db: &TestDb, month: &str, rows: &[&str]) -> Result<Outcome, ImportError> {
    let path = file(month, rows);
    // Written by a test: no national total is expected of it.
    let options = Options { perimetre: Some("44".to_owned()), ..Options::default() };
    let outcome = attempt(&db.pool, "sitadel", path.clone(), &options).await;
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    outcome
}

const PERMITS: &str = "SELECT string_agg(concat_ws(' ', num_dau, code_insee, etat, coalesce(annee_aut::text, '-'),
    coalesce(annee_ouv::text, '-'), dates_ecartees, coalesce(nb_log::text, '-'), coalesce(id_parcelle, '-')), ', '
    ORDER BY num_dau, type_dau) FROM data.sitadel";

#[tokio::test]
async fn each_permit_counts_once_in_its_latest_state() {
    let Some(db) = with_communes().await else { return };
    let outcome = delivered(
        &db,
        "2025-10",
        &[
            "44109;PC;A;2;2023-03-05;;;2023-04;10;0;10;MW;22;",
            "44109;PC;A;5;2023-03-05;2024-02-01;;2024-03;10;0;10;MW;22;",
            "44109;PC;A;2;2023-03-05;;;2023-05;10;0;10;MW;22;",
            "44109;DP;A;2;2023-03-05;;;2023-04;1;1;0;;;",
            "44162;PC;B;4;2099-01-01;1015-01-01;;;;;;;;",
            "44162;PC;C;6;2026-12-31;2025-02-30;;;3;3;0;A;7;",
        ],
    )
    .await;
    assert!(matches!(outcome, Ok(Outcome::Imported { read: 6, rejected: 0, .. })), "{outcome:?}");
    assert_eq!(
        text(&db.pool, PERMITS).await,
        "A 44109 2 2023 - 0 1 -, A 44109 5 2023 2024 0 10 44109000MW0022, B 44162 4 - - 2 - -, \
         C 44162 6 2026 - 1 3 441620000A0007"
    );
}

#[tokio::test]
async fn a_new_month_replaces_the_one_before() {
    let Some(db) = with_communes().await else { return };
    delivered(&db, "2025-09", &["44109;PC;A;2;2023-03-05;;;;1;1;0;;;", "44109;PC;B;2;2023-03-05;;;;1;1;0;;;"])
        .await
        .unwrap();
    delivered(&db, "2025-10", &["44109;PC;A;4;2023-03-05;;;;1;1;0;;;"]).await.unwrap();
    assert_eq!(text(&db.pool, PERMITS).await, "A 44109 4 2023 - 0 1 -", "what was withdrawn vanishes");
    assert_eq!(
        text(&db.pool, "SELECT string_agg(millesime, ' ') FROM data.data_sources WHERE active AND dataset = 'sitadel'")
            .await,
        "2025-10"
    );
    assert_eq!(text(&db.pool, "SELECT depuis::date::text FROM data.sitadel_provisoire").await, "2024-04-01");
}

#[tokio::test]
async fn a_state_that_nobody_knows_is_rejected() {
    let Some(db) = with_communes().await else { return };
    let refused = delivered(&db, "2025-10", &["44109;PC;A;7;2023-03-05;;;;1;1;0;;;"]).await;
    assert!(
        matches!(&refused, Err(ImportError::TooManyRejects { first, .. }) if first.contains("état du permis")),
        "{refused:?}"
    );
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.sitadel").await, 0);
}

#[tokio::test]
async fn a_list_far_from_the_national_totals_is_refused() {
    let Some(db) = with_communes().await else { return };
    let path = file("2025-10", &["44109;PC;A;2;2024-03-05;;;;1;1;0;;;"]);
    let refused = attempt(&db.pool, "sitadel", path.clone(), &Options::default()).await;
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    assert!(
        matches!(&refused, Err(ImportError::Control { what, value: 0, .. }) if what.contains("2019")),
        "{refused:?}"
    );
}

#[test]
fn the_totals_asked_for_are_those_of_the_published_series() {
    let Some(data) = shared_data() else { return };
    let file = std::fs::File::open(data.join("sitadel/Donnees-mensuelles-nationales-Logements.csv.gz")).unwrap();
    let mut series = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut series).unwrap();
    let layout = &datasets::find("sitadel").unwrap().layouts[0];
    for control in layout.controls {
        let year = control.what.rsplit(' ').next().unwrap();
        let start = format!("\"{year}\";");
        let total: i64 = series
            .lines()
            .filter(|line| line.starts_with(&start) && line.contains(";\"Tous Logements\";\"Brute\";"))
            .map(|line| line.split(';').nth(4).unwrap().parse::<i64>().unwrap())
            .sum();
        assert!(total > 0, "{year} has a total");
        assert_eq!((control.min, control.max), (total * 9 / 10, total * 11 / 10), "{}", control.what);
    }
}

#[tokio::test]
async fn the_generated_list_of_a_departement_is_a_list_of_permits() {
    let Some(data) = shared_data() else { return };
    let Some(db) = with_communes().await else { return };
    let name = "synthetic/dep2A/SYNTHETIQUE_Liste-des-autorisations-durbanisme-creant-des-logements.2025-10.csv.gz";
    let (kept, rejected) = imported(&db.pool, "sitadel", data.join(name), &Options::default()).await;
    assert!(kept > 5_000 && rejected == 0, "{kept} {rejected}");
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.sitadel WHERE code_insee NOT LIKE '2A%'").await, 0);
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.sitadel WHERE date_ouverture < date_autorisation").await, 0);
}
