//! The policies in a simulated world: real aggregates and real jobs, ports in memory, a clock that nobody waits for, and
//! faults at every await of a port. One seed is one story; a seed that fails is printed and can be told again with
//! `LOBSTER_SIM_SEED`, many with `LOBSTER_SIM_SEEDS`.

mod audit;
mod books;
pub mod chance;
mod customers;
pub mod fault;
pub mod leaflet;
mod ledger;
mod outside;
mod payments;
mod queue;
mod rounds;
mod shop;
pub mod state;

use std::{collections::BTreeMap, time::Instant};

use sqlx::{PgPool, postgres::PgPoolOptions};

use self::{
    audit::{Seen, audit},
    customers::Habits,
    fault::{Fault, Weather},
    shop::Shop,
};

const SEEDS: u64 = 10_000;
const WORKERS: u64 = 2;

/// No study of the simulated shop reads a database.
fn no_database() -> PgPool {
    PgPoolOptions::new().connect_lazy("postgres://nobody@127.0.0.1:1/nothing").unwrap()
}

#[expect(clippy::disallowed_methods, reason = "which stories a test tells is no configuration of the product")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}

fn story(seed: u64, data: &PgPool) -> Result<Seen, String> {
    // From calm to a storm in which every sixth await goes wrong.
    let mut shop = Shop::new(seed, Weather::Seeded(seed % 17), data.clone());
    // Now and then the making of reports cannot begin for hours, while everything else goes on.
    if seed % 40 == 7 {
        shop.world.lock().outage = Some(("append Request", 3 * 3_600_000));
    }
    for number in 0..=seed % 3 {
        shop.customer(number);
    }
    told(&mut shop, &format!("LOBSTER_SIM_SEED={seed}"))
}

fn told(shop: &mut Shop, name: &str) -> Result<Seen, String> {
    shop.run();
    audit(shop).map_err(|broken| {
        let world = shop.world.lock();
        let strikes: Vec<String> =
            world.strikes.iter().map(|s| format!("  {:>9} ms {:?} at {}", s.at, s.fault, s.place)).collect();
        let log: Vec<String> = world
            .log
            .iter()
            .map(|r| {
                format!(
                    "  {:>9} {} {}",
                    r.recorded_at.timestamp_millis() - 1_795_000_000_000,
                    r.metadata.correlation_id,
                    r.event.name()
                )
            })
            .collect();
        format!("{broken}\n{name}\nfaults:\n{}\nlog:\n{}", strikes.join("\n"), log.join("\n"))
    })
}

fn add(all: &mut Seen, one: &Seen) {
    all.delivered += one.delivered;
    all.failed += one.failed;
    all.refunds += one.refunds;
    all.mails_again += one.mails_again;
    all.strikes += one.strikes;
    all.overdue += one.overdue;
    all.asked_after += one.asked_after;
    all.reread += one.reread;
}

/// Tells `count` stories on two threads; panics with the first that breaks an invariant.
fn many(count: u64, tell: &(dyn Fn(u64, &PgPool) -> Result<Seen, String> + Sync)) -> Seen {
    let tell_some = |worker: u64| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _inside = runtime.enter();
        let data = no_database();
        let mut seen = Seen::default();
        for number in (worker..count).step_by(usize::try_from(WORKERS).unwrap()) {
            add(&mut seen, &tell(number, &data)?);
        }
        Ok::<Seen, String>(seen)
    };
    let mut all = Seen::default();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|worker| scope.spawn(move || tell_some(worker))).collect();
        for worker in workers {
            match worker.join().expect("no story panics") {
                Ok(seen) => add(&mut all, &seen),
                Err(broken) => panic!("{broken}"),
            }
        }
    });
    all
}

#[test]
fn whatever_fails_each_paid_order_ends_once() {
    let started = Instant::now();
    let seen = match setting("LOBSTER_SIM_SEED") {
        Some(seed) => many(1, &|_, data| story(seed, data)),
        None => many(setting("LOBSTER_SIM_SEEDS").unwrap_or(SEEDS), &story),
    };
    println!("simulation: {seen:?} in {:?}", started.elapsed());
    assert!(seen.delivered > 0 || setting("LOBSTER_SIM_SEED").is_some(), "{seen:?}");
    if setting("LOBSTER_SIM_SEED").is_none() {
        assert!(seen.failed > 0 && seen.refunds > 0 && seen.strikes > 10_000, "the weather was too fine: {seen:?}");
        assert!(seen.overdue > 0 && seen.asked_after > 0 && seen.reread > 0, "the upkeep had nothing to do: {seen:?}");
    }
}

/// An order that meets every side effect: paid twice, so that money goes back, and delivered.
fn planned(plan: BTreeMap<usize, Fault>, data: &PgPool) -> (Shop, String) {
    let name = format!("planned faults: {plan:?}");
    let mut shop = Shop::new(7, Weather::Planned(plan), data.clone());
    shop.customer_with(0, 0, Habits { pays: true, pays_twice: true, ..Habits::default() });
    (shop, name)
}

/// Side effects of an order that nothing goes wrong with.
fn boundaries() -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _inside = runtime.enter();
    let (mut shop, name) = planned(BTreeMap::new(), &no_database());
    told(&mut shop, &name).unwrap();
    shop.world.lock().effects
}

#[test]
fn no_pair_of_faults_loses_or_doubles_anything() {
    let started = Instant::now();
    let effects = boundaries();
    assert!(effects >= 24, "only {effects} side effects");
    let mut pairs = Vec::new();
    for first in 0..effects {
        // The first fault makes the story longer: what is repeated is struck too.
        for second in first + 1..effects + 4 {
            for one in Fault::HARD {
                pairs.extend(Fault::HARD.map(|other| BTreeMap::from([(first, one), (second, other)])));
            }
        }
    }
    let seen = many(pairs.len() as u64, &|number, data| {
        let (mut shop, name) = planned(pairs[usize::try_from(number).unwrap()].clone(), data);
        told(&mut shop, &name)
    });
    println!("pairs: {} over {effects} side effects, {seen:?} in {:?}", pairs.len(), started.elapsed());
    assert_eq!(seen.delivered + seen.failed, pairs.len(), "every story ends");
}
