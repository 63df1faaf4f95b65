//! Given an event, then a look an hour later, and the same look however often we ask.

use chrono::DateTime;
use domain::{
    log::{Event, Metadata, Recorded},
    order::OrderEvent,
};
use pretty_assertions::assert_eq;
use uuid::Uuid;

use super::{Job, react};
use crate::{Task, Work};

const ORDER: Uuid = Uuid::from_u128(7);

fn after(event: OrderEvent) -> Option<Task> {
    react(&Recorded {
        position: 5,
        event_id: Uuid::from_u128(50),
        aggregate_id: ORDER,
        sequence: 2,
        event: Event::Order(event),
        metadata: Metadata {
            actor: "stripe".into(),
            correlation_id: ORDER.to_string(),
            causation_id: None,
            request_id: None,
            command_id: "c".into(),
        },
        recorded_at: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
    })
}

fn paid() -> OrderEvent {
    OrderEvent::OrderPaid { session: "cs".into(), payment: None, paid_cents: 34_800, currency: "eur".into() }
}

#[test]
fn a_paid_order_is_looked_after_once_however_often_we_look() {
    let task = after(paid()).unwrap();
    assert_eq!((&task.job, task.order), (&crate::Job::Watchdog(Job::LookAfter), ORDER));
    assert_eq!(after(paid()), Some(task));
}

#[test]
fn nobody_waits_for_an_order_that_is_not_paid() {
    let session = || "cs".to_owned();
    assert_eq!(after(OrderEvent::CheckoutExpired { session: session() }), None);
    let held = OrderEvent::PaymentHeld {
        session: session(),
        payment: None,
        paid_cents: 1,
        currency: "eur".into(),
        reason: domain::order::HoldReason::Amount,
    };
    assert_eq!(after(held), None);
}

#[test]
fn the_look_survives_the_queue() {
    let task = after(paid()).unwrap();
    let stored = serde_json::to_value(Work::Event(task.clone())).unwrap();
    assert_eq!(stored["job"], serde_json::json!({"policy": "watchdog", "do": "look_after"}));
    assert_eq!(serde_json::from_value::<Work>(stored).unwrap(), Work::Event(task));
}
