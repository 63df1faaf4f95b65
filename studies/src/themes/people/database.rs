//! The queries on people, incomes and prospects against a real PostgreSQL: four invented communes whose every figure can
//! be worked out by hand.

use async_trait::async_trait;
use domain::fact::{FactSheet, FactStatus};
use domain::ports::{CertificateCounts, CertificateMeasure, CertificateMedian, EnergyCertificates, PortError};
use pretty_assertions::assert_eq;
use rust_decimal::Decimal;
use test_support::TestDb;

/// ADEME away: nothing here is about energy.
struct Away;

#[async_trait]
impl EnergyCertificates for Away {
    async fn by_label(&self, _: &[String]) -> Result<CertificateCounts, PortError> {
        Err(away())
    }

    async fn by_climate_label(&self, _: &[String]) -> Result<CertificateCounts, PortError> {
        Err(away())
    }

    async fn median(&self, _: &[String], _: CertificateMeasure, _: i64) -> Result<CertificateMedian, PortError> {
        Err(away())
    }
}

fn away() -> PortError {
    PortError::Transient { service: "ADEME", message: "503".to_owned(), retry_after: None }
}

pub async fn seeded() -> TestDb {
    let db = test_support::database().await;
    for seed in [include_str!("../../log_01/tests/seed.sql"), include_str!("seed.sql")] {
        sqlx::raw_sql(seed).execute(&db.pool).await.unwrap();
    }
    db
}

pub async fn sheet_of(db: &TestDb, commune: &str) -> FactSheet {
    crate::themes::fixture::collect(&db.pool, commune, &Away).await
}

fn check(sheet: &FactSheet, expected: &[(&str, &str)]) {
    for (id, text) in expected {
        assert_eq!(sheet.facts[*id].text, *text, "{id}: {:?}", sheet.facts[*id]);
    }
}

#[tokio::test]
async fn figures_on_people_are_those_of_the_rows() {
    let db = seeded().await;
    let sheet = sheet_of(&db, "99001").await;
    check(
        &sheet,
        &[
            ("dem.pop_y5@com", "4\u{202f}700"),
            ("dem.pop_y10@com", "4\u{202f}500"),
            ("dem.evol_abs@com", "+300"),
            ("dem.tcam@com", "+1,0\u{a0}%"),
            // (4700/4500)^(1/5) − 1 = 0.8735 %; 1.0366 − 0.8735
            ("dem.tcam_prec@com", "+0,9\u{a0}%"),
            ("dem.accel@com", "+0,2\u{a0}point"),
            // 60 over 6 × 4850; 1.0366 − 0.2062
            ("dem.solde_nat@com", "+0,2\u{a0}%"),
            ("dem.solde_mig@com", "+0,8\u{a0}%"),
            ("dem.age[0014]@com", "17,0\u{a0}%"),
            ("dem.age[75p]@com", "12,0\u{a0}%"),
            ("dem.vieillissement@com", "100"),
            ("dem.dependance@com", "85,2"),
            ("dem.seul@com", "37,5\u{a0}%"),
            ("dem.fam3@com", "10,0\u{a0}%"),
            ("dem.csp[3]@com", "10,0\u{a0}%"),
            // 1980/900, and 2.4 before
            ("dem.taille_men@com", "2,20"),
            ("dem.d_taille@com", "\u{2212}0,20"),
        ],
    );
    assert_eq!(sheet.facts["dem.csp[1]@com"].note.as_deref(), Some("variable absente du fichier"));
    assert_eq!(sheet.facts["dem.ind_cadres@com"].status, FactStatus::Missing, "the country is not loaded");
    let pyramid = &sheet.exhibits["pyramide"]["classes"];
    assert_eq!(pyramid[0]["com"]["hommes"]["personnes"], "408", "48 % of 850");
    assert_eq!(pyramid[6]["dep"]["femmes"]["part"], "1.04");
}

#[tokio::test]
async fn an_intercommunality_is_the_sum_of_its_communes() {
    let db = seeded().await;
    let sheet = sheet_of(&db, "99001").await;
    check(
        &sheet,
        &[
            ("dem.pop_y5@epci", "8\u{202f}800"),
            ("dem.evol_abs@epci", "+200"),
            // 520 births less 480 deaths, over 6 × 8 900
            ("dem.solde_nat@epci", "+0,1\u{a0}%"),
            ("dem.age[6074]@epci", "17,0\u{a0}%"),
            // (1980 + 1080 + 480)/1590, and 2.4 before
            ("dem.taille_men@epci", "2,23"),
            ("dem.d_taille@epci", "\u{2212}0,17"),
        ],
    );
    let executives = &sheet.facts["dem.csp[3]@epci"];
    assert_eq!((executives.status, executives.value), (FactStatus::Missing, None), "Cors has none on file");
    assert!(sheet.facts["dem.csp[6]@epci"].status.is_citable());
}

#[tokio::test]
async fn a_divided_commune_is_an_estimate() {
    let db = seeded().await;
    sqlx::raw_sql(
        "UPDATE data.rp_demographics SET statut = 'est' WHERE code_insee = '99001';
         REFRESH MATERIALIZED VIEW data.mv_personnes",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    let sheet = sheet_of(&db, "99001").await;
    assert_eq!(sheet.facts["dem.age[0014]@com"].status, FactStatus::Modelled);
    assert_eq!(sheet.facts["dem.age[0014]@epci"].status, FactStatus::Ok);
}

#[tokio::test]
async fn incomes_are_the_producers_own_at_every_level() {
    let db = seeded().await;
    let sheet = sheet_of(&db, "99001").await;
    check(
        &sheet,
        &[
            ("fil.med@com", "21\u{202f}450\u{a0}€"),
            ("fil.med@epci", "21\u{202f}900\u{a0}€"),
            ("fil.tp60@dep", "13,5\u{a0}%"),
            ("fil.d9d1@com", "3,3"),
            ("fil.tp60_loc@com", "25,5\u{a0}%"),
            ("fil.ppen@com", "31,2\u{a0}%"),
            ("fil.pps@com", "5,1\u{a0}%"),
        ],
    );
    let status = |id: &str| sheet.facts[id].status;
    assert_eq!(status("fil.tp60@com"), FactStatus::Secret);
    assert_eq!(status("fil.pps@com"), FactStatus::Modelled);
    assert_eq!(status("fil.med@reg"), FactStatus::Missing);
    // The country's file is not there, though that of the communes may be.
    sqlx::query("UPDATE data.data_sources SET perimetre = 'FR' WHERE dataset = 'filosofi'")
        .execute(&db.pool)
        .await
        .unwrap();
    let country = &sheet_of(&db, "99001").await.facts["fil.med@fr"];
    assert_eq!(country.note.as_deref(), Some("chiffre de ce niveau non chargé\u{a0}: il ne se recalcule pas"));
}

#[tokio::test]
async fn only_the_departement_is_projected_and_its_region_needs_all_of_them() {
    let db = seeded().await;
    let sheet = sheet_of(&db, "99001").await;
    let value = |id: &str| sheet.facts[id].value.unwrap();
    // Twenty cohorts of 1 000 + 10·(year − 2018)/5; four of ten bands are of 65 and more.
    assert_eq!(value("pro.pop[2018]@dep"), Decimal::from(20_000));
    assert_eq!(value("pro.pop[2050]@dep"), Decimal::from(21_280));
    assert_eq!(value("pro.evol@dep"), Decimal::new(64, 1));
    assert_eq!(value("pro.fourchette[2050]@dep"), Decimal::from(3_840));
    assert_eq!(value("pro.part65[2030]@dep"), Decimal::from(40));
    let region = &sheet.facts["pro.pop@reg"];
    assert_eq!((region.status, region.value), (FactStatus::Missing, None), "Elme is in a département without a row");
    assert!(!sheet.facts.keys().any(|id| id.starts_with("pro.") && id.ends_with("@com")));
    assert_eq!(sheet.exhibits["projections"]["annees"], serde_json::json!([2018, 2030, 2040, 2050]));
}
