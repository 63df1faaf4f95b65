//! The one way out, against a server that is worse than any vendor.

use std::time::Duration;

use domain::ports::PortError;
use infra::http::{Backoff, Fault, Http, Policy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const POLICY: Policy = Policy {
    service: "test",
    attempts: 2,
    timeout: Duration::from_secs(20),
    patience: Duration::from_secs(30),
    backoff: Backoff { first: Duration::from_millis(1), factor: 2, cap: Duration::from_millis(4) },
};

/// Sends these bytes to everybody, then says nothing more.
async fn silent_after(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 1024];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(bytes).await;
            held.push(stream);
        }
    });
    url
}

async fn get(http: &Http, url: &str) -> Result<(), PortError> {
    http.call(
        "get",
        |client| client.get(url),
        |answer| if answer.is_success() { Ok(()) } else { Err(Fault::passing("no")) },
    )
    .await
}

#[tokio::test]
async fn a_stream_that_falls_silent_is_given_up_long_before_its_deadline() {
    let url = silent_after(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n").await;
    let http = Http::streaming(POLICY, Duration::from_millis(80)).unwrap();
    let started = std::time::Instant::now();
    let error = get(&http, &url).await.unwrap_err();
    assert!(error.to_string().contains("time-out") && error.to_string().contains("attempt 2"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_nobody_there_is_told_without_the_address() {
    let url = silent_after(
        b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
    )
    .await;
    let http = Http::new(POLICY).unwrap();
    assert!(get(&http, &url).await.unwrap_err().to_string().contains("no (attempt 2)"));
    let error = get(&http, "http://127.0.0.1:1/path?secret=canary").await.unwrap_err().to_string();
    assert!(error.contains("no connection") && !error.contains("canary"), "{error}");
}
