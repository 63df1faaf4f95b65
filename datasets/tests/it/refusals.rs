//! Files that are not what they should be: each is refused or set aside with a sentence that helps, and what readers
//! see does not move.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use datasets::{ImportError, Options, Outcome};
use test_support::TestDb;

use crate::support::{attempt, count, imported, scratch, text, with_communes};

const LOVAC: &str =
    "ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n2020;44109;Nantes;148622;15480\n2020;44162;Saint-Herblain;s;s\n";
const BASE: &str = "CODGEO;P21_LOG;P21_RP;P21_RSECOCC;P21_LOGVAC;P21_RP_PROP;P21_RP_LOC;P21_RP_LOCHLMV;P21_RP_GRAT\n";

/// Writes a file of that name in a folder of its own.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = scratch().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn gone(path: &Path) {
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

/// The sentence of a refusal.
async fn refusal(db: &TestDb, dataset: &str, path: &Path) -> String {
    let refused = attempt(&db.pool, dataset, path.to_owned(), &Options::default()).await;
    gone(path);
    refused.expect_err("this file should have been refused").to_string()
}

#[tokio::test]
async fn a_renamed_column_is_refused_with_its_likely_name() {
    let Some(db) = with_communes().await else { return };
    let path = file("lovac_2021.csv", LOVAC.replace("pp_vacant", "pp_vacants").as_bytes());
    let sentence = refusal(&db, "lovac", &path).await;
    for part in ["lovac_2021.csv, ligne 1", "« pp_vacant »", "« pp_vacants »", "remanié", "renommez"] {
        assert!(sentence.contains(part), "« {part} » is not in: {sentence}");
    }
    let path = file("base-cc-logement-2021.CSV", BASE.replace("P21_LOGVAC;", "").as_bytes());
    let sentence = refusal(&db, "rp_housing", &path).await;
    assert!(sentence.contains("« p??_logvac »") && sentence.contains("« P21_LOG »"), "{sentence}");
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.import_runs WHERE dataset <> 'communes'").await, 0);
}

#[tokio::test]
async fn two_columns_for_one_figure_are_refused() {
    let Some(db) = with_communes().await else { return };
    let path =
        file("zones.csv", "CODGEO;zone_abc;Zonage en vigueur depuis le 5 septembre 2025\n44109;A;A\n".as_bytes());
    let sentence = refusal(&db, "zonage_abc", &path).await;
    assert!(sentence.contains("« zone_abc »") && sentence.contains("Zonage en vigueur"), "{sentence}");
}

#[tokio::test]
async fn habits_of_spreadsheets_change_nothing() {
    let Some(db) = with_communes().await else { return };
    let commas = LOVAC.replace(';', ",");
    let spaced = LOVAC.replace("148622", " 148\u{a0}622 ");
    let latin: Vec<u8> =
        spaced.replace("Nantes", "Nantès").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let zipped = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(LOVAC.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    for (what, content) in [
        ("a mark", format!("\u{feff}{LOVAC}").into_bytes()),
        ("carriage returns", LOVAC.replace('\n', "\r\n").into_bytes()),
        ("commas", commas.into_bytes()),
        ("Windows-1252", latin),
        ("titles above", format!("Logements vacants\n\n{LOVAC}").into_bytes()),
        ("gzip", zipped),
    ] {
        let path = file("lovac_2021.csv", &content);
        match attempt(&db.pool, "lovac", path.clone(), &Options::default()).await {
            Ok(Outcome::Imported { kept: 2, rejected: 0, .. } | Outcome::AlreadyImported { .. }) => {}
            other => panic!("{what}: {other:?}"),
        }
        gone(&path);
        let found = "SELECT string_agg(coalesce(pp_total::text, statut ->> 'pp_total'), ' ' ORDER BY code_insee) FROM data.lovac";
        assert_eq!(text(&db.pool, found).await, "148622 s", "with {what}");
    }
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.data_sources WHERE dataset = 'lovac' AND active").await, 1);
}

#[tokio::test]
async fn a_truncated_archive_is_found_before_any_row_is_read() {
    let Some(db) = with_communes().await else { return };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(LOVAC.repeat(500).as_bytes()).unwrap();
    let mut bytes = encoder.finish().unwrap();
    bytes.truncate(bytes.len() - 20);
    let path = file("lovac_2021.csv.gz", &bytes);
    let sentence = refusal(&db, "lovac", &path).await;
    assert!(sentence.contains("incomplet") && sentence.contains("Téléchargez"), "{sentence}");
}

#[tokio::test]
async fn a_byte_of_no_encoding_is_named_by_its_place() {
    let Some(db) = with_communes().await else { return };
    let mut bytes = LOVAC.replace("15480", "15_80").into_bytes();
    let place = bytes.windows(5).position(|window| window == b"15_80").unwrap() + 2;
    bytes[place] = 0x81;
    let path = file("lovac_2021.csv", &bytes);
    let sentence = refusal(&db, "lovac", &path).await;
    assert!(sentence.contains("ligne 2") && sentence.contains(&format!("octet {place}")), "{sentence}, byte {place}");
}

#[tokio::test]
async fn one_bad_row_is_set_aside_and_many_stop_the_import() {
    let Some(db) = with_communes().await else { return };
    let codes: Vec<String> = sqlx::query_scalar("SELECT code_insee FROM data.communes ORDER BY 1 LIMIT 3000")
        .fetch_all(&db.pool)
        .await
        .unwrap();
    let good: String = codes.iter().map(|code| format!("2020;{code};;100;20\n")).collect();
    let header = "ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n";
    let path = file("lovac_2021.csv", format!("{header}{good}2020;44109;Nantes;148622;15480;de trop\n").as_bytes());
    assert_eq!(imported(&db.pool, "lovac", path.clone(), &Options::default()).await, (3_000, 1));
    gone(&path);
    let reject = "SELECT ligne || ' ' || motif FROM data.import_rejets";
    assert_eq!(text(&db.pool, reject).await, "3002 6 cellules au lieu de 5");

    let bad: String = (0..10).map(|n| format!("2020;44{n:03};;beaucoup;20\n")).collect();
    let path = file("lovac_2021.csv", format!("{header}{good}{bad}").as_bytes());
    let sentence = refusal(&db, "lovac", &path).await;
    for part in ["10 lignes rejetées sur 3\u{202f}010", "0,1\u{a0}%", "nombre de logements illisible", "ligne 3002"] {
        assert!(sentence.contains(part), "« {part} » is not in: {sentence}");
    }
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.lovac").await, 3_000, "the first import is still there");
    assert_eq!(count(&db.pool, "SELECT count(*) FROM pg_class WHERE relname LIKE 'staging%'").await, 0);
    let kept = "SELECT statut || ' ' || (erreur LIKE '%Rien n’a été chargé%')::text FROM data.import_runs ORDER BY id DESC LIMIT 1";
    assert_eq!(text(&db.pool, kept).await, "echec true");
}

#[tokio::test]
async fn unknown_communes_identities_keys_and_totals_are_checked() {
    let Some(db) = with_communes().await else { return };
    let path = file("lovac_2021.csv", LOVAC.replace("44162", "44999").as_bytes());
    let sentence = refusal(&db, "lovac", &path).await;
    assert!(sentence.contains("commune inconnue") && sentence.contains("0,5\u{a0}%"), "{sentence}");

    let path = file("base.CSV", format!("{BASE}44109;100;80;5;10;40;38;10;2\n").as_bytes());
    let sentence = refusal(&db, "rp_housing", &path).await;
    assert!(sentence.contains("LOG ≠ RP + RSECOCC + LOGVAC"), "{sentence}");

    let path = file("lovac_2021.csv", format!("{LOVAC}2020;44109;Nantes;1;1\n").as_bytes());
    let sentence = refusal(&db, "lovac", &path).await;
    assert!(sentence.contains("2 lignes portent la clé (annee, codgeo) = (2020, 44109)"), "{sentence}");

    let path = file("zones.csv", "CODGEO;Zonage en vigueur depuis le 5 septembre 2025\n44109;A\n".as_bytes());
    let sentence = refusal(&db, "zonage_abc", &path).await;
    assert!(sentence.contains("communes classées = 1, attendu entre 34\u{202f}800"), "{sentence}");

    let path =
        file("rents.csv", "INSEE_C;loypredm2;lwr.IPm2;upr.IPm2;TYPPRED;nbobs_com;nbobs_mail;R2_adj\n".as_bytes());
    let sentence = refusal(&db, "anil_loyers", &path).await;
    assert!(sentence.contains("type de logement") && sentence.contains("pred-app12-"), "{sentence}");

    let path = file("lovac.csv", LOVAC.as_bytes());
    let sentence = refusal(&db, "lovac", &path).await;
    assert!(sentence.contains("--millesime"), "{sentence}");
}

#[tokio::test]
async fn nothing_is_imported_before_the_communes() {
    let db = test_support::database().await;
    let path = file("lovac_2021.csv", LOVAC.as_bytes());
    let sentence = refusal(&db, "lovac", &path).await;
    assert!(sentence.contains("lobster datasets import communes"), "{sentence}");
    let unknown = attempt(&db.pool, "lovaque", "x.csv".into(), &Options::default()).await.unwrap_err().to_string();
    assert!(unknown.contains("dire « lovac » ?") && unknown.contains("filosofi, finess"), "{unknown}");
}

#[tokio::test]
async fn a_merged_commune_is_the_sum_of_its_parts_unless_one_is_secret() {
    let Some(db) = with_communes().await else { return };
    // Anetz (44004) joined Vair-sur-Loire (44163).
    let header = "ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n";
    let path = file("lovac_2015.csv", format!("{header}2015;44004;;900;s\n2015;44163;;1000;40\n").as_bytes());
    imported(&db.pool, "lovac", path.clone(), &Options::default()).await;
    gone(&path);
    let merged = "SELECT code_insee || ' ' || pp_total || ' ' || coalesce(pp_vacant::text, statut ->> 'pp_vacant') || ' ' || code_source
                  FROM data.lovac";
    assert_eq!(text(&db.pool, merged).await, "44163 1900 s 44004+44163");
}

#[tokio::test]
async fn a_trial_run_loads_nothing() {
    let Some(db) = with_communes().await else { return };
    let path = file("lovac_2021.csv", LOVAC.as_bytes());
    let options = Options { dry_run: true, ..Options::default() };
    let outcome = attempt(&db.pool, "lovac", path.clone(), &options).await.unwrap();
    gone(&path);
    assert_eq!(outcome, Outcome::Acceptable { read: 2, kept: 2, rejected: 0 });
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.lovac").await, 0);
    assert_eq!(text(&db.pool, "SELECT statut FROM data.import_runs ORDER BY id DESC LIMIT 1").await, "essai");
}

#[tokio::test]
async fn a_new_file_replaces_the_old_one_and_keeps_it_for_one_turn() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    for total in ["148622", "150000", "160000"] {
        let path = file("lovac_2021.csv", LOVAC.replace("148622", total).as_bytes());
        imported(pool, "lovac", path.clone(), &Options::default()).await;
        gone(&path);
        assert_eq!(text(pool, "SELECT pp_total::text FROM data.lovac WHERE code_insee = '44109'").await, total);
    }
    assert_eq!(count(pool, "SELECT count(*) FROM data.lovac").await, 2);
    let tables = "SELECT count(*) FROM pg_class WHERE relname ~ '^lovac_s[0-9]+$'";
    assert_eq!(count(pool, tables).await, 2, "the active one and the one before");
    let versions = "SELECT count(*) FROM data.reference_version v WHERE v.sources @> ARRAY[(SELECT max(id) FROM data.data_sources)]";
    assert_eq!(count(pool, versions).await, 1);
}

#[tokio::test]
async fn a_second_operator_is_told_to_wait() {
    let Some(db) = with_communes().await else { return };
    let mut other = db.pool.acquire().await.unwrap();
    sqlx::query("SELECT pg_advisory_lock(hashtext('lobster datasets'), hashtext('lovac'))")
        .execute(&mut *other)
        .await
        .unwrap();
    let path = file("lovac_2021.csv", LOVAC.as_bytes());
    let refused = attempt(&db.pool, "lovac", path.clone(), &Options::default()).await;
    gone(&path);
    assert!(matches!(refused, Err(ImportError::Busy("lovac"))), "{refused:?}");
}

#[tokio::test]
async fn what_a_killed_import_left_is_cleared_by_the_next() {
    let Some(db) = with_communes().await else { return };
    sqlx::raw_sql(
        "INSERT INTO data.import_runs (dataset, statut, version_importeur) VALUES ('lovac', 'en_cours', 1);
         CREATE UNLOGGED TABLE data.staging_lovac_77 (ligne bigint);
         CREATE TABLE data.lovac_s999 (LIKE data.lovac);
         COMMENT ON TABLE data.lovac_s999 IS 'lovac en cours'",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    let path = file("lovac_2021.csv", LOVAC.as_bytes());
    imported(&db.pool, "lovac", path.clone(), &Options::default()).await;
    gone(&path);
    let left = "SELECT count(*) FROM pg_class WHERE relname IN ('staging_lovac_77', 'lovac_s999')";
    assert_eq!(count(&db.pool, left).await, 0);
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.import_runs WHERE erreur = 'interrompu'").await, 1);
}

#[tokio::test]
async fn a_reader_never_sees_half_an_import() {
    let Some(db) = with_communes().await else { return };
    let rows = |total: u32| -> PathBuf {
        let years: String = (2000..2099).map(|year| format!("{year};44109;;{total};20\n")).collect();
        file("lovac_2021.csv", format!("ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n{years}").as_bytes())
    };
    let first = rows(100);
    imported(&db.pool, "lovac", first.clone(), &Options::default()).await;
    gone(&first);
    let pool = db.pool.clone();
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let reader = tokio::spawn(async move {
        let mut looks = 0;
        while stopped.try_recv().is_err() {
            let seen: (i64, i64) = sqlx::query_as("SELECT count(*), count(DISTINCT source_id) FROM data.lovac")
                .fetch_one(&pool)
                .await
                .unwrap();
            assert_eq!(seen, (99, 1), "a reader saw {seen:?}");
            looks += 1;
        }
        looks
    });
    for total in [200, 300, 400] {
        let path = rows(total);
        imported(&db.pool, "lovac", path.clone(), &Options::default()).await;
        gone(&path);
    }
    stop.send(()).unwrap();
    assert!(reader.await.unwrap() > 3, "the reader looked while files changed");
}
