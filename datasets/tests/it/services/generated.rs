//! The generated files of a département: complete, accepted without one reject, and as many as France would have.

use datasets::{Options, Outcome, Specimen, synthesize};
use test_support::TestDb;

use crate::support::{count, reference, scratch, text, with_communes};

const NAMES: [&str; 6] = ["caf_communal", "aides_dept", "projections", "bpe_equipements", "finess", "rpps"];

/// Writes and imports the six datasets of one département.
async fn filled(departement: &str) -> Option<TestDb> {
    let db = with_communes().await?;
    let (reference, out) = (reference()?, scratch());
    let specimen = Specimen {
        departement: Some(departement),
        reference: &reference,
        out: &out,
        only: &NAMES,
        turnover: 0.001,
        gzip: true,
    };
    let options = Options { departement: Some(departement.to_owned()), ..Options::default() };
    for generated in synthesize(&specimen).unwrap() {
        let outcomes = datasets::import(&db.pool, generated.dataset, &generated.files, &options).await;
        let outcomes = outcomes.unwrap_or_else(|error| panic!("{}: {error}", generated.dataset));
        for outcome in outcomes {
            assert!(matches!(outcome, Outcome::Imported { rejected: 0, .. }), "{}: {outcome:?}", generated.dataset);
        }
    }
    std::fs::remove_dir_all(out).unwrap();
    Some(db)
}

#[tokio::test]
async fn a_departement_overseas_is_where_it_is() {
    let Some(db) = filled("974").await else { return };
    let pool = &db.pool;
    for table in ["bpe_equipements", "finess"] {
        let astray = format!(
            "SELECT count(*) FROM data.{table} WHERE NOT ST_Within(geom, ST_MakeEnvelope(54.5, -22, 56.5, -20, 4326))"
        );
        assert_eq!(count(pool, &astray).await, 0, "{table}");
        let located = format!("SELECT 100 * count(geom) / count(*) FROM data.{table}");
        assert!((90..100).contains(&count(pool, &located).await), "{table} has a few facilities without coordinates");
    }
    let inhabitants = count(pool, "SELECT sum(population)::bigint FROM data.communes WHERE departement = '974'").await;
    let per_thousand = |n: i64| n * 1_000 / inhabitants;
    assert_eq!(per_thousand(count(pool, "SELECT count(*) FROM data.bpe_equipements").await), 39);
    assert!((14..28).contains(&per_thousand(count(pool, "SELECT count(*) FROM data.rpps").await)));
    assert_eq!(
        count(pool, "SELECT count(DISTINCT service) FROM data.bpe_typequ").await,
        count(pool, "SELECT count(*) FROM data.bpe_services").await
    );
    assert_eq!(
        count(
            pool,
            "SELECT count(*) FROM data.data_sources WHERE active AND dataset <> 'communes' AND NOT synthetique"
        )
        .await,
        0
    );
}

#[tokio::test]
async fn corsica_has_one_payer_and_paris_its_arrondissements() {
    let Some(db) = filled("2A").await else { return };
    assert_eq!(text(&db.pool, "SELECT string_agg(DISTINCT code_dept, ' ') FROM data.aides_dept").await, "20");
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.aides_dept").await, 28);
    let ages = "SELECT count(DISTINCT annee) * count(DISTINCT age_min) * count(DISTINCT scenario) FROM data.projections WHERE code_zone = '2A'";
    assert_eq!(count(&db.pool, ages).await, 53 * 20 * 3);
    let Some(db) = filled("75").await else { return };
    let pool = &db.pool;
    let city = "SELECT c.foyers::bigint - (SELECT sum(a.foyers) FROM data.caf_communal a WHERE a.code_insee LIKE '751%'
                    AND a.prestation = 'rsa' AND a.date_ref = c.date_ref)::bigint
                FROM data.caf_communal c WHERE c.code_insee = '75056' AND c.prestation = 'rsa' AND c.date_ref = '2024-12-31'";
    assert_eq!(count(pool, city).await, 0);
    assert_eq!(
        count(pool, "SELECT count(DISTINCT code_insee) FROM data.bpe_equipements WHERE code_insee LIKE '751%'").await,
        20
    );
    assert_eq!(count(pool, "SELECT count(*) FROM data.bpe_equipements WHERE code_insee = '75056'").await, 0);
    // Nothing in a loaded commune is none; nothing in a city that is published in pieces, or elsewhere, is not known.
    for (code, status) in [("75101", "ok"), ("75056", "nd"), ("44109", "ab")] {
        for dataset in ["bpe_equipements", "finess", "rpps"] {
            let absent = format!("SELECT data.statut_absent('{dataset}', '{code}')");
            assert_eq!(text(pool, &absent).await, status, "{dataset} {code}");
        }
    }
}
