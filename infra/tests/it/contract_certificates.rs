//! What the certificates port promises, whoever answers: counts that add up, of the communes asked for, once a week.

use std::sync::Arc;

use domain::ports::{CertificateCounts, CertificateMeasure, EnergyCertificates, PortError};
use infra::{
    ademe::{AdemeCertificates, AdemeConfig},
    clock::SystemClock,
    config::ADEME,
};
use serde_json::json;
use sqlx::PgPool;

use crate::{
    doubles::{Doubles, passing_effects},
    live,
};

fn certificates(base_url: String, pool: &PgPool, synthetic: bool) -> AdemeCertificates {
    let config = AdemeConfig { base_url, contact: "contact@lobster.test".into(), synthetic };
    AdemeCertificates::new(config, Arc::new(SystemClock), pool.clone()).unwrap()
}

fn of(doubles: &Doubles, pool: &PgPool) -> AdemeCertificates {
    certificates(doubles.url("/ademe/data-fair/api/v1"), pool, true)
}

async fn count(port: &dyn EnergyCertificates, codes: &[&str]) -> Result<CertificateCounts, PortError> {
    let codes: Vec<String> = codes.iter().map(|&code| code.to_owned()).collect();
    port.by_label(&codes).await
}

async fn counts_add_up(port: &dyn EnergyCertificates) {
    let nantes = count(port, &["44109"]).await.unwrap();
    let labelled: i64 = nantes.by_label.values().sum();
    assert!(nantes.by_label.len() == 7 && labelled > 1_000 && labelled <= nantes.total, "{nantes:?}");
    let (first, second) = (count(port, &["69381"]).await.unwrap(), count(port, &["69382"]).await.unwrap());
    let both = count(port, &["69381", "69382"]).await.unwrap();
    assert_eq!(both.total, first.total + second.total, "arrondissements are asked by OR");
    assert_eq!(both.by_label["D"], first.by_label["D"] + second.by_label["D"]);
    let city = count(port, &["69123"]).await.unwrap();
    assert_eq!(city.total, 0, "a city of arrondissements has no certificates of its own");
    assert_eq!(count(port, &["44109"]).await.unwrap(), nantes, "the answer of a moment ago");
}

async fn measures_are_of_the_commune(port: &dyn EnergyCertificates) {
    let communes = ["44109".to_owned()];
    let counts = port.by_label(&communes).await.unwrap();
    let climate = port.by_climate_label(&communes).await.unwrap();
    assert!(climate.by_label.len() == 7 && climate.by_label.values().sum::<i64>() > 1_000, "{climate:?}");
    assert_ne!(climate.by_label, counts.by_label, "the other label");
    for (measure, least, most) in [(CertificateMeasure::Consumption, 80, 400), (CertificateMeasure::Emissions, 2, 90)] {
        let median = port.median(&communes, measure, counts.total).await.unwrap();
        let value = median.value.unwrap();
        assert!(value > least.into() && value < most.into() && median.total > 1_000, "{measure:?}: {median:?}");
    }
    let wrong = port.median(&communes, CertificateMeasure::Consumption, counts.total * 3).await;
    assert!(wrong.is_err(), "not the certificates that are known: {wrong:?}");
}

#[tokio::test]
async fn the_sandbox_keeps_the_contract() {
    let (doubles, db) = (Doubles::start().await, test_support::database().await);
    counts_add_up(&of(&doubles, &db.pool)).await;
    assert_eq!(doubles.calls("ademe", "values_agg").await, 5, "the sixth was kept");
    measures_are_of_the_commune(&of(&doubles, &db.pool)).await;
    assert_eq!(doubles.calls("ademe", "values_agg").await, 6, "the labels of energy were kept");
}

#[tokio::test]
async fn live_ademe_keeps_the_contract() {
    let Some(called) = live::called("ademe") else { return };
    let db = test_support::database().await;
    let url = called.vendors.ademe_url.unwrap_or_else(|| ADEME.to_owned());
    counts_add_up(&certificates(url.clone(), &db.pool, false)).await;
    measures_are_of_the_commune(&certificates(url, &db.pool, false)).await;
}

#[tokio::test]
async fn whatever_happens_on_the_way_the_counts_are_the_same() {
    let (doubles, db) = (Doubles::start().await, test_support::database().await);
    let certificates = of(&doubles, &db.pool);
    let forget = async || sqlx::query("TRUNCATE app.ademe_answers").execute(&db.pool).await.map(|_| ());
    let calm = count(&certificates, &["44109"]).await.unwrap();
    let scenario = |name: &'static str| (name, json!({"kind": "scenario", "name": name}));
    let scenarios = [scenario("down"), scenario("truncated_json")];
    for (name, effect) in passing_effects().into_iter().chain(scenarios) {
        forget().await.unwrap();
        doubles.arm("ademe", "values_agg", &effect).await;
        let counted = count(&certificates, &["44109"]).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((counted.total, counted.by_label), (calm.total, calm.by_label.clone()), "{name}");
        assert!(!counted.fallback, "{name}");
    }
}

#[tokio::test]
async fn a_column_that_is_gone_is_a_refusal_and_what_is_being_indexed_comes_back() {
    let (doubles, db) = (Doubles::start().await, test_support::database().await);
    let certificates = of(&doubles, &db.pool);
    doubles.arm("ademe", "values_agg", &json!({"kind": "scenario", "name": "column_missing"})).await;
    let gone = count(&certificates, &["44109"]).await.unwrap_err();
    assert!(matches!(gone, PortError::Refused { .. }) && doubles.calls("ademe", "values_agg").await == 1, "{gone}");
    doubles.arm("ademe", "values_agg", &json!({"kind": "scenario", "name": "reindexing"})).await;
    let codes = ["44109".to_owned()];
    let (counted, ()) = tokio::join!(certificates.by_label(&codes), async {
        while doubles.calls("ademe", "values_agg").await < 2 {
            tokio::task::yield_now().await;
        }
        doubles.control("POST", "/clock", &json!({"advance_s": 120})).await;
    });
    assert!(counted.unwrap().total > 0);
}

#[tokio::test]
async fn an_answer_near_the_time_out_is_waited_for() {
    let (doubles, db) = (Doubles::start().await, test_support::database().await);
    doubles.arm("ademe", "values_agg", &json!({"kind": "scenario", "name": "slow"})).await;
    assert!(count(&of(&doubles, &db.pool), &["44109"]).await.unwrap().total > 0);
    assert_eq!(doubles.calls("ademe", "values_agg").await, 1);
}

#[tokio::test]
async fn while_ademe_is_away_the_answer_of_before_stands_in() {
    let (doubles, db) = (Doubles::start().await, test_support::database().await);
    let certificates = of(&doubles, &db.pool);
    let fresh = count(&certificates, &["44109"]).await.unwrap();
    sqlx::query("UPDATE app.ademe_answers SET extracted_at = extracted_at - interval '30 days'")
        .execute(&db.pool)
        .await
        .unwrap();
    let body = json!({"kind": "status", "status": 403});
    doubles.arm_times("ademe", "*", &body, json!(null)).await;
    let older = count(&certificates, &["44109"]).await.unwrap();
    assert!(older.fallback && older.total == fresh.total && older.asof < fresh.asof);
    let none = count(&certificates, &["44020"]).await.unwrap_err();
    assert!(matches!(none, PortError::Refused { .. }), "{none}");
}
