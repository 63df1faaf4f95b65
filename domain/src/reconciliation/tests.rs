//! Given, when, then: a run is recorded once, and only over a real window.

use chrono::{DateTime, Utc};
use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::{
    Difference, DifferenceKind, Reconciliation, ReconciliationCommand, ReconciliationError, ReconciliationEvent,
};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
}

fn found() -> Vec<Difference> {
    let (session, order) = ("cs_1".to_owned(), Some(Uuid::from_u128(7)));
    vec![Difference { kind: DifferenceKind::PaymentUnrecorded, session, order, repaired: true }]
}

fn record(to: i64) -> ReconciliationCommand {
    ReconciliationCommand::Record { from: at(0), to: at(to), sessions: 3, differences: found() }
}

fn recorded() -> ReconciliationEvent {
    ReconciliationEvent::PaymentsReconciled { from: at(0), to: at(60), sessions: 3, differences: found() }
}

fn given(events: Vec<ReconciliationEvent>) -> cqrs_es::test::AggregateTestExecutor<Reconciliation> {
    TestFramework::<Reconciliation>::with(()).given(events)
}

#[test]
fn a_run_is_recorded_once() {
    given(vec![]).when(record(60)).then_expect_events(vec![recorded()]);
    given(vec![recorded()]).when(record(60)).then_expect_events(vec![]);
}

#[test]
fn a_window_that_ends_before_it_begins_is_refused() {
    given(vec![]).when(record(0)).then_expect_error(ReconciliationError::Window { from: at(0), to: at(0) });
}
