use domain::log::Event;
use domain::order::{HoldReason, OrderEvent};
use uuid::Uuid;

use super::OrderPayments;
use super::query::{OrderPayment, by_payment, of_order, refunded_cents};
use crate::testing::{History, ORDER, paid_with, placed, refund_failed, refunded};

fn held_with(payment: &str) -> OrderEvent {
    OrderEvent::PaymentHeld {
        session: "cs_2".to_owned(),
        payment: Some(payment.to_owned()),
        paid_cents: 34_800,
        currency: "eur".to_owned(),
        reason: HoldReason::AlreadySettled,
    }
}

#[tokio::test]
async fn a_payment_leads_to_its_order_and_to_what_went_back() {
    let other = Uuid::from_u128(0xff);
    let history = History::default()
        .order(placed("LOG-01"))
        .order(paid_with("cs_1", "pi_1"))
        .order(held_with("pi_2"))
        .of(other, other, Event::Order(paid_with("cs_9", "pi_9")))
        .order(refunded("re_1", "pi_1", 10_000))
        .order(refunded("re_2", "pi_1", 5_000))
        .order(refund_failed("re_2", "pi_1", 5_000))
        // A refund that failed before it was known to have begun.
        .order(refund_failed("re_3", "pi_1", 7_000))
        .order(refunded("re_4", "pi_2", 34_800));
    let db = test_support::database().await;
    for size in [1, 3, 1_000] {
        history.apply(&db.pool, &OrderPayments, size).await.unwrap();
        assert_eq!(by_payment(&db.pool, "pi_1").await.unwrap(), Some(ORDER));
        assert_eq!(by_payment(&db.pool, "pi_2").await.unwrap(), Some(ORDER));
        assert_eq!(by_payment(&db.pool, "pi_9").await.unwrap(), Some(other));
        assert_eq!(by_payment(&db.pool, "pi_0").await.unwrap(), None);
        assert_eq!(refunded_cents(&db.pool, "pi_1").await.unwrap(), 10_000);
        assert_eq!(refunded_cents(&db.pool, "pi_0").await.unwrap(), 0);
        let row = |payment: &str, session: &str, refunded_cents| OrderPayment {
            payment: payment.to_owned(),
            session: session.to_owned(),
            paid_cents: 34_800,
            currency: "eur".to_owned(),
            refunded_cents,
        };
        let all = of_order(&db.pool, ORDER).await.unwrap();
        assert_eq!(all, [row("pi_1", "cs_1", 10_000), row("pi_2", "cs_2", 34_800)], "batches of {size}");
    }
}
