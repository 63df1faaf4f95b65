//! Money that comes late, goes back or is fought over.

use super::*;
use crate::order::{DisputeNotice, MailStatus, RefundNotice, RefundReason, RefundState};

const ASKED: Uuid = Uuid::from_u128(40);

fn initiated() -> OrderEvent {
    OrderEvent::PaymentInitiated { session: "cs_1".into(), payment: Some("pi_1".into()) }
}

fn await_payment() -> OrderCommand {
    OrderCommand::AwaitPayment { session: "cs_1".into(), payment: Some("pi_1".into()) }
}

fn payment_failed() -> OrderEvent {
    OrderEvent::PaymentFailed { session: "cs_1".into() }
}

fn fail_payment() -> OrderCommand {
    OrderCommand::RecordPaymentFailure { session: "cs_1".into() }
}

pub(super) fn request(amount_cents: Option<i64>) -> OrderCommand {
    let reason = RefundReason::RequestedByCustomer;
    OrderCommand::RequestRefund { refund: ASKED, payment: None, amount_cents, reason }
}

fn requested(amount_cents: i64) -> OrderEvent {
    let (payment, currency) = ("pi_1".to_owned(), "eur".to_owned());
    let reason = RefundReason::RequestedByCustomer;
    OrderEvent::RefundRequested { refund: ASKED, payment, amount_cents, currency, reason }
}

pub(super) fn told(refund: &str, amount_cents: i64, state: RefundState) -> OrderCommand {
    let (refund, payment, currency) = (refund.to_owned(), "pi_1".to_owned(), "eur".to_owned());
    OrderCommand::RecordRefund(RefundNotice { refund, request: Some(ASKED), payment, amount_cents, currency, state })
}

fn refunded(refund: &str, amount_cents: i64) -> OrderEvent {
    let (refund, payment, currency) = (refund.to_owned(), "pi_1".to_owned(), "eur".to_owned());
    OrderEvent::OrderRefunded { refund, request: Some(ASKED), payment, amount_cents, currency }
}

fn refund_failed(refund: Option<&str>, amount_cents: i64, reason: &str) -> OrderEvent {
    let (payment, currency) = ("pi_1".to_owned(), "eur".to_owned());
    let (refund, request, reason) = (refund.map(str::to_owned), Some(ASKED), reason.to_owned());
    OrderEvent::RefundFailed { refund, request, payment, amount_cents, currency, reason }
}

pub(super) fn dispute(outcome: Option<&str>) -> OrderCommand {
    OrderCommand::RecordDispute(DisputeNotice {
        dispute: "du_1".into(),
        payment: Some("pi_1".into()),
        amount_cents: 34_800,
        currency: "eur".into(),
        reason: "fraudulent".into(),
        outcome: outcome.map(str::to_owned),
    })
}

fn dispute_opened() -> OrderEvent {
    OrderEvent::DisputeOpened {
        dispute: "du_1".into(),
        payment: Some("pi_1".into()),
        amount_cents: 34_800,
        currency: "eur".into(),
        reason: "fraudulent".into(),
    }
}

fn dispute_closed(outcome: &str) -> OrderEvent {
    OrderEvent::DisputeClosed { dispute: "du_1".into(), outcome: outcome.into() }
}

fn folded(events: Vec<OrderEvent>) -> Order {
    use cqrs_es::Aggregate;
    let mut order = Order::default();
    events.into_iter().for_each(|event| order.apply(event));
    order
}

#[test]
fn a_payment_that_takes_days_is_awaited_once_and_then_pays() {
    given(vec![placed(), opened("cs_1")]).when(await_payment()).then_expect_events(vec![initiated()]);
    given(vec![placed(), opened("cs_1"), initiated()]).when(await_payment()).then_expect_events(vec![]);
    given(vec![placed(), opened("cs_1"), initiated()]).when(confirm()).then_expect_events(vec![paid()]);
    given(vec![placed(), paid()]).when(await_payment()).then_expect_events(vec![]);
}

#[test]
fn no_second_page_is_opened_while_a_payment_is_under_way() {
    given(vec![placed(), opened("cs_1"), initiated()])
        .when(open_as("cs_2", 2))
        .then_expect_error(OrderError::PaymentUnderWay { session: "cs_1".into() });
    given(vec![placed(), opened("cs_1"), initiated()])
        .when(OrderCommand::Cancel { by: "staff".into() })
        .then_expect_error(OrderError::PaymentUnderWay { session: "cs_1".into() });
}

#[test]
fn a_payment_that_fails_after_days_leaves_the_order_payable_in_whatever_order_the_news_comes() {
    given(vec![placed(), initiated()]).when(fail_payment()).then_expect_events(vec![payment_failed()]);
    given(vec![placed(), initiated(), payment_failed()]).when(fail_payment()).then_expect_events(vec![]);
    given(vec![placed(), payment_failed()]).when(await_payment()).then_expect_events(vec![]);
    given(vec![placed(), initiated(), payment_failed()]).when(open_as("cs_2", 2)).then_expect_events(vec![
        OrderEvent::CheckoutOpened {
            session: "cs_2".into(),
            url: "https://pay.test/1".into(),
            attempt: 2,
            expires_at: at(),
        },
    ]);
}

#[test]
fn held_money_pays_the_order_once_a_person_accepts_it() {
    let held_amount = held("cs_1", 100, "eur", HoldReason::Amount);
    let taken = OrderEvent::OrderPaid {
        session: "cs_1".into(),
        payment: Some("pi_1".into()),
        paid_cents: 100,
        currency: "eur".into(),
    };
    given(vec![placed(), held_amount.clone()])
        .when(OrderCommand::AcceptPayment)
        .then_expect_events(vec![taken.clone()]);
    given(vec![placed(), held_amount, taken]).when(OrderCommand::AcceptPayment).then_expect_events(vec![]);
    given(vec![placed(), held("cs_1", 34_800, "eur", HoldReason::Mode)])
        .when(OrderCommand::AcceptPayment)
        .then_expect_error(OrderError::NotAcceptable);
}

#[test]
fn money_for_a_cancelled_order_is_held_to_go_back() {
    let cancelled = OrderEvent::OrderCancelled { session: Some("cs_1".into()), by: "customer".into() };
    let cancel = || OrderCommand::Cancel { by: "customer".into() };
    given(vec![placed(), opened("cs_1")]).when(cancel()).then_expect_events(vec![cancelled.clone()]);
    given(vec![placed(), opened("cs_1"), cancelled.clone()]).when(cancel()).then_expect_events(vec![]);
    given(vec![placed(), opened("cs_1"), cancelled]).when(confirm()).then_expect_events(vec![held(
        "cs_1",
        34_800,
        "eur",
        HoldReason::AlreadySettled,
    )]);
    given(vec![placed(), paid()])
        .when(cancel())
        .then_expect_error(OrderError::NotNow { command: "Cancel", state: OrderState::Paid });
}

#[test]
fn a_refund_is_asked_once_and_never_beyond_what_is_left() {
    given(vec![placed(), paid()]).when(request(None)).then_expect_events(vec![requested(34_800)]);
    given(vec![placed(), paid(), requested(34_800)]).when(request(None)).then_expect_events(vec![]);
    given(vec![placed(), paid(), requested(34_800), refunded("re_1", 34_800)])
        .when(request(None))
        .then_expect_events(vec![]);
    given(vec![placed(), paid()]).when(request(Some(34_801))).then_expect_error(OrderError::TooMuch {
        payment: "pi_1".into(),
        asked_cents: 34_801,
        left_cents: 34_800,
    });
    given(vec![placed()])
        .when(request(None))
        .then_expect_error(OrderError::NotNow { command: "RequestRefund", state: OrderState::Pending });
}

#[test]
fn a_refund_counts_once_and_fails_at_most_once_in_whatever_order_the_news_comes() {
    let going = || told("re_1", 34_800, RefundState::Going);
    let failing = || told("re_1", 34_800, RefundState::Failed("lost_or_stolen_card".into()));
    let failed = refund_failed(Some("re_1"), 34_800, "lost_or_stolen_card");
    given(vec![placed(), paid()]).when(going()).then_expect_events(vec![refunded("re_1", 34_800)]);
    given(vec![placed(), paid(), refunded("re_1", 34_800)]).when(going()).then_expect_events(vec![]);
    given(vec![placed(), paid(), refunded("re_1", 34_800)]).when(failing()).then_expect_events(vec![failed.clone()]);
    given(vec![placed(), paid(), failed.clone()]).when(going()).then_expect_events(vec![]);
    given(vec![placed(), paid(), failed]).when(failing()).then_expect_events(vec![]);
}

#[test]
fn a_request_that_the_vendor_refuses_fails_and_may_be_asked_again_under_another_id() {
    let refuse = || OrderCommand::RefuseRefund { refund: ASKED, reason: "insufficient_funds".into() };
    let failed = refund_failed(None, 34_800, "insufficient_funds");
    given(vec![placed(), paid(), requested(34_800)]).when(refuse()).then_expect_events(vec![failed.clone()]);
    given(vec![placed(), paid(), requested(34_800), failed.clone()]).when(refuse()).then_expect_events(vec![]);
    let again = OrderCommand::RequestRefund {
        refund: Uuid::from_u128(41),
        payment: None,
        amount_cents: None,
        reason: RefundReason::RequestedByCustomer,
    };
    let history = vec![placed(), paid(), requested(34_800), failed];
    assert_eq!(folded(history).decide(again).unwrap().len(), 1);
}

#[test]
fn a_refunded_order_is_neither_delivered_nor_downloaded_and_a_failed_refund_gives_it_back() {
    let back = vec![placed(), paid(), refunded("re_1", 34_800)];
    given(back.clone()).when(deliver()).then_expect_events(vec![]);
    assert!(folded(back).is_refunded());
    let mut history = vec![placed(), paid(), delivered(), refunded("re_1", 10_000)];
    assert!(folded(history.clone()).may_download(), "a part of the price leaves the report to its buyer");
    history.push(refunded("re_2", 24_800));
    assert!(!folded(history.clone()).may_download());
    history.push(refund_failed(Some("re_2"), 24_800, "expired_or_canceled_card"));
    assert!(folded(history).may_download());
}

#[test]
fn a_dispute_closes_the_download_until_it_is_lifted() {
    given(vec![placed(), paid(), delivered()]).when(dispute(None)).then_expect_events(vec![dispute_opened()]);
    given(vec![placed(), paid(), dispute_opened()]).when(dispute(None)).then_expect_events(vec![]);
    given(vec![placed(), paid()]).when(dispute(Some("won"))).then_expect_events(vec![dispute_closed("won")]);
    given(vec![placed(), paid(), dispute_closed("won")]).when(dispute(None)).then_expect_events(vec![]);
    let open = vec![placed(), paid(), delivered(), dispute_opened()];
    assert!(!folded(open.clone()).may_download());
    assert!(folded([open.clone(), vec![dispute_closed("won")]].concat()).may_download());
    assert!(!folded([open, vec![dispute_closed("lost")]].concat()).may_download());
}

#[test]
fn the_strongest_news_of_a_mail_is_kept() {
    let sent = OrderEvent::DeliveryEmailSent { kind: "delivery".into(), message_id: "<1@mail>".into() };
    let track = |status| OrderCommand::RecordEmailStatus { message_id: "<1@mail>".into(), status };
    let tracked = |status| OrderEvent::DeliveryEmailTracked { message_id: "<1@mail>".into(), status };
    let history = vec![placed(), paid(), delivered(), sent];
    given(history.clone()).when(track(MailStatus::Deferred)).then_expect_events(vec![tracked(MailStatus::Deferred)]);
    let arrived = [history, vec![tracked(MailStatus::Delivered)]].concat();
    given(arrived.clone()).when(track(MailStatus::Deferred)).then_expect_events(vec![]);
    given(arrived).when(track(MailStatus::Complained)).then_expect_events(vec![tracked(MailStatus::Complained)]);
}

#[test]
fn a_mail_that_the_vendor_does_not_take_is_told_once() {
    let fail = || OrderCommand::RecordEmailFailure { kind: "delivery".into(), reason: "refused".into() };
    let failed = OrderEvent::DeliveryEmailFailed { kind: "delivery".into(), reason: "refused".into() };
    given(vec![placed(), paid(), delivered()]).when(fail()).then_expect_events(vec![failed.clone()]);
    given(vec![placed(), paid(), delivered(), failed]).when(fail()).then_expect_events(vec![]);
}

#[test]
fn a_request_is_awaited_until_the_vendor_answers_and_failed_refunds_count_for_nothing() {
    let asked = folded(vec![placed(), paid(), requested(1_000)]);
    assert!(asked.awaits_refund(ASKED) && asked.is_settled("cs_1") && !asked.is_settled("cs_2"));
    let back = folded(vec![placed(), paid(), requested(1_000), refunded("re_1", 1_000)]);
    assert_eq!(
        (back.awaits_refund(ASKED), back.refunded_cents("pi_1"), back.refunded_cents("pi_2")),
        (false, 1_000, 0)
    );
    let lost = refund_failed(Some("re_1"), 1_000, "lost_or_stolen_card");
    let failed = folded(vec![placed(), paid(), requested(1_000), refunded("re_1", 1_000), lost]);
    assert_eq!(failed.refunded_cents("pi_1"), 0);
    let refused = folded(vec![placed(), paid(), requested(1_000), refund_failed(None, 1_000, "refused")]);
    assert!(!refused.awaits_refund(ASKED));
}
