//! Given an event, then this job, and the same job however often we look.

use std::collections::BTreeMap;

use chrono::DateTime;
use domain::{
    identity,
    log::{Event, Metadata, Recorded},
    order::OrderEvent,
    report::{ErrorClass, ReportEvent, Step},
};
use pretty_assertions::assert_eq;
use uuid::Uuid;

use super::{Job, react};

const ORDER: Uuid = Uuid::from_u128(7);

fn report() -> Uuid {
    identity::report_id(ORDER, 1)
}

fn recorded(aggregate_id: Uuid, event: Event) -> Recorded {
    Recorded {
        position: 5,
        event_id: Uuid::from_u128(50),
        aggregate_id,
        sequence: 2,
        event,
        metadata: Metadata {
            actor: "stripe".into(),
            correlation_id: ORDER.to_string(),
            causation_id: None,
            request_id: None,
            command_id: "c".into(),
        },
        recorded_at: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
    }
}

fn after_order(event: OrderEvent) -> Option<Job> {
    react(&recorded(ORDER, Event::Order(event))).map(|task| match task.job {
        crate::Job::Fulfilment(job) => job,
        other => panic!("{} is another policy's", other.name()),
    })
}

fn after_report(event: ReportEvent) -> Option<Job> {
    react(&recorded(report(), Event::Report(event))).map(|task| match task.job {
        crate::Job::Fulfilment(job) => job,
        other => panic!("{} is another policy's", other.name()),
    })
}

fn paid() -> OrderEvent {
    OrderEvent::OrderPaid { session: "cs".into(), payment: None, paid_cents: 34_800, currency: "eur".into() }
}

#[test]
fn a_paid_order_gets_one_report_however_often_we_look() {
    assert_eq!(after_order(paid()), Some(Job::RequestReport { report: report(), version: 1 }));
    assert_eq!(after_order(paid()), after_order(paid()));
}

#[test]
fn money_that_is_held_makes_nothing() {
    let held = OrderEvent::PaymentHeld {
        session: "cs".into(),
        payment: None,
        paid_cents: 1,
        currency: "eur".into(),
        reason: domain::order::HoldReason::Amount,
    };
    assert_eq!(after_order(held), None);
}

#[test]
fn each_step_calls_the_next() {
    let report = report();
    let facts = ReportEvent::FactsCollected {
        sheet_sha256: "f".into(),
        n: 0,
        by_status: BTreeMap::new(),
        datasets: vec![],
        specimen: true,
    };
    assert_eq!(after_report(facts), Some(Job::AskModel { report }));
    let rejected = ReportEvent::NarrativeRejected { answer_sha256: "a".into(), errors: vec!["V04".into()] };
    assert_eq!(after_report(rejected), Some(Job::AskModel { report }));
    let accepted = ReportEvent::NarrativeAccepted { narrative_sha256: "n".into(), by_block: BTreeMap::new() };
    assert_eq!(after_report(accepted), Some(Job::PrintReport { report }));
    let stored = ReportEvent::ReportStored { key: "k".into(), sha256: "d".into(), bytes: 1, filename: "r.pdf".into() };
    assert_eq!(after_report(stored), Some(Job::DeliverOrder { report }));
    assert_eq!(after_order(OrderEvent::OrderDelivered { report, version: 1 }), Some(Job::SendDelivery { report }));
}

#[test]
fn a_failed_attempt_calls_nobody_and_a_failed_report_fails_its_order() {
    let (step, class) = (Step::Print, ErrorClass::Transient);
    assert_eq!(after_report(ReportEvent::StepFailed { step, class, attempt: 1 }), None);
    assert_eq!(
        after_report(ReportEvent::ReportFailed { step, class }),
        Some(Job::FailOrder { report: report(), step })
    );
}

#[test]
fn a_task_survives_the_queue() {
    let task = react(&recorded(ORDER, Event::Order(paid()))).unwrap();
    let work = crate::Work::Event(task.clone());
    let stored = serde_json::to_value(&work).unwrap();
    assert_eq!(serde_json::from_value::<crate::Work>(stored).unwrap(), work);
    assert_eq!(task.context("a").command_id, "fulfilment:00000000-0000-0000-0000-000000000032:request_report:a");
}

#[test]
fn a_later_step_goes_before_an_earlier_one_of_another_order() {
    let report = report();
    let steps = [
        Job::RequestReport { report, version: 1 },
        Job::CollectFacts { report },
        Job::AskModel { report },
        Job::JudgeNarrative { report },
        Job::PrintReport { report },
        Job::DeliverOrder { report },
        Job::SendDelivery { report },
    ];
    assert!(steps.windows(2).all(|pair| pair[0].urgency() < pair[1].urgency()));
}
