//! Orders without a pause while the process is killed and PostgreSQL is stopped at once, again and again: no event is missed,
//! nothing is done twice, the chain holds, and every read model is the fold of the log.
//!
//! `lobster`'s own `chaos` strikes at the real processes, with HTTP and a browser. This one has neither: in a minute it puts
//! more orders and more moments under the log, the policies and the queue than that one in ten. `make test` does both twice,
//! `make chaos` twenty times (`LOBSTER_CHAOS_STOPS`).

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    command::{Actor, CommandContext},
    eligibility::{Eligibility, EligibilityStatus},
    money::Price,
    order::{OrderCommand, RecipientKind},
    ports::{Commands, Notice},
};
use infra::{
    cluster::Cluster,
    event_store::{PgCommands, PgLog, verify},
    jobs,
    pools::{self, Role},
};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::{sync::Notify, task::LocalSet};
use uuid::Uuid;

use crate::{
    process::Process,
    sim::{chance::Chance, fault::Weather, leaflet, state::Shared},
    till::{PRICE, payment},
};

const STOPS: u64 = 2;
/// Orders placed between two blows.
const ORDERS: u64 = 5;

#[expect(clippy::disallowed_methods, reason = "how hard a test strikes is no configuration of the product")]
fn stops() -> u64 {
    std::env::var("LOBSTER_CHAOS_STOPS").map_or(STOPS, |value| value.parse().expect("a number"))
}

/// A home folder that is removed in the end.
struct Home(PathBuf);

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn whatever_is_killed_nothing_is_lost_and_nothing_is_done_twice() {
    let told = LocalSet::new().run_until(strike()).await;
    println!("chaos: {told}");
}

async fn strike() -> String {
    let home = Home(std::env::temp_dir().join(format!("lobster-chaos-{}", std::process::id())));
    std::fs::create_dir_all(&home.0).unwrap();
    let mut cluster = Cluster::open(&home.0).await.unwrap();
    let url = cluster.url();
    let owner = PgPoolOptions::new().max_connections(4).connect(&url).await.unwrap();
    infra::migrate(&owner).await.unwrap();
    jobs::migrate(&url).await.unwrap();
    let api = pools::connect(&url, Role::Api, 8).await.unwrap();
    let commands: Arc<dyn Commands> = Arc::new(PgCommands::new(api, Arc::new(Notify::new())));
    let world = Shared::new(1, Weather::Seeded(0));
    let mut chance = Chance::new(20_261_122);
    let mut process = Process::start(&url, &world);
    let (started, stops) = (Instant::now(), stops());
    let (mut customers, mut orders) = (Vec::new(), 0);
    for blow in 0..2 * stops {
        for _ in 0..ORDERS {
            customers.push(tokio::task::spawn_local(buy(Arc::clone(&commands), orders)));
            orders += 1;
        }
        // The blow falls at any moment of what is under way.
        tokio::time::sleep(Duration::from_millis(200 + chance.below(1_300))).await;
        if blow % 2 == 0 {
            process.kill();
            process = again(&owner, &url, &world).await;
        } else {
            drop(cluster);
            stop_at_once(&home.0);
            cluster = Cluster::open(&home.0).await.unwrap();
        }
        if std::mem::take(&mut world.lock().died) {
            process.kill();
            process = again(&owner, &url, &world).await;
        }
    }
    for customer in customers {
        customer.await.unwrap();
    }
    until_over(&owner, &url, &world, &mut process, orders).await;
    let seen = check(&owner, &world, orders).await;
    process.kill();
    owner.close().await;
    cluster.close().await.unwrap();
    format!("{stops} kills and {stops} stops of PostgreSQL, {orders} orders, {seen} in {:?}", started.elapsed())
}

/// A process that begins where a dead one ended, on a server of its own: nobody waits for leases or signs of life.
async fn again(owner: &PgPool, url: &str, world: &Shared) -> Process {
    persist(async || projections::runtime::free_leases(owner).await).await;
    persist(async || {
        sqlx::query(
            "UPDATE graphile_worker._private_workers SET last_heartbeat_at = last_heartbeat_at - interval '1 minute'",
        )
        .execute(owner)
        .await
    })
    .await;
    Process::start(url, world)
}

/// Asks until the server is back.
async fn persist<T>(ask: impl AsyncFn() -> sqlx::Result<T>) -> T {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        match ask().await {
            Ok(done) => return done,
            Err(error) => assert!(Instant::now() < end, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// SIGQUIT is what `pg_ctl stop -m immediate` sends: every backend ends where it is, nothing is written down.
fn stop_at_once(home: &Path) {
    let pid = std::fs::read_to_string(home.join("pg/postmaster.pid")).expect("the server runs");
    let pid = pid.lines().next().unwrap().to_owned();
    assert!(Command::new("kill").args(["-QUIT", &pid]).status().unwrap().success());
    let end = Instant::now() + Duration::from_secs(20);
    while std::fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty()) {
        assert!(Instant::now() < end, "PostgreSQL is still there");
        std::thread::yield_now();
    }
}

/// Orders and pays; who gets no answer asks again with the same words. Every payment is told twice.
async fn buy(commands: Arc<dyn Commands>, number: u64) {
    let order = order(number);
    let session = format!("cs_{number}");
    let eligibility = Eligibility {
        study: leaflet::CODE.to_owned(),
        status: EligibilityStatus::Full,
        dropped_pages: vec![],
        reason: None,
    };
    let place = OrderCommand::Place {
        customer: Uuid::from_u128(1),
        commune: "44109".to_owned(),
        study: leaflet::CODE.to_owned(),
        eligibility,
        price: Price::before_tax(29_000, 2_000, "EUR"),
        recipient: RecipientKind::Collectivite,
        consents: vec![],
    };
    let context = |name: &str, actor| CommandContext {
        command_id: format!("{name}:{order}"),
        actor,
        correlation_id: order.to_string(),
        causation_id: None,
        request_id: None,
    };
    persist(async || {
        let done = commands.order(order, place.clone(), context("place", Actor::Customer)).await;
        done.map_err(|error| sqlx::Error::Protocol(error.to_string()))
    })
    .await;
    for _ in 0..2 {
        persist(async || {
            let (message_id, kind) = (format!("evt_{session}"), "test".to_owned());
            let notice = Notice { source: "stripe", message_id, kind, body: vec![] };
            let paid = OrderCommand::ConfirmPayment(payment(&session, PRICE));
            let done = commands.order_on_notice(notice, order, paid, context("paid", Actor::Stripe)).await;
            done.map_err(|error| sqlx::Error::Protocol(error.to_string()))
        })
        .await;
    }
}

fn order(number: u64) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_1000 + u128::from(number))
}

async fn until_over(owner: &PgPool, url: &str, world: &Shared, process: &mut Process, orders: u64) {
    let end = Instant::now() + Duration::from_secs(300);
    loop {
        if std::mem::take(&mut world.lock().died) {
            process.kill();
            *process = again(owner, url, world).await;
        }
        let (mailed, jobs): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM es.events WHERE event_type = 'DeliveryEmailSent'),
                    (SELECT count(*) FROM graphile_worker._private_jobs)",
        )
        .fetch_one(owner)
        .await
        .unwrap();
        if mailed.unsigned_abs() >= orders && jobs == 0 {
            return;
        }
        assert!(Instant::now() < end, "{mailed} of {orders} orders are mailed, {jobs} jobs are left");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn check(owner: &PgPool, world: &Shared, orders: u64) -> String {
    for once in ["OrderPlaced", "OrderPaid", "ReportRequested", "ReportStored", "OrderDelivered", "DeliveryEmailSent"] {
        let (events, of): (i64, i64) = sqlx::query_as(
            "SELECT count(*), count(DISTINCT metadata ->> 'correlation_id') FROM es.events WHERE event_type = $1",
        )
        .bind(once)
        .fetch_one(owner)
        .await
        .unwrap();
        assert_eq!((events.unsigned_abs(), of.unsigned_abs()), (orders, orders), "{once}: events, orders");
    }
    {
        let world = world.lock();
        assert_eq!(world.mails.len() as u64, orders, "mails");
        let reports = world.shelf.keys().filter(|key| key.starts_with("reports/")).count();
        assert_eq!(reports as u64, orders, "reports on the shelf");
    }
    let end = Instant::now() + Duration::from_secs(60);
    let verified = loop {
        let verified = verify(owner).await.expect("the chain holds");
        if verified.unsealed == 0 {
            break verified;
        }
        assert!(Instant::now() < end, "{} events stay unsealed", verified.unsealed);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let all: Vec<_> = projections::all();
    let names: Vec<&str> = all.iter().map(|projector| projector.name()).collect();
    let settled = projections::runtime::settle(owner, &names, verified.events);
    tokio::time::timeout(Duration::from_secs(60), settled).await.expect("read models follow").unwrap();
    let log = PgLog::new(owner.clone());
    for projector in &all {
        let compared = projections::runtime::compare(owner, &log, projector.as_ref(), |_| {}).await.unwrap();
        assert_eq!(compared.is_same(), Some(true), "{}: {compared:?}", projector.name());
    }
    format!("{} events in {} seals, {} read models equal to their folds,", verified.events, verified.seals, all.len())
}
