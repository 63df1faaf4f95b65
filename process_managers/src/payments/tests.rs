//! Given an event, then this job, and the same job however often we look.

use chrono::DateTime;
use domain::{
    log::{Event, Metadata, Recorded},
    order::{HoldReason, OrderEvent, RefundReason},
};
use pretty_assertions::assert_eq;
use uuid::Uuid;

use super::{Job, react};
use crate::{Task, Work};

const ORDER: Uuid = Uuid::from_u128(7);
const REFUND: Uuid = Uuid::from_u128(8);

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

fn held(reason: HoldReason, payment: Option<&str>) -> OrderEvent {
    let (session, payment) = ("cs_1".to_owned(), payment.map(str::to_owned));
    OrderEvent::PaymentHeld { session, payment, paid_cents: 34_800, currency: "eur".into(), reason }
}

fn requested() -> OrderEvent {
    OrderEvent::RefundRequested {
        refund: REFUND,
        payment: "pi_1".into(),
        amount_cents: 100,
        currency: "eur".into(),
        reason: RefundReason::Duplicate,
    }
}

fn job(event: OrderEvent) -> Option<Job> {
    after(event).map(|task| match task.job {
        crate::Job::Payments(job) => job,
        other => panic!("{} is another policy's", other.name()),
    })
}

#[test]
fn only_money_that_nobody_owed_goes_back_by_itself() {
    let back = Job::ReturnPayment { session: "cs_1".into(), payment: "pi_1".into() };
    assert_eq!(job(held(HoldReason::AlreadySettled, Some("pi_1"))), Some(back));
    assert_eq!(job(held(HoldReason::AlreadySettled, None)), None);
    for reason in
        [HoldReason::Amount, HoldReason::Currency, HoldReason::Mode, HoldReason::Reference, HoldReason::AlreadyHeld]
    {
        assert_eq!(job(held(reason, Some("pi_1"))), None, "{reason:?}");
    }
}

#[test]
fn what_was_asked_for_is_refunded_and_nothing_else() {
    let refund =
        Job::Refund { refund: REFUND, payment: "pi_1".into(), amount_cents: 100, reason: RefundReason::Duplicate };
    assert_eq!(job(requested()), Some(refund));
    let done = OrderEvent::OrderRefunded {
        refund: "re_1".into(),
        request: Some(REFUND),
        payment: "pi_1".into(),
        amount_cents: 100,
        currency: "eur".into(),
    };
    assert_eq!(job(done), None);
}

#[test]
fn the_open_page_of_a_cancelled_order_is_closed() {
    let cancelled = |session: Option<&str>| OrderEvent::OrderCancelled {
        session: session.map(str::to_owned),
        by: "customer".into(),
    };
    assert_eq!(job(cancelled(Some("cs_1"))), Some(Job::CloseCheckout { session: "cs_1".into() }));
    assert_eq!(job(cancelled(None)), None);
}

#[test]
fn a_task_survives_the_queue_and_names_its_commands_after_its_cause() {
    let work = Work::Event(after(requested()).unwrap());
    let stored = serde_json::to_value(&work).unwrap();
    assert_eq!(stored["job"]["policy"], "payments");
    assert_eq!(serde_json::from_value::<Work>(stored).unwrap(), work);
    let task = after(requested()).unwrap();
    assert_eq!(task.context("a").command_id, "payments:00000000-0000-0000-0000-000000000032:refund:a");
}
