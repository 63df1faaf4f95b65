//! The order of the log: gapless, complete, in stream order, and provable.

use std::sync::Arc;

use domain::ports::{Commands as _, Log as _};
use infra::event_store::{Flaw, PgLog, Sealer, Unverified, follow_head, sealed_head, verify};
use sqlx::PgPool;
use tokio::task::JoinSet;

use crate::event_store_world::{World, context, mail, order, place};

/// Appends `transactions` batches of one to three events to a stream of its own, every fifth rolled back, as the owner.
async fn write(pool: PgPool, writer: usize, transactions: usize) {
    let mut sequence = 0_i64;
    for n in 0..transactions {
        let mut tx = infra::pools::begin(&pool).await.unwrap();
        let size = i64::try_from(1 + (n + writer) % 3).unwrap();
        for next in sequence + 1..=sequence + size {
            sqlx::query(
                "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
                 VALUES ('order', $1, $2, 'CheckoutExpired', '1.0', $3, '{\"actor\":\"customer\",\"correlation_id\":\"x\",\"command_id\":\"y\"}')",
            )
            .bind(order(writer as u128).to_string())
            .bind(next)
            .bind(serde_json::json!({"CheckoutExpired": {"session": next.to_string()}}))
            .execute(&mut *tx)
            .await
            .unwrap();
            tokio::task::yield_now().await;
        }
        if n % 5 == 4 {
            tx.rollback().await.unwrap();
        } else {
            tx.commit().await.unwrap();
            sequence += size;
        }
    }
}

async fn assert_whole(world: &World) {
    let events = world.count("SELECT count(*) FROM es.events").await;
    assert!(events > 100, "the writers wrote {events} events only");
    assert_eq!(sealed_head(&world.projector).await.unwrap(), events);
    assert_eq!(world.count("SELECT count(*) FROM es.event_order").await, events);
    assert_eq!(world.count("SELECT max(position) FROM es.event_order").await, events);
    let turned = world
        .count(
            "SELECT count(*) FROM es.events a JOIN es.event_order oa USING (insert_pos)
             JOIN es.events b ON (b.aggregate_id, b.sequence) = (a.aggregate_id, a.sequence + 1)
             JOIN es.event_order ob ON ob.insert_pos = b.insert_pos WHERE ob.position < oa.position",
        )
        .await;
    assert_eq!(turned, 0, "an event came before the one it follows");
    let verified = verify(&world.projector).await.unwrap();
    assert_eq!((verified.events, verified.unsealed), (events, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_writers_with_rollbacks_leave_no_gap() {
    let world = World::sealed().await;
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        writers.spawn(write(world.db.pool.clone(), writer, 25));
    }
    writers.join_all().await;
    assert_whole(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_sealers_at_once_seal_each_event_once() {
    let world = World::sealed().await;
    let second = Sealer::run(world.projector.clone(), Arc::clone(&world.appended), world.stop.clone());
    tokio::spawn(second);
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        writers.spawn(write(world.db.pool.clone(), writer, 25));
    }
    // Both believe they hold the lease, again and again: the fence decides.
    while !writers.is_empty() {
        projections::runtime::free_leases(&world.projector).await.unwrap();
        writers.join_next().await.unwrap().unwrap();
    }
    assert_whole(&world).await;
}

#[tokio::test]
async fn a_sealer_that_stops_hands_over_at_once() {
    let world = World::new().await;
    let first = world.stop.child_token();
    let running = tokio::spawn(Sealer::run(world.projector.clone(), Arc::clone(&world.appended), first.clone()));
    world.delivered(order(1)).await;
    assert_eq!(sealed_head(&world.projector).await.unwrap(), 3);
    first.cancel();
    running.await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM es.checkpoint WHERE lease_until IS NOT NULL").await, 0);
    world.seal();
    world.delivered(order(2)).await;
    assert_eq!(sealed_head(&world.projector).await.unwrap(), 6);
}

#[tokio::test]
async fn readers_see_every_event_once_whatever_the_page() {
    let world = World::sealed().await;
    for n in 1..=7 {
        world.delivered(order(n)).await;
        sealed_head(&world.projector).await.unwrap();
    }
    let log = PgLog::new(world.projector.clone());
    let all = log.read_after(0, 1_000).await.unwrap();
    assert_eq!(all.iter().map(|event| event.position).collect::<Vec<_>>(), (1..=21).collect::<Vec<_>>());
    for page in [1, 2, 5, 20, 21] {
        let (mut position, mut paged) = (0, Vec::new());
        loop {
            let batch = log.read_after(position, page).await.unwrap();
            let Some(last) = batch.last() else { break };
            position = last.position;
            paged.extend(batch);
        }
        assert_eq!(paged, all, "pages of {page}");
    }
}

#[tokio::test]
async fn the_head_is_announced() {
    let world = World::sealed().await;
    let mut head = follow_head(world.projector.clone(), world.stop.clone());
    world.delivered(order(1)).await;
    head.wait_for(|position| *position >= 3).await.unwrap();
}

#[tokio::test]
async fn an_order_can_be_read_as_it_is_stored_sealed_or_not() {
    let world = World::new().await;
    world.delivered(order(1)).await;
    world.delivered(order(2)).await;
    let log = PgLog::new(world.projector.clone());
    let stored = log.of_order(order(1)).await.unwrap();
    let types: Vec<_> = stored.iter().map(|event| event.event_type.as_str()).collect();
    assert_eq!(types, ["OrderPlaced", "OrderPaid", "OrderDelivered"]);
    assert!(stored.iter().all(|event| event.position.is_none()));
    world.seal();
    sealed_head(&world.projector).await.unwrap();
    let positions: Vec<_> = log.of_order(order(1)).await.unwrap().iter().map(|event| event.position).collect();
    assert_eq!(positions, [Some(1), Some(2), Some(3)]);
}

/// Ten events in several seals.
async fn ten_events() -> World {
    let world = World::sealed().await;
    world.delivered(order(1)).await;
    for n in 0..6 {
        let id = format!("mail:{n}");
        world.commands.order(order(1), mail(&id), context(order(1), &id)).await.unwrap();
        sealed_head(&world.projector).await.unwrap();
    }
    world.commands.order(order(2), place(), context(order(2), "place")).await.unwrap();
    assert_eq!(sealed_head(&world.projector).await.unwrap(), 10);
    let verified = verify(&world.projector).await.unwrap();
    assert_eq!((verified.events, verified.unsealed), (10, 0));
    world
}

#[tokio::test]
async fn a_byte_changed_in_any_column_is_found_where_it_is() {
    let world = ten_events().await;
    let changes = [
        ("aggregate_type", "'Order'"),
        ("aggregate_id", "replace(aggregate_id, '1', '3')"),
        ("sequence", "77"),
        ("event_type", "'DeliveryEmailSenT'"),
        ("event_version", "'1.1'"),
        ("payload", "jsonb_set(payload, '{DeliveryEmailSent,message_id}', '\"other\"')"),
        ("metadata", "jsonb_set(metadata, '{actor}', '\"stripe\"')"),
        ("recorded_at", "recorded_at + interval '1 microsecond'"),
    ];
    world.tamper("CREATE TABLE public.kept AS SELECT * FROM es.events").await;
    world.tamper("ALTER TABLE es.events DISABLE TRIGGER events_append_only").await;
    for (column, change) in changes {
        world.tamper(&format!("UPDATE es.events SET {column} = {change} WHERE sequence = 5")).await;
        let found = verify(&world.projector).await.unwrap_err();
        assert!(matches!(found, Unverified::Flaw(Flaw::EventChanged { position: 5 })), "{column}: {found}");
        world
            .tamper(&format!(
                "UPDATE es.events e SET {column} = k.{column} FROM public.kept k WHERE k.insert_pos = e.insert_pos"
            ))
            .await;
        verify(&world.projector).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_deleted_exchanged_or_forged_is_found() {
    let world = ten_events().await;
    world
        .tamper(
            "CREATE TABLE public.places AS SELECT * FROM es.event_order;
             CREATE TABLE public.seals AS SELECT * FROM es.seal",
        )
        .await;
    let cases = [
        ("DELETE FROM es.event_order WHERE position = 4", Flaw::EventMissing { position: 4 }),
        (
            "UPDATE es.event_order a SET insert_pos = -b.insert_pos, leaf = b.leaf FROM es.event_order b
               WHERE (a.position, b.position) IN ((6, 7), (7, 6));
             UPDATE es.event_order SET insert_pos = -insert_pos WHERE insert_pos < 0",
            Flaw::RootDiffers { position: 6, seal_no: 0 },
        ),
        ("UPDATE es.seal SET merkle_root = hash WHERE last_pos = 8", Flaw::RootDiffers { position: 8, seal_no: 0 }),
        ("UPDATE es.seal SET hash = merkle_root WHERE last_pos = 8", Flaw::ChainBroken { position: 8, seal_no: 0 }),
        ("DELETE FROM es.seal WHERE last_pos = 8", Flaw::ChainBroken { position: 8, seal_no: 0 }),
        ("DELETE FROM es.seal WHERE last_pos = 10", Flaw::AfterTheLastSeal { position: 10 }),
        // The last case: nothing brings the event back.
        ("DELETE FROM es.events WHERE sequence = 9", Flaw::EventMissing { position: 9 }),
    ];
    for (change, expected) in cases {
        let past_the_triggers =
            format!("SET session_replication_role = replica; {change}; SET session_replication_role = origin");
        world.tamper(&past_the_triggers).await;
        let Unverified::Flaw(found) = verify(&world.projector).await.unwrap_err() else { panic!("{change}") };
        let unnumbered = match found {
            Flaw::RootDiffers { position, .. } => Flaw::RootDiffers { position, seal_no: 0 },
            Flaw::ChainBroken { position, .. } => Flaw::ChainBroken { position, seal_no: 0 },
            other => other,
        };
        assert_eq!(unnumbered, expected, "{change}");
        world
            .tamper(
                "SET session_replication_role = replica;
                 DELETE FROM es.event_order; INSERT INTO es.event_order SELECT * FROM public.places;
                 DELETE FROM es.seal; INSERT INTO es.seal SELECT * FROM public.seals;
                 SET session_replication_role = origin",
            )
            .await;
    }
}

#[tokio::test]
async fn an_event_that_went_past_the_queue_is_found() {
    let world = ten_events().await;
    world
        .tamper(
            "SET session_replication_role = replica;
             INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             SELECT aggregate_type, 'slipped in', 1, event_type, event_version, payload, metadata
             FROM es.events WHERE sequence = 1 LIMIT 1;
             SET session_replication_role = origin",
        )
        .await;
    let found = verify(&world.projector).await.unwrap_err();
    assert!(matches!(found, Unverified::Flaw(Flaw::NeverQueued { .. })), "{found}");
}
