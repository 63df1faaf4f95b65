//! Signed heads outside the house: one extends another, keys change, the owner gets one a day; a long log in parts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ports::{Commands as _, Mail, Mailer, PortError};
use infra::event_store::{
    Against, AuditKey, Flaw, HeadError, HeadPost, Pace, Part, PublicKey, Reached, Sealer, SignedHead, Unverified,
    consistency, mail_head, sealed_head, sign_head, signed_heads, verify_against, verify_order, verify_part,
};
use infra::http::Secret;
use pretty_assertions::assert_eq;

use crate::event_store_world::{World, context, mail, order};

fn key(byte: &str) -> AuditKey {
    AuditKey::new(&Secret::new(byte.repeat(32))).unwrap()
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_003_200, 0).unwrap()
}

impl World {
    /// `n` events, each in a seal of its own.
    async fn mails(&self, from: usize, n: usize) {
        for n in from..from + n {
            let id = format!("mail:{n}");
            self.commands.order(order(1), mail(&id), context(order(1), &id)).await.unwrap();
            sealed_head(&self.projector).await.unwrap();
        }
    }

    async fn sign(&self, by: &str) -> SignedHead {
        sign_head(&self.projector, &key(by), noon()).await.unwrap().unwrap()
    }

    async fn past_the_triggers(&self, sql: &str) {
        self.tamper(&format!("SET session_replication_role = replica; {sql}; SET session_replication_role = origin"))
            .await;
    }
}

/// Heads at positions 4, 7 and 10, signed by the key 07.
async fn signed_world() -> (World, [SignedHead; 3]) {
    let world = World::sealed().await;
    world.delivered(order(1)).await;
    sealed_head(&world.projector).await.unwrap();
    world.mails(0, 1).await;
    let first = world.sign("07").await;
    world.mails(1, 3).await;
    let second = world.sign("07").await;
    world.mails(4, 3).await;
    let third = world.sign("07").await;
    assert_eq!([first.position, second.position, third.position], [4, 7, 10]);
    (world, [first, second, third])
}

async fn proved(world: &World, one: &SignedHead, other: &SignedHead) -> Result<Vec<(i64, i64)>, Flaw> {
    match consistency(&world.projector, one, other, &[key("07").public()]).await {
        Ok(found) => {
            assert!(found.older.position <= found.newer.position);
            Ok(found.links.iter().map(|link| (link.first_pos, link.last_pos)).collect())
        }
        Err(Unverified::Flaw(flaw)) => Err(flaw),
        Err(Unverified::Database(error)) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_newer_head_extends_an_older_one_by_the_seals_between_them() {
    let (world, [first, second, third]) = signed_world().await;
    assert_eq!(proved(&world, &first, &third).await, Ok((5..=10).map(|at| (at, at)).collect()));
    assert_eq!(proved(&world, &second, &first).await, Ok(vec![(5, 5), (6, 6), (7, 7)]), "in any order");
    assert_eq!(proved(&world, &third, &third).await, Ok(vec![]));
}

/// What an auditor kept is enough: database and signed heads may have been made anew, every seal fitting the next.
#[tokio::test]
async fn a_history_written_anew_with_its_seals_and_heads_is_found_by_a_head_kept_outside() {
    let (world, [first, kept, _]) = signed_world().await;
    world.stop.cancel();
    world
        .past_the_triggers(
            "UPDATE es.events SET payload = jsonb_set(payload, '{DeliveryEmailSent,message_id}', '\"other\"')
               WHERE insert_pos = (SELECT insert_pos FROM es.event_order WHERE position = 6);
             DELETE FROM es.event_order; DELETE FROM es.seal; DELETE FROM es.signed_head;
             UPDATE es.checkpoint SET position = 0 WHERE projector = 'sealer';
             INSERT INTO es.unsealed SELECT insert_pos FROM es.events",
        )
        .await;
    let stop = tokio_util::sync::CancellationToken::new();
    let sealer = tokio::spawn(Sealer::run(world.projector.clone(), Arc::clone(&world.appended), stop.clone()));
    tokio::time::timeout(Duration::from_secs(60), sealed_head(&world.projector)).await.unwrap().unwrap();
    // With the stolen key even the heads are genuine again.
    let forged = world.sign("07").await;
    let against =
        Against { heads: std::slice::from_ref(&forged), trusted: &[key("07").public()], progress: &|_, _| {} };
    assert_eq!(verify_against(&world.projector, &against).await.unwrap().events, 10, "by itself it looks whole");
    assert_eq!(proved(&world, &forged, &forged).await, Ok(vec![]));
    assert_eq!(proved(&world, &kept, &forged).await, Err(Flaw::HeadDiffers { position: 7 }));
    assert_eq!(
        proved(&world, &first, &forged).await,
        Err(Flaw::HeadDiffers { position: 4 }),
        "one seal covers them now"
    );
    stop.cancel();
    sealer.await.unwrap();
}

#[tokio::test]
async fn what_lies_between_two_heads_is_found_at_its_seal() {
    let (world, [first, second, third]) = signed_world().await;
    world.past_the_triggers("CREATE TABLE public.seal AS SELECT * FROM es.seal").await;
    let cases = [
        ("UPDATE es.seal SET merkle_root = sha256(merkle_root) WHERE last_pos = 6", 6),
        ("UPDATE es.seal SET prev_hash = hash WHERE last_pos = 8", 8),
        ("DELETE FROM es.seal WHERE last_pos = 5", 5),
        ("DELETE FROM es.seal WHERE last_pos > 8", 9),
        ("DELETE FROM es.seal", 1),
        ("UPDATE es.seal SET hash = sha256(hash) WHERE last_pos = 4", 4),
    ];
    for (change, position) in cases {
        world.past_the_triggers(change).await;
        let found = proved(&world, &first, &third).await.expect_err(change);
        assert_eq!(found.position(), Some(position), "{change}: {found}");
        world.past_the_triggers("DELETE FROM es.seal; INSERT INTO es.seal SELECT * FROM public.seal").await;
        proved(&world, &first, &third).await.expect(change);
    }
    let mut twin = second.clone();
    twin.hash = "ab".repeat(32);
    twin.signature = key("07").sign(twin.message().as_bytes());
    assert_eq!(proved(&world, &second, &twin).await, Err(Flaw::HeadsDisagree { position: 7 }));
    assert_eq!(proved(&world, &twin, &third).await, Err(Flaw::HeadDiffers { position: 7 }));
    assert_eq!(proved(&world, &first, &twin).await, Err(Flaw::HeadDiffers { position: 7 }));
    twin.signature = second.signature.clone();
    assert_eq!(proved(&world, &first, &twin).await, Err(Flaw::HeadForged { position: 7 }));
    let mut renumbered = second.clone();
    renumbered.seal_no += 1;
    renumbered.signature = key("07").sign(renumbered.message().as_bytes());
    assert_eq!(proved(&world, &renumbered, &third).await, Err(Flaw::HeadDiffers { position: 7 }));
}

/// What a former key signed stays genuine as long as it is named among the former ones, and is named when it is not.
#[tokio::test]
async fn heads_of_a_former_key_count_until_the_key_is_withdrawn() {
    let (world, [first, ..]) = signed_world().await;
    world.mails(7, 1).await;
    let rotated = world.sign("08").await;
    assert_eq!(rotated.public_key, key("08").public().to_string(), "a head says which key signed it");
    let heads = signed_heads(&world.projector).await.unwrap();
    let judged = async |trusted: &[PublicKey]| {
        let against = Against { heads: &heads, trusted, progress: &|_, _| {} };
        let log = verify_against(&world.projector, &against).await.map(|verified| verified.signed_heads);
        let order =
            verify_order(&world.projector, order(1), &against).await.map(|verified| verified.signed_heads.len());
        let proof = consistency(&world.projector, &first, &rotated, trusted).await.map(|found| found.links.len());
        [log, order, proof].map(|found| {
            found.map_err(|unverified| match unverified {
                Unverified::Flaw(flaw) => flaw,
                Unverified::Database(error) => panic!("{error}"),
            })
        })
    };
    assert_eq!(judged(&[key("08").public(), key("07").public()]).await, [Ok(4), Ok(4), Ok(7)]);
    let withdrawn = Flaw::KeyUnknown { position: 4, key: key("07").public().to_string() };
    assert!(withdrawn.to_string().contains(&first.public_key), "{withdrawn}");
    let [log, order, proof] = judged(&[key("08").public()]).await;
    assert_eq!([log, order, proof], [Err(withdrawn.clone()), Err(withdrawn.clone()), Err(withdrawn)]);
    let unknown = Flaw::KeyUnknown { position: 11, key: rotated.public_key.clone() };
    assert_eq!(judged(&[key("07").public()]).await, [Err(unknown.clone()), Err(unknown.clone()), Err(unknown)]);
}

/// Keeps what it is given; drops what it knows, as the vendor does.
#[derive(Default)]
struct Letterbox {
    letters: Mutex<BTreeMap<String, Mail>>,
    closed: Mutex<bool>,
}

#[async_trait]
impl Mailer for Letterbox {
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PortError> {
        if *self.closed.lock().unwrap() {
            return Err(PortError::Refused { service: "mail", message: "closed".to_owned() });
        }
        let mut letters = self.letters.lock().unwrap();
        let news = letters.insert(mail.key.to_string(), mail.clone()).is_none();
        Ok(news.then(|| "<id>".to_owned()))
    }
}

#[tokio::test]
async fn the_owner_is_mailed_one_head_a_day_and_can_compare_it() {
    let world = World::sealed().await;
    let letterbox = Arc::<Letterbox>::default();
    let post =
        HeadPost { mailer: Arc::clone(&letterbox) as Arc<dyn Mailer>, to: "proprietaire@exemple.test".to_owned() };
    let mailed = async |hours: i64| mail_head(&world.projector, &post, noon() + TimeDelta::hours(hours)).await;
    assert!(!mailed(0).await.unwrap(), "nothing is signed yet");
    world.delivered(order(1)).await;
    world.mails(0, 1).await;
    let first = world.sign("07").await;
    *letterbox.closed.lock().unwrap() = true;
    assert!(matches!(mailed(0).await, Err(HeadError::Mail(_))));
    *letterbox.closed.lock().unwrap() = false;
    assert!(mailed(0).await.unwrap(), "again, once mail works");
    assert!(!mailed(1).await.unwrap());
    world.mails(1, 1).await;
    let second = world.sign("07").await;
    assert!(!mailed(11).await.unwrap(), "not twice a day, even when there is news");
    assert!(mailed(12).await.unwrap(), "a new day");
    assert!(!mailed(40).await.unwrap(), "no news, no mail");
    let letters: Vec<Mail> = letterbox.letters.lock().unwrap().values().cloned().collect();
    assert_eq!(letters.len(), 2);
    for head in [first, second] {
        let subject = format!("position {}", head.position);
        let letter = letters.iter().find(|letter| letter.subject.ends_with(&subject)).unwrap();
        assert_eq!(letter.to, "proprietaire@exemple.test");
        let json = &letter.text[letter.text.find('{').unwrap()..=letter.text.rfind('}').unwrap()];
        assert_eq!(serde_json::from_str::<SignedHead>(json).unwrap(), head);
        assert!(letter.html.contains(&head.signature));
    }
    // Our note of the mail may be lost in a crash: the key of the day is what the vendor knows it by.
    world.past_the_triggers("UPDATE es.signed_head SET mailed_at = NULL").await;
    assert!(mailed(13).await.unwrap());
    assert_eq!(letterbox.letters.lock().unwrap().len(), 2);
}

async fn part(world: &World, heads: &[SignedHead], from: Option<&Reached>, events: i64) -> Result<Part, Flaw> {
    let against = Against { heads, trusted: &[key("07").public()], progress: &|_, _| {} };
    let pace = Pace { limit: Duration::ZERO, events };
    match verify_part(&world.projector, &against, from, pace).await {
        Ok(part) => Ok(part),
        Err(Unverified::Flaw(flaw)) => Err(flaw),
        Err(Unverified::Database(error)) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_long_log_is_verified_part_by_part() {
    let (world, heads) = signed_world().await;
    let (mut from, mut reached, mut compared) = (None, Vec::new(), 0);
    loop {
        let part = part(&world, &heads, from.as_ref(), 3).await.unwrap();
        reached.push(part.verified.events);
        compared += part.verified.signed_heads;
        assert_eq!(part.total, 10);
        let Some(next) = part.next else {
            let against = Against { heads: &heads, trusted: &[key("07").public()], progress: &|_, _| {} };
            assert_eq!(part.verified.head, verify_against(&world.projector, &against).await.unwrap().head);
            break;
        };
        assert_eq!((next.position, &next.hash), (part.verified.events, &part.verified.head));
        from = Some(next.to_string().parse().unwrap());
    }
    assert_eq!((reached, compared), (vec![3, 6, 9, 10, 10], 3));
    world
        .past_the_triggers(
            "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
               SELECT aggregate_type, aggregate_id, 99, event_type, event_version, payload, metadata
               FROM es.events LIMIT 1",
        )
        .await;
    assert!(
        matches!(part(&world, &heads, from.as_ref(), 3).await, Err(Flaw::NeverQueued { .. })),
        "the last part looks"
    );
    world.past_the_triggers("DELETE FROM es.events WHERE sequence = 99").await;
    let all = Pace { limit: Duration::from_secs(60), events: 3 };
    let against = Against { heads: &heads, trusted: &[key("07").public()], progress: &|_, _| {} };
    let whole = verify_part(&world.projector, &against, None, all).await.unwrap();
    assert_eq!((whole.verified.events, whole.verified.signed_heads, whole.next), (10, 3, None), "time for everything");
}

#[tokio::test]
async fn a_part_finds_its_own_flaws_and_what_became_of_its_beginning() {
    let (world, heads) = signed_world().await;
    let next = part(&world, &heads, None, 6).await.unwrap().next.unwrap();
    assert_eq!(next.position, 6);
    for (change, back, first, second) in [
        (
            "UPDATE es.events SET event_version = '1.1' WHERE insert_pos = (SELECT insert_pos FROM es.event_order WHERE position = 9)",
            "UPDATE es.events SET event_version = '1.0'",
            None,
            Some(9),
        ),
        (
            "UPDATE es.events SET event_version = '1.1' WHERE insert_pos = (SELECT insert_pos FROM es.event_order WHERE position = 2)",
            "UPDATE es.events SET event_version = '1.0'",
            Some(2),
            None,
        ),
        (
            "UPDATE es.seal SET hash = sha256(hash) WHERE last_pos = 6",
            "UPDATE es.seal SET hash = (SELECT prev_hash FROM es.seal WHERE last_pos = 7) WHERE last_pos = 6",
            Some(6),
            Some(6),
        ),
    ] {
        world.past_the_triggers(change).await;
        let found = [part(&world, &heads, None, 6).await, part(&world, &heads, Some(&next), 6).await];
        let positions = found.map(|part| part.err().and_then(|flaw| flaw.position()));
        assert_eq!(positions, [first, second], "{change}");
        world.past_the_triggers(back).await;
        part(&world, &heads, Some(&next), 6).await.expect(change);
    }
    let far = Reached { position: 50, hash: next.hash.clone() };
    assert_eq!(part(&world, &heads, Some(&far), 6).await, Err(Flaw::TailMissing { position: 11, signed: 50 }));
    world
        .past_the_triggers(
            "DELETE FROM es.events WHERE insert_pos IN (SELECT insert_pos FROM es.event_order WHERE position > 8);
             DELETE FROM es.event_order WHERE position > 8; DELETE FROM es.seal WHERE last_pos > 8",
        )
        .await;
    assert_eq!(part(&world, &heads, Some(&next), 6).await, Err(Flaw::TailMissing { position: 9, signed: 10 }));
}
