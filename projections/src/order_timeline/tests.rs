use domain::log::Event;
use domain::report::{ErrorClass, ReportEvent, Step};
use serde_json::json;
use uuid::Uuid;

use super::OrderTimeline;
use super::query::of_order;
use crate::testing::{History, ORDER, REPORT, minute, opened, paid, placed};

fn failed() -> ReportEvent {
    ReportEvent::StepFailed { step: Step::Print, class: ErrorClass::Transient, attempt: 2 }
}

#[tokio::test]
async fn the_events_of_an_order_and_of_its_report_make_one_timeline() {
    let db = test_support::database().await;
    let other = Uuid::from_u128(0xff);
    let history = History::default()
        .order(placed("LOG-01"))
        .of(other, other, Event::Order(placed("TER-01")))
        .order(paid("cs_1"))
        .report(failed());
    history.apply(&db.pool, &OrderTimeline, 2).await.unwrap();
    let lines = of_order(&db.pool, ORDER, 0).await.unwrap();
    let types: Vec<_> = lines.iter().map(|line| (line.position, line.event_type.as_str())).collect();
    assert_eq!(types, [(1, "OrderPlaced"), (3, "OrderPaid"), (4, "StepFailed")]);
    assert_eq!((lines[1].at, lines[1].caused_by.as_deref()), (minute(3), Some("cause of 3")));
    assert_eq!(lines[2].detail, json!({"step": "print", "class": "transient", "attempt": 2}));
    // A client that has seen the payment resumes behind it.
    let later = of_order(&db.pool, ORDER, 3).await.unwrap();
    assert_eq!(later, lines[2..]);
}

#[tokio::test]
async fn a_line_never_shows_the_payment_link() {
    let db = test_support::database().await;
    History::default().order(opened("cs_1", 1)).apply(&db.pool, &OrderTimeline, 1).await.unwrap();
    let detail = of_order(&db.pool, ORDER, 0).await.unwrap().remove(0).detail.to_string();
    assert!(!detail.contains("pay.test") && !detail.contains("cs_1"), "{detail}");
}

#[tokio::test]
async fn a_report_event_that_names_no_order_is_refused() {
    let db = test_support::database().await;
    let mut history = History::default().of(REPORT, ORDER, Event::Report(failed()));
    history.0[0].metadata.correlation_id = "nothing".to_owned();
    let refused = history.apply(&db.pool, &OrderTimeline, 1).await.unwrap_err();
    assert!(refused.to_string().contains("names no order"), "{refused}");
}
