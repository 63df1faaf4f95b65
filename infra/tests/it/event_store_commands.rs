//! Commands on a real PostgreSQL: once per id, never lost between writers, messages taken once.

use domain::command::{CommandError, Outcome};
use domain::eligibility::EligibilityStatus;
use domain::order::{OrderCommand, OrderError, OrderState};
use domain::ports::Commands as _;
use tokio::task::JoinSet;

use crate::event_store_world::{World, context, mail, notice, open, order, pay, place, place_as};

fn appended(first_sequence: i64, last_sequence: i64) -> Outcome {
    Outcome { first_sequence, last_sequence, repeated: false }
}

fn again(first_sequence: i64, last_sequence: i64) -> Outcome {
    Outcome { first_sequence, last_sequence, repeated: true }
}

#[tokio::test]
async fn events_carry_who_why_and_for_which_order() {
    let world = World::new().await;
    world.commands.order(order(1), place(), context(order(1), "place:1")).await.unwrap();
    let (metadata, correlation): (serde_json::Value, String) =
        sqlx::query_as("SELECT metadata, correlation_id FROM es.events").fetch_one(&world.db.pool).await.unwrap();
    let read: domain::log::Metadata = serde_json::from_value(metadata).unwrap();
    assert_eq!((read.actor.as_str(), read.command_id.as_str(), read.causation_id), ("customer", "place:1", None));
    assert_eq!((correlation, read.request_id.as_deref()), (order(1).to_string(), Some("r-1")));
}

#[tokio::test]
async fn the_same_command_id_is_answered_with_the_first_result() {
    let world = World::new().await;
    let run = |command: OrderCommand, id: &'static str| world.commands.order(order(1), command, context(order(1), id));
    assert_eq!(run(place(), "place").await.unwrap(), appended(1, 1));
    assert_eq!(run(open("cs_1", 1), "checkout").await.unwrap(), appended(2, 2));
    assert_eq!(run(pay("cs_1"), "pay").await.unwrap(), appended(3, 3));
    // Without the memory of the first answer: nothing to do, refused, nothing to do.
    assert_eq!(run(place(), "place").await.unwrap(), again(1, 1));
    assert_eq!(run(open("cs_1", 1), "checkout").await.unwrap(), again(2, 2));
    assert_eq!(run(pay("cs_1"), "pay").await.unwrap(), again(3, 3));
    assert_eq!(world.count("SELECT count(*) FROM es.events").await, 3);
}

#[tokio::test]
async fn a_command_id_belongs_to_one_stream() {
    let world = World::new().await;
    world.commands.order(order(1), place(), context(order(1), "place")).await.unwrap();
    let refused = world.commands.order(order(2), place(), context(order(2), "place")).await.unwrap_err();
    assert!(refused.to_string().contains("was used before"), "{refused}");
    assert_eq!(world.count("SELECT count(*) FROM es.events").await, 1);
}

#[tokio::test]
async fn a_command_that_changes_nothing_writes_nothing() {
    let world = World::new().await;
    world.commands.order(order(1), place(), context(order(1), "a")).await.unwrap();
    let nothing = world.commands.order(order(1), place(), context(order(1), "b")).await.unwrap();
    assert_eq!(nothing, appended(0, 0));
    assert_eq!(world.count("SELECT count(*) FROM es.command_log").await, 1);
}

#[tokio::test]
async fn placing_an_order_that_exists_is_no_refusal_even_if_it_would_be_refused_now() {
    let world = World::new().await;
    world.commands.order(order(1), place(), context(order(1), "a")).await.unwrap();
    let late = place_as(EligibilityStatus::Unavailable);
    assert_eq!(world.commands.order(order(1), late.clone(), context(order(1), "b")).await.unwrap(), appended(0, 0));
    let refused = world.commands.order(order(2), late, context(order(2), "c")).await.unwrap_err();
    assert!(matches!(refused, CommandError::Order(OrderError::Unavailable { .. })), "{refused}");
}

#[tokio::test]
async fn the_state_is_the_fold_of_the_events() {
    let world = World::new().await;
    assert_eq!(world.commands.load_order(order(1)).await.unwrap().state(), OrderState::Unknown);
    world.delivered(order(1)).await;
    assert_eq!(world.commands.load_order(order(1)).await.unwrap().state(), OrderState::Delivered);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_writers_of_one_stream_lose_nothing_and_write_nothing_twice() {
    let world = World::new().await;
    world.delivered(order(1)).await;
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let commands = world.commands.clone();
        writers.spawn(async move {
            let mut sequences = Vec::new();
            for n in 0..10 {
                let id = format!("mail:{writer}:{n}");
                // A lasting conflict wrote nothing: whoever wants the effect sends the command again.
                let outcome = loop {
                    match commands.order(order(1), mail(&id), context(order(1), &id)).await {
                        Err(CommandError::Conflict { .. }) => {}
                        answered => break answered.unwrap(),
                    }
                };
                assert_eq!(outcome.first_sequence, outcome.last_sequence);
                assert!(!outcome.repeated);
                sequences.push(outcome.first_sequence);
            }
            sequences
        });
    }
    let mut sequences: Vec<i64> = writers.join_all().await.into_iter().flatten().collect();
    sequences.sort_unstable();
    assert_eq!(sequences, (4..=83).collect::<Vec<_>>());
    let mails = world.count("SELECT count(DISTINCT payload #>> '{DeliveryEmailSent,message_id}') FROM es.events").await;
    assert_eq!(mails, 80);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_times_the_same_command_at_once_is_one_effect_and_eight_answers() {
    let world = World::new().await;
    let mut writers = JoinSet::new();
    for _ in 0..8 {
        let commands = world.commands.clone();
        writers.spawn(async move { commands.order(order(1), place(), context(order(1), "place")).await.unwrap() });
    }
    let answers = writers.join_all().await;
    assert!(answers.iter().all(|answer| (answer.first_sequence, answer.last_sequence) == (1, 1)), "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_message_delivered_eight_times_at_once_is_taken_once() {
    let world = World::new().await;
    world.commands.order(order(1), place(), context(order(1), "place")).await.unwrap();
    let mut deliveries = JoinSet::new();
    for _ in 0..8 {
        let commands = world.commands.clone();
        deliveries.spawn(async move {
            let context = context(order(1), "stripe:evt_1");
            commands.order_on_notice(notice("evt_1"), order(1), pay("cs_1"), context).await.unwrap()
        });
    }
    let answers = deliveries.join_all().await;
    assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 1);
    assert!(answers.iter().all(|answer| answer.first_sequence == 2), "{answers:?}");
    assert_eq!(
        world.count("SELECT count(*) FROM app.inbox WHERE outcome = 'handled' AND order_id IS NOT NULL").await,
        1
    );
    assert_eq!(world.count("SELECT count(*) FROM es.events WHERE event_type = 'OrderPaid'").await, 1);
}

#[tokio::test]
async fn another_message_about_a_payment_already_known_is_kept_without_an_event() {
    let world = World::new().await;
    world.commands.order(order(1), place(), context(order(1), "place")).await.unwrap();
    let tell = |id: &'static str| {
        let context = context(order(1), &format!("stripe:{id}"));
        world.commands.order_on_notice(notice(id), order(1), pay("cs_1"), context)
    };
    assert_eq!(tell("evt_1").await.unwrap(), appended(2, 2));
    assert_eq!(tell("evt_2").await.unwrap(), appended(0, 0));
    assert_eq!(tell("evt_2").await.unwrap(), again(0, 0));
    assert_eq!(world.count("SELECT count(*) FROM app.inbox").await, 2);
}

#[tokio::test]
async fn a_message_whose_command_is_refused_leaves_no_trace() {
    let world = World::new().await;
    let context = context(order(9), "stripe:evt_1");
    let refused = world.commands.order_on_notice(notice("evt_1"), order(9), pay("cs_1"), context).await.unwrap_err();
    assert!(matches!(refused, CommandError::Order(OrderError::Unknown { .. })), "{refused}");
    assert_eq!(world.count("SELECT count(*) FROM app.inbox").await, 0);
    // The caller then keeps it with a reason, once.
    assert!(world.commands.keep_notice(notice("evt_1"), "unknown_order").await.unwrap());
    assert!(!world.commands.keep_notice(notice("evt_1"), "unknown_order").await.unwrap());
    assert_eq!(world.count("SELECT count(*) FROM app.inbox WHERE outcome = 'unknown_order'").await, 1);
}
