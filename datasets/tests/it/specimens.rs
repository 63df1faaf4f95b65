//! Generated files: complete, coherent, marked, and quick to import a second time.

use std::path::PathBuf;

use datasets::{Bootstrap, ImportError, Options, Specimen, Summary, bootstrap, synthesize};
use sqlx::PgPool;

use crate::support::{attempt, count, reference, scratch, text};

/// A thin market: the same rules, fewer lines.
const THIN: f64 = 0.004;

/// Seconds per run, for whoever reads the output of a slow test.
const DURATIONS: &str =
    "SELECT string_agg(dataset || ' ' || round(extract(epoch FROM fin - debut)::numeric, 2), ', ' ORDER BY id)
                         FROM data.import_runs";

fn plan(data_dir: Option<PathBuf>, departement: &str) -> Option<Bootstrap> {
    let mut plan = Bootstrap::new(reference()?, data_dir, departement, scratch());
    plan.turnover = THIN;
    Some(plan)
}

async fn run(pool: &PgPool, plan: &Bootstrap) -> Summary {
    let mut steps = Vec::new();
    let summary = bootstrap(pool, plan, &mut |step: &str| steps.push(step.to_owned())).await.unwrap();
    assert!(!steps.is_empty(), "somebody waits for this and wants to see it move");
    summary
}

#[tokio::test]
async fn one_departement_is_filled_from_nothing_and_only_once() {
    let Some(plan) = plan(None, "44") else { return };
    let db = test_support::database().await;
    let pool = &db.pool;
    let first = run(pool, &plan).await;
    assert_eq!(first.real, ["communes"]);
    // The names of equipments come in a file of their own, of the same dataset.
    assert_eq!(first.synthetic.len(), 15, "{first:?}");
    let all = count(pool, "SELECT count(*) FROM data.communes WHERE departement = '44'").await;

    for (table, what) in [
        ("rp_housing", "millesime = 2021"),
        ("rp_housing", "millesime = 2010"),
        ("rp_demographics", "millesime = 2021 AND pop_m5 IS NOT NULL AND naissances IS NOT NULL"),
        ("zonage_abc", "true"),
        ("anil_loyers", "segment = 'app12' AND borne_basse < loyer_m2"),
        ("lovac", "annee = 2024"),
        ("filosofi", "true"),
        ("population_historique", "annee = 2024"),
        ("bpe_equipements", "true"),
    ] {
        let sql = format!("SELECT count(DISTINCT code_insee) FROM data.{table} WHERE {what}");
        assert_eq!(count(pool, &sql).await, all, "{table} where {what}");
    }
    assert_eq!(count(pool, "SELECT count(DISTINCT annee) FROM data.dvf").await, 5);
    assert_eq!(count(pool, "SELECT count(*) FROM data.data_sources WHERE active AND NOT synthetique").await, 1);
    assert_eq!(text(pool, "SELECT chargee::text FROM data.commune_loaded WHERE code_insee = '44109'").await, "true");
    assert_eq!(text(pool, "SELECT chargee::text FROM data.commune_loaded WHERE code_insee = '35238'").await, "false");

    for table in ["sitadel", "rpps", "projections", "parcelles"] {
        assert!(count(pool, &format!("SELECT count(*) FROM data.{table}")).await > 0, "{table}");
    }

    println!("{}", text(pool, DURATIONS).await);
    let second = run(pool, &plan).await;
    assert_eq!((second.real.len(), second.synthetic.len()), (0, 0), "{second:?}");
    assert_eq!(count(pool, "SELECT count(*) FROM data.import_runs WHERE statut <> 'promu'").await, 0);
}

#[tokio::test]
async fn a_schematic_map_keeps_each_epci_in_one_piece() {
    let Some(mut plan) = plan(None, "44") else { return };
    let db = test_support::database().await;
    plan.turnover = 0.0001;
    run(&db.pool, &plan).await;
    let pool = &db.pool;
    let pieces = "SELECT max(ST_NumGeometries(ST_UnaryUnion(g)))::bigint FROM
                  (SELECT ST_Collect(geom) AS g FROM data.communes WHERE departement = '44' GROUP BY epci_siren) e";
    assert_eq!(count(pool, pieces).await, 1);
    assert_eq!(text(pool, "SELECT kind FROM data.contours_meta WHERE departement = '44'").await, "schematique");
    assert_eq!(count(pool, "SELECT count(*) FROM data.communes WHERE superficie_km2 IS NOT NULL").await, 0);
    let most = "SELECT max(n) FROM (SELECT count(*) AS n FROM data.communes_voisines GROUP BY code_insee) v";
    assert_eq!(count(pool, most).await, 6, "a hexagon has six neighbours");
}

#[tokio::test]
async fn a_secret_cell_is_never_a_zero() {
    let Some(plan) = plan(None, "2A") else { return };
    let db = test_support::database().await;
    run(&db.pool, &plan).await;
    let pool = &db.pool;
    assert!(count(pool, "SELECT count(*) FROM data.lovac WHERE statut ->> 'pp_vacant' = 's'").await > 0);
    assert_eq!(count(pool, "SELECT count(*) FROM data.lovac WHERE pp_vacant < 11 OR pp_vacant_2ans < 11").await, 0);
    assert_eq!(
        count(pool, "SELECT count(*) FROM data.lovac WHERE (pp_vacant IS NULL) <> (statut ? 'pp_vacant')").await,
        0
    );
    assert!(count(pool, "SELECT count(*) FROM data.filosofi WHERE statuts ->> 'med' = 's' AND med IS NULL").await > 0);
    assert_eq!(count(pool, "SELECT count(*) FROM data.filosofi WHERE (med IS NULL) <> (statuts ? 'med')").await, 0);
    assert_eq!(count(pool, "SELECT count(*) FROM data.rpls WHERE tx_vac IS NULL AND NOT statut ? 'tx_vac'").await, 0);
}

#[tokio::test]
async fn arrondissements_add_up_to_their_city() {
    let Some(plan) = plan(None, "75") else { return };
    let db = test_support::database().await;
    run(&db.pool, &plan).await;
    let sums = "SELECT (SELECT pp_vacant FROM data.lovac WHERE code_insee = '75056' AND annee = 2024)
                     - (SELECT sum(pp_vacant) FROM data.lovac WHERE code_insee LIKE '751%' AND annee = 2024)";
    assert_eq!(count(&db.pool, sums).await, 0);
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.rp_housing WHERE millesime = 2021").await, 21);
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.dvf WHERE code_insee = '75056'").await, 0);
}

#[tokio::test]
async fn real_files_chase_generated_ones_away_and_never_the_reverse() {
    let (Some(invented), Some(data)) = (plan(None, "44"), test_support::shared_data()) else { return };
    let Some(real) = plan(Some(data), "44") else { return };
    let db = test_support::database().await;
    let pool = &db.pool;
    run(pool, &invented).await;
    let summary = run(pool, &real).await;
    assert_eq!(
        summary.real,
        ["commune_passage", "contours", "densite", "population", "zonage_abc", "anil_loyers", "lovac", "dvf"]
    );
    let mixed = "SELECT count(*) FROM (SELECT dataset FROM data.data_sources WHERE active GROUP BY dataset
                 HAVING bool_or(synthetique) AND NOT bool_and(synthetique)) m";
    assert_eq!(count(pool, mixed).await, 0);
    assert_eq!(text(pool, "SELECT kind FROM data.contours_meta WHERE departement = '44'").await, "contours");
    assert_eq!(count(pool, "SELECT count(*) FROM data.dvf WHERE code_insee <> '44109'").await, 0);

    let out = scratch();
    let reference = invented.reference_dir;
    let only = ["dvf"];
    let specimen = Specimen {
        departement: Some("44"),
        reference: &reference,
        out: &out,
        only: &only,
        turnover: 0.0001,
        gzip: false,
    };
    let files = synthesize(&specimen).unwrap().remove(0).files;
    let refused = attempt(pool, "dvf", files[0].clone(), &Options::default()).await;
    assert!(matches!(refused, Err(ImportError::SyntheticOverReal { dataset: "dvf", .. })), "{refused:?}");
    std::fs::remove_dir_all(out).unwrap();
}

#[test]
fn the_same_request_writes_the_same_bytes() {
    let Some(reference) = reference() else { return };
    let write = || {
        let out = scratch();
        let specimen = Specimen {
            departement: Some("974"),
            reference: &reference,
            out: &out,
            only: &[],
            turnover: 0.001,
            gzip: false,
        };
        let files: Vec<PathBuf> = synthesize(&specimen).unwrap().into_iter().flat_map(|g| g.files).collect();
        let bytes: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
        assert!(files.iter().all(|file| file.file_name().unwrap().to_string_lossy().starts_with("SYNTHETIQUE_")));
        std::fs::remove_dir_all(out).unwrap();
        bytes
    };
    assert_eq!(write(), write());
}

#[test]
fn an_unknown_departement_is_refused_by_name() {
    let Some(reference) = reference() else { return };
    let out = scratch();
    let specimen =
        Specimen { departement: Some("99"), reference: &reference, out: &out, only: &[], turnover: 0.001, gzip: false };
    let refused = synthesize(&specimen).map(|generated| generated.len());
    assert!(matches!(&refused, Err(ImportError::UnknownDepartement(code)) if code == "99"), "{refused:?}");
    std::fs::remove_dir_all(out).unwrap();
}
