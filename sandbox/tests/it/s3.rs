//! The double of the object storage, through the product's own client.

use std::time::{Duration, Instant};

use s3::creds::Credentials;
use s3::{Bucket, Region};
use serde_json::json;

use crate::bench::{Bench, until};

fn bucket(bench: &Bench, name: &str, secret: &str) -> Box<Bucket> {
    let region = Region::Custom { region: "auto".into(), endpoint: bench.s3.clone() };
    let credentials = Credentials::new(Some("sandboxkey"), Some(secret), None, None, None).unwrap();
    Bucket::new(name, region, credentials).unwrap().with_path_style()
}

fn reports(bench: &Bench) -> Box<Bucket> {
    bucket(bench, "lobster-reports", "sandboxsecret")
}

#[tokio::test]
async fn an_object_comes_back_with_its_headers() {
    let bench = Bench::start().await;
    let bucket = reports(&bench);
    let disposition = "attachment; filename=\"LOG-01_Rennes.pdf\"";
    let builder = bucket
        .put_object_builder("reports/1/a.pdf", b"%PDF-1.7 contenu")
        .with_content_type("application/pdf")
        .with_header("content-disposition", disposition)
        .unwrap()
        .with_metadata("sha256", "abc")
        .unwrap();
    assert_eq!(builder.execute().await.unwrap().status_code(), 200);
    let link = bucket.presign_get("/reports/1/a.pdf", 900, None).await.unwrap();
    let answer = bench.http.get(&link).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.headers()["content-disposition"], disposition);
    assert_eq!(answer.headers()["x-amz-meta-sha256"], "abc");
    assert_eq!(answer.bytes().await.unwrap(), b"%PDF-1.7 contenu".as_slice());
    let tampered = link.replace("a.pdf", "b.pdf");
    assert_eq!(bench.http.get(tampered).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_conditional_write_succeeds_once() {
    let bench = Bench::start().await;
    let bucket = reports(&bench);
    let put = |content: &'static [u8]| {
        let builder =
            bucket.put_object_builder("reports/1/once.pdf", content).with_header("if-none-match", "*").unwrap();
        async move { builder.execute().await }
    };
    let (first, second) = tokio::join!(put(b"un"), put(b"deux"));
    assert!(first.is_ok() != second.is_ok(), "one of two simultaneous writes wins");
    let refused = [first, second].into_iter().find_map(Result::err).unwrap().to_string();
    assert!(refused.contains("412") || refused.contains("PreconditionFailed"), "{refused}");
}

#[tokio::test]
async fn what_r2_refuses_is_refused() {
    let bench = Bench::start().await;
    let bucket_of = |name: &str, secret: &str| bucket(&bench, name, secret);
    let missing = bucket_of("no-such-bucket", "sandboxsecret").put_object("a", b"x").await.unwrap_err().to_string();
    assert!(missing.contains("NoSuchBucket"), "{missing}");
    let stranger = bucket_of("lobster-reports", "wrong").put_object("a", b"x").await.unwrap_err().to_string();
    assert!(stranger.contains("SignatureDoesNotMatch"), "{stranger}");
    for header in ["x-amz-acl", "x-amz-tagging"] {
        let bucket = reports(&bench);
        let builder = bucket.put_object_builder("a", b"x").with_header(header, "private").unwrap();
        let refused = builder.execute().await.unwrap_err().to_string();
        assert!(refused.contains("NotImplemented"), "{header}: {refused}");
    }
    assert_eq!(bench.http.get(format!("{}/lobster-reports/a", bench.s3)).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_write_that_is_done_and_denied_is_there() {
    let bench = Bench::start().await;
    let bucket = reports(&bench);
    bench.fault(json!({ "service": "s3", "operation": "PutObject", "effect": { "kind": "commit_then_fail", "status": 503 } })).await;
    let answer = bucket.put_object("reports/1/done.pdf", b"fait").await;
    let said = answer.map_or_else(|error| error.to_string(), |response| response.status_code().to_string());
    // The client may repeat a failed call by itself; either way the object is there.
    assert!(said.contains("503") || said == "200", "{said}");
    assert_eq!(bucket.get_object("reports/1/done.pdf").await.unwrap().bytes().as_ref(), b"fait");
    let calls = bench.get("/_sandbox/requests?service=s3&operation=PutObject").await;
    assert_eq!(calls["requests"][0]["status"], 503);
    assert_eq!(calls["requests"][0]["headers"]["authorization"], "***");
}

#[tokio::test]
async fn a_link_expires_by_real_time_and_lives_a_week_at_most() {
    let bench = Bench::start().await;
    let bucket = reports(&bench);
    bucket.put_object("reports/1/a.pdf", b"contenu").await.unwrap();
    let link = bucket.presign_get("/reports/1/a.pdf", 2, None).await.unwrap();
    assert_eq!(bench.http.get(&link).send().await.unwrap().status(), 200);
    // The clock of the sandbox has no say: the product signs with real time.
    bench.control("POST", "/clock", json!({ "advance_s": 3_600 })).await;
    assert_eq!(bench.http.get(&link).send().await.unwrap().status(), 200);
    let refused = until("the link to expire", async || {
        let answer = bench.http.get(&link).send().await.unwrap();
        (answer.status() != 200).then_some(answer)
    })
    .await;
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("<Code>AccessDenied</Code>"));
    let long = link.replace("X-Amz-Expires=2", "X-Amz-Expires=604801");
    assert_eq!(bench.http.get(long).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn head_and_put_may_be_signed_too() {
    let bench = Bench::start().await;
    let bucket = reports(&bench);
    let put = bucket.presign_put("/reports/2/b.pdf", 60, None, None).await.unwrap();
    assert_eq!(bench.http.put(put).body("contenu").send().await.unwrap().status(), 200);
    let (head, _) = bucket.head_object("reports/2/b.pdf").await.unwrap();
    assert_eq!(head.content_length, Some(7));
    assert_eq!(head.content_type.as_deref(), Some("application/octet-stream"));
    let listed = bucket.list("reports/2/".into(), None).await.unwrap();
    assert_eq!(listed[0].contents[0].key, "reports/2/b.pdf");
    bucket.delete_object("reports/2/b.pdf").await.unwrap();
    let gone = bucket.get_object("reports/2/b.pdf").await.unwrap_err().to_string();
    assert!(gone.contains("NoSuchKey"), "{gone}");
}

#[tokio::test]
async fn forms_and_access_lists_are_not_implemented() {
    let bench = Bench::start().await;
    let bucket = reports(&bench);
    bucket.put_object("a", b"x").await.unwrap();
    let form = bench.http.post(format!("{}/lobster-reports", bench.s3));
    let answer = form.header("content-type", "multipart/form-data; boundary=x").body("--x--").send().await.unwrap();
    assert_eq!(answer.status(), 501);
    assert!(answer.text().await.unwrap().contains("NotImplemented"));
    for call in ["acl", "tagging"] {
        let query = std::collections::HashMap::from([(call.to_owned(), String::new())]);
        let link = bucket.presign_get("/a", 60, Some(query)).await.unwrap();
        assert_eq!(bench.http.get(link).send().await.unwrap().status(), 501, "{call}");
    }
}

#[tokio::test]
async fn the_storage_has_bad_days_in_its_own_words() {
    let bench = Bench::start().await;
    let bucket = reports(&bench);
    let content = vec![b'x'; 4_000];
    bucket.put_object("big", &content).await.unwrap();
    let link = bucket.presign_get("/big", 600, None).await.unwrap();
    let arm = async |effect: serde_json::Value| {
        bench.fault(json!({ "service": "s3", "operation": "GetObject", "effect": effect })).await;
    };
    for (status, code) in [(500, "InternalError"), (503, "SlowDown"), (429, "TooManyRequests")] {
        arm(json!({ "kind": "status", "status": status })).await;
        let answer = bench.http.get(&link).send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert!(answer.text().await.unwrap().contains(&format!("<Code>{code}</Code>")));
    }
    arm(json!({ "kind": "scenario", "name": "slow_body" })).await;
    let begun = Instant::now();
    let slow = bench.http.get(&link).send().await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "the headers come at once");
    assert_eq!(slow.bytes().await.unwrap().len(), content.len());
    assert!(begun.elapsed() > Duration::from_secs(4), "the body takes its time");
    arm(json!({ "kind": "reset", "after_bytes": 100 })).await;
    let cut = bench.http.get(&link).send().await.unwrap();
    assert_eq!((cut.status().as_u16(), cut.content_length()), (200, Some(4_000)));
    assert!(cut.bytes().await.is_err());
}

#[tokio::test]
async fn reset_empties_the_buckets() {
    let bench = Bench::start().await;
    let bucket = reports(&bench);
    let once = || bucket.put_object_builder("once", b"x").with_header("if-none-match", "*").unwrap().execute();
    once().await.unwrap();
    assert!(once().await.is_err());
    bench.control("POST", "/reset", json!({})).await;
    once().await.unwrap();
}
