//! What the storage port promises, whoever answers: written once, read back as it was, and never two versions of a key.

use std::time::Duration;

use domain::ports::{Object, PortError, Storage};
use infra::{
    http::Secret,
    storage::{S3Config, S3Endpoint, S3Storage},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    doubles::{Doubles, passing_effects},
    live,
};

const BYTES: &[u8] = b"%PDF-1.7 a small report";

fn storage(doubles: &Doubles, secret: &str) -> S3Storage {
    let config = S3Config {
        endpoint: S3Endpoint::Custom { url: doubles.s3_url(), region: "auto".into() },
        bucket: "lobster-reports".into(),
        access_key: Secret::new("sandboxkey"),
        secret_key: Secret::new(secret),
    };
    S3Storage::new(&config).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

async fn put(storage: &dyn Storage, key: &str, bytes: &[u8]) -> Result<u64, PortError> {
    let sha256 = sha256(bytes);
    let filename = Some("LOG-01_Orléans_45234.pdf");
    let object = Object { key, bytes, sha256: &sha256, content_type: "application/pdf", filename };
    storage.put_once(object).await.map(|stored| stored.bytes)
}

async fn written_once_and_read_back(storage: &dyn Storage, prefix: &str) -> String {
    let key = format!("{prefix}/{}.pdf", sha256(BYTES));
    assert!(matches!(storage.get(&key).await, Err(PortError::Missing { .. })));
    assert!(matches!(storage.head(&key).await, Err(PortError::Missing { .. })));
    assert_eq!(put(storage, &key, BYTES).await.unwrap(), BYTES.len() as u64);
    assert_eq!(put(storage, &key, BYTES).await.unwrap(), BYTES.len() as u64, "twice is once");
    assert!(matches!(put(storage, &key, b"other bytes").await, Err(PortError::Collision { .. })));
    assert_eq!(storage.get(&key).await.unwrap(), BYTES);
    let stored = storage.head(&key).await.unwrap();
    assert_eq!((stored.bytes, stored.sha256.as_deref()), (BYTES.len() as u64, Some(sha256(BYTES).as_str())));
    storage.link(&key, Duration::from_secs(900)).await.unwrap()
}

async fn a_download_has_its_type_and_its_name(response: reqwest::Response) {
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"LOG-01_Orleans_45234.pdf\"; filename*=UTF-8''LOG-01_Orl%C3%A9ans_45234.pdf"
    );
    assert_eq!(response.bytes().await.unwrap(), BYTES);
}

#[tokio::test]
async fn the_sandbox_keeps_the_contract() {
    let doubles = Doubles::start().await;
    let link = written_once_and_read_back(&storage(&doubles, "sandboxsecret"), "reports/contract").await;
    a_download_has_its_type_and_its_name(doubles.fetch(&link).await).await;
    let forged = doubles.fetch(&link.replace("X-Amz-Expires=900", "X-Amz-Expires=9000")).await;
    assert_eq!(forged.status(), 403, "a link cannot be prolonged by its holder");
}

#[tokio::test]
async fn live_storage_keeps_the_contract() {
    let Some(called) = live::called("storage") else { return };
    let vendors = called.vendors;
    let endpoint = match (vendors.s3_endpoint, vendors.r2_account) {
        (Some(url), _) => S3Endpoint::Custom { url, region: vendors.s3_region },
        (None, account) => S3Endpoint::R2 { account_id: account.expect("LOBSTER_R2_ACCOUNT"), eu: vendors.r2_eu },
    };
    let storage = S3Storage::new(&S3Config {
        endpoint,
        bucket: vendors.s3_bucket,
        access_key: vendors.s3_access_key.expect("LOBSTER_S3_ACCESS_KEY"),
        secret_key: vendors.s3_secret_key.expect("LOBSTER_S3_SECRET_KEY"),
    })
    .unwrap();
    // Another key in each run: nothing is ever overwritten.
    let run = sha256(format!("{:?} {}", std::time::Instant::now(), std::process::id()).as_bytes());
    let link = written_once_and_read_back(&storage, &format!("contract/{run}")).await;
    a_download_has_its_type_and_its_name(reqwest::get(link).await.unwrap()).await;
}

#[tokio::test]
async fn whatever_happens_on_the_way_an_object_is_there_once_and_whole() {
    let doubles = Doubles::start().await;
    let storage = storage(&doubles, "sandboxsecret");
    let large: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    for (number, (name, effect)) in passing_effects().into_iter().enumerate() {
        for operation in ["PutObject", "HeadObject", "GetObject"] {
            let key = format!("reports/{number}/{operation}");
            doubles.arm("s3", operation, &effect).await;
            let put = put(&storage, &key, &large).await;
            assert!(put.is_ok(), "{name}, {operation}: {put:?}");
            assert!(storage.get(&key).await.unwrap() == large, "{name}, {operation}");
        }
    }
}

#[tokio::test]
async fn a_write_that_got_through_before_it_failed_is_no_alarm_and_no_second_object() {
    let doubles = Doubles::start().await;
    let storage = storage(&doubles, "sandboxsecret");
    doubles.arm("s3", "PutObject", &json!({"kind": "commit_then_fail", "status": 503})).await;
    assert!(put(&storage, "reports/a", BYTES).await.is_ok());
    assert_eq!(doubles.calls("s3", "PutObject").await, 2, "the second is answered 412");
    assert!(matches!(put(&storage, "reports/a", b"other").await, Err(PortError::Collision { .. })));
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_a_storage_that_stays_away_is_transient() {
    let doubles = Doubles::start().await;
    let error = put(&storage(&doubles, "wrong"), "reports/a", BYTES).await.unwrap_err();
    assert!(matches!(error, PortError::Refused { .. }) && error.code() == "SignatureDoesNotMatch", "{error}");
    doubles.arm_times("s3", "*", &json!({"kind": "status", "status": 503}), json!(null)).await;
    let error = put(&storage(&doubles, "sandboxsecret"), "reports/a", BYTES).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
}

/// A process that is killed while it stores leaves an object or none, never half of one.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_being_stored_when_the_process_died_can_be_stored_again() {
    let doubles = Doubles::start().await;
    let storage = storage(&doubles, "sandboxsecret");
    let bytes = vec![b'x'; 200_000];
    let mut cut = 0;
    for round in 0..150_u64 {
        let key = format!("artefacts/cut-{round}");
        // From before the connection stands to after the answer.
        let patience = Duration::from_micros(200 * round);
        cut += u32::from(tokio::time::timeout(patience, put(&storage, &key, &bytes)).await.is_err());
        assert_eq!(put(&storage, &key, &bytes).await.unwrap(), bytes.len() as u64, "cut off after {patience:?}");
    }
    assert!(cut > 10, "only {cut} puts were cut off");
}
