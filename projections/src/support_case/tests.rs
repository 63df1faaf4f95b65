use domain::identity::case_id;
use domain::log::Event;
use domain::order::{HoldReason, MailStatus, OrderEvent};
use domain::reconciliation::DifferenceKind as Kind;
use uuid::Uuid;

use super::SupportCases;
use super::query::{SupportCase, list};
use crate::testing::{
    History, ORDER, REPORT, delivered, difference, minute, paid_with, placed, reconciled, refund_failed, refunded,
};

fn held(session: &str, payment: &str, reason: HoldReason) -> OrderEvent {
    OrderEvent::PaymentHeld {
        session: session.to_owned(),
        payment: Some(payment.to_owned()),
        paid_cents: 34_800,
        currency: "eur".to_owned(),
        reason,
    }
}

fn sent(message: &str) -> OrderEvent {
    OrderEvent::DeliveryEmailSent { kind: "delivery".to_owned(), message_id: message.to_owned() }
}

fn bounced(message: &str) -> OrderEvent {
    OrderEvent::DeliveryEmailBounced { message_id: message.to_owned(), reason: "hard_bounce".to_owned() }
}

fn tracked(message: &str, status: MailStatus) -> OrderEvent {
    OrderEvent::DeliveryEmailTracked { message_id: message.to_owned(), status }
}

/// A paid order; what follows is at position 3.
fn paid() -> History {
    History::default().order(placed("LOG-01")).order(paid_with("cs_1", "pi_1"))
}

/// Every case after the history, the same whatever the batches.
async fn cases(history: History) -> Vec<SupportCase> {
    let db = test_support::database().await;
    let mut told = Vec::new();
    for size in [1, 2, 1_000] {
        history.apply(&db.pool, &SupportCases, size).await.unwrap();
        told.push(list(&db.pool, true).await.unwrap());
        let open = list(&db.pool, false).await.unwrap();
        assert!(open.iter().all(SupportCase::is_open));
    }
    assert!(told.iter().all(|cases| *cases == told[0]), "{told:#?}");
    told.remove(0)
}

/// Kind and, once closed, what closed each.
async fn ends(history: History) -> Vec<(String, Option<String>)> {
    cases(history).await.into_iter().map(|case| (case.kind, case.closed_by)).collect()
}

fn one(kind: &str, closed_by: Option<&str>) -> Vec<(String, Option<String>)> {
    vec![(kind.to_owned(), closed_by.map(str::to_owned))]
}

#[tokio::test]
async fn held_money_waits_for_a_person_and_is_settled_by_taking_it() {
    let held_first = || History::default().order(placed("LOG-01")).order(held("cs_1", "pi_1", HoldReason::Amount));
    let case = cases(held_first()).await.remove(0);
    assert_eq!(case.case_id, case_id(Uuid::from_u128(2), "pi_1"));
    assert_eq!((case.order_id, case.kind.as_str(), case.opened_at), (Some(ORDER), "payment_held", minute(2)));
    assert_eq!((case.opened_position, case.closed_at), (2, None));
    assert_eq!((&case.detail["reason"], &case.detail["paid_cents"]), (&"amount".into(), &34_800.into()));
    let accepted = held_first().order(paid_with("cs_1", "pi_1"));
    assert_eq!(ends(accepted).await, one("payment_held", Some("OrderPaid")));
}

#[tokio::test]
async fn money_that_nobody_owed_closes_its_case_when_all_of_it_went_back() {
    let twice = || paid().order(held("cs_2", "pi_2", HoldReason::AlreadySettled));
    let own_payment = twice().order(refunded("re_0", "pi_1", 34_800));
    assert_eq!(ends(own_payment).await, one("payment_held", None));
    let in_part = twice().order(refunded("re_1", "pi_2", 30_000));
    assert_eq!(ends(in_part).await, one("payment_held", None));
    let whole = twice().order(refunded("re_1", "pi_2", 30_000)).order(refunded("re_2", "pi_2", 4_800));
    let case = cases(whole).await.remove(0);
    assert_eq!((case.closed_by.as_deref(), case.closed_position), (Some("OrderRefunded"), Some(5)));
    assert_eq!(case.returned_cents, 34_800);
}

#[tokio::test]
async fn a_failed_order_is_settled_by_giving_the_money_back() {
    let failed = |history: History| history.order(OrderEvent::OrderFailed { report: REPORT, step: "print".to_owned() });
    assert_eq!(ends(failed(paid())).await, one("order_failed", None));
    let returned = failed(paid()).order(refunded("re_1", "pi_1", 34_800));
    assert_eq!(ends(returned).await, one("order_failed", Some("OrderRefunded")));
    // What went back before the failure counts.
    let in_two = failed(paid().order(refunded("re_1", "pi_1", 10_000))).order(refunded("re_2", "pi_1", 24_800));
    assert_eq!(ends(in_two).await, one("order_failed", Some("OrderRefunded")));
}

#[tokio::test]
async fn an_order_that_takes_too_long_is_a_case_until_it_is_delivered_failed_or_paid_back() {
    let late = || paid().order(OrderEvent::OrderOverdue { minutes: 60 });
    let case = cases(late()).await.remove(0);
    assert_eq!((case.kind.as_str(), case.about.as_str(), case.owed_cents), ("order_overdue", "pi_1", 34_800));
    assert_eq!((&case.detail["minutes"], case.closed_at), (&60.into(), None));
    assert_eq!(ends(late().order(delivered())).await, one("order_overdue", Some("OrderDelivered")));
    let returned = late().order(refunded("re_1", "pi_1", 34_800));
    assert_eq!(ends(returned).await, one("order_overdue", Some("OrderRefunded")));
    let failed = late().order(OrderEvent::OrderFailed { report: REPORT, step: "print".to_owned() });
    let told = [one("order_overdue", Some("OrderFailed")), one("order_failed", None)].concat();
    assert_eq!(ends(failed).await, told);
}

#[tokio::test]
async fn a_failed_refund_waits_until_the_money_went_back_another_way() {
    let failed = || paid().order(refund_failed("re_1", "pi_1", 10_000));
    assert_eq!(ends(failed()).await, one("refund_failed", None));
    assert_eq!(
        ends(failed().order(refunded("re_2", "pi_1", 10_000))).await,
        one("refund_failed", Some("OrderRefunded"))
    );
}

#[tokio::test]
async fn a_dispute_is_a_case_until_the_bank_has_decided() {
    let opened = OrderEvent::DisputeOpened {
        dispute: "du_1".to_owned(),
        payment: Some("pi_1".to_owned()),
        amount_cents: 34_800,
        currency: "eur".to_owned(),
        reason: "fraudulent".to_owned(),
    };
    let disputed = || paid().order(opened.clone());
    assert_eq!(ends(disputed()).await, one("dispute", None));
    let closed = |dispute: &str| OrderEvent::DisputeClosed { dispute: dispute.to_owned(), outcome: "won".to_owned() };
    assert_eq!(ends(disputed().order(closed("du_2"))).await, one("dispute", None));
    assert_eq!(ends(disputed().order(closed("du_1"))).await, one("dispute", Some("DisputeClosed")));
}

#[tokio::test]
async fn a_lost_mail_is_a_case_until_the_customer_is_reached() {
    let mailed = || paid().order(delivered()).order(sent("<m1>"));
    let lost = || mailed().order(bounced("<m1>"));
    assert_eq!(ends(lost()).await, one("mail_bounced", None));
    let again = lost().order(sent("<m2>")).order(tracked("<m2>", MailStatus::Delivered));
    assert_eq!(ends(again).await, one("mail_bounced", Some("DeliveryEmailTracked")));
    let link = |number| OrderEvent::DownloadLinkIssued { number, expires_at: minute(99) };
    assert_eq!(ends(lost().order(link(1))).await, one("mail_bounced", None));
    assert_eq!(ends(lost().order(link(2))).await, one("mail_bounced", Some("DownloadLinkIssued")));
    let unsent = OrderEvent::DeliveryEmailFailed { kind: "delivery".to_owned(), reason: "refused".to_owned() };
    assert_eq!(ends(paid().order(delivered()).order(unsent)).await, one("mail_failed", None));
    let spam = mailed().order(tracked("<m1>", MailStatus::Complained)).order(tracked("<m1>", MailStatus::Delivered));
    assert_eq!(ends(spam).await, one("mail_complained", None));
    assert_eq!(ends(mailed().order(tracked("<m1>", MailStatus::Deferred))).await, []);
}

#[tokio::test]
async fn a_note_closes_the_case_it_names() {
    let note = |closes| OrderEvent::NoteAdded { note: Uuid::from_u128(77), sha256: String::new(), closes };
    let failed = || paid().order(refund_failed("re_1", "pi_1", 10_000));
    assert_eq!(ends(failed().order(note(None))).await, one("refund_failed", None));
    let case = case_id(Uuid::from_u128(3), "pi_1");
    assert_eq!(ends(failed().order(note(Some(case)))).await, one("refund_failed", Some("NoteAdded")));
}

#[tokio::test]
async fn a_difference_with_the_vendor_has_one_case_until_it_is_put_right() {
    let run = Uuid::from_u128(0xe1);
    let found = |history: History, differences| history.of(run, run, Event::Reconciliation(reconciled(3, differences)));
    let unrepaired = || difference(Kind::SessionMissing, "cs_1", Some(ORDER), false);
    let twice = || found(found(paid(), vec![unrepaired()]), vec![unrepaired()]);
    let case = cases(twice()).await;
    assert_eq!(case.len(), 1);
    assert_eq!(case[0].case_id, case_id(Uuid::from_u128(3), "session_missing:cs_1"));
    let repaired = found(twice(), vec![difference(Kind::SessionMissing, "cs_1", Some(ORDER), true)]);
    assert_eq!(ends(repaired).await, one("reconciliation", Some("PaymentsReconciled")));
    // Money of nobody is closed by a note on whichever order it turns out to belong to.
    let nobody = found(paid(), vec![difference(Kind::UnknownOrder, "cs_9", None, false)]);
    let closes = Some(case_id(Uuid::from_u128(3), "unknown_order:cs_9"));
    let noted = nobody.order(OrderEvent::NoteAdded { note: Uuid::from_u128(77), sha256: String::new(), closes });
    let case = cases(noted).await.remove(0);
    assert_eq!((case.order_id, case.closed_by.as_deref()), (None, Some("NoteAdded")));
    assert_eq!(ends(found(paid(), vec![])).await, []);
}
