//! Looking back: laws that hold for any history of an order.

use domain::history::{Difference, Past, Point, Stream};
use domain::order::OrderCommand;
use domain::ports::{Commands as _, History as _};
use infra::event_store::{PgHistory, sealed_head};
use serde_json::{Value, json};

use crate::event_store_world::{World, context, mail, open, order, pay, place};

/// An order with eight events, the fourth of which is only for people; other orders lie between them in the log.
async fn told(world: &World) -> Stream {
    let id = order(1);
    let failures = vec!["HTTP 503".to_owned()];
    let retried = OrderCommand::RecordRetries { service: "stripe".into(), operation: "open".into(), failures };
    let expire = OrderCommand::ExpireCheckout { session: "cs_1".to_owned() };
    let deliver = OrderCommand::Deliver { report: order(9), version: 1 };
    let steps = [place(), open("cs_1", 1), expire, retried, open("cs_2", 2), pay("cs_2"), deliver, mail("m-1")];
    for (n, command) in steps.into_iter().enumerate() {
        world.commands.order(id, command, context(id, &format!("step:{n}"))).await.unwrap();
        let other = order(100 + n as u128);
        world.commands.order(other, place(), context(other, &format!("other:{n}"))).await.unwrap();
    }
    assert_eq!(sealed_head(&world.projector).await.unwrap(), 16);
    Stream::Order(id)
}

fn patched(state: &Value, patch: &Value) -> Value {
    let mut state = state.clone();
    let patch: json_patch::Patch = serde_json::from_value(patch.clone()).unwrap();
    json_patch::patch(&mut state, &patch).unwrap();
    state
}

#[tokio::test]
async fn the_state_at_the_last_event_is_the_state_that_decides() {
    let world = World::sealed().await;
    let stream = told(&world).await;
    let history = PgHistory::new(world.projector.clone());
    let loaded = json!(world.commands.load_order(stream.id()).await.unwrap());
    for last in [Point::Now, Point::Sequence(8), Point::Position(16)] {
        let past = history.past(stream, last).await.unwrap().unwrap();
        assert_eq!(past.state, loaded, "{last:?}");
        assert_eq!(past.last.unwrap().sequence, 8);
    }
    assert_eq!(history.past(Stream::Order(order(404)), Point::Now).await.unwrap(), None);
    assert_eq!(history.past(Stream::Report(stream.id()), Point::Now).await.unwrap(), None);
}

#[tokio::test]
async fn number_position_and_time_of_an_event_are_the_same_point() {
    let world = World::sealed().await;
    let stream = told(&world).await;
    let history = PgHistory::new(world.projector.clone());
    let mut seen: Vec<Past> = Vec::new();
    for sequence in 1..=8 {
        let past = history.past(stream, Point::Sequence(sequence)).await.unwrap().unwrap();
        let last = past.last.clone().unwrap();
        assert_eq!((last.sequence, last.event_id.is_nil()), (sequence, false));
        for point in [Point::Position(last.position.unwrap()), Point::Time(last.recorded_at)] {
            assert_eq!(history.past(stream, point).await.unwrap().unwrap(), past, "{point:?}");
        }
        // The place of another order's event, right behind, is the same point of this one.
        let behind = Point::Position(last.position.unwrap() + 1);
        assert_eq!(history.past(stream, behind).await.unwrap().unwrap(), past);
        seen.push(past);
    }
    assert!(seen.windows(2).all(|pair| pair[0].last != pair[1].last));
    let nothing = history.past(stream, Point::Sequence(0)).await.unwrap().unwrap();
    assert_eq!((nothing.last, nothing.state), (None, json!(domain::order::Order::default())));
}

#[tokio::test]
async fn a_difference_applied_to_the_earlier_state_gives_the_later() {
    let world = World::sealed().await;
    let stream = told(&world).await;
    let history = PgHistory::new(world.projector.clone());
    let state = async |n| history.past(stream, Point::Sequence(n)).await.unwrap().unwrap().state;
    for from in 0..=8 {
        for to in from..=8 {
            let found = history.difference(stream, Point::Sequence(from), Point::Sequence(to)).await.unwrap().unwrap();
            let (before, after) = (state(from).await, state(to).await);
            assert_eq!((&found.from.state, &found.to.state), (&before, &after));
            assert_eq!(patched(&before, &found.patch), after, "{from} to {to} at once");
            let by_event = found.changes.iter().fold(before, |state, change| patched(&state, &change.patch));
            assert_eq!(by_event, after, "{from} to {to}, event by event");
            let sequences: Vec<i64> = found.changes.iter().map(|change| change.event.sequence).collect();
            assert_eq!(sequences, (from + 1..=to).collect::<Vec<_>>());
        }
    }
    let Difference { changes, patch, .. } =
        history.difference(stream, Point::Sequence(3), Point::Sequence(4)).await.unwrap().unwrap();
    assert_eq!((&changes[0].event.event_type[..], &patch), ("VendorCallRetried", &json!([])), "no state rests on it");
    let backwards = history.difference(stream, Point::Sequence(5), Point::Sequence(2)).await.unwrap().unwrap();
    assert!(backwards.changes.is_empty());
}

#[tokio::test]
async fn a_story_holds_everything_about_an_order_and_says_what_led_to_what() {
    let world = World::sealed().await;
    let id = order(1);
    world.commands.order(id, place(), context(id, "place")).await.unwrap();
    let caused = |cause: &str, command: &str| domain::command::CommandContext {
        causation_id: Some(cause.to_owned()),
        ..context(id, command)
    };
    world.commands.order(id, open("cs_1", 1), caused("place", "open")).await.unwrap();
    world.commands.order(id, pay("cs_1"), caused("stripe:evt_1", "stripe:evt_1")).await.unwrap();
    sealed_head(&world.projector).await.unwrap();
    let history = PgHistory::new(world.projector.clone());
    let story = history.story(id).await.unwrap();
    let ids: Vec<_> = story.iter().map(|happening| happening.told.event_id).collect();
    let effects: Vec<_> = story.iter().map(|happening| happening.effects.clone()).collect();
    assert_eq!(effects, [vec![ids[1]], vec![], vec![]]);
    let after: Vec<_> = story.iter().map(|happening| happening.after.is_some()).collect();
    assert_eq!(after, [false, true, false]);
    assert_eq!(story[2].told.fields["paid_cents"], 34_800);
    assert_eq!(history.order_of(ids[2]).await.unwrap(), Some(id.to_string()));
    assert_eq!(history.order_of(order(404)).await.unwrap(), None);
    assert!(history.story(order(404)).await.unwrap().is_empty());
}
