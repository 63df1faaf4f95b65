//! Read models made again beside the living ones: the same rows, whatever happens meanwhile, and a way back.

use std::sync::Arc;

use infra::event_store::{PgLog, sealed_head};
use projections::runtime::{Rebuilt, compare, free_leases, rebuild, rollback, settle};
use projections::{DynProjector, Projector};
use proptest::test_runner::{Config, TestRunner};
use tokio::sync::Semaphore;

use crate::event_store_projections::{Gated, sell, spawn};
use crate::event_store_world::{World, order};
use crate::projections_history::{history, live};

fn log(world: &World) -> PgLog {
    PgLog::new(world.projector.clone())
}

fn names() -> Vec<&'static str> {
    projections::all().iter().map(|projector| projector.name()).collect()
}

/// Every read model runs and has come to the head.
async fn caught_up(world: &World) -> i64 {
    let head = sealed_head(&world.projector).await.unwrap();
    settle(&world.projector, &names(), head).await.unwrap();
    head
}

async fn compared(world: &World, projector: &dyn DynProjector) -> Rebuilt {
    let rebuilt = compare(&world.projector, &log(world), projector, |_| {}).await.unwrap();
    assert!(rebuilt.is_same().is_some(), "{} stands still and can be compared", projector.name());
    rebuilt
}

async fn assert_all_equal_their_fold(world: &World) {
    for projector in projections::all() {
        let rebuilt = compared(world, projector.as_ref()).await;
        assert_eq!(rebuilt.is_same(), Some(true), "{}: {rebuilt:#?}", projector.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rebuild_gives_the_same_rows_and_the_shop_goes_on() {
    let world = World::sealed().await;
    spawn(&world, log(&world), projections::all(), &world.stop);
    sell(&world).await;
    let head = caught_up(&world).await;
    assert_eq!(world.count("SELECT count(*) FROM read.order_timeline").await, head);
    for projector in projections::all() {
        let rebuilt = rebuild(&world.projector, &log(&world), projector.as_ref(), |_| {}).await.unwrap();
        assert_eq!((rebuilt.position, rebuilt.is_same()), (head, Some(true)), "{}: {rebuilt:#?}", projector.name());
    }
    // The new rows are kept up, under the same names, keys and rights.
    world.delivered(order(77)).await;
    let head = caught_up(&world).await;
    assert_eq!(world.count("SELECT count(*) FROM read.order_timeline").await, head);
    assert_all_equal_their_fold(&world).await;
    let indexes = "SELECT count(*) FROM pg_indexes WHERE schemaname = 'read' AND indexname = 'order_summary_session'";
    assert_eq!(world.count(indexes).await, 1, "an index keeps its name, for the migrations to come");
    assert_eq!(world.count("SELECT count(*) FROM es.dead_letter").await, 0);
    // And the way back: the old rows catch up from where they were left.
    for projector in projections::all() {
        rollback(&world.projector, projector.as_ref()).await.unwrap();
    }
    world.delivered(order(78)).await;
    caught_up(&world).await;
    assert_all_equal_their_fold(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_row_that_drifted_is_found_and_mended() {
    let world = World::sealed().await;
    spawn(&world, log(&world), projections::all(), &world.stop);
    sell(&world).await;
    caught_up(&world).await;
    world.tamper("UPDATE read.order_summary SET ttc_cents = 1 WHERE order_id = (SELECT min(order_id::text)::uuid FROM read.order_summary)").await;
    let summaries = projections::order_summary::OrderSummaries;
    let found = compared(&world, &summaries).await.compared.unwrap();
    assert_eq!((found[0].only_live, found[0].only_new, found[0].live_rows), (1, 1, 5));
    assert_ne!(found[0].live_sum, found[0].new_sum);
    assert_eq!(
        world.count("SELECT count(*) FROM read.order_summary WHERE ttc_cents = 1").await,
        1,
        "a comparison mends nothing"
    );
    rebuild(&world.projector, &log(&world), &summaries, |_| {}).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM read.order_summary WHERE ttc_cents = 1").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rebuild_cut_off_in_the_middle_leaves_the_rows_and_the_next_one_starts_clean() {
    let world = World::sealed().await;
    spawn(&world, log(&world), projections::all(), &world.stop);
    sell(&world).await;
    let head = caught_up(&world).await;
    let summaries = || projections::order_summary::OrderSummaries;
    // One batch is handed out and applied, the next one never comes: the process is killed.
    let gate = Arc::new(Semaphore::new(1));
    let gated = Gated { log: log(&world), gate };
    let pool = world.projector.clone();
    let doomed = tokio::spawn(async move { rebuild(&pool, &gated, &summaries(), |_| {}).await });
    while world.count("SELECT coalesce(max(position), 0) FROM es.rebuild").await < head {
        tokio::task::yield_now().await;
    }
    let second = rebuild(&world.projector, &log(&world), &summaries(), |_| {}).await.unwrap_err();
    assert!(second.to_string().contains("another rebuild"), "{second}");
    doomed.abort();
    assert_eq!(world.count("SELECT count(*) FROM read.order_summary").await, 5);
    free_leases(&world.projector).await.unwrap();
    caught_up(&world).await;
    let rebuilt = rebuild(&world.projector, &log(&world), &summaries(), |_| {}).await.unwrap();
    assert_eq!((rebuilt.position, rebuilt.is_same()), (head, Some(true)), "{rebuilt:#?}");
}

struct Policy;

impl Projector for Policy {
    const NAME: &'static str = "a_policy";
    const VERSION: i32 = 1;

    async fn apply(&self, tx: &mut sqlx::PgConnection, batch: &[domain::log::Recorded]) -> anyhow::Result<()> {
        for event in batch {
            sqlx::query("INSERT INTO read.effect (position) VALUES ($1)")
                .bind(event.position)
                .execute(&mut *tx)
                .await?;
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_policy_added_later_begins_with_the_next_event_and_can_never_be_replayed() {
    let world = World::sealed().await;
    world.tamper("CREATE TABLE read.effect (position bigint)").await;
    world.delivered(order(1)).await;
    let before = sealed_head(&world.projector).await.unwrap();
    spawn(&world, log(&world), vec![Box::new(Policy)], &world.stop);
    settle(&world.projector, &["a_policy"], before).await.unwrap();
    world.delivered(order(2)).await;
    let head = sealed_head(&world.projector).await.unwrap();
    settle(&world.projector, &["a_policy"], head).await.unwrap();
    let refused = rebuild(&world.projector, &log(&world), &Policy, |_| {}).await.unwrap_err();
    assert!(refused.to_string().contains("cannot be rebuilt"), "{refused}");
    assert_eq!(world.count("SELECT count(*) FROM read.effect").await, 3);
    assert_eq!(world.count("SELECT min(position) FROM read.effect").await, before + 1);
}

/// Rows made event by event, as they were recorded, against rows made in one piece.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_read_model_is_the_fold_of_the_log_whatever_happened() {
    let mut runner = TestRunner::new(Config { cases: 4, failure_persistence: None, ..Config::default() });
    let world = World::sealed().await;
    spawn(&world, log(&world), projections::all(), &world.stop);
    let mut first = 1_000;
    for _ in 0..runner.config().cases {
        let acts = proptest::strategy::Strategy::new_tree(&history(), &mut runner).unwrap();
        let acts = proptest::strategy::ValueTree::current(&acts);
        live(&world, first, &acts).await;
        first += 100;
        caught_up(&world).await;
        assert_all_equal_their_fold(&world).await;
    }
    assert!(world.count("SELECT count(DISTINCT event_type) FROM es.events").await >= 12, "the histories are rich");
    assert_eq!(world.count("SELECT count(*) FROM es.dead_letter").await, 0);
}
