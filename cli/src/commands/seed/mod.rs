//! `lobster seed`: history in numbers, made by the commands that make real history.

mod fate;
mod making;
mod policies;
mod story;
mod telling;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use infra::{
    config::{Environment, Place},
    event_store::{PgCommands, Sealer, sealed_head},
    pools::{self, Role},
};
use sqlx::PgPool;
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use self::{policies::Policies, story::Maker};
use crate::{args::Seed, database::Database, serve::wait_for_signal};

/// What is to be made.
struct Wish {
    count: u64,
    seed: u64,
    concurrency: u32,
}

pub async fn run(place: &Place, Seed::Orders { count, seed, concurrency }: Seed) -> anyhow::Result<()> {
    anyhow::ensure!(
        place.environment == Environment::Sandbox,
        "LOBSTER_ENV is production: invented orders have no place there"
    );
    let database = Database::open(place).await?;
    super::migrate::bring_up(&database.url).await?;
    // A crash may take the last orders with it; the same command makes them again.
    let separator = if database.url.contains('?') { '&' } else { '?' };
    let hasty = format!("{}{separator}options[synchronous_commit]=off", database.url);
    let worker = pools::connect(&hasty, Role::Worker, concurrency + 1).await?;
    let projector = pools::connect(&database.url, Role::Projector, 6).await?;
    let made = orders(&worker, &projector, &Wish { count, seed, concurrency }).await;
    worker.close().await;
    projector.close().await;
    database.close().await?;
    made
}

async fn orders(worker: &PgPool, projector: &PgPool, wish: &Wish) -> anyhow::Result<()> {
    let policies = Policies::hold(projector).await?;
    let made = place_all(worker, projector, wish, &policies).await;
    // Also after a failure: what was made must not be acted upon.
    let moved = policies.move_past().await;
    let (asked, events) = (wish.count, moved?);
    let made = made?;
    println!("{made} of {asked} orders made, {events} events; no policy will act on them");
    println!("The read models follow when `lobster serve` runs.");
    anyhow::ensure!(made == asked, "interrupted: the same command goes on where it stopped");
    Ok(())
}

/// Makes the orders and waits until their events are sealed; how many orders there are now.
async fn place_all(worker: &PgPool, projector: &PgPool, wish: &Wish, policies: &Policies) -> anyhow::Result<u64> {
    let (stop, appended) = (CancellationToken::new(), Arc::new(Notify::new()));
    let sealing = tokio::spawn(Sealer::run(projector.clone(), Arc::clone(&appended), stop.clone()));
    let commands = PgCommands::new(worker.clone(), appended);
    let maker = Arc::new(Maker::new(worker.clone(), commands, wish.seed).await?);
    let made = many(maker, wish, policies).await;
    let sealed = sealed_head(projector).await;
    stop.cancel();
    sealing.await?;
    sealed?;
    made
}

async fn many(maker: Arc<Maker>, wish: &Wish, policies: &Policies) -> anyhow::Result<u64> {
    let (next, enough) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let bar = ProgressBar::new(wish.count)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} orders, {per_sec}, {eta} left")?);
    let mut makers = JoinSet::new();
    for _ in 0..wish.concurrency {
        let (maker, next, enough, bar) = (Arc::clone(&maker), Arc::clone(&next), Arc::clone(&enough), bar.clone());
        let count = wish.count;
        makers.spawn(async move {
            while !enough.load(Ordering::Relaxed) {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= count {
                    break;
                }
                maker.order(n).await?;
                bar.inc(1);
            }
            anyhow::Ok(())
        });
    }
    let interrupted = wait_for_signal()?;
    tokio::pin!(interrupted);
    let mut renewal = tokio::time::interval(Duration::from_secs(4));
    let mut result = Ok(());
    loop {
        tokio::select! {
            ended = makers.join_next() => match ended {
                None => break,
                Some(Ok(Ok(()))) => {}
                Some(Ok(Err(error))) => result = Err(error),
                Some(Err(panicked)) => result = Err(panicked.into()),
            },
            _ = renewal.tick() => if let Err(error) = policies.keep().await { result = Err(error) },
            () = &mut interrupted, if !enough.load(Ordering::Relaxed) => enough.store(true, Ordering::Relaxed),
        }
        if result.is_err() {
            enough.store(true, Ordering::Relaxed);
        }
    }
    let (made, took) = (bar.position(), bar.elapsed());
    bar.finish_and_clear();
    println!("{:.0} orders a second", made as f64 / took.as_secs_f64());
    result.map(|()| made)
}
