//! One projector in eight parts, shared by processes that come and go.

use domain::log::Recorded;
use infra::event_store::{PgLog, sealed_head};
use projections::runtime::settle;
use projections::{DynProjector, Projector, Start};
use sqlx::PgConnection;

use crate::event_store_projections::spawn;
use crate::event_store_world::{World, order};

/// Counts the events of each order, in eight shards.
struct Tally;

impl Projector for Tally {
    const NAME: &'static str = "tally";
    const VERSION: i32 = 1;
    const SHARDS: i32 = 8;
    const START: Start = Start::First;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        for event in batch {
            sqlx::query("INSERT INTO read.tally (order_id, position) VALUES ($1, $2)")
                .bind(&event.metadata.correlation_id)
                .bind(event.position)
                .execute(&mut *tx)
                .await?;
        }
        Ok(())
    }
}

/// How many shards each living process holds.
async fn holders(world: &World) -> Vec<i64> {
    sqlx::query_scalar(
        "SELECT count(*) FROM es.checkpoint WHERE projector = 'tally' AND lease_until > clock_timestamp()
         GROUP BY owner ORDER BY 1",
    )
    .fetch_all(&world.db.pool)
    .await
    .unwrap()
}

async fn until_held(world: &World, wanted: &[i64]) {
    let bound = tokio::time::Instant::now() + std::time::Duration::from_secs(40);
    while holders(world).await != wanted {
        assert!(tokio::time::Instant::now() < bound, "{:?} instead of {wanted:?}", holders(world).await);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_share_the_shards_and_apply_every_event_once_in_the_order_of_its_stream() {
    let world = World::sealed().await;
    world
        .tamper("CREATE TABLE read.tally (n bigint GENERATED ALWAYS AS IDENTITY, order_id text, position bigint)")
        .await;
    let all = || -> Vec<Box<dyn DynProjector>> { vec![Box::new(Tally)] };
    let (first, second) = (world.stop.child_token(), world.stop.child_token());
    spawn(&world, PgLog::new(world.projector.clone()), all(), &first);
    for n in 1..=10 {
        world.delivered(order(n)).await;
    }
    until_held(&world, &[8]).await;
    spawn(&world, PgLog::new(world.projector.clone()), all(), &second);
    until_held(&world, &[4, 4]).await;
    for n in 11..=20 {
        world.delivered(order(n)).await;
    }
    // The first leaves: what it held goes to the other.
    first.cancel();
    for n in 21..=30 {
        world.delivered(order(n)).await;
    }
    until_held(&world, &[8]).await;
    let head = sealed_head(&world.projector).await.unwrap();
    settle(&world.projector, &["tally"], head).await.unwrap();
    assert_eq!(head, 90);
    assert_eq!(world.count("SELECT count(*) FROM read.tally").await, 90);
    assert_eq!(world.count("SELECT count(DISTINCT position) FROM read.tally").await, 90);
    let disorder = "SELECT count(*) FROM read.tally a JOIN read.tally b USING (order_id) WHERE a.n < b.n AND a.position > b.position";
    assert_eq!(world.count(disorder).await, 0);
    let used = "SELECT count(*) FROM es.checkpoint WHERE projector = 'tally' AND shard BETWEEN 0 AND 7";
    assert_eq!(world.count(used).await, 8);
}
