use domain::order::{HoldReason, OrderEvent};

use super::OrderSummaries;
use super::query::{OrderSummary, by_mail, by_session, find};
use crate::testing::{History, ORDER, REPORT, delivered, minute, opened, paid, placed};

/// The row after the history, and the same whatever the batches.
async fn row(history: History) -> OrderSummary {
    let db = test_support::database().await;
    let mut rows = Vec::new();
    for size in [1, 3, 1_000] {
        history.apply(&db.pool, &OrderSummaries, size).await.unwrap();
        rows.push(find(&db.pool, ORDER).await.unwrap().unwrap());
    }
    assert!(rows.iter().all(|row| *row == rows[0]), "{rows:#?}");
    rows.remove(0)
}

fn held(session: &str) -> OrderEvent {
    OrderEvent::PaymentHeld {
        session: session.to_owned(),
        payment: None,
        paid_cents: 1,
        currency: "eur".to_owned(),
        reason: HoldReason::Amount,
    }
}

#[tokio::test]
async fn an_order_from_the_click_to_the_mail() {
    let history = History::default()
        .order(placed("LOG-01"))
        .order(opened("cs_1", 1))
        .order(paid("cs_1"))
        .order(delivered())
        .order(OrderEvent::DownloadLinkIssued { number: 1, expires_at: minute(99) })
        .order(OrderEvent::DeliveryEmailSent { kind: "delivery".to_owned(), message_id: "<m1>".to_owned() });
    let expected = OrderSummary {
        order_id: ORDER,
        status: "delivered".to_owned(),
        study: "LOG-01".to_owned(),
        commune: "44109".to_owned(),
        recipient: "collectivite".to_owned(),
        ht_cents: 29_000,
        vat_cents: 5_800,
        ttc_cents: 34_800,
        vat_rate_bp: 2_000,
        currency: "EUR".to_owned(),
        session: Some("cs_1".to_owned()),
        payment_url: None,
        attempt: 1,
        report_id: Some(REPORT),
        report_version: Some(1),
        link_number: 1,
        mail_message: Some("<m1>".to_owned()),
        mail_state: Some("sent".to_owned()),
        placed_at: minute(1),
        paid_at: Some(minute(3)),
        delivered_at: Some(minute(4)),
        position: 6,
    };
    pretty_assertions::assert_eq!(row(history).await, expected);
}

#[tokio::test]
async fn an_expired_checkout_can_be_opened_again() {
    let expired = || {
        let session = "cs_1".to_owned();
        History::default()
            .order(placed("LOG-01"))
            .order(opened("cs_1", 1))
            .order(OrderEvent::CheckoutExpired { session })
    };
    let row_after = row(expired()).await;
    assert_eq!((row_after.status.as_str(), row_after.payment_url), ("expired", None));
    let row_after = row(expired().order(opened("cs_2", 2))).await;
    assert_eq!((row_after.status.as_str(), row_after.attempt), ("pending", 2));
    assert_eq!(row_after.payment_url.as_deref(), Some("https://pay.test/cs_2"));
}

#[tokio::test]
async fn a_second_payment_of_a_paid_order_does_not_hold_it() {
    let held_first = History::default().order(placed("LOG-01")).order(held("cs_1"));
    assert_eq!(row(held_first).await.status, "held");
    let held_second = History::default().order(placed("LOG-01")).order(paid("cs_1")).order(held("cs_2"));
    assert_eq!(row(held_second).await.status, "paid");
}

#[tokio::test]
async fn a_bounce_is_told_of_the_mail_it_concerns() {
    let bounced = |message: &str| {
        History::default()
            .order(placed("LOG-01"))
            .order(paid("cs_1"))
            .order(delivered())
            .order(OrderEvent::DeliveryEmailSent { kind: "delivery".to_owned(), message_id: "<m1>".to_owned() })
            .order(OrderEvent::DeliveryEmailBounced { message_id: message.to_owned(), reason: "full".to_owned() })
    };
    assert_eq!(row(bounced("<m1>")).await.mail_state.as_deref(), Some("bounced"));
    assert_eq!(row(bounced("<m0>")).await.mail_state.as_deref(), Some("sent"));
}

#[tokio::test]
async fn an_order_is_found_by_its_session_and_by_its_mail() {
    let db = test_support::database().await;
    let message_id = "<m1>".to_owned();
    let history = History::default()
        .order(placed("LOG-01"))
        .order(opened("cs_1", 1))
        .order(OrderEvent::DeliveryEmailSent { kind: "delivery".to_owned(), message_id });
    history.apply(&db.pool, &OrderSummaries, 1_000).await.unwrap();
    assert_eq!(by_session(&db.pool, "cs_1").await.unwrap(), Some(ORDER));
    assert_eq!(by_mail(&db.pool, "<m1>").await.unwrap(), Some(ORDER));
    assert_eq!(by_mail(&db.pool, "<m2>").await.unwrap(), None);
}

#[tokio::test]
async fn an_event_without_its_order_is_refused_not_ignored() {
    let db = test_support::database().await;
    let refused = History::default().order(paid("cs_1")).apply(&db.pool, &OrderSummaries, 1).await.unwrap_err();
    assert!(refused.to_string().contains("no summary"), "{refused}");
}
