//! Going back to the version before, and what tells that it happened.

use std::path::PathBuf;

use datasets::{ImportError, Options};
use sqlx::PgPool;

use crate::support::{count, imported, scratch, text, with_communes};

/// Dwellings of two communes in one year, as the reshaped layout has them.
fn vacancy(year: i32, total: u32) -> PathBuf {
    let path = scratch().join(format!("lovac_{year}.csv"));
    let content = format!("ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n{year};44109;;{total};20\n{year};44162;;s;s\n");
    std::fs::write(&path, content).unwrap();
    path
}

async fn totals(pool: &PgPool) -> String {
    let sql =
        "SELECT string_agg(annee || ':' || pp_total, ' ' ORDER BY annee) FROM data.lovac WHERE code_insee = '44109'";
    text(pool, sql).await
}

#[tokio::test]
async fn the_version_before_serves_again_and_then_the_newer_one() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    imported(pool, "lovac", vacancy(2020, 100), &Options::default()).await;
    let nothing = datasets::rollback(pool, "lovac").await;
    assert!(matches!(nothing, Err(ImportError::NothingBefore("lovac"))), "{nothing:?}");
    imported(pool, "lovac", vacancy(2020, 200), &Options::default()).await;
    let versions = count(pool, "SELECT count(*) FROM data.reference_version").await;

    let back = datasets::rollback(pool, "lovac").await.unwrap();
    assert_eq!((back.restored.as_slice(), back.retired.len()), (["lovac_2020.csv (2020)".to_owned()].as_slice(), 1));
    assert_eq!(totals(pool).await, "2020:100");
    assert_eq!(count(pool, "SELECT count(*) FROM data.reference_version").await, versions + 1);
    assert_eq!(count(pool, "SELECT count(*) FROM data.data_sources WHERE dataset = 'lovac' AND active").await, 1);
    let told = "SELECT statut || ' ' || (SELECT count(*) FROM data.data_sources WHERE annulee_le IS NOT NULL)
                FROM data.import_runs ORDER BY id DESC LIMIT 1";
    assert_eq!(text(pool, told).await, "retour 1");

    datasets::rollback(pool, "lovac").await.unwrap();
    assert_eq!(totals(pool).await, "2020:200", "back where we were");
    datasets::rollback(pool, "lovac").await.unwrap();
    imported(pool, "lovac", vacancy(2020, 300), &Options::default()).await;
    assert_eq!(totals(pool).await, "2020:300", "an import after a return replaces what serves");
    datasets::rollback(pool, "lovac").await.unwrap();
    assert_eq!(totals(pool).await, "2020:100");
}

#[tokio::test]
async fn all_files_of_one_command_go_back_together_and_no_other() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    for total in [100, 200] {
        let files = [vacancy(2019, total), vacancy(2020, total)];
        datasets::import(pool, "lovac", &files, &Options::default()).await.unwrap();
    }
    imported(pool, "lovac", vacancy(2021, 7), &Options::default()).await;
    imported(pool, "lovac", vacancy(2021, 8), &Options::default()).await;
    datasets::rollback(pool, "lovac").await.unwrap();
    assert_eq!(totals(pool).await, "2019:200 2020:200 2021:7", "only the last command is undone");
    for total in [300, 400] {
        let files = [vacancy(2019, total), vacancy(2020, total)];
        datasets::import(pool, "lovac", &files, &Options::default()).await.unwrap();
    }
    let back = datasets::rollback(pool, "lovac").await.unwrap();
    assert_eq!(back.restored.len(), 2);
    assert_eq!(totals(pool).await, "2019:300 2020:300 2021:7");
}

#[tokio::test]
async fn what_is_loaded_in_place_says_how_to_go_back() {
    let Some(db) = with_communes().await else { return };
    let refused = datasets::rollback(&db.pool, "communes").await.unwrap_err();
    assert!(matches!(refused, ImportError::NotVersioned("communes")), "{refused:?}");
    assert!(refused.to_string().contains("importez de nouveau l’ancien fichier"), "{refused}");
}

#[tokio::test]
async fn a_partition_has_the_indices_of_its_table() {
    let Some(db) = with_communes().await else { return };
    imported(&db.pool, "lovac", vacancy(2020, 100), &Options::default()).await;
    let attached = "SELECT count(*) FROM pg_inherits h JOIN pg_index i ON i.indexrelid = h.inhrelid
                    WHERE i.indrelid = (SELECT c.oid FROM pg_class c WHERE c.relname ~ '^lovac_s[0-9]+$')";
    let own =
        "SELECT count(*) FROM pg_index WHERE indrelid = (SELECT oid FROM pg_class WHERE relname ~ '^lovac_s[0-9]+$')";
    let parent = "SELECT count(*) FROM pg_index WHERE indrelid = 'data.lovac'::regclass";
    let expected = count(&db.pool, parent).await;
    assert!(expected > 0);
    assert_eq!((count(&db.pool, attached).await, count(&db.pool, own).await), (expected, expected));
}
