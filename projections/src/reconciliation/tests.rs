use domain::log::Event;
use domain::reconciliation::DifferenceKind as Kind;
use uuid::Uuid;

use super::Reconciliations;
use super::query::{differences, latest};
use crate::testing::{History, ORDER, difference, minute, placed, reconciled};

#[tokio::test]
async fn each_run_is_told_with_what_it_found() {
    let [first, second] = [1, 2].map(|n| Uuid::from_u128(0xe0 + n));
    let found = vec![
        difference(Kind::PaymentUnrecorded, "cs_1", Some(ORDER), true),
        difference(Kind::UnknownOrder, "cs_2", None, false),
    ];
    let history = History::default()
        .order(placed("LOG-01"))
        .of(first, first, Event::Reconciliation(reconciled(7, found)))
        .of(second, second, Event::Reconciliation(reconciled(8, vec![])));
    let db = test_support::database().await;
    for size in [1, 1_000] {
        history.apply(&db.pool, &Reconciliations, size).await.unwrap();
        let runs = latest(&db.pool, 10).await.unwrap();
        let told: Vec<_> = runs.iter().map(|run| (run.run_id, run.sessions, run.differences, run.repaired)).collect();
        assert_eq!(told, [(second, 8, 0, 0), (first, 7, 2, 1)]);
        assert_eq!((runs[1].from_at, runs[1].recorded_at, runs[1].position), (minute(0), minute(2), 2));
        let found = differences(&db.pool, first).await.unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.n, one.kind.as_str(), one.order_id, one.repaired)).collect();
        assert_eq!(told, [(1, "payment_unrecorded", Some(ORDER), true), (2, "unknown_order", None, false)]);
        assert!(differences(&db.pool, second).await.unwrap().is_empty());
    }
}
