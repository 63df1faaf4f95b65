//! Benefits: rounding, recipients without a commune, cities by arrondissement, mergers, and columns that are absent.

use datasets::Options;

use super::{Scrap, loads, refusal};
use crate::support::{attempt, count, text, with_communes};

const HEADER: &str = "dtreffre;numcomdo;nomcom;indfoy_ndur;indnbp_ndur;indmtt_ndur;indfoy_rsa;indmtt_rsa\n";

fn file(rows: &str) -> String {
    format!("\u{feff}{HEADER}{rows}")
}

#[tokio::test]
async fn what_is_rounded_lost_or_absent_says_so() {
    let Some(db) = with_communes().await else { return };
    let rows = "2024-12;44109;Nantes;62220;143110;25000000;8090;4529800\n2024-12;44162;Saint-Herblain;0;0;0;;\n\
                2024-12;;;15230;31200;6000000;2100;1176000\n2024-12;XXXXX;;5;10;100;0;0\n";
    assert_eq!(loads(&db, "caf_communal", "s_ben_com_f_2024.csv", file(rows)).await, (4, 0));
    let pool = &db.pool;
    let nantes =
        "SELECT foyers || ' ' || personnes || ' ' || montant || ' ' || date_ref || ' ' || statut FROM data.caf_communal
                  WHERE code_insee = '44109' AND prestation = 'ndur'";
    assert_eq!(text(pool, nantes).await, "62220 143110 25000000 2024-12-31 {}");
    // One or two households are published as none.
    let herblain = "SELECT foyers || ' ' || (statut ->> 'foyers') FROM data.caf_communal WHERE code_insee = '44162' AND prestation = 'ndur'";
    assert_eq!(text(pool, herblain).await, "0 ns");
    // An empty cell is no row and no zero; a benefit that no column names has no row either.
    assert_eq!(
        count(pool, "SELECT count(*) FROM data.caf_communal WHERE code_insee = '44162' AND prestation = 'rsa'").await,
        0
    );
    assert_eq!(text(pool, "SELECT string_agg(DISTINCT prestation, ' ') FROM data.caf_communal").await, "ndur rsa");
    let persons = "SELECT coalesce(personnes::text, statut ->> 'personnes') FROM data.caf_communal WHERE code_insee = '44109' AND prestation = 'rsa'";
    assert_eq!(text(pool, persons).await, "nd");
    // Both rows without a commune are kept together, apart from every commune.
    let lost = "SELECT foyers::bigint FROM data.caf_communal WHERE code_insee = 'non_localise' AND prestation = 'ndur'";
    assert_eq!(count(pool, lost).await, 15_235);
    let located = "SELECT sum(foyers)::bigint FROM data.caf_communal f JOIN data.communes c USING (code_insee) WHERE prestation = 'ndur'";
    assert_eq!(count(pool, located).await, 62_220);
}

#[tokio::test]
async fn a_city_is_the_sum_of_its_arrondissements_and_a_merger_of_its_parts() {
    let Some(db) = with_communes().await else { return };
    let paris: String = (1..=20).map(|n| format!("2023-12;751{n:02};Paris;100;200;1000;10;500\n")).collect();
    // Anetz (44004) joined Vair-sur-Loire (44163), whose persons are missing here.
    let merged = "2023-12;44004;Anetz;35;70;100;5;100\n2023-12;44163;Vair;45;;100;5;100\n";
    loads(&db, "caf_communal", "s_ben_com_f_2023.csv", file(&format!("{paris}{merged}"))).await;
    let pool = &db.pool;
    let of = |code: &str| {
        format!(
            "SELECT foyers || ' ' || coalesce(personnes::text, statut ->> 'personnes') FROM data.caf_communal
             WHERE code_insee = '{code}' AND prestation = 'ndur'"
        )
    };
    assert_eq!(text(pool, &of("75056")).await, "2000 4000");
    assert_eq!(text(pool, &of("44163")).await, "80 nd");
    let twice = "SELECT sum(f.foyers)::bigint FROM data.caf_communal f JOIN data.communes c USING (code_insee)
                 WHERE prestation = 'ndur' AND c.departement = '75'";
    assert_eq!(count(pool, twice).await, 2_000, "a sum over communes counts Paris once");
}

#[tokio::test]
async fn figures_that_are_not_rounded_are_not_this_file() {
    let Some(db) = with_communes().await else { return };
    let sentence =
        refusal(&db, "caf_communal", "caf_2024.csv", file("2024-12;44109;Nantes;62221;143110;100;5;100\n")).await;
    assert!(sentence.contains("multiple de 5"), "{sentence}");
    let sentence =
        refusal(&db, "caf_communal", "caf_2024.csv", file("2024-12;44109;Nantes;62220;143110;100;5;150\n")).await;
    assert!(sentence.contains("multiple de 100 €"), "{sentence}");
    let sentence =
        refusal(&db, "caf_communal", "caf_2024.csv", file("2024-06;44109;Nantes;62220;143110;100;5;100\n")).await;
    assert!(sentence.contains("décembre"), "{sentence}");
    let labels = "Date référence;Numéro commune;Nom;Nombre foyers NDUR\n2024-12;44109;Nantes;62220\n";
    let sentence = refusal(&db, "caf_communal", "caf_2024.csv", labels).await;
    assert!(sentence.contains("dtreffre") && sentence.contains("use_labels=false"), "{sentence}");
    let twice = "2024-12;44109;Nantes;5;5;100;5;100\n2024-12;44109;Nantes;10;5;100;5;100\n";
    let sentence = refusal(&db, "caf_communal", "caf_2024.csv", file(twice)).await;
    assert!(sentence.contains("44109") && sentence.contains("clé"), "{sentence}");
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.caf_communal").await, 0);
}

#[tokio::test]
async fn a_national_file_has_all_its_communes() {
    let Some(db) = with_communes().await else { return };
    let scrap = Scrap::new("s_ben_com_f_2024.csv", file("2024-12;44109;Nantes;62220;143110;100;5;100\n"));
    let refused = attempt(&db.pool, "caf_communal", scrap.path(), &Options::default()).await.unwrap_err().to_string();
    assert!(refused.contains("34") && refused.contains("communes du mois le moins fourni = 1"), "{refused}");
}

#[tokio::test]
async fn the_newest_edition_speaks_for_a_december_and_older_decembers_stay() {
    let Some(db) = with_communes().await else { return };
    let edition = |rows: [(u32, u32); 2]| {
        file(&rows.map(|(year, n)| format!("{year}-12;44109;Nantes;{n};100;100;5;100\n")).concat())
    };
    loads(&db, "caf_communal", "s_ben_com_f_2024.csv", edition([(2023, 60_000), (2024, 61_000)])).await;
    loads(&db, "caf_communal", "s_ben_com_f_2023.csv", edition([(2022, 58_000), (2023, 59_000)])).await;
    let told = "SELECT string_agg(foyers::text, ' ' ORDER BY date_ref) FROM data.caf_communal_courant WHERE prestation = 'ndur'";
    assert_eq!(text(&db.pool, told).await, "58000 60000 61000");
}
