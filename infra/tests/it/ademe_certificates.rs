//! Certificates against a server with the traps of the real one, and the answers of before.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ports::{CertificateMeasure, Clock, EnergyCertificates, PortError};
use infra::{
    ademe::{AdemeCertificates, AdemeConfig},
    pools::{self, Role},
};
use serde_json::{Value, json};
use test_support::TestDb;

use crate::vendor::{Reply, Vendor};

/// A clock that a test moves.
#[derive(Clone)]
struct Hand(Arc<Mutex<DateTime<Utc>>>);

impl Hand {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(DateTime::from_timestamp(1_795_000_000, 0).unwrap())))
    }

    fn days(&self, days: i64) {
        *self.0.lock().unwrap() += TimeDelta::days(days);
    }
}

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

async fn certificates(vendor: &Vendor, db: &TestDb, clock: &Hand, synthetic: bool) -> AdemeCertificates {
    let config = AdemeConfig {
        base_url: format!("{}/ademe/data-fair/api/v1", vendor.url),
        contact: "contact@example.fr".into(),
        synthetic,
    };
    // The worker's own rights: a table that only its owner may read would show here.
    let pool = pools::connect(&db.url, Role::Worker, 2).await.unwrap();
    AdemeCertificates::new(config, Arc::new(clock.clone()), pool).unwrap()
}

fn codes(given: &[&str]) -> Vec<String> {
    given.iter().map(|&code| code.to_owned()).collect()
}

fn of(commune: &str, d: i64) -> Value {
    json!({"total": d, "value": commune, "results": [], "total_other": 0, "aggs": [{"total": d, "value": "D", "results": []}]})
}

fn answer(communes: &[Value]) -> Reply {
    let total: i64 = communes.iter().map(|commune| commune["total"].as_i64().unwrap()).sum();
    Reply::json(200, &json!({"total": total, "total_values": communes.len(), "total_other": 0, "aggs": communes}))
}

#[tokio::test]
async fn codes_are_asked_together_after_a_hiccup() {
    let (db, clock) = (test_support::database().await, Hand::new());
    let both = answer(&[of("69381", 30), of("69382", 12)]);
    let vendor = Vendor::answering([Reply::text(502, "text/html", "<html>"), both]).await;
    let counts = certificates(&vendor, &db, &clock, true).await.by_label(&codes(&["69381", "69382"])).await.unwrap();
    assert_eq!((counts.total, counts.by_label["D"], counts.by_label["A"]), (42, 42, 0));
    assert!(counts.synthetic && !counts.fallback && counts.asof == clock.now() && counts.answer_sha256.len() == 64);
    let asked = vendor.asked();
    assert_eq!(asked[1].path, "/ademe/data-fair/api/v1/datasets/dpe03existant/values_agg");
    assert!(asked[1].query.contains("field=code_insee_ban%2Cetiquette_dpe"), "{}", asked[1].query);
    assert!(asked[1].query.contains("qs=code_insee_ban%3A%2869381+OR+69382%29"), "{}", asked[1].query);
    assert!(asked[1].header("user-agent").ends_with("(+mailto:contact@example.fr)"));
}

#[tokio::test]
async fn an_answer_serves_for_a_week_and_stays_as_evidence() {
    let (db, clock) = (test_support::database().await, Hand::new());
    let vendor = Vendor::answering([answer(&[of("44109", 30)]), answer(&[of("44109", 31)])]).await;
    let certificates = certificates(&vendor, &db, &clock, true).await;
    let first = certificates.by_label(&codes(&["44109"])).await.unwrap();
    clock.days(6);
    let kept = certificates.by_label(&codes(&["44109"])).await.unwrap();
    assert_eq!((&kept, vendor.asked().len()), (&first, 1), "the same answer, of the same hour");
    clock.days(2);
    let second = certificates.by_label(&codes(&["44109"])).await.unwrap();
    assert_eq!((second.total, second.asof, vendor.asked().len()), (31, clock.now(), 2));
    let digests: Vec<String> = sqlx::query_scalar("SELECT body_sha256 FROM app.ademe_answers ORDER BY extracted_at")
        .fetch_all(&db.pool)
        .await
        .unwrap();
    assert_eq!(digests, [first.answer_sha256, second.answer_sha256], "both reports can be proved");
}

#[tokio::test]
async fn an_older_answer_stands_in_while_ademe_is_away_and_says_so() {
    let (db, clock) = (test_support::database().await, Hand::new());
    let refusal = || Reply::text(403, "text/html", "<html>Forbidden</html>");
    let vendor = Vendor::answering([answer(&[of("44109", 30)]), refusal(), refusal(), refusal(), refusal()]).await;
    let real = certificates(&vendor, &db, &clock, true).await;
    let first = real.by_label(&codes(&["44109"])).await.unwrap();
    clock.days(89);
    let older = real.by_label(&codes(&["44109"])).await.unwrap();
    assert!(older.fallback && older.asof == first.asof && older.total == 30);
    let other = real.by_label(&codes(&["44020"])).await.unwrap_err();
    assert!(matches!(other, PortError::Refused { .. }), "another commune's answer is no help: {other}");
    let unmarked = certificates(&vendor, &db, &clock, false).await;
    assert!(unmarked.by_label(&codes(&["44109"])).await.is_err(), "a double's answer never stands in for ADEME's");
    clock.days(2);
    assert!(real.by_label(&codes(&["44109"])).await.is_err(), "ninety-one days are too old");
}

fn median(total: i64, value: &Value) -> Reply {
    Reply::json(200, &json!({"total": total, "metric": [{"key": 50, "value": value}]}))
}

#[tokio::test]
async fn a_median_is_asked_once_a_week_and_stands_in_for_ninety_days() {
    let (db, clock) = (test_support::database().await, Hand::new());
    let refusal = || Reply::text(403, "text/html", "<html>Forbidden</html>");
    let vendor = Vendor::answering([median(30, &json!(211.5)), median(31, &json!(null)), refusal()]).await;
    let certificates = certificates(&vendor, &db, &clock, true).await;
    let communes = codes(&["44109"]);
    let ask = async |measure| certificates.median(&communes, measure, 30).await;
    let first = ask(CertificateMeasure::Consumption).await.unwrap();
    assert_eq!((first.value.map(|value| value.to_string()), first.total), (Some("211.5".to_owned()), 30));
    assert_eq!(ask(CertificateMeasure::Consumption).await.unwrap(), first);
    assert_eq!(ask(CertificateMeasure::Emissions).await.unwrap().value, None, "another measure, another question");
    let asked = vendor.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].path, "/ademe/data-fair/api/v1/datasets/dpe03existant/metric_agg");
    assert!(
        asked[0].query.contains("metric=percentiles&percents=50&field=conso_5_usages_par_m2_ep"),
        "{}",
        asked[0].query
    );
    assert!(
        asked[1].query.contains("field=emission_ges_5_usages_par_m2&qs=code_insee_ban%3A44109"),
        "{}",
        asked[1].query
    );
    clock.days(8);
    let older = ask(CertificateMeasure::Consumption).await.unwrap();
    assert!(older.fallback && older.asof == first.asof && older.value == first.value);
}

#[tokio::test]
async fn the_climate_labels_are_counted_apart() {
    let (db, clock) = (test_support::database().await, Hand::new());
    let vendor = Vendor::answering([answer(&[of("44109", 30)]), answer(&[of("44109", 29)])]).await;
    let certificates = certificates(&vendor, &db, &clock, true).await;
    let communes = codes(&["44109"]);
    assert_eq!(certificates.by_label(&communes).await.unwrap().total, 30);
    assert_eq!(certificates.by_climate_label(&communes).await.unwrap().total, 29, "not the answer that is kept");
    assert!(vendor.asked()[1].query.contains("field=code_insee_ban%2Cetiquette_ges"));
}

#[tokio::test]
async fn a_filter_that_was_not_understood_is_never_counted() {
    let (db, clock) = (test_support::database().await, Hand::new());
    let country = answer(&[of("44109", 30), of("75101", 15_000_000)]);
    let vendor = Vendor::answering([country, answer(&[of("44109", 30)])]).await;
    let counts = certificates(&vendor, &db, &clock, true).await.by_label(&codes(&["44109"])).await.unwrap();
    assert_eq!((counts.total, vendor.asked().len()), (30, 2));
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM app.ademe_answers").fetch_one(&db.pool).await.unwrap();
    assert_eq!(kept, 1, "what is not believed is not kept");
}

#[tokio::test]
async fn the_gateways_refusal_is_final() {
    let (db, clock) = (test_support::database().await, Hand::new());
    let vendor = Vendor::answering([Reply::text(403, "text/html", "<html>Forbidden</html>")]).await;
    let error = certificates(&vendor, &db, &clock, true).await.by_label(&codes(&["44109"])).await.unwrap_err();
    assert!(matches!(error, PortError::Refused { .. }), "{error}");
    assert_eq!(vendor.asked().len(), 1);
}

#[tokio::test]
async fn a_limit_without_a_wish_is_a_minute() {
    let (db, clock) = (test_support::database().await, Hand::new());
    let limit = Reply::text(429, "text/plain", "Vous avez dépassé la limite");
    let vendor = Vendor::answering([limit]).await;
    let certificates = certificates(&vendor, &db, &clock, true).await;
    let communes = codes(&["44109"]);
    let asking = certificates.by_label(&communes);
    // A minute's wait would not end before this one.
    assert!(tokio::time::timeout(std::time::Duration::from_secs(3), asking).await.is_err());
    assert_eq!(vendor.asked().len(), 1);
}

#[tokio::test]
async fn only_codes_leave_the_house() {
    let (db, clock) = (test_support::database().await, Hand::new());
    let vendor = Vendor::answering([]).await;
    let error = certificates(&vendor, &db, &clock, true).await.by_label(&codes(&["44109 OR *"])).await.unwrap_err();
    assert!(matches!(error, PortError::Refused { .. }), "{error}");
    assert!(vendor.asked().is_empty());
}
