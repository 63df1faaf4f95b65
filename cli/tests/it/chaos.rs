//! The real processes under load, killed again and again: API and worker with kill -9, PostgreSQL stopped at once. No order
//! is missed, nothing is done twice, the chain holds, and every read model is the fold of the log.
//!
//! `make test` strikes once each, `make chaos` twenty times (`LOBSTER_CHAOS_STOPS`, `LOBSTER_CHAOS_SEED`).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{auditor, counter::Served, crew::Crew, storm::setting};

/// Customers at the counter at once.
const CUSTOMERS: usize = 8;
/// What a customer waits for one report, however much is killed meanwhile.
const PATIENCE: Duration = Duration::from_secs(900);
/// Between two blows, in milliseconds.
const PAUSES: std::ops::Range<u64> = 1_000..8_000;

#[derive(Debug, Clone, Copy)]
enum Blow {
    KillApi,
    KillWorker,
    StopDatabase,
}

/// Numbers that look drawn, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// `each` of every kind, in an order of the dice's.
fn blows(each: u64, dice: &mut Dice) -> Vec<Blow> {
    let mut left: Vec<Blow> = (0..each).flat_map(|_| [Blow::KillApi, Blow::KillWorker, Blow::StopDatabase]).collect();
    let mut drawn = Vec::new();
    while !left.is_empty() {
        drawn.push(left.swap_remove(usize::try_from(dice.below(left.len() as u64)).unwrap()));
    }
    drawn
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_killed_no_order_is_missed_and_nothing_is_done_twice() {
    let (stops, seed) = (setting("LOBSTER_CHAOS_STOPS").unwrap_or(1), setting("LOBSTER_CHAOS_SEED").unwrap_or(1));
    println!("chaos: {stops} blows of each kind, seed {seed}");
    let mut dice = Dice(seed);
    let mut crew = Crew::apart().await;
    let began = Instant::now();
    let (over, next) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut customers = JoinSet::new();
    for _ in 0..CUSTOMERS {
        let (counter, over, next) = (crew.counter.clone(), Arc::clone(&over), Arc::clone(&next));
        customers.spawn(async move {
            let mut served = Vec::new();
            while served.is_empty() || !over.load(Ordering::Relaxed) {
                served.push(counter.serve(next.fetch_add(1, Ordering::Relaxed), PATIENCE).await);
            }
            served
        });
    }
    for (number, blow) in blows(stops, &mut dice).into_iter().enumerate() {
        let pause = Duration::from_millis(PAUSES.start + dice.below(PAUSES.end - PAUSES.start));
        tending(&mut crew, pause).await;
        println!("chaos: {:>6.1} s, blow {}: {blow:?}", began.elapsed().as_secs_f64(), number + 1);
        match blow {
            Blow::KillApi => crew.kill("api"),
            Blow::KillWorker => crew.kill("worker"),
            Blow::StopDatabase => {
                crew.stop_database();
                tending(&mut crew, Duration::from_millis(dice.below(1_500))).await;
                crew.start_database().await;
            }
        }
        if let Some(ended) = customers.try_join_next() {
            // Nobody leaves before it is over, except in a panic.
            ended.unwrap();
        }
    }
    let struck = began.elapsed();
    over.store(true, Ordering::Relaxed);
    let mut served: Vec<Served> = Vec::new();
    while let Some(ended) = tokio::select! {
        ended = customers.join_next() => ended,
        () = tending(&mut crew, PATIENCE) => panic!("customers still wait"),
    } {
        served.extend(ended.unwrap());
    }
    let (served_after, asked_again) = (began.elapsed(), served.iter().map(|one| one.unanswered).sum::<usize>());
    let seen = judge(&mut crew, &served).await;
    crew.close().await;
    println!(
        "chaos: {} orders under {stops} kills of the API, {stops} of the worker and {stops} stops of PostgreSQL in \
         {:.0} s; all served after {:.0} s, {asked_again} questions asked again; {seen}",
        served.len(),
        struck.as_secs_f64(),
        served_after.as_secs_f64(),
    );
}

/// Lets time pass, starting again who could not start.
pub async fn tending(crew: &mut Crew, time: Duration) {
    let end = tokio::time::Instant::now() + time;
    while tokio::time::Instant::now() < end {
        crew.tend();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Nothing missed, nothing doubled, the chain whole, every read model the fold of the log.
async fn judge(crew: &mut Crew, served: &[Served]) -> String {
    let pool = crew.counter.books.pool.clone();
    let end = Instant::now() + PATIENCE;
    loop {
        // Jobs of the future do not count: they look whether an order was late.
        let (mailed, open): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM es.events WHERE event_type = 'DeliveryEmailSent'),
                    (SELECT count(*) FROM graphile_worker._private_jobs WHERE run_at <= now() OR attempts > 0)",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        if mailed.unsigned_abs() >= served.len() as u64 && open == 0 {
            break;
        }
        assert!(Instant::now() < end, "{mailed} of {} orders are mailed, {open} jobs are open", served.len());
        tending(crew, Duration::from_millis(200)).await;
    }
    let books = crew.counter.books.clone();
    let audit = auditor::audit(&books).await;
    assert_eq!(
        (audit.paid, audit.delivered, audit.failed, audit.held),
        (served.len(), served.len(), 0, 0),
        "{audit:?}"
    );
    for one in served {
        for once in
            ["OrderPlaced", "OrderPaid", "ReportRequested", "ReportStored", "OrderDelivered", "DeliveryEmailSent"]
        {
            assert_eq!(books.count(one.order, once).await, 1, "{once} of {}", one.order);
        }
    }
    let heard: i64 = sqlx::query_scalar("SELECT count(*) FROM app.inbox WHERE kind = 'checkout.session.completed'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(heard.unsigned_abs(), served.len() as u64, "Stripe's messages, each once");

    let head = infra::event_store::sealed_head(&pool).await.unwrap();
    let all = projections::all();
    let names: Vec<&str> = all.iter().map(|projector| projector.name()).collect();
    let settled = projections::runtime::settle(&pool, &names, head);
    tokio::time::timeout(PATIENCE, settled).await.expect("read models follow").unwrap();
    let verified: serde_json::Value = serde_json::from_str(&crew.ask(&["es", "verify", "--json"])).unwrap();
    let events: i64 = sqlx::query_scalar("SELECT count(*) FROM es.events").fetch_one(&pool).await.unwrap();
    assert_eq!((verified["events"].as_i64(), head), (Some(events), events), "{verified}");
    crew.ask(&["projections", "list", "--check"]);
    crew.ask(&["projections", "rebuild", "--all", "--compare"]);
    crew.ask(&["jobs", "dead"]);
    format!("{events} events in a whole chain, {} read models equal to their folds, {} mails", all.len(), served.len())
}
