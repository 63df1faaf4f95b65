//! The database goes away and comes back: nobody has to start the shop again.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{counter::Counter, crew::Crew};

const PATIENCE: Duration = Duration::from_secs(180);

/// The answer of a keeper's question, once it is what is waited for.
async fn until(counter: &Counter, path: &str, status: u16) -> Value {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let answer = counter.books.client.get(format!("{}{path}", counter.api)).send().await.expect("it answers");
        let (seen, body) = (answer.status().as_u16(), answer.text().await.unwrap());
        if seen == status {
            return serde_json::from_str(&body).unwrap_or_default();
        }
        assert!(Instant::now() < end, "{path} is {seen}, not {status}: {body}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_outlives_its_database() {
    let mut crew = Crew::together().await;
    let counter = crew.counter.clone();
    let pid = crew.pid("api");
    counter.serve(0, PATIENCE).await;
    for outage in 1..=2 {
        crew.stop_database();
        let checks = until(&counter, "/readyz", 503).await;
        until(&counter, "/livez", 200).await;
        assert!(checks.to_string().contains("jobs"), "{checks}");
        crew.start_database().await;
        until(&counter, "/readyz", 200).await;
        counter.serve(outage, PATIENCE).await;
    }
    assert_eq!(crew.pid("api"), pid, "nobody started it again");
    crew.close().await;
}
