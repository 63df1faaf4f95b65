//! Permits of invented communes, worked out by hand, through a real PostgreSQL.

use domain::fact::{FactSheet, FactStatus};
use pretty_assertions::assert_eq;

use crate::themes::people::database::sheet_of as collected;

async fn sheet_of(commune: &str) -> FactSheet {
    sheet_after("", commune).await
}

/// `change` comes after the seeds.
async fn sheet_after(change: &str, commune: &str) -> FactSheet {
    let db = test_support::database().await;
    for seed in [include_str!("../../log_01/tests/seed.sql"), include_str!("seed.sql"), change] {
        sqlx::raw_sql(seed).execute(&db.pool).await.unwrap();
    }
    collected(&db, commune).await
}

fn text<'a>(sheet: &'a FactSheet, id: &str) -> &'a str {
    &sheet.facts[id].text
}

#[tokio::test]
async fn permits_are_counted_by_year_without_those_that_were_cancelled() {
    let sheet = sheet_of("99001").await;
    for (id, expected) in [
        ("sit.aut[2024]@com", "10"),
        ("sit.aut[2022]@epci", "15"),
        ("sit.com[2023]@epci", "10"),
        ("sit.com[2024]@com", "0"),
        ("sit.moy5@com", "10"),
        ("sit.moy5@dep", "15"),
        ("sit.moy10@com", "10"),
        ("sit.demol@epci", "10"),
        // 10/1000 dwellings, 15/1800; 10/5000 inhabitants.
        ("sit.tx@com", "10,0"),
        ("sit.tx@epci", "8,3"),
        ("sit.par1000@com", "2,0"),
        ("sit.part_coll@com", "60,0\u{a0}%"),
        ("sit.part_coll@epci", "40,0\u{a0}%"),
        // Started in the five years up to 2023, over what was authorised in them: 50/50, 50/75.
        ("sit.transfo@com", "100,0\u{a0}%"),
        ("sit.transfo@dep", "66,7\u{a0}%"),
    ] {
        assert_eq!(text(&sheet, id), expected, "{id}: {:?}", sheet.facts[id]);
    }
    assert!(sheet.facts["sit.com[2024]@com"].provisional, "eighteen months before October 2025");
    assert!(!sheet.facts["sit.com[2023]@com"].provisional);
    assert!(!sheet.facts["sit.aut[2024]@com"].provisional);
    assert_eq!(sheet.facts["sit.delai@com"].status, FactStatus::Missing, "five permits");
    assert_eq!(sheet.facts["sit.moy5@reg"].status, FactStatus::Missing, "a département of the region is not loaded");
}

#[tokio::test]
async fn a_commune_without_a_permit_built_nothing_and_its_single_years_are_not_told() {
    let sheet = sheet_of("99003").await;
    assert_eq!((text(&sheet, "sit.moy5@com"), text(&sheet, "sit.tx@com")), ("0", "0,0"));
    assert_eq!(sheet.facts["sit.aut[2024]@com"].status, FactStatus::Missing);
    assert_eq!(sheet.facts["sit.part_coll@com"].status, FactStatus::NotApplicable);
}

#[tokio::test]
async fn a_commune_that_the_census_lacks_has_its_permits_and_its_sales_but_no_rate() {
    let sheet = sheet_after("DELETE FROM data.rp_housing WHERE code_insee = '99001'", "99001").await;
    assert_eq!(text(&sheet, "sit.moy5@com"), "10");
    for rate in ["sit.tx@com", "dvf.rotation@com"] {
        assert_eq!(sheet.facts[rate].status, FactStatus::Missing, "{rate}: {:?}", sheet.facts[rate]);
    }
}

#[tokio::test]
async fn the_standstill_of_alba_is_forty_nine_dwellings() {
    let sheet = sheet_of("99001").await;
    for (id, expected) in [
        // Started from 2014 to 2019; ten without adding to the stock; five second homes fewer, five vacant ones more;
        // 1955·900/1980 − 850.
        ("bes.construits@com", "60"),
        ("bes.renouv@com", "+10"),
        ("bes.vacance@com", "0"),
        ("bes.desserr@com", "+39"),
        ("bes.pm@com", "49"),
        ("bes.effet_demo@com", "+11"),
        ("bes.pm_an@com", "8"),
        ("bes.pm_par1000@com", "1,6"),
        // (1000/950)^(1/6) − 1
        ("log.tcam@com", "+0,9\u{a0}%"),
    ] {
        assert_eq!(text(&sheet, id), expected, "{id}: {:?}", sheet.facts[id]);
    }
    let above = &sheet.facts["bes.pm@epci"];
    assert_eq!(above.status, FactStatus::Missing, "its other communes are in one census only: {above:?}");
}
