//! What people decide about projectors: pause and go on, retry and discard.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::log::Recorded;
use infra::event_store::{PgLog, sealed_head};
use projections::runtime::{dead_letters, discard, retry, settle, statuses, switch};
use projections::{DynProjector, Poison, Projector, Start};
use sqlx::PgConnection;

use crate::event_store_projections::spawn;
use crate::event_store_world::{World, order};

/// Writes positions down; cannot read the fifth while it is ill. `STOPS`: it then stands still.
#[derive(Clone)]
struct Scribe<const STOPS: bool> {
    ill: Arc<AtomicBool>,
}

impl<const STOPS: bool> Scribe<STOPS> {
    fn ill() -> Self {
        Self { ill: Arc::new(AtomicBool::new(true)) }
    }
}

impl<const STOPS: bool> Projector for Scribe<STOPS> {
    const NAME: &'static str = "scribe";
    const VERSION: i32 = 1;
    const START: Start = Start::First;
    const POISON: Poison = if STOPS { Poison::StopShard } else { Poison::BlockOrder };

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        for event in batch {
            anyhow::ensure!(event.position != 5 || !self.ill.load(Ordering::Relaxed), "the scribe cannot read this");
            sqlx::query("INSERT INTO read.written (position) VALUES ($1)")
                .bind(event.position)
                .execute(&mut *tx)
                .await?;
        }
        Ok(())
    }
}

async fn desk() -> World {
    let world = World::sealed().await;
    world.tamper("CREATE TABLE read.written (n bigint GENERATED ALWAYS AS IDENTITY, position bigint UNIQUE)").await;
    // The events of the second order are 4, 5 and 6.
    for n in 1..=3 {
        world.delivered(order(n)).await;
    }
    world
}

fn log(world: &World) -> PgLog {
    PgLog::new(world.projector.clone())
}

async fn written(world: &World) -> Vec<i64> {
    sqlx::query_scalar("SELECT position FROM read.written ORDER BY n").fetch_all(&world.db.pool).await.unwrap()
}

async fn waiting(world: &World) -> Vec<i64> {
    let letters = dead_letters(&world.projector, "scribe", 1).await.unwrap();
    letters.iter().map(|letter| letter.position).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_waits_behind_a_parked_event_is_retried_in_order() {
    let world = desk().await;
    let scribe = Scribe::<false>::ill();
    spawn(&world, log(&world), vec![Box::new(scribe.clone())], &world.stop);
    settle(&world.projector, &["scribe"], 9).await.unwrap();
    assert_eq!(waiting(&world).await, [5, 6]);
    let early = discard(&world.projector, &log(&world), &scribe, 6).await.unwrap_err();
    assert!(early.to_string().contains("waits behind 5"), "{early}");
    let vain = retry(&world.projector, &log(&world), &scribe).await.unwrap_err();
    assert!(format!("{vain:#}").contains("position 5 (OrderPaid) still cannot be applied"), "{vain:#}");
    assert_eq!(waiting(&world).await, [5, 6], "a retry in vain changes nothing");
    scribe.ill.store(false, Ordering::Relaxed);
    assert_eq!(retry(&world.projector, &log(&world), &scribe).await.unwrap(), 2);
    assert_eq!(written(&world).await, [1, 2, 3, 4, 7, 8, 9, 5, 6]);
    assert!(waiting(&world).await.is_empty());
    assert_eq!(retry(&world.projector, &log(&world), &scribe).await.unwrap(), 0, "once is enough");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_order_goes_on_after_its_parked_event_was_discarded() {
    let world = desk().await;
    let scribe = Scribe::<false>::ill();
    spawn(&world, log(&world), vec![Box::new(scribe.clone())], &world.stop);
    settle(&world.projector, &["scribe"], 9).await.unwrap();
    discard(&world.projector, &log(&world), &scribe, 5).await.unwrap();
    let again = discard(&world.projector, &log(&world), &scribe, 5).await.unwrap_err();
    assert!(again.to_string().contains("no event at position 5"), "{again}");
    assert_eq!(retry(&world.projector, &log(&world), &scribe).await.unwrap(), 1);
    assert_eq!(written(&world).await, [1, 2, 3, 4, 7, 8, 9, 6]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_projector_that_must_not_leave_gaps_stands_still_until_somebody_decides() {
    let world = desk().await;
    let scribe = Scribe::<true>::ill();
    spawn(&world, log(&world), vec![Box::new(scribe.clone())], &world.stop);
    let stands = async |world: &World| {
        while world.count("SELECT count(*) FROM es.checkpoint WHERE projector = 'scribe' AND status = 'stopped'").await
            == 0
        {
            tokio::task::yield_now().await;
        }
    };
    stands(&world).await;
    assert_eq!((written(&world).await, waiting(&world).await), (vec![1, 2, 3, 4], vec![5]));
    let told = statuses(&world.projector).await.unwrap();
    let told = told.iter().find(|status| status.projector == "scribe").unwrap();
    assert_eq!((told.status.as_str(), told.position, told.lag_events, told.parked), ("stopped", 4, 5, 1));
    assert!(told.lag_seconds > 0.0);
    // Tried again in vain, it stands still again.
    retry(&world.projector, &log(&world), &scribe).await.unwrap();
    while waiting(&world).await.is_empty() {
        tokio::task::yield_now().await;
    }
    stands(&world).await;
    discard(&world.projector, &log(&world), &scribe, 5).await.unwrap();
    settle(&world.projector, &["scribe"], 9).await.unwrap();
    assert_eq!(written(&world).await, [1, 2, 3, 4, 6, 7, 8, 9]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_paused_projector_stays_so_over_restarts() {
    let world = desk().await;
    let scribe = Scribe::<false> { ill: Arc::default() };
    let all = || -> Vec<Box<dyn DynProjector>> { vec![Box::new(scribe.clone())] };
    let first = world.stop.child_token();
    spawn(&world, log(&world), all(), &first);
    settle(&world.projector, &["scribe"], 9).await.unwrap();
    assert!(switch(&world.projector, "scribe", 1, false).await.unwrap());
    assert!(!switch(&world.projector, "scribe", 1, false).await.unwrap(), "it is paused already");
    first.cancel();
    world.delivered(order(4)).await;
    spawn(&world, log(&world), all(), &world.stop);
    // A second projector of the same process shows that it runs and has come to the head.
    spawn(&world, log(&world), projections::all(), &world.stop);
    let head = sealed_head(&world.projector).await.unwrap();
    settle(&world.projector, &["order_summary"], head).await.unwrap();
    assert_eq!(written(&world).await.len(), 9);
    assert!(switch(&world.projector, "scribe", 1, true).await.unwrap());
    settle(&world.projector, &["scribe"], head).await.unwrap();
    assert_eq!(written(&world).await.len(), 12);
}
