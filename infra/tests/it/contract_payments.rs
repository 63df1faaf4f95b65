//! What the payment port promises, whoever answers: one page per attempt, one refund per request, every state understood.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    money::Price,
    order::{RefundReason, RefundState},
    ports::{Checkout, CheckoutRequest, Clock as _, Payments, PortError, RefundRequest, SessionState},
};
use infra::{
    clock::SystemClock,
    http::Secret,
    stripe::{StripeConfig, StripePayments},
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    doubles::{Doubles, passing_effects},
    live,
};

const CREATE: &str = "checkout.sessions.create";
const PRICE: i64 = 34_800;
/// Pays, and its refund fails a minute later.
const CARD_WHOSE_REFUND_FAILS: &str = "4000000000005126";

fn config(base_url: String) -> StripeConfig {
    StripeConfig { base_url, secret_key: Secret::new("sk_test_canary"), webhook_secrets: vec![], livemode: false }
}

fn payments(doubles: &Doubles) -> StripePayments {
    StripePayments::new(config(doubles.url("/stripe/"))).unwrap()
}

fn order(n: u128) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + n)
}

fn request(order: Uuid, attempt: u32) -> CheckoutRequest {
    CheckoutRequest {
        order,
        attempt,
        price: Price::before_tax(29_000, 2_000, "EUR"),
        title: "Étude du logement, Nantes".into(),
        email: "mairie@ville.test".into(),
        success_url: "http://127.0.0.1:8080/commandes/1?retour=ok".into(),
        cancel_url: "http://127.0.0.1:8080/commandes/1".into(),
    }
}

fn today() -> (DateTime<Utc>, DateTime<Utc>) {
    let now = SystemClock.now();
    (now - TimeDelta::hours(1), now + TimeDelta::hours(1))
}

async fn opened(payments: &dyn Payments) -> usize {
    let (from, to) = today();
    payments.sessions(from, to).await.unwrap().len()
}

async fn pay(doubles: &Doubles, session: &str, ending: &str, body: Value) {
    let done = doubles.control("POST", &format!("/stripe/checkout/{session}/{ending}"), &body).await;
    assert!(done["outcome"].is_string(), "{done}");
}

/// A paid page, and its payment.
async fn paid(doubles: &Doubles, payments: &StripePayments, n: u128, card: Option<&str>) -> (Checkout, String) {
    let page = payments.open_checkout(&request(order(n), 1)).await.unwrap();
    pay(doubles, &page.session, "pay", card.map_or(json!({}), |card| json!({"card": card}))).await;
    let SessionState::Paid(paid) = payments.session(&page.session).await.unwrap().state else { panic!("not paid") };
    assert_eq!((paid.paid_cents, paid.currency.as_str()), (PRICE, "eur"));
    assert!(paid.livemode_expected && paid.reference_matches);
    (page, paid.payment.unwrap())
}

fn refund(n: u128, payment: &str, amount_cents: i64) -> RefundRequest {
    let (refund, payment) = (Uuid::from_u128(0xf0 + n), payment.to_owned());
    RefundRequest { order: order(n), refund, payment, amount_cents, reason: RefundReason::RequestedByCustomer }
}

/// What can be promised of any vendor without a person at its page.
async fn a_page_lives_and_is_closed(payments: &dyn Payments, order: Uuid) {
    let page = payments.open_checkout(&request(order, 1)).await.unwrap();
    assert_eq!(payments.open_checkout(&request(order, 1)).await.unwrap(), page, "the same attempt is the same page");
    let other = payments.open_checkout(&request(order, 2)).await.unwrap();
    assert_ne!(other.session, page.session);
    let news = payments.session(&page.session).await.unwrap();
    assert_eq!((news.order, &news.state, news.command()), (Some(order), &SessionState::Open, None));
    let (from, to) = today();
    let listed = payments.sessions(from, to).await.unwrap();
    for session in [&page.session, &other.session] {
        assert_eq!(listed.iter().filter(|news| news.session == *session).count(), 1);
    }
    for _ in 0..2 {
        assert_eq!(payments.close_checkout(&page.session).await.unwrap().state, SessionState::Expired);
    }
    assert_eq!(payments.session(&page.session).await.unwrap().state, SessionState::Expired);
    payments.close_checkout(&other.session).await.unwrap();
    let missing = payments.session("cs_test_doesnotexist").await.unwrap_err();
    assert!(matches!(missing, PortError::Missing { .. }), "{missing}");
}

#[tokio::test]
async fn the_sandbox_keeps_the_contract() {
    let doubles = Doubles::start().await;
    a_page_lives_and_is_closed(&payments(&doubles), order(1)).await;
}

#[tokio::test]
async fn live_stripe_keeps_the_contract() {
    let Some(called) = live::called("stripe") else { return };
    let secret_key = called.vendors.stripe_key.expect("LOBSTER_STRIPE_KEY");
    assert!(secret_key.reveal().contains("_test_"), "the suite runs in Stripe's test mode only");
    let live = StripeConfig { secret_key, ..config(called.vendors.stripe_url) };
    // Another order in each run: the vendor knows the keys of the last one for a day.
    let order = Uuid::new_v5(&Uuid::NAMESPACE_URL, SystemClock.now().to_rfc3339().as_bytes());
    a_page_lives_and_is_closed(&StripePayments::new(live).unwrap(), order).await;
}

#[tokio::test]
async fn whatever_happens_on_the_way_an_attempt_has_one_page() {
    let doubles = Doubles::start().await;
    let payments = payments(&doubles);
    let conflict = ("a call under way", json!({"kind": "status", "status": 409}));
    for (n, (name, effect)) in passing_effects().into_iter().chain([conflict]).enumerate() {
        doubles.arm("stripe", CREATE, &effect).await;
        let page = payments.open_checkout(&request(order(n as u128), 1)).await;
        assert!(page.is_ok(), "{name}: {page:?}");
        assert_eq!(opened(&payments).await, n + 1, "{name} left another page behind");
    }
}

#[tokio::test]
async fn whatever_happens_on_the_way_a_request_is_refunded_once() {
    let doubles = Doubles::start().await;
    let payments = payments(&doubles);
    for (n, (name, effect)) in (1_u128..).zip(passing_effects()) {
        let (_, payment) = paid(&doubles, &payments, n, None).await;
        doubles.arm("stripe", "refunds.create", &effect).await;
        let made = payments.refund(&refund(n, &payment, 1_000)).await;
        let made = made.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((made.amount_cents, made.request), (1_000, Some(Uuid::from_u128(0xf0 + n))));
        assert_eq!(payments.refunds(&payment).await.unwrap(), [made], "{name} left another refund behind");
    }
}

#[tokio::test]
async fn looking_and_closing_survive_the_way_too() {
    let doubles = Doubles::start().await;
    let payments = payments(&doubles);
    for (n, (name, effect)) in passing_effects().into_iter().enumerate() {
        let page = payments.open_checkout(&request(order(n as u128), 1)).await.unwrap();
        doubles.arm("stripe", "checkout.sessions.retrieve", &effect).await;
        assert_eq!(payments.session(&page.session).await.unwrap().state, SessionState::Open, "{name}");
        doubles.arm("stripe", "checkout.sessions.list", &effect).await;
        assert_eq!(opened(&payments).await, n + 1, "{name}");
        doubles.arm("stripe", "checkout.sessions.expire", &effect).await;
        assert_eq!(payments.close_checkout(&page.session).await.unwrap().state, SessionState::Expired, "{name}");
    }
}

#[tokio::test]
async fn a_page_that_was_paid_is_told_as_paid_when_it_is_closed() {
    let doubles = Doubles::start().await;
    let payments = payments(&doubles);
    let (page, payment) = paid(&doubles, &payments, 1, None).await;
    let SessionState::Paid(paid) = payments.close_checkout(&page.session).await.unwrap().state else {
        panic!("a paid page was closed")
    };
    assert_eq!(paid.payment, Some(payment));
}

#[tokio::test]
async fn a_payment_that_takes_days_is_under_way_until_it_ends() {
    let doubles = Doubles::start().await;
    let payments = payments(&doubles);
    for (n, ending) in [(1, "delayed-succeed"), (2, "delayed-fail")] {
        let page = payments.open_checkout(&request(order(n), 1)).await.unwrap();
        pay(&doubles, &page.session, "pay-delayed", json!({})).await;
        let state = payments.session(&page.session).await.unwrap().state;
        assert!(matches!(state, SessionState::UnderWay { payment: Some(_) }), "{state:?}");
        pay(&doubles, &page.session, ending, json!({})).await;
        let state = payments.session(&page.session).await.unwrap().state;
        let ended = match ending {
            "delayed-succeed" => matches!(state, SessionState::Paid(_)),
            _ => state == SessionState::Failed,
        };
        assert!(ended, "{ending}: {state:?}");
    }
}

#[tokio::test]
async fn every_page_of_a_long_list_is_read() {
    let doubles = Doubles::start().await;
    let payments = payments(&doubles);
    for n in 0..203 {
        payments.open_checkout(&request(order(n), 1)).await.unwrap();
    }
    let calls = doubles.calls("stripe", "checkout.sessions.list").await;
    let (from, to) = today();
    let mut orders: Vec<_> =
        payments.sessions(from, to).await.unwrap().iter().map(|news| news.order.unwrap()).collect();
    orders.sort_unstable();
    assert_eq!(orders, (0..203).map(order).collect::<Vec<_>>());
    assert_eq!(doubles.calls("stripe", "checkout.sessions.list").await - calls, 3);
    assert_eq!(payments.sessions(to, to + TimeDelta::hours(1)).await.unwrap(), []);
}

#[tokio::test]
async fn money_goes_back_in_parts_and_never_more_than_came() {
    let doubles = Doubles::start().await;
    let payments = payments(&doubles);
    let (page, payment) = paid(&doubles, &payments, 1, None).await;
    let back = || async { payments.session(&page.session).await.unwrap().refunded_cents };
    assert_eq!(back().await, Some(0));
    let part = payments.refund(&refund(1, &payment, 10_000)).await.unwrap();
    assert_eq!(payments.refund(&refund(1, &payment, 10_000)).await.unwrap(), part, "the same request is one refund");
    assert_eq!(back().await, Some(10_000));
    let over = payments.refund(&refund(2, &payment, PRICE)).await.unwrap_err();
    assert!(matches!(over, PortError::Refused { .. }), "{over}");
    let rest = payments.refund(&refund(3, &payment, PRICE - 10_000)).await.unwrap();
    let again = payments.refund(&refund(4, &payment, 1)).await.unwrap_err();
    assert_eq!(again.code(), "charge_already_refunded", "{again}");
    let mut listed = payments.refunds(&payment).await.unwrap();
    listed.sort_by_key(|one| one.amount_cents);
    assert_eq!(listed, [part, rest]);
    assert_eq!(back().await, Some(PRICE));
}

#[tokio::test]
async fn a_refund_that_fails_days_later_is_told_as_failed() {
    let doubles = Doubles::start().await;
    let payments = payments(&doubles);
    let (page, payment) = paid(&doubles, &payments, 1, Some(CARD_WHOSE_REFUND_FAILS)).await;
    let made = payments.refund(&refund(1, &payment, PRICE)).await.unwrap();
    assert_eq!(made.state, RefundState::Going);
    doubles.control("POST", "/clock", &json!({"advance_s": 120})).await;
    let failed = payments.refunds(&payment).await.unwrap().remove(0);
    assert_eq!((&failed.refund, &failed.request), (&made.refund, &made.request));
    assert!(matches!(failed.state, RefundState::Failed(_)), "{failed:?}");
    assert_eq!(payments.session(&page.session).await.unwrap().refunded_cents, Some(0));
}

#[tokio::test]
async fn money_of_the_other_mode_reaches_no_customer_and_pays_no_order() {
    let doubles = Doubles::start().await;
    let (page, _) = paid(&doubles, &payments(&doubles), 1, None).await;
    let live = StripePayments::new(StripeConfig { livemode: true, ..config(doubles.url("/stripe/")) }).unwrap();
    let refused = live.open_checkout(&request(order(2), 1)).await.unwrap_err();
    assert!(matches!(refused, PortError::Refused { .. }), "{refused}");
    let SessionState::Paid(paid) = live.session(&page.session).await.unwrap().state else { panic!("not paid") };
    assert!(!paid.livemode_expected);
}

#[tokio::test]
async fn the_wait_that_the_vendor_asks_for_is_kept() {
    let doubles = Doubles::start().await;
    let payments = payments(&doubles);
    let busy = |wait: &str| json!({"kind": "status", "status": 429, "headers": {"retry-after": wait}});
    doubles.arm("stripe", CREATE, &busy("1")).await;
    let started = Instant::now();
    payments.open_checkout(&request(order(1), 1)).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
    doubles.arm("stripe", CREATE, &busy("900")).await;
    let error = payments.open_checkout(&request(order(2), 1)).await.unwrap_err();
    assert!(matches!(error, PortError::Transient { retry_after: Some(900), .. }), "{error}");
}

#[tokio::test]
async fn a_vendor_that_stays_away_is_told_as_such_without_key_or_address() {
    let doubles = Doubles::start().await;
    doubles.arm_times("stripe", "*", &json!({"kind": "status", "status": 503}), json!(null)).await;
    let error = payments(&doubles).open_checkout(&request(order(1), 1)).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    let refused =
        StripeConfig { secret_key: Secret::new("sk_test_refused"), ..config(Doubles::start().await.url("/stripe/")) };
    let stranger = StripePayments::new(refused).unwrap().open_checkout(&request(order(1), 1)).await.unwrap_err();
    for told in [error.to_string(), stranger.to_string()] {
        assert!(!told.contains("sk_test") && !told.contains("ville.test"), "{told}");
    }
}
