use chrono::{DateTime, TimeDelta};
use serde_json::json;
use uuid::Uuid;

use super::{Cause, Happening, Point, Told, linked};
use crate::log::Metadata;

fn told(n: u128, command_id: &str, causation_id: Option<&str>) -> Told {
    let number = i64::try_from(n).unwrap();
    Told {
        position: Some(number),
        event_id: Uuid::from_u128(n),
        aggregate: "order".to_owned(),
        aggregate_id: Uuid::from_u128(7).to_string(),
        sequence: number,
        event_type: "OrderPaid".to_owned(),
        fields: json!({}),
        metadata: Metadata {
            actor: "customer".to_owned(),
            correlation_id: Uuid::from_u128(7).to_string(),
            causation_id: causation_id.map(str::to_owned),
            request_id: None,
            command_id: command_id.to_owned(),
        },
        recorded_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::seconds(number),
    }
}

fn causes(story: &[Happening]) -> Vec<Cause> {
    story.iter().map(|happening| happening.cause.clone()).collect()
}

#[test]
fn an_event_follows_from_an_event_from_a_command_or_from_outside() {
    let first = Uuid::from_u128(1);
    let story = linked(vec![
        told(1, "place:7", None),
        told(2, "checkout:7:1", Some("place:7")),
        told(3, "stripe:evt_1", Some("stripe:evt_1")),
        told(4, "fulfilment:1:request", Some(&first.to_string())),
    ]);
    let outside = Cause::Outside("stripe:evt_1".to_owned());
    assert_eq!(causes(&story), [Cause::Nothing, Cause::Event(first), outside, Cause::Event(first)]);
    assert_eq!(story[0].effects, [Uuid::from_u128(2), Uuid::from_u128(4)]);
    assert_eq!(story[3].after, Some(TimeDelta::seconds(3)));
    assert_eq!((story[0].after, story[2].after), (None, None));
}

#[test]
fn a_circle_of_causes_is_not_followed_into_itself() {
    let me = Uuid::from_u128(1).to_string();
    assert_eq!(causes(&linked(vec![told(1, "a", Some(&me))])), [Cause::Outside(me)]);
}

#[test]
fn attempts_are_read_where_an_event_has_one() {
    let with = |fields| Told { fields, ..told(1, "a", None) }.attempt();
    assert_eq!(with(json!({"attempt": 3})), Some(3));
    assert_eq!(with(json!({"failures": ["HTTP 503", "HTTP 503"]})), Some(3));
    assert_eq!(with(json!({})), None);
}

#[test]
fn a_point_is_a_number_a_position_a_time_or_now() {
    assert_eq!("5".parse(), Ok(Point::Sequence(5)));
    assert_eq!("@1200".parse(), Ok(Point::Position(1_200)));
    assert_eq!("now".parse(), Ok(Point::Now));
    let time = DateTime::parse_from_rfc3339("2026-11-22T10:15:00+01:00").unwrap();
    assert_eq!("2026-11-22T10:15:00+01:00".parse(), Ok(Point::Time(time.to_utc())));
    for wrong in ["", "@", "-1", "@-1", "yesterday", "99999999999999999999", "2026-11-22"] {
        assert!(wrong.parse::<Point>().is_err(), "{wrong:?} was taken for a point");
    }
}

#[test]
fn an_event_that_has_no_position_yet_is_after_every_position() {
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    assert!(!Point::Position(i64::MAX).covers(1, None, now));
    assert!(Point::Position(3).covers(1, Some(3), now) && !Point::Position(3).covers(1, Some(4), now));
    assert!(Point::Time(now).covers(9, None, now) && Point::Now.covers(9, None, now));
    assert!(Point::Sequence(2).covers(2, None, now) && !Point::Sequence(2).covers(3, None, now));
}
