use domain::log::Event;
use uuid::Uuid;

use super::Catalogue;
use super::query::{StudyStats, all};
use crate::testing::{History, delivered, paid, placed};

#[tokio::test]
async fn studies_are_counted_and_timed_from_payment_to_delivery() {
    // Orders 1 to 4; the third is not delivered, the fourth is another study.
    let [one, two, three, four] = [1, 2, 3, 4].map(|n| Uuid::from_u128(0xc0 + n));
    let history = [
        (one, placed("LOG-01")),
        (two, placed("LOG-01")),
        (one, paid("a")),
        (two, paid("b")),
        (one, delivered()),
        (three, placed("LOG-01")),
        (four, placed("TER-01")),
        (two, delivered()),
    ]
    .into_iter()
    .fold(History::default(), |history, (order, event)| history.of(order, order, Event::Order(event)));
    let stats = |study: &str, placed, delivered, median_seconds, p90_seconds| StudyStats {
        study: study.to_owned(),
        placed,
        delivered,
        median_seconds,
        p90_seconds,
    };
    let db = test_support::database().await;
    for size in [1, 3, 1_000] {
        history.apply(&db.pool, &Catalogue, size).await.unwrap();
        // Two minutes and four minutes.
        let expected = [stats("LOG-01", 3, 2, Some(180.0), Some(228.0)), stats("TER-01", 1, 0, None, None)];
        assert_eq!(all(&db.pool).await.unwrap(), expected, "batches of {size}");
    }
}
