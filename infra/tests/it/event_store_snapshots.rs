//! Snapshots: a load with one equals a load without, whatever the history, and a wrong one does no harm.

use std::cell::Cell;

use cqrs_es::Aggregate as _;
use domain::log::Event;
use domain::order::Order;
use domain::ports::{Commands as _, Log as _};
use domain::report::Report;
use infra::event_store::{PgLog, keep_snapshots, sealed_head};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use uuid::Uuid;

use crate::event_store_world::{World, context, mail, order};

const ORDER_EVENTS: &str = include_str!("../../../domain/tests/events/order.jsonl");
const REPORT_EVENTS: &str = include_str!("../../../domain/tests/events/report.jsonl");

/// One event of each type, as stored.
fn vocabulary(lines: &str) -> Vec<(String, Value)> {
    let parsed = lines.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        (line["event_type"].as_str().unwrap().to_owned(), line["payload"].clone())
    });
    parsed.collect()
}

/// Appends events to a stream as its owner; folding is total, so any history will do.
async fn append(world: &World, aggregate: &str, id: Uuid, events: &[(String, Value)]) {
    sqlx::query(
        "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT $1, $2, n, event_type, '1.0', payload, $5
         FROM unnest($3::text[], $4::jsonb[]) WITH ORDINALITY AS e (event_type, payload, n)",
    )
    .bind(aggregate)
    .bind(id.to_string())
    .bind(events.iter().map(|event| event.0.as_str()).collect::<Vec<_>>())
    .bind(events.iter().map(|event| &event.1).collect::<Vec<_>>())
    .bind(serde_json::json!({"actor": "customer", "correlation_id": id, "command_id": id}))
    .execute(&world.db.pool)
    .await
    .unwrap();
}

/// Follows the log from `after` in batches of `size`, as the projector does; answers where it ended.
async fn follow(world: &World, after: i64, size: i64) -> i64 {
    let head = sealed_head(&world.projector).await.unwrap();
    let log = PgLog::new(world.projector.clone());
    let mut position = after;
    while position < head {
        let batch = log.read_after(position, size).await.unwrap();
        let mut tx = infra::pools::begin(&world.projector).await.unwrap();
        keep_snapshots(&mut tx, &batch).await.unwrap();
        // A batch that was told twice leaves the same rows.
        keep_snapshots(&mut tx, &batch).await.unwrap();
        tx.commit().await.unwrap();
        position = batch.last().unwrap().position;
    }
    position
}

fn fold_order(events: &[(String, Value)]) -> Order {
    let mut state = Order::default();
    for (name, payload) in events {
        let Event::Order(event) = Event::read("order", name, "1.0", payload.clone()).unwrap() else { panic!("{name}") };
        state.apply(event);
    }
    state
}

fn fold_report(events: &[(String, Value)]) -> Report {
    let mut state = Report::default();
    for (name, payload) in events {
        let Event::Report(event) = Event::read("report", name, "1.0", payload.clone()).unwrap() else {
            panic!("{name}")
        };
        state.apply(event);
    }
    state
}

#[test]
fn a_load_with_a_snapshot_equals_a_load_without_for_any_history() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::sealed());
    let (orders, reports) = (vocabulary(ORDER_EVENTS), vocabulary(REPORT_EVENTS));
    // How far the projector read, and the number of the case.
    let progress = Cell::new((0, 0));
    let any_history = (
        prop::collection::vec(prop::sample::select(orders), 1..350),
        prop::collection::vec(prop::sample::select(reports), 1..350),
        prop::sample::select(vec![7_i64, 100, 1_000]),
    );
    TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() })
        .run(&any_history, |(of_order, of_report, size)| {
            let (position, case) = progress.get();
            let id = order(case);
            let (loaded_order, loaded_report) = runtime.block_on(async {
                append(&world, "order", id, &of_order).await;
                append(&world, "report", id, &of_report).await;
                progress.set((follow(&world, position, size).await, case + 1));
                (world.commands.load_order(id).await.unwrap(), world.commands.load_report(id).await.unwrap())
            });
            prop_assert_eq!(loaded_order, fold_order(&of_order));
            prop_assert_eq!(loaded_report, fold_report(&of_report));
            Ok(())
        })
        .unwrap();
    // One snapshot per stream, the newest, where there were a hundred events; else nothing was tried here.
    let kept = "SELECT count(*) FROM es.snapshots";
    let long = "SELECT count(*) FROM (SELECT FROM es.events GROUP BY aggregate_type, aggregate_id
                                      HAVING count(*) >= 100) AS streams";
    let (kept, long) = runtime.block_on(async { (world.count(kept).await, world.count(long).await) });
    assert!(kept > 5 && kept == long, "{kept} snapshots of {long} long streams");
    runtime.block_on(async move { drop(world) });
}

/// A stream of 250 events of every type, with the snapshot of event 200. The last is the delivery, after which mails are
/// news, however many types there come to be.
async fn long_order() -> (World, Vec<(String, Value)>) {
    let world = World::sealed().await;
    let vocabulary = vocabulary(ORDER_EVENTS);
    let delivered = vocabulary.iter().find(|event| event.0 == "OrderDelivered").unwrap();
    let events: Vec<_> = vocabulary.iter().cycle().take(249).chain([delivered]).cloned().collect();
    append(&world, "order", order(1), &events).await;
    follow(&world, 0, 1_000).await;
    assert_eq!(world.count("SELECT last_sequence FROM es.snapshots").await, 200);
    (world, events)
}

async fn loaded(world: &World) -> Order {
    world.commands.load_order(order(1)).await.unwrap()
}

#[tokio::test]
async fn the_snapshot_is_what_is_read() {
    let (world, events) = long_order().await;
    assert_eq!(loaded(&world).await, fold_order(&events));
    // Marked, so that the mark shows where the state came from.
    world.tamper("UPDATE es.snapshots SET state = jsonb_set(state, '{bounced}', '[\"marked\"]')").await;
    let state = serde_json::to_value(loaded(&world).await).unwrap();
    assert!(state["bounced"].as_array().unwrap().contains(&"marked".into()), "{state}");
}

#[tokio::test]
async fn a_snapshot_of_other_code_is_not_read_and_is_replaced() {
    let (world, mut events) = long_order().await;
    world
        .tamper("UPDATE es.snapshots SET state = jsonb_set(state, '{bounced}', '[\"marked\"]'), state_version = 'old'")
        .await;
    assert_eq!(loaded(&world).await, fold_order(&events));
    // The next hundredth event, through the real command: its snapshot takes the place of the other.
    for n in 251..=300 {
        let id = format!("mail:{n}");
        world.commands.order(order(1), mail(&id), context(order(1), &id)).await.unwrap();
        events.push((
            "DeliveryEmailSent".to_owned(),
            serde_json::json!({"DeliveryEmailSent": {"kind": "delivery", "message_id": id}}),
        ));
    }
    follow(&world, 250, 1_000).await;
    assert_eq!(world.count("SELECT last_sequence FROM es.snapshots WHERE state_version <> 'old'").await, 300);
    assert_eq!(world.count("SELECT count(*) FROM es.snapshots").await, 1);
    assert_eq!(loaded(&world).await, fold_order(&events));
}

#[tokio::test]
async fn a_snapshot_that_does_not_parse_is_left_aside() {
    let (world, events) = long_order().await;
    for broken in ["'{}'", "'7'", "jsonb_set(state, '{state}', '\"Teleported\"')", "state - 'ledger'"] {
        world.tamper("CREATE TABLE IF NOT EXISTS public.kept AS SELECT * FROM es.snapshots").await;
        world.tamper(&format!("UPDATE es.snapshots SET state = {broken}")).await;
        assert_eq!(loaded(&world).await, fold_order(&events), "{broken}");
        world.tamper("UPDATE es.snapshots s SET state = k.state FROM public.kept k").await;
    }
}

#[tokio::test]
async fn a_snapshot_of_events_that_are_not_there_is_not_read() {
    let (world, events) = long_order().await;
    world.tamper("UPDATE es.snapshots SET last_sequence = 900").await;
    assert_eq!(loaded(&world).await, fold_order(&events));
    let outcome = world.commands.order(order(1), mail("<next>"), context(order(1), "next")).await.unwrap();
    assert_eq!((outcome.first_sequence, outcome.last_sequence), (251, 251));
}

#[tokio::test]
async fn commands_go_on_from_a_snapshot_without_a_gap() {
    let (world, _) = long_order().await;
    let outcome = world.commands.order(order(1), mail("<next>"), context(order(1), "next")).await.unwrap();
    assert_eq!((outcome.first_sequence, outcome.last_sequence), (251, 251));
    // What the snapshot remembers is decided upon: the same mail is no news.
    follow(&world, 0, 1_000).await;
    let known = world.commands.order(order(1), mail("<next>"), context(order(1), "again")).await.unwrap();
    assert_eq!((known.first_sequence, known.repeated), (0, false));
}
