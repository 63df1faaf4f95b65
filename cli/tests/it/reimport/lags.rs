//! From the append to a reader's hands: a reader of our own follows the sealed log of the running shop, while customers who
//! never pay place orders at a steady rate, so that there is always something to see.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ports::{Clock as _, Log as _};
use infra::{
    clock::SystemClock,
    event_store::{PgLog, follow_head},
};
use serde_json::json;
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::counter::Counter;

/// Between two orders that nobody pays; each is two events.
const PACE: Duration = Duration::from_millis(500);

/// When an event was appended, and after how many milliseconds a reader had it.
pub type Lag = (DateTime<Utc>, f64);

/// Follows the log until it is told to stop.
pub struct Prober {
    stop: CancellationToken,
    reading: JoinHandle<Vec<Lag>>,
    placing: JoinHandle<()>,
}

impl Prober {
    /// Begins at the end of the log.
    pub async fn start(counter: &Counter) -> Self {
        // Connections of its own: nobody else's questions delay it.
        let options = counter.books.pool.connect_options().as_ref().clone();
        let pool = PgPoolOptions::new().max_connections(3).connect_with(options).await.unwrap();
        let stop = CancellationToken::new();
        let position = infra::event_store::sealed_head(&pool).await.unwrap();
        let reading = tokio::spawn(follow(pool, position, stop.clone()));
        let placing = tokio::spawn(place(counter.clone(), stop.clone()));
        Self { stop, reading, placing }
    }

    pub async fn stop(self) -> Vec<Lag> {
        self.stop.cancel();
        self.placing.await.unwrap();
        self.reading.await.unwrap()
    }
}

async fn place(counter: Counter, stop: CancellationToken) {
    let mut tick = tokio::time::interval(PACE);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for number in 0_u128.. {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return,
        }
        let body = json!({
            "commune": "44109", "study": "LOG-01", "email": "passant@exemple.test", "recipient": "particulier",
            "consents": ["execution_immediate", "renonciation_retractation"],
        });
        let asked = counter.books.client.post(format!("{}/api/orders", counter.api));
        let key = Uuid::from_u128(0x9a55_a275 << 64 | number).to_string();
        let answer = asked.header("idempotency-key", key).json(&body).send().await.expect("the API answers");
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    }
}

async fn follow(pool: PgPool, mut position: i64, stop: CancellationToken) -> Vec<Lag> {
    let mut head = follow_head(pool.clone(), stop.clone());
    let log = PgLog::new(pool);
    let mut lags = Vec::new();
    while !stop.is_cancelled() {
        let batch = log.read_after(position, 500).await.unwrap();
        let now = SystemClock.now();
        lags.extend(batch.iter().map(|event| {
            let waited = now - event.recorded_at;
            (event.recorded_at, waited.as_seconds_f64() * 1_000.0)
        }));
        match batch.last() {
            Some(last) => position = last.position,
            None => {
                tokio::select! {
                    _ = head.wait_for(|head| *head > position) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
    }
    lags
}

/// The value that this share of all is below.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let at = ((sorted.len().saturating_sub(1)) as f64 * share).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
