//! Certificates against a server with the traps of the real one.

use std::sync::Arc;

use domain::ports::{EnergyCertificates, PortError};
use infra::{
    ademe::{AdemeCertificates, AdemeConfig},
    clock::SystemClock,
};
use serde_json::json;

use crate::vendor::{Reply, Vendor};

fn certificates(vendor: &Vendor) -> AdemeCertificates {
    let config = AdemeConfig {
        base_url: format!("{}/ademe/data-fair/api/v1", vendor.url),
        contact: "contact@example.fr".into(),
        synthetic: true,
    };
    AdemeCertificates::new(config, Arc::new(SystemClock)).unwrap()
}

fn codes(given: &[&str]) -> Vec<String> {
    given.iter().map(|&code| code.to_owned()).collect()
}

#[tokio::test]
async fn arrondissements_are_asked_together_after_a_hiccup() {
    let body = json!({"total": 50, "total_values": 2, "total_other": 0,
        "aggs": [{"total": 30, "value": "D", "results": []}, {"total": 12, "value": "F", "results": []}]});
    let vendor = Vendor::answering([Reply::text(502, "text/html", "<html>"), Reply::json(200, &body)]).await;
    let counts = certificates(&vendor).by_label(&codes(&["69381", "69382"])).await.unwrap();
    assert_eq!((counts.total, counts.by_label["D"], counts.by_label["A"]), (50, 30, 0));
    assert!(counts.synthetic && counts.answer_sha256.len() == 64);
    let asked = vendor.asked();
    assert_eq!(asked[1].path, "/ademe/data-fair/api/v1/datasets/dpe03existant/values_agg");
    assert!(asked[1].query.contains("field=etiquette_dpe"), "{}", asked[1].query);
    assert!(asked[1].query.contains("code_insee_ban%3A%2869381+OR+69382%29"), "{}", asked[1].query);
    assert!(asked[1].header("user-agent").ends_with("(+mailto:contact@example.fr)"));
}

#[tokio::test]
async fn the_gateways_refusal_is_final() {
    let vendor = Vendor::answering([Reply::text(403, "text/html", "<html>Forbidden</html>")]).await;
    let error = certificates(&vendor).by_label(&codes(&["44109"])).await.unwrap_err();
    assert!(matches!(error, PortError::Refused { .. }), "{error}");
}

#[tokio::test]
async fn only_codes_leave_the_house() {
    let vendor = Vendor::answering([]).await;
    let error = certificates(&vendor).by_label(&codes(&["44109 OR *"])).await.unwrap_err();
    assert!(matches!(error, PortError::Refused { .. }), "{error}");
    assert!(vendor.asked().is_empty());
}
