//! A vendor that is down is left alone, by every client of it.

use std::sync::Arc;

use domain::ports::{EnergyCertificates, PortError};
use futures::future::join_all;
use infra::{
    ademe::{AdemeCertificates, AdemeConfig},
    clock::SystemClock,
};
use test_support::TestDb;

use crate::vendor::{Reply, Vendor};

fn certificates(vendor: &Vendor, db: &TestDb) -> AdemeCertificates {
    let config = AdemeConfig { base_url: vendor.url.clone(), contact: "contact@example.fr".into(), synthetic: true };
    AdemeCertificates::new(config, Arc::new(SystemClock), db.pool.clone()).unwrap()
}

#[tokio::test]
async fn after_five_failures_nobody_asks_and_everybody_is_told_until_when() {
    let db = test_support::database().await;
    let vendor = Vendor::answering([(); 9].map(|()| Reply::text(502, "text/html", "<html>"))).await;
    let (clients, communes) = ([(); 5].map(|()| certificates(&vendor, &db)), ["44109".to_owned()]);
    // Five clients, four attempts each: their first ones are the last questions.
    for outcome in join_all(clients.iter().map(|client| client.by_label(&communes))).await {
        assert!(outcome.unwrap_err().is_transient());
    }
    assert_eq!(vendor.asked().len(), 5);
    let told = certificates(&vendor, &db).by_label(&communes).await.unwrap_err();
    assert!(matches!(&told, PortError::Transient { retry_after: Some(1..=60), .. }), "{told}");
    assert!(told.to_string().contains("not asked"), "{told}");
    assert_eq!(vendor.asked().len(), 5);
}
