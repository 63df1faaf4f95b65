//! Objects, written once, against a server that misbehaves.

use std::time::Duration;

use domain::ports::{Object, PortError, Storage};
use infra::{
    http::Secret,
    storage::{S3Config, S3Endpoint, S3Storage},
};

use crate::vendor::{Reply, Vendor};

const BYTES: &[u8] = b"%PDF-1.4 a report";
const SHA256: &str = "5b9d1d1c7f1f3f0a4f7f0fb2b7a0e0f3b7b4c0a8a4f7d2f1c9e6d5b4a3928170";
const KEY: &str = "reports/0199/5b9d.pdf";

fn storage(vendor: &Vendor) -> S3Storage {
    let config = S3Config {
        endpoint: S3Endpoint::Custom { url: format!("{}/", vendor.url), region: "auto".into() },
        bucket: "lobster-reports".into(),
        access_key: Secret::new("access"),
        secret_key: Secret::new("canary"),
    };
    S3Storage::new(&config).unwrap()
}

fn object() -> Object<'static> {
    Object {
        key: KEY,
        bytes: BYTES,
        sha256: SHA256,
        content_type: "application/pdf",
        filename: Some("LOG-01_Orléans_45234_2026-11-22.pdf"),
    }
}

fn head(sha256: &str, length: usize) -> Reply {
    Reply::empty(200).with("content-length", &length).with("x-amz-meta-sha256", sha256)
}

fn fault(status: u16, code: &str) -> Reply {
    Reply::text(status, "application/xml", format!("<Error><Code>{code}</Code><Message>…</Message></Error>"))
}

#[tokio::test]
async fn an_object_is_written_once_with_all_that_its_download_needs() {
    let vendor = Vendor::answering([fault(503, "SlowDown"), Reply::empty(200), head(SHA256, BYTES.len())]).await;
    let stored = storage(&vendor).put_once(object()).await.unwrap();
    assert_eq!((stored.bytes, stored.sha256.as_deref()), (BYTES.len() as u64, Some(SHA256)));
    let put = &vendor.asked()[1];
    assert_eq!((put.method.as_str(), put.path.as_str()), ("PUT", "/lobster-reports/reports/0199/5b9d.pdf"));
    assert_eq!(put.body, BYTES);
    assert_eq!((put.header("if-none-match"), put.header("content-type")), ("*", "application/pdf"));
    assert_eq!(put.header("x-amz-meta-sha256"), SHA256);
    assert_eq!(
        put.header("content-disposition"),
        "attachment; filename=\"LOG-01_Orleans_45234_2026-11-22.pdf\"; \
         filename*=UTF-8''LOG-01_Orl%C3%A9ans_45234_2026-11-22.pdf"
    );
    assert!(put.headers.keys().all(|name| !name.as_str().contains("acl") && !name.as_str().contains("tagging")));
}

#[tokio::test]
async fn a_key_that_holds_the_same_bytes_is_a_success_and_others_are_an_alarm() {
    let vendor = Vendor::answering([fault(412, "PreconditionFailed"), head(SHA256, BYTES.len())]).await;
    assert!(storage(&vendor).put_once(object()).await.is_ok());
    for other in [head(&"0".repeat(64), BYTES.len()), head(SHA256, 3)] {
        let vendor = Vendor::answering([fault(412, "PreconditionFailed"), other]).await;
        let error = storage(&vendor).put_once(object()).await.unwrap_err();
        assert!(matches!(&error, PortError::Collision { key, .. } if key == KEY), "{error}");
    }
}

#[tokio::test]
async fn absence_and_a_wrong_signature_are_told_apart() {
    let vendor =
        Vendor::answering([fault(404, "NoSuchKey"), fault(403, "SignatureDoesNotMatch"), Reply::empty(404)]).await;
    let storage = storage(&vendor);
    assert!(matches!(storage.get(KEY).await, Err(PortError::Missing { .. })));
    let refused = storage.get(KEY).await.unwrap_err();
    assert!(matches!(&refused, PortError::Refused { .. }) && !refused.to_string().contains("canary"), "{refused}");
    assert!(matches!(storage.head(KEY).await, Err(PortError::Missing { .. })));
}

#[tokio::test]
async fn a_link_is_signed_for_a_quarter_of_an_hour_without_asking_anybody() {
    let vendor = Vendor::answering([]).await;
    let link = storage(&vendor).link(KEY, Duration::from_secs(900)).await.unwrap();
    assert!(link.starts_with(&format!("{}/lobster-reports/{KEY}?", vendor.url)), "{link}");
    assert!(link.contains("X-Amz-Expires=900") && link.contains("X-Amz-Signature="), "{link}");
    assert!(!link.contains("canary") && vendor.asked().is_empty());
}

#[tokio::test]
async fn a_put_whose_answer_breaks_off_is_looked_at_again_and_no_alarm() {
    let broken = Reply::text(200, "application/xml", "<Whatever/>").cut();
    let vendor = Vendor::answering([broken, fault(412, "PreconditionFailed"), head(SHA256, BYTES.len())]).await;
    assert!(storage(&vendor).put_once(object()).await.is_ok());
    assert_eq!(vendor.asked().len(), 3);
}

#[tokio::test]
async fn half_a_download_is_asked_for_again() {
    let whole = Reply::text(200, "application/pdf", BYTES);
    let vendor = Vendor::answering([whole.clone().cut(), whole]).await;
    assert_eq!(storage(&vendor).get(KEY).await.unwrap(), BYTES);
}

#[tokio::test]
async fn what_does_not_read_back_as_it_was_written_is_not_stored() {
    let vendor = Vendor::answering([Reply::empty(200), head(SHA256, 3)]).await;
    let error = storage(&vendor).put_once(object()).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
}
