//! The sealer when things are not well: its lease is lost in the middle of a batch, nobody seals, many events at once.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use infra::event_store::{Backlog, sealed_head, verify};
use sqlx::postgres::PgListener;
use tracing_subscriber::fmt::MakeWriter;

use crate::event_store_world::{World, order};

const SEALS: &str = "SELECT count(*) FROM es.seal";
const OTHER: &str = "SELECT count(*) FROM es.take_lease('sealer', 1, 0, 'another process')";

/// Waits for something that must come true, and fails when it does not.
async fn until(what: &str, world: &World, sql: &'static str, wanted: i64) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while world.count(sql).await != wanted {
        assert!(tokio::time::Instant::now() < deadline, "{what} did not happen");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealer_whose_lease_is_lost_in_mid_batch_writes_nothing() {
    let world = World::new().await;
    world.delivered(order(1)).await;
    let sealing = world.seal();
    until("sealing", &world, SEALS, 1).await;

    // The next batch stops at the door of its first write, with its events already read.
    let mut door = infra::pools::begin(&world.db.pool).await.unwrap();
    sqlx::query("LOCK TABLE es.checkpoint IN EXCLUSIVE MODE").execute(&mut *door).await.unwrap();
    world.delivered(order(2)).await;
    // Its write waits for the lock; meanwhile the lease runs out and somebody else takes it.
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                   AND application_name = 'lobster projector'";
    until("waiting at the door", &world, waiting, 1).await;
    sqlx::query("UPDATE es.checkpoint SET lease_until = now() - interval '1 second'")
        .execute(&mut *door)
        .await
        .unwrap();
    let fence: i64 = sqlx::query_scalar("SELECT fence FROM es.take_lease('sealer', 1, 0, 'another process')")
        .fetch_one(&mut *door)
        .await
        .unwrap();
    door.commit().await.unwrap();
    until("letting go", &world, waiting, 0).await;
    assert_eq!(world.count(SEALS).await, 1, "it wrote under a lease that was not its own any more");
    assert_eq!(world.count("SELECT count(*) FROM es.unsealed").await, 3);

    // The other one dies without a word; the first goes on, and nothing is missing.
    sqlx::query("SELECT es.release_lease('sealer', 1, 0, $1)").bind(fence).execute(&world.projector).await.unwrap();
    assert_eq!(sealed_head(&world.projector).await.unwrap(), 6);
    assert_eq!(verify(&world.projector).await.unwrap().events, 6);
    assert!(!sealing.is_finished());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_batch_is_announced_once() {
    let world = World::new().await;
    let mut listener = PgListener::connect_with(&world.projector).await.unwrap();
    listener.listen("es").await.unwrap();
    for n in 1..=40 {
        world.delivered(order(n)).await;
    }
    // All at once, then one after the other.
    world.seal();
    assert_eq!(sealed_head(&world.projector).await.unwrap(), 120);
    for n in 41..=50 {
        world.delivered(order(n)).await;
    }
    assert_eq!(sealed_head(&world.projector).await.unwrap(), 150);
    let mut announced = Vec::new();
    while announced.last() != Some(&150) {
        let heard = tokio::time::timeout(Duration::from_secs(10), listener.recv()).await.expect("an announcement");
        announced.push(heard.unwrap().payload().parse::<i64>().unwrap());
    }
    let sealed: Vec<i64> =
        sqlx::query_scalar("SELECT last_pos FROM es.seal ORDER BY seal_no").fetch_all(&world.db.pool).await.unwrap();
    assert_eq!(announced, sealed);
    assert!(announced[0] == 120 && announced.len() <= 31, "{announced:?}");
}

/// Everything that is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn events_that_nobody_seals_are_called_out() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let world = World::new().await;
    let calm = Backlog::measure(&world.projector).await.unwrap();
    assert_eq!((calm.events, calm.oldest_seconds, calm.complaint()), (0, 0.0, None));
    assert_eq!(world.count(OTHER).await, 1);
    world
        .tamper(
            "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                                    recorded_at)
             VALUES ('order', '1', 1, 'OrderPaid', '1.0', '{}', '{}', now() - interval '90 seconds'),
                    ('order', '1', 2, 'OrderPaid', '1.0', '{}', '{}', now())",
        )
        .await;
    let backlog = Backlog::measure(&world.projector).await.unwrap();
    assert_eq!(backlog.events, 2);
    assert!((90.0..120.0).contains(&backlog.oldest_seconds), "{backlog:?}");
    // The sealer of this process has no lease, and still says what it sees.
    let sealing = world.seal();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        if logged.contains("ERROR") && logged.contains("no process seals") && logged.contains("events=2") {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "nothing was said: {logged}");
        tokio::task::yield_now().await;
    }
    assert_eq!(world.count(SEALS).await, 0);
    assert!(!sealing.is_finished());
}
