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

/// Sales of Nantes, under a vintage and for a perimeter that the operator names.
async fn part(pool: &PgPool, millesime: &str, perimetre: &str, price: u32) -> Result<datasets::Outcome, ImportError> {
    let path = scratch().join("ventes.csv");
    let header = "id_mutation,date_mutation,numero_disposition,nature_mutation,valeur_fonciere,code_commune,\
                  code_departement,id_parcelle,lot1_numero,code_type_local,surface_reelle_bati,\
                  nombre_pieces_principales,code_nature_culture,code_nature_culture_speciale,surface_terrain,\
                  longitude,latitude";
    let sale = format!("1,2014-01-02,1,Vente,{price},44109,44,44109000MW0672,16,2,50,2,,,,-1.566879,47.234022");
    std::fs::write(&path, format!("{header}\n{sale}\n")).unwrap();
    let options =
        Options { millesime: Some(millesime.to_owned()), perimetre: Some(perimetre.to_owned()), ..Options::default() };
    crate::support::attempt(pool, "dvf", path, &options).await
}

#[tokio::test]
async fn no_year_of_a_territory_is_counted_twice() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    let active = "SELECT coalesce(string_agg(millesime || ' ' || perimetre, ', ' ORDER BY id), '')
                  FROM data.data_sources WHERE dataset = 'dvf' AND active";
    part(pool, "2014-2017", "44109", 1).await.unwrap();
    let repeated = part(pool, "2015", "44109", 2).await.unwrap_err();
    assert!(matches!(repeated, ImportError::YearsTwice { .. }), "{repeated:?}");
    part(pool, "2018", "44109", 3).await.unwrap();
    part(pool, "2013-2017", "44109", 4).await.unwrap();
    assert_eq!(text(pool, active).await, "2018 44109, 2013-2017 44109", "the wider years replace the narrower");
    part(pool, "2018", "44", 5).await.unwrap();
    assert_eq!(text(pool, active).await, "2013-2017 44109, 2018 44", "a département replaces its commune");
    let narrower = part(pool, "2018", "44162", 6).await.unwrap_err();
    assert!(matches!(narrower, ImportError::AlreadyWider { .. }), "{narrower:?}");
    part(pool, "2018", "35", 7).await.unwrap();
    part(pool, "2014", "FR", 8).await.unwrap();
    let after = "2018 44, 2018 35, 2014 FR";
    assert_eq!(text(pool, active).await, after, "the whole country ends the years of a commune");
    let inside = part(pool, "2014-2016", "44109", 9).await.unwrap_err();
    assert!(inside.to_string().contains("la France entière"), "{inside}");
    datasets::rollback(pool, "dvf").await.unwrap();
    assert_eq!(text(pool, active).await, "2013-2017 44109, 2018 44, 2018 35");
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
