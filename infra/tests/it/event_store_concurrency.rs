//! Twenty-four writers at once, slow, failing, taking turns on the same streams: a reader misses nothing and sees no
//! event before the one it follows.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::ports::Log as _;
use infra::event_store::{PgLog, follow_head, sealed_head, verify};
use infra::pools::{self, Role};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::event_store_world::{World, order};

const WRITERS: u64 = 24;
/// Three writers share a stream, so that one goes on where another stopped.
const STREAMS: u64 = 8;
const WRITING: Duration = Duration::from_secs(4);

/// Appends transactions of one to three events with pauses in between; answers how many events it committed, and how
/// many transactions it rolled back on purpose.
async fn write(pool: PgPool, writer: u64) -> (i64, u64) {
    let mut chance = StdRng::seed_from_u64(writer);
    let stream = order(u128::from(writer % STREAMS)).to_string();
    let (mut committed, mut rolled_back) = (0, 0);
    let end = Instant::now() + WRITING;
    while Instant::now() < end {
        let size = chance.random_range(1..=3_i64);
        let mut tx = infra::pools::begin(&pool).await.unwrap();
        let last: i64 = sqlx::query_scalar("SELECT coalesce(max(sequence), 0) FROM es.events WHERE aggregate_id = $1")
            .bind(&stream)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        let mut lost = false;
        for sequence in last + 1..=last + size {
            let appended = sqlx::query(
                "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
                 VALUES ('order', $1, $2, 'CheckoutExpired', '1.0', $3,
                         '{\"actor\":\"customer\",\"correlation_id\":\"x\",\"command_id\":\"y\"}')",
            )
            .bind(&stream)
            .bind(sequence)
            .bind(serde_json::json!({"CheckoutExpired": {"session": "cs_1"}}))
            .execute(&mut *tx)
            .await;
            if let Err(error) = appended {
                let code = error.as_database_error().and_then(|refusal| refusal.code().map(String::from));
                assert!(matches!(code.as_deref(), Some("23505" | "40P01")), "{error}");
                lost = true;
                break;
            }
            tokio::time::sleep(Duration::from_millis(chance.random_range(0..=25))).await;
        }
        if lost || chance.random_bool(0.05) {
            tx.rollback().await.unwrap();
            rolled_back += u64::from(!lost);
        } else {
            tx.commit().await.unwrap();
            committed += size;
        }
    }
    (committed, rolled_back)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_four_writers_a_reader_misses_nothing_and_nothing_is_out_of_order() {
    let world = World::sealed().await;
    let pool = pools::connect(&world.db.url, Role::Api, 24).await.unwrap();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(pool.clone(), writer));
    }
    // Reads while they write: whatever would appear behind its back is missed for good.
    let log = PgLog::new(world.projector.clone());
    let mut head = follow_head(world.projector.clone(), world.stop.clone());
    let reader = tokio::spawn(async move {
        let (mut position, mut streams) = (0, BTreeMap::new());
        loop {
            let batch = log.read_after(position, 500).await.unwrap();
            for event in &batch {
                assert_eq!(event.position, position + 1, "a position was passed over");
                let before = streams.insert(event.aggregate_id, event.sequence).unwrap_or(0);
                assert_eq!(event.sequence, before + 1, "{} is out of order", event.aggregate_id);
                position = event.position;
            }
            // A day at the end of the log is the end of the test.
            let quiet = batch.is_empty()
                && tokio::time::timeout(Duration::from_secs(2), head.wait_for(|head| *head > position)).await.is_err();
            if quiet {
                return position;
            }
        }
    });
    let written = writers.join_all().await;
    let committed: i64 = written.iter().map(|writer| writer.0).sum();
    let rolled_back: u64 = written.iter().map(|writer| writer.1).sum();
    assert!(committed > 500 && rolled_back > 5, "{committed} events and {rolled_back} rollbacks prove little");
    assert_eq!(sealed_head(&world.projector).await.unwrap(), committed);
    assert_eq!(reader.await.unwrap(), committed, "the reader missed some");
    assert_eq!(world.count("SELECT max(position) - count(*) FROM es.event_order").await, 0);
    assert!(
        world.count("SELECT max(insert_pos) - count(*) FROM es.events").await > 0,
        "rollbacks left no gap to close"
    );
    let verified = verify(&world.projector).await.unwrap();
    assert_eq!((verified.events, verified.unsealed), (committed, 0));
}
