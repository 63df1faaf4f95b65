//! Signed heads and what they make visible: whatever is done to the log by somebody who may do everything, is found.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ports::{Clock, Commands as _, Object, PortError, Storage, Stored};
use infra::event_store::{
    Against, AuditKey, Flaw, HeadError, HeadKeeper, SignedHead, Unverified, Verified, copy_heads, sealed_head,
    sign_head, signed_heads, verify, verify_against, verify_order,
};
use infra::http::Secret;
use pretty_assertions::assert_eq;

use crate::event_store_world::{World, context, mail, order, place};

fn key(byte: &str) -> AuditKey {
    AuditKey::new(&Secret::new(byte.repeat(32))).unwrap()
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

/// Twelve events of two orders in several seals; the heads at positions 6 and 12 are signed.
async fn signed_world() -> (World, Vec<SignedHead>) {
    let world = World::sealed().await;
    world.delivered(order(1)).await;
    for n in 0..3 {
        let id = format!("mail:{n}");
        world.commands.order(order(1), mail(&id), context(order(1), &id)).await.unwrap();
        sealed_head(&world.projector).await.unwrap();
    }
    assert_eq!(sign_head(&world.projector, &key("07"), noon()).await.unwrap().unwrap().position, 6);
    world.delivered(order(2)).await;
    sealed_head(&world.projector).await.unwrap();
    for n in 3..6 {
        let id = format!("mail:{n}");
        world.commands.order(order(1), mail(&id), context(order(1), &id)).await.unwrap();
        sealed_head(&world.projector).await.unwrap();
    }
    assert_eq!(sign_head(&world.projector, &key("07"), noon()).await.unwrap().unwrap().position, 12);
    let heads = signed_heads(&world.projector).await.unwrap();
    (world, heads)
}

async fn check(world: &World, heads: &[SignedHead]) -> Result<Verified, Flaw> {
    let against = Against { heads, trusted: &[key("07").public()], progress: &|_, _| {} };
    match verify_against(&world.projector, &against).await {
        Ok(verified) => Ok(verified),
        Err(Unverified::Flaw(flaw)) => Err(flaw),
        Err(Unverified::Database(error)) => panic!("{error}"),
    }
}

/// As somebody who may switch every trigger off.
async fn past_the_triggers(world: &World, sql: &str) {
    world
        .tamper(&format!("SET session_replication_role = replica; {sql}; SET session_replication_role = origin"))
        .await;
}

#[tokio::test]
async fn a_head_is_signed_once_per_end_of_the_chain_and_binds_it() {
    let (world, heads) = signed_world().await;
    assert_eq!(heads.iter().map(|head| head.position).collect::<Vec<_>>(), [6, 12]);
    assert!(heads.iter().all(|head| head.is_genuine(&[key("07").public()]) && !head.is_genuine(&[key("08").public()])));
    let verified = check(&world, &heads).await.unwrap();
    assert_eq!((verified.events, verified.signed_heads, verified.head), (12, 2, heads[1].hash.clone()));
    assert!(sign_head(&world.projector, &key("07"), noon()).await.unwrap().is_none(), "nothing new to sign");
    let refused = sqlx::query("UPDATE es.signed_head SET hash = hash").execute(&world.db.pool).await.unwrap_err();
    assert!(refused.to_string().contains("append-only"), "{refused}");
}

#[tokio::test]
async fn one_byte_changed_in_any_column_of_any_event_is_found_where_it_is() {
    let (world, heads) = signed_world().await;
    past_the_triggers(&world, "CREATE TABLE public.kept AS SELECT * FROM es.events").await;
    let flip = "chr((ascii(left(COLUMN, 1)) # 1)) || substr(COLUMN, 2)";
    let text = |column: &str| flip.replace("COLUMN", column);
    let inside = |column: &str| {
        // The last letter of the document's text that is a letter or digit, changed to its neighbour.
        format!("regexp_replace({column}::text, '([a-z])([^a-z]*)$', 'Q\\2')::jsonb")
    };
    let changes: BTreeMap<&str, String> = [
        ("aggregate_type", text("aggregate_type")),
        ("aggregate_id", text("aggregate_id")),
        ("sequence", "sequence # 64".to_owned()),
        ("event_type", text("event_type")),
        ("event_version", text("event_version")),
        ("payload", inside("payload")),
        ("metadata", inside("metadata")),
        ("recorded_at", "recorded_at + interval '1 microsecond'".to_owned()),
        ("insert_pos", "insert_pos # 1024".to_owned()),
        ("transaction_id", "(transaction_id::text::bigint # 1)::text::xid8".to_owned()),
        ("event_id", "md5('another')::uuid".to_owned()),
        ("correlation_id", text("correlation_id")),
        ("causation_id", "'caused by nobody'".to_owned()),
    ]
    .into();
    let columns: Vec<String> = sqlx::query_scalar(
        "SELECT column_name::text FROM information_schema.columns
         WHERE table_schema = 'es' AND table_name = 'events' ORDER BY 1",
    )
    .fetch_all(&world.db.pool)
    .await
    .unwrap();
    assert_eq!(columns, changes.keys().map(ToString::to_string).collect::<Vec<_>>(), "every column has its change");
    // Generated and identity columns are made plain first: an owner of the table can do that too.
    past_the_triggers(
        &world,
        "ALTER TABLE es.events ALTER event_id DROP EXPRESSION, ALTER correlation_id DROP EXPRESSION,
           ALTER causation_id DROP EXPRESSION, ALTER insert_pos DROP IDENTITY",
    )
    .await;
    check(&world, &heads).await.unwrap();
    for position in 1..=12_i64 {
        let at = format!("(SELECT insert_pos FROM es.event_order WHERE position = {position})");
        for (column, change) in &changes {
            past_the_triggers(&world, &format!("UPDATE es.events SET {column} = {change} WHERE insert_pos = {at}"))
                .await;
            let found = check(&world, &heads).await.expect_err(column);
            assert_eq!(found.position(), Some(position), "{column}: {found}");
            past_the_triggers(
                &world,
                &format!(
                    "UPDATE es.events e SET {column} = k.{column} FROM public.kept k
                     WHERE k.event_id = e.event_id AND k.insert_pos = {at}
                        OR k.insert_pos = e.insert_pos AND k.insert_pos = {at}"
                ),
            )
            .await;
        }
    }
    check(&world, &heads).await.unwrap();
}

#[tokio::test]
async fn what_was_cut_off_exchanged_or_forged_is_found() {
    let (world, heads) = signed_world().await;
    for table in ["events", "event_order", "seal"] {
        past_the_triggers(&world, &format!("CREATE TABLE public.{table} AS SELECT * FROM es.{table}")).await;
    }
    let tail = "DELETE FROM es.events WHERE insert_pos IN (SELECT insert_pos FROM es.event_order WHERE position > 9);
                DELETE FROM es.event_order WHERE position > 9";
    let cases = [
        (
            "the tail, its places left",
            "DELETE FROM es.events WHERE insert_pos IN
            (SELECT insert_pos FROM es.event_order WHERE position > 9)"
                .to_owned(),
            10,
        ),
        ("the tail, its seals left", tail.to_owned(), 10),
        ("the tail with its seals", format!("{tail}; DELETE FROM es.seal WHERE last_pos > 9"), 10),
        ("everything", "DELETE FROM es.events; DELETE FROM es.event_order; DELETE FROM es.seal".to_owned(), 1),
        ("a stream", "DELETE FROM es.events WHERE aggregate_id LIKE '%2'".to_owned(), 7),
        (
            "two events swapped",
            "UPDATE es.event_order a SET insert_pos = -b.insert_pos FROM es.event_order b
               WHERE (a.position, b.position) IN ((4, 11), (11, 4));
             UPDATE es.event_order SET insert_pos = -insert_pos WHERE insert_pos < 0"
                .to_owned(),
            4,
        ),
        (
            "two contents swapped",
            "UPDATE es.events a SET payload = b.payload FROM es.events b
            WHERE a.sequence + b.sequence = 9 AND a.sequence IN (4, 5) AND a.aggregate_id = b.aggregate_id"
                .to_owned(),
            4,
        ),
    ];
    for (what, change, position) in cases {
        past_the_triggers(&world, &change).await;
        let found = check(&world, &heads).await.expect_err(what);
        assert_eq!(found.position(), Some(position), "{what}: {found}");
        past_the_triggers(
            &world,
            "DELETE FROM es.events; DELETE FROM es.event_order; DELETE FROM es.seal;
             INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                                    insert_pos, transaction_id, recorded_at)
               OVERRIDING SYSTEM VALUE
               SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, insert_pos,
                      transaction_id, recorded_at FROM public.events;
             INSERT INTO es.event_order SELECT * FROM public.event_order;
             INSERT INTO es.seal SELECT * FROM public.seal",
        )
        .await;
        check(&world, &heads).await.expect(what);
    }
}

/// Whoever can write everything can compute a new chain that agrees with itself. It does not agree with what was signed.
#[tokio::test]
async fn a_chain_computed_anew_agrees_with_itself_and_not_with_the_signed_head() {
    let (world, heads) = signed_world().await;
    world.stop.cancel();
    past_the_triggers(
        &world,
        "UPDATE es.events SET payload = jsonb_set(payload, '{DeliveryEmailSent,message_id}', '\"other\"')
           WHERE insert_pos = (SELECT insert_pos FROM es.event_order WHERE position = 10);
         DELETE FROM es.event_order; DELETE FROM es.seal;
         UPDATE es.checkpoint SET position = 0 WHERE projector = 'sealer';
         INSERT INTO es.unsealed SELECT insert_pos FROM es.events",
    )
    .await;
    let stop = tokio_util::sync::CancellationToken::new();
    let sealer = tokio::spawn(infra::event_store::Sealer::run(
        world.projector.clone(),
        Arc::clone(&world.appended),
        stop.clone(),
    ));
    tokio::time::timeout(Duration::from_secs(60), sealed_head(&world.projector)).await.unwrap().unwrap();
    assert_eq!(verify(&world.projector).await.unwrap().events, 12, "alone it looks whole");
    let found = check(&world, &heads).await.unwrap_err();
    assert!(matches!(found, Flaw::HeadDiffers { position: 6 | 12 }), "{found}");
    let refused = sign_head(&world.projector, &key("07"), noon()).await.unwrap_err();
    assert!(matches!(refused, HeadError::Unsigned(Flaw::HeadDiffers { position: 12 })), "{refused}");
    stop.cancel();
    sealer.await.unwrap();
}

#[tokio::test]
async fn a_forged_head_and_a_changed_signature_are_found_where_they_are() {
    let (world, heads) = signed_world().await;
    let mut foreign = heads.clone();
    foreign[1].public_key = key("08").public().to_string();
    foreign[1].signature = key("08").sign(foreign[1].message().as_bytes());
    let mut bent = heads.clone();
    bent[0].signature = bent[0].signature.replace('a', "b");
    let mut moved = heads.clone();
    moved[0].position = 5;
    let mut later = heads.clone();
    later[1].signed_at += TimeDelta::seconds(1);
    let unknown = Flaw::KeyUnknown { position: 12, key: key("08").public().to_string() };
    assert_eq!(check(&world, &foreign).await.unwrap_err(), unknown, "a key that is not trusted is named");
    for (what, forged, position) in [("signature", bent, 6), ("position", moved, 5), ("time", later, 12)] {
        assert_eq!(check(&world, &forged).await.unwrap_err(), Flaw::HeadForged { position }, "{what}");
    }
    let mut inside = heads.clone();
    inside[1].position = 11;
    inside[1].signature = key("07").sign(inside[1].message().as_bytes());
    assert_eq!(check(&world, &inside).await.unwrap_err(), Flaw::HeadDiffers { position: 11 }, "signed, but of no seal");
}

#[tokio::test]
async fn one_order_is_verified_by_itself_up_to_the_heads_that_cover_it() {
    let (world, heads) = signed_world().await;
    let trusted = [key("07").public()];
    let against = Against { heads: &heads, trusted: &trusted, progress: &|_, _| {} };
    let whole = verify_order(&world.projector, order(1), &against).await.unwrap();
    assert_eq!((whole.events, whole.unsealed, whole.covered), (9, 0, true));
    assert_eq!(whole.signed_heads, [6, 12]);
    let uncovered = Against { heads: &heads[..1], trusted: &trusted, progress: &|_, _| {} };
    assert!(!verify_order(&world.projector, order(1), &uncovered).await.unwrap().covered);
    for (change, back, position) in [
        ("UPDATE es.events SET event_version = '1.1'", "UPDATE es.events SET event_version = '1.0'", 11),
        (
            "UPDATE es.seal SET merkle_root = sha256(merkle_root)",
            "UPDATE es.seal s SET merkle_root = k.merkle_root FROM public.seal k WHERE k.seal_no = s.seal_no",
            11,
        ),
    ] {
        past_the_triggers(&world, "CREATE TABLE IF NOT EXISTS public.seal AS SELECT * FROM es.seal").await;
        let at = match change.contains("es.seal") {
            true => "11 BETWEEN first_pos AND last_pos".to_owned(),
            false => "insert_pos = (SELECT insert_pos FROM es.event_order WHERE position = 11)".to_owned(),
        };
        past_the_triggers(&world, &format!("{change} WHERE {at}")).await;
        let Unverified::Flaw(found) = verify_order(&world.projector, order(1), &against).await.unwrap_err() else {
            panic!()
        };
        assert!(found.position().is_some_and(|at| at >= position), "{change}: {found}");
        past_the_triggers(&world, back).await;
        verify_order(&world.projector, order(1), &against).await.unwrap();
    }
    past_the_triggers(
        &world,
        "DELETE FROM es.events WHERE insert_pos = (SELECT insert_pos FROM es.event_order WHERE position = 5)",
    )
    .await;
    let Unverified::Flaw(found) = verify_order(&world.projector, order(1), &against).await.unwrap_err() else {
        panic!()
    };
    assert!(matches!(found, Flaw::StreamGap { position: 6, sequence: 5, .. }), "{found}");
}

/// A shelf that may be broken.
#[derive(Default)]
struct Shelf {
    kept: Mutex<BTreeMap<String, Vec<u8>>>,
    broken: Mutex<bool>,
}

#[async_trait]
impl Storage for Shelf {
    async fn put_once(&self, object: Object<'_>) -> Result<Stored, PortError> {
        if *self.broken.lock().unwrap() {
            return Err(PortError::Refused { service: "storage", message: "broken".to_owned() });
        }
        let mut kept = self.kept.lock().unwrap();
        let bytes = kept.entry(object.key.to_owned()).or_insert_with(|| object.bytes.to_vec());
        assert_eq!(bytes, object.bytes, "a key is written once");
        Ok(Stored { bytes: object.bytes.len() as u64, sha256: Some(object.sha256.to_owned()) })
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, PortError> {
        Ok(self.kept.lock().unwrap()[key].clone())
    }

    async fn head(&self, _: &str) -> Result<Stored, PortError> {
        unreachable!("heads are only written")
    }

    async fn link(&self, _: &str, _: Duration) -> Result<String, PortError> {
        unreachable!("heads are only written")
    }
}

struct Hands(Mutex<DateTime<Utc>>);

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

#[tokio::test]
async fn the_keeper_signs_each_hour_and_copies_what_storage_missed() {
    let world = World::sealed().await;
    world.delivered(order(1)).await;
    sealed_head(&world.projector).await.unwrap();
    let (shelf, clock) = (Arc::<Shelf>::default(), Arc::new(Hands(Mutex::new(noon()))));
    let keeper = HeadKeeper {
        pool: world.projector.clone(),
        key: key("07"),
        storage: shelf.clone(),
        post: None,
        clock: clock.clone(),
    };
    *shelf.broken.lock().unwrap() = true;
    assert!(matches!(keeper.round().await, Err(HeadError::Storage(_))));
    *shelf.broken.lock().unwrap() = false;
    keeper.round().await.unwrap();
    world.commands.order(order(2), place(), context(order(2), "place")).await.unwrap();
    sealed_head(&world.projector).await.unwrap();
    keeper.round().await.unwrap();
    let signed = |heads: Vec<SignedHead>| heads.iter().map(|head| head.position).collect::<Vec<_>>();
    assert_eq!(signed(signed_heads(&world.projector).await.unwrap()), [3], "not before an hour has gone by");
    *clock.0.lock().unwrap() += TimeDelta::hours(1);
    keeper.round().await.unwrap();
    let heads = signed_heads(&world.projector).await.unwrap();
    assert_eq!(signed(heads.clone()), [3, 4]);
    assert_eq!(copy_heads(&world.projector, shelf.as_ref(), noon()).await.unwrap(), 0, "all of them are there");
    for head in heads {
        let copy: SignedHead = serde_json::from_slice(&shelf.get(&head.key()).await.unwrap()).unwrap();
        assert_eq!(copy, head);
    }
}
