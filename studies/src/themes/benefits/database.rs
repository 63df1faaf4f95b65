//! The queries on benefits against a real PostgreSQL.

use domain::fact::FactStatus;
use pretty_assertions::assert_eq;

use crate::themes::people::database::{seeded, sheet_of};

#[tokio::test]
async fn rates_are_of_the_communes_that_the_file_names() {
    let db = seeded().await;
    sqlx::raw_sql(include_str!("seed.sql")).execute(&db.pool).await.unwrap();
    let sheet = sheet_of(&db, "99001").await;
    for (id, text) in [
        ("caf.alloc@com", "1\u{202f}000"),
        // 2 300 persons of 5 000 inhabitants; 90 households of 900
        ("caf.couv@com", "46,0\u{a0}%"),
        ("caf.rsa@com", "10,0"),
        ("caf.monop@com", "5,6"),
        // Alba, Brel and Dune: 135 households of 900 + 450 + 150, Cors left out of both sides
        ("caf.rsa@dep", "9,0"),
        // 80 and 60 among 1 000 of 75 and more; 40 among 8 000 below 60
        ("adp.apa@dep", "14,0"),
        ("adp.apa_dom@dep", "57,1\u{a0}%"),
        ("adp.pch@dep", "5,0"),
    ] {
        assert_eq!(sheet.facts[id].text, text, "{id}: {:?}", sheet.facts[id]);
    }
    assert_eq!(sheet.facts["adp.apa@dep"].period.as_deref(), Some("2022"), "the year whose inhabitants are known");
    assert_eq!(sheet.facts["caf.rsa@epci"].status, FactStatus::Missing, "a ninth of the inhabitants are not on file");
    assert!(!sheet.facts.contains_key("caf.alloc@dep"), "a sum of rounded numbers is not told");
    assert_eq!(sheet_of(&db, "99003").await.facts["caf.rsa@com"].status, FactStatus::Missing);
    assert_eq!(sheet_of(&db, "99004").await.facts["caf.rsa@com"].status, FactStatus::LowN);
}

#[tokio::test]
async fn a_shop_without_these_files_says_nothing_of_them() {
    let db = seeded().await;
    let sheet = sheet_of(&db, "99001").await;
    assert!(!sheet.facts.keys().any(|id| id.starts_with("caf.") || id.starts_with("adp.")));
}
