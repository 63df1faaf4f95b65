use domain::eligibility::{DroppedPage, EligibilityStatus};
use domain::order::{HoldReason, MailStatus, OrderEvent};
use sqlx::types::Json;

use super::query::{OrderSummary, by_mail, by_session, find};
use super::{Ledger, OrderSummaries};
use crate::testing::{
    History, ORDER, REPORT, delivered, minute, opened, paid, paid_with, placed, refund_failed, refunded,
};

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
        eligibility: Some("full".to_owned()),
        dropped_pages: Json(vec![]),
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
        payment: None,
        paid_cents: 34_800,
        refunded_cents: 0,
        disputed: None,
        link_issued_at: Some(minute(5)),
        link_expires_at: Some(minute(99)),
        ledger: Json(Ledger { stage: "delivered".to_owned(), ..Ledger::default() }),
    };
    pretty_assertions::assert_eq!(row(history).await, expected);
}

#[tokio::test]
async fn what_was_announced_before_the_payment_stays_with_the_order() {
    let announced =
        vec![DroppedPage { page: 10, title: "Marché".to_owned(), reason: "ventes non diffusées".to_owned() }];
    let mut placed = placed("TER-01");
    if let OrderEvent::OrderPlaced { eligibility, dropped_pages, .. } = &mut placed {
        (*eligibility, *dropped_pages) = (EligibilityStatus::Reduced, announced.clone());
    }
    let row = row(History::default().order(placed).order(opened("cs_1", 1)).order(paid("cs_1"))).await;
    assert_eq!((row.eligibility.as_deref(), row.dropped_pages.0), (Some("reduced"), announced));
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

/// A delivered order of one payment.
fn sold() -> History {
    History::default().order(placed("LOG-01")).order(paid_with("cs_1", "pi_1")).order(delivered())
}

#[tokio::test]
async fn an_order_is_refunded_when_its_own_payment_went_back_whole() {
    let part = row(sold().order(refunded("re_1", "pi_1", 10_000))).await;
    assert_eq!((part.status.as_str(), part.refunded_cents, part.paid_cents), ("delivered", 10_000, 34_800));
    assert!(part.may_download());
    let whole = row(sold().order(refunded("re_1", "pi_1", 10_000)).order(refunded("re_2", "pi_1", 24_800))).await;
    assert_eq!((whole.status.as_str(), whole.refunded_cents), ("refunded", 34_800));
    assert!(!whole.may_download());
    let second_payment = row(sold().order(refunded("re_1", "pi_2", 34_800))).await;
    assert_eq!((second_payment.status.as_str(), second_payment.refunded_cents), ("delivered", 0));
}

#[tokio::test]
async fn a_refund_that_fails_gives_the_order_its_status_back() {
    let back = sold().order(refunded("re_1", "pi_1", 34_800)).order(refund_failed("re_1", "pi_1", 34_800));
    let back = row(back).await;
    assert_eq!((back.status.as_str(), back.refunded_cents), ("delivered", 0));
    let never_begun = row(sold().order(refund_failed("re_1", "pi_1", 34_800))).await;
    assert_eq!((never_begun.status.as_str(), never_begun.refunded_cents), ("delivered", 0));
    let held = History::default().order(placed("LOG-01")).order(held_with_payment());
    let returned = row(held.order(refunded("re_1", "pi_1", 1))).await;
    assert_eq!(returned.status, "refunded", "held money that went back");
}

fn held_with_payment() -> OrderEvent {
    OrderEvent::PaymentHeld {
        session: "cs_1".to_owned(),
        payment: Some("pi_1".to_owned()),
        paid_cents: 1,
        currency: "eur".to_owned(),
        reason: HoldReason::Amount,
    }
}

#[tokio::test]
async fn a_disputed_order_keeps_its_report_closed_unless_the_dispute_is_lifted() {
    let opened = || {
        sold().order(OrderEvent::DisputeOpened {
            dispute: "du_1".to_owned(),
            payment: Some("pi_1".to_owned()),
            amount_cents: 34_800,
            currency: "eur".to_owned(),
            reason: "fraudulent".to_owned(),
        })
    };
    let closed = |outcome: &str| OrderEvent::DisputeClosed { dispute: "du_1".to_owned(), outcome: outcome.to_owned() };
    let row_after = row(opened()).await;
    assert_eq!((row_after.disputed.as_deref(), row_after.may_download()), (Some("open"), false));
    let row_after = row(opened().order(closed("lost"))).await;
    assert_eq!((row_after.disputed.as_deref(), row_after.may_download()), (Some("lost"), false));
    for lifted in ["won", "warning_closed", "prevented"] {
        let row_after = row(opened().order(closed(lifted))).await;
        assert_eq!((row_after.disputed.as_deref(), row_after.may_download()), (None, true), "{lifted}");
    }
}

#[tokio::test]
async fn a_payment_that_takes_days_is_awaited_and_may_fail() {
    let begun = || {
        let event = OrderEvent::PaymentInitiated { session: "cs_1".to_owned(), payment: None };
        History::default().order(placed("LOG-01")).order(opened("cs_1", 1)).order(event)
    };
    let row_after = row(begun()).await;
    assert_eq!((row_after.status.as_str(), row_after.payment_url), ("awaiting", None));
    let failed = |session: &str| OrderEvent::PaymentFailed { session: session.to_owned() };
    assert_eq!(row(begun().order(failed("cs_1"))).await.status, "expired");
    assert_eq!(row(begun().order(paid("cs_1"))).await.status, "paid");
    assert_eq!(row(begun().order(held("cs_1"))).await.status, "held");
    // The first page failed late: the second one is still open.
    let reopened = History::default()
        .order(placed("LOG-01"))
        .order(opened("cs_1", 1))
        .order(opened("cs_2", 2))
        .order(failed("cs_1"));
    let row_after = row(reopened).await;
    assert_eq!(
        (row_after.status.as_str(), row_after.payment_url.as_deref()),
        ("pending", Some("https://pay.test/cs_2"))
    );
}

#[tokio::test]
async fn a_cancelled_order_stays_cancelled_whatever_is_paid_after() {
    let by = "customer".to_owned();
    let cancelled = OrderEvent::OrderCancelled { session: Some("cs_1".to_owned()), by };
    let history = History::default().order(placed("LOG-01")).order(opened("cs_1", 1)).order(cancelled);
    let row_after = row(history.order(held("cs_1"))).await;
    assert_eq!((row_after.status.as_str(), row_after.payment_url, row_after.paid_cents), ("cancelled", None, 0));
}

#[tokio::test]
async fn the_strongest_news_of_a_mail_hold() {
    let state = async |news: &[MailStatus]| {
        let mail = OrderEvent::DeliveryEmailSent { kind: "delivery".to_owned(), message_id: "<m1>".to_owned() };
        let told = news.iter().fold(sold().order(mail), |history, status| {
            history.order(OrderEvent::DeliveryEmailTracked { message_id: "<m1>".to_owned(), status: *status })
        });
        row(told).await.mail_state.unwrap()
    };
    assert_eq!(state(&[MailStatus::Deferred]).await, "deferred");
    assert_eq!(state(&[MailStatus::Delivered, MailStatus::Deferred]).await, "delivered");
    assert_eq!(state(&[MailStatus::Delivered, MailStatus::Unsubscribed]).await, "unsubscribed");
    assert_eq!(state(&[MailStatus::Complained, MailStatus::Delivered]).await, "complained");
    let unsent = OrderEvent::DeliveryEmailFailed { kind: "delivery".to_owned(), reason: "refused".to_owned() };
    assert_eq!(row(sold().order(unsent)).await.mail_state.as_deref(), Some("failed"));
}
