//! Given, when, then: the rules of an order as sentences.

mod money;

use cqrs_es::test::TestFramework;
use proptest::prelude::*;
use uuid::Uuid;

use super::{HoldReason, Order, OrderCommand, OrderError, OrderEvent, OrderState, PaymentNotice, RecipientKind};
use crate::{
    eligibility::{DroppedPage, Eligibility, EligibilityStatus},
    money::Price,
};

fn price() -> Price {
    Price::before_tax(29_000, 2_000, "EUR")
}

fn eligibility(status: EligibilityStatus) -> Eligibility {
    Eligibility { study: "LOG-01".into(), status, dropped_pages: vec![], reason: None }
}

fn place_as(status: EligibilityStatus) -> OrderCommand {
    OrderCommand::Place {
        customer: Uuid::from_u128(1),
        commune: "44109".into(),
        study: "LOG-01".into(),
        eligibility: eligibility(status),
        price: price(),
        recipient: RecipientKind::Particulier,
        consents: vec![Uuid::from_u128(2)],
    }
}

fn place() -> OrderCommand {
    place_as(EligibilityStatus::Full)
}

fn placed() -> OrderEvent {
    OrderEvent::OrderPlaced {
        customer: Uuid::from_u128(1),
        commune: "44109".into(),
        study: "LOG-01".into(),
        eligibility: EligibilityStatus::Full,
        dropped_pages: vec![],
        price: price(),
        recipient: RecipientKind::Particulier,
        consents: vec![Uuid::from_u128(2)],
    }
}

fn at() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn open_as(session: &str, attempt: u32) -> OrderCommand {
    OrderCommand::OpenCheckout { session: session.into(), url: "https://pay.test/1".into(), attempt, expires_at: at() }
}

fn opened(session: &str) -> OrderEvent {
    OrderEvent::CheckoutOpened {
        session: session.into(),
        url: "https://pay.test/1".into(),
        attempt: 1,
        expires_at: at(),
    }
}

fn notice(session: &str) -> PaymentNotice {
    PaymentNotice {
        session: session.into(),
        payment: Some("pi_1".into()),
        paid_cents: 34_800,
        currency: "eur".into(),
        livemode_expected: true,
        reference_matches: true,
    }
}

fn confirm() -> OrderCommand {
    OrderCommand::ConfirmPayment(notice("cs_1"))
}

fn paid() -> OrderEvent {
    OrderEvent::OrderPaid {
        session: "cs_1".into(),
        payment: Some("pi_1".into()),
        paid_cents: 34_800,
        currency: "eur".into(),
    }
}

fn held(session: &str, paid_cents: i64, currency: &str, reason: HoldReason) -> OrderEvent {
    let (session, currency) = (session.to_owned(), currency.to_owned());
    OrderEvent::PaymentHeld { session, payment: Some("pi_1".into()), paid_cents, currency, reason }
}

fn deliver() -> OrderCommand {
    OrderCommand::Deliver { report: Uuid::from_u128(9), version: 1 }
}

fn delivered() -> OrderEvent {
    OrderEvent::OrderDelivered { report: Uuid::from_u128(9), version: 1 }
}

fn given(events: Vec<OrderEvent>) -> cqrs_es::test::AggregateTestExecutor<Order> {
    TestFramework::<Order>::with(()).given(events)
}

#[test]
fn an_order_is_placed_once_however_often_it_is_asked() {
    given(vec![]).when(place()).then_expect_events(vec![placed()]);
    given(vec![placed()]).when(place()).then_expect_events(vec![]);
}

#[test]
fn what_was_announced_before_the_payment_is_kept_with_the_order() {
    let announced = vec![DroppedPage { page: 5, title: "Marché".into(), reason: "ventes non diffusées".into() }];
    let mut place = place_as(EligibilityStatus::Reduced);
    if let OrderCommand::Place { eligibility, .. } = &mut place {
        eligibility.dropped_pages.clone_from(&announced);
    }
    let mut placed = placed();
    if let OrderEvent::OrderPlaced { eligibility, dropped_pages, .. } = &mut placed {
        (*eligibility, *dropped_pages) = (EligibilityStatus::Reduced, announced);
    }
    given(vec![]).when(place).then_expect_events(vec![placed]);
}

#[test]
fn a_study_that_cannot_be_made_is_not_sold() {
    given(vec![])
        .when(place_as(EligibilityStatus::Unavailable))
        .then_expect_error(OrderError::Unavailable { study: "LOG-01".into(), commune: "44109".into() });
}

#[test]
fn nothing_can_be_asked_of_an_order_that_does_not_exist() {
    given(vec![]).when(confirm()).then_expect_error(OrderError::Unknown { command: "ConfirmPayment" });
}

#[test]
fn the_same_payment_page_is_recorded_once() {
    given(vec![placed()]).when(open_as("cs_1", 1)).then_expect_events(vec![opened("cs_1")]);
    given(vec![placed(), opened("cs_1")]).when(open_as("cs_1", 1)).then_expect_events(vec![]);
}

#[test]
fn the_right_amount_pays_the_order_and_a_repeated_webhook_changes_nothing() {
    given(vec![placed(), opened("cs_1")]).when(confirm()).then_expect_events(vec![paid()]);
    given(vec![placed(), opened("cs_1"), paid()]).when(confirm()).then_expect_events(vec![]);
    given(vec![placed(), opened("cs_1"), paid(), delivered()]).when(confirm()).then_expect_events(vec![]);
}

#[test]
fn a_payment_that_outruns_the_record_of_its_page_still_counts() {
    given(vec![placed()]).when(confirm()).then_expect_events(vec![paid()]);
}

#[test]
fn money_that_differs_is_held_for_a_person() {
    for (notice, event) in [
        (PaymentNotice { paid_cents: 100, ..notice("cs_1") }, held("cs_1", 100, "eur", HoldReason::Amount)),
        (PaymentNotice { currency: "usd".into(), ..notice("cs_1") }, held("cs_1", 34_800, "usd", HoldReason::Currency)),
        (PaymentNotice { livemode_expected: false, ..notice("cs_1") }, held("cs_1", 34_800, "eur", HoldReason::Mode)),
        (
            PaymentNotice { reference_matches: false, ..notice("cs_1") },
            held("cs_1", 34_800, "eur", HoldReason::Reference),
        ),
    ] {
        given(vec![placed()]).when(OrderCommand::ConfirmPayment(notice)).then_expect_events(vec![event]);
    }
}

#[test]
fn a_second_payment_is_held_and_does_not_stop_the_first() {
    let second = held("cs_2", 34_800, "eur", HoldReason::AlreadySettled);
    given(vec![placed(), paid()])
        .when(OrderCommand::ConfirmPayment(notice("cs_2")))
        .then_expect_events(vec![second.clone()]);
    given(vec![placed(), paid(), second]).when(deliver()).then_expect_events(vec![delivered()]);
}

#[test]
fn an_order_whose_payment_is_held_is_not_delivered() {
    given(vec![placed(), held("cs_1", 100, "eur", HoldReason::Amount)])
        .when(deliver())
        .then_expect_error(OrderError::NotNow { command: "Deliver", state: OrderState::Held });
}

#[test]
fn an_expired_page_leaves_a_paid_order_alone() {
    let expire = || OrderCommand::ExpireCheckout { session: "cs_1".into() };
    given(vec![placed(), opened("cs_1")])
        .when(expire())
        .then_expect_events(vec![OrderEvent::CheckoutExpired { session: "cs_1".into() }]);
    given(vec![placed(), opened("cs_1"), paid()]).when(expire()).then_expect_events(vec![]);
    given(vec![placed(), opened("cs_2")]).when(expire()).then_expect_events(vec![]);
}

#[test]
fn a_page_that_expired_can_be_replaced_by_a_second_one() {
    given(vec![placed(), opened("cs_1"), OrderEvent::CheckoutExpired { session: "cs_1".into() }])
        .when(open_as("cs_2", 2))
        .then_expect_events(vec![OrderEvent::CheckoutOpened {
            session: "cs_2".into(),
            url: "https://pay.test/1".into(),
            attempt: 2,
            expires_at: at(),
        }]);
}

#[test]
fn a_delivered_order_is_delivered_once_and_its_mail_recorded_once() {
    given(vec![placed(), paid(), delivered()]).when(deliver()).then_expect_events(vec![]);
    let sent = OrderEvent::DeliveryEmailSent { kind: "delivery".into(), message_id: "<1@mail>".into() };
    let record = || OrderCommand::RecordEmailSent { kind: "delivery".into(), message_id: "<1@mail>".into() };
    given(vec![placed(), paid(), delivered()]).when(record()).then_expect_events(vec![sent.clone()]);
    given(vec![placed(), paid(), delivered(), sent]).when(record()).then_expect_events(vec![]);
}

#[test]
fn a_bounce_of_a_mail_we_never_sent_is_ignored() {
    given(vec![placed(), paid(), delivered()])
        .when(OrderCommand::RecordEmailBounced { message_id: "<other>".into(), reason: "550".into() })
        .then_expect_events(vec![]);
}

#[test]
fn links_are_numbered_without_gaps() {
    let issue = |number| OrderCommand::IssueDownloadLink { number, expires_at: at() };
    let issued = |number| OrderEvent::DownloadLinkIssued { number, expires_at: at() };
    given(vec![placed(), paid(), delivered()]).when(issue(1)).then_expect_events(vec![issued(1)]);
    given(vec![placed(), paid(), delivered(), issued(1)]).when(issue(1)).then_expect_events(vec![]);
    given(vec![placed(), paid(), delivered()])
        .when(issue(2))
        .then_expect_error(OrderError::NotNow { command: "IssueDownloadLink", state: OrderState::Delivered });
}

#[test]
fn a_report_that_cannot_be_made_fails_the_order_once() {
    let fail = || OrderCommand::Fail { report: Uuid::from_u128(9), step: "print".into() };
    let failed = OrderEvent::OrderFailed { report: Uuid::from_u128(9), step: "print".into() };
    given(vec![placed(), paid()]).when(fail()).then_expect_events(vec![failed.clone()]);
    given(vec![placed(), paid(), failed]).when(fail()).then_expect_events(vec![]);
    given(vec![placed(), paid(), delivered()]).when(fail()).then_expect_events(vec![]);
}

#[test]
fn a_late_order_is_told_of_once_and_still_delivered() {
    let (delay, late) = (|| OrderCommand::RecordDelay { minutes: 60 }, || OrderEvent::OrderOverdue { minutes: 60 });
    given(vec![placed(), paid()]).when(delay()).then_expect_events(vec![late()]);
    given(vec![placed(), paid(), late()]).when(delay()).then_expect_events(vec![]);
    given(vec![placed(), paid(), late()]).when(deliver()).then_expect_events(vec![delivered()]);
}

#[test]
fn an_order_that_has_ended_or_was_not_paid_is_not_late() {
    let delay = || OrderCommand::RecordDelay { minutes: 60 };
    let failed = OrderEvent::OrderFailed { report: Uuid::from_u128(9), step: "print".into() };
    let refunded = OrderEvent::OrderRefunded {
        refund: "re_1".into(),
        request: None,
        payment: "pi_1".into(),
        amount_cents: 34_800,
        currency: "eur".into(),
    };
    for end in [delivered(), failed, refunded] {
        given(vec![placed(), paid(), end]).when(delay()).then_expect_events(vec![]);
    }
    given(vec![placed()]).when(delay()).then_expect_events(vec![]);
}

fn any_command() -> impl Strategy<Value = OrderCommand> {
    let session = prop_oneof![Just("cs_1"), Just("cs_2")];
    prop_oneof![
        Just(place()),
        (session.clone(), 1_u32..3).prop_map(|(session, attempt)| open_as(session, attempt)),
        session.clone().prop_map(|session| OrderCommand::ExpireCheckout { session: session.into() }),
        (session, prop_oneof![Just(34_800_i64), Just(1)]).prop_map(|(session, paid_cents)| {
            OrderCommand::ConfirmPayment(PaymentNotice { paid_cents, ..notice(session) })
        }),
        Just(deliver()),
        (1_u32..3).prop_map(|number| OrderCommand::IssueDownloadLink { number, expires_at: at() }),
        Just(OrderCommand::RecordEmailSent { kind: "delivery".into(), message_id: "<1@mail>".into() }),
        Just(OrderCommand::Fail { report: Uuid::from_u128(9), step: "print".into() }),
        Just(OrderCommand::RecordDelay { minutes: 60 }),
        money_command(),
    ]
}

fn money_command() -> impl Strategy<Value = OrderCommand> {
    use super::RefundState::{Failed, Going};
    let session = || "cs_1".to_owned();
    let cents = prop_oneof![Just(34_800_i64), Just(10_000)];
    prop_oneof![
        Just(OrderCommand::AwaitPayment { session: session(), payment: Some("pi_1".into()) }),
        Just(OrderCommand::RecordPaymentFailure { session: session() }),
        Just(OrderCommand::AcceptPayment),
        Just(OrderCommand::Cancel { by: "customer".into() }),
        prop_oneof![Just(None), Just(Some(10_000))].prop_map(money::request),
        (cents, prop_oneof![Just("re_1"), Just("re_2")], any::<bool>()).prop_map(|(cents, refund, failed)| {
            money::told(refund, cents, if failed { Failed("declined".into()) } else { Going })
        }),
        Just(OrderCommand::RefuseRefund { refund: Uuid::from_u128(40), reason: "declined".into() }),
        prop_oneof![Just(None), Just(Some("won")), Just(Some("lost"))].prop_map(money::dispute),
        Just(OrderCommand::RecordEmailBounced { message_id: "<1@mail>".into(), reason: "hard_bounce".into() }),
        Just(OrderCommand::RecordEmailStatus { message_id: "<1@mail>".into(), status: super::MailStatus::Delivered }),
        Just(OrderCommand::RecordEmailFailure { kind: "delivery".into(), reason: "refused".into() }),
        Just(OrderCommand::AddNote { note: Uuid::from_u128(50), sha256: "0".into(), closes: None }),
    ]
}

fn run(commands: &[OrderCommand]) -> Vec<OrderEvent> {
    use cqrs_es::Aggregate;
    let mut order = Order::default();
    let mut history = Vec::new();
    for command in commands {
        for event in order.decide(command.clone()).unwrap_or_default() {
            order.apply(event.clone());
            history.push(event);
        }
    }
    history
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_asked_an_order_is_paid_at_most_once_and_delivered_only_after(
        commands in prop::collection::vec(any_command(), 0..24),
    ) {
        let history = run(&commands);
        let paid = history.iter().filter(|event| matches!(event, OrderEvent::OrderPaid { .. })).count();
        prop_assert!(paid <= 1);
        if let Some(delivery) = history.iter().position(|event| matches!(event, OrderEvent::OrderDelivered { .. })) {
            let paid_before = history[..delivery].iter().any(|event| matches!(event, OrderEvent::OrderPaid { .. }));
            prop_assert!(paid_before);
        }
    }

    #[test]
    fn however_often_it_is_asked_no_more_is_requested_back_than_was_paid(
        commands in prop::collection::vec(any_command(), 0..24),
        more in prop::collection::vec((1_u128..6, 1_i64..40_000), 0..6),
    ) {
        let asked = more.into_iter().map(|(refund, cents)| OrderCommand::RequestRefund {
            refund: Uuid::from_u128(refund),
            payment: None,
            amount_cents: Some(cents),
            reason: super::RefundReason::RequestedByCustomer,
        });
        // Every vendor refusal frees what was asked, so only what stands at the end is counted.
        let history = run(&commands.into_iter().filter(|c| !matches!(c, OrderCommand::RecordRefund(_)))
            .chain(asked).collect::<Vec<_>>());
        let paid: i64 = history.iter().map(|event| match event {
            OrderEvent::OrderPaid { paid_cents, .. } => *paid_cents,
            // Taken later by a person, it is counted there.
            OrderEvent::PaymentHeld { paid_cents, .. } => *paid_cents,
            _ => 0,
        }).sum();
        let standing: i64 = history.iter().map(|event| match event {
            OrderEvent::RefundRequested { amount_cents, .. } => *amount_cents,
            OrderEvent::RefundFailed { refund: None, amount_cents, .. } => -amount_cents,
            _ => 0,
        }).sum();
        prop_assert!(standing <= paid, "{standing} of {paid} in {history:?}");
    }

    #[test]
    fn a_command_given_twice_in_a_row_does_no_more_than_once(
        commands in prop::collection::vec(any_command(), 0..16),
    ) {
        let doubled: Vec<_> = commands.iter().flat_map(|command| [command.clone(), command.clone()]).collect();
        prop_assert_eq!(run(&commands), run(&doubled));
    }
}
