//! Messages of our own writing, signed as Stripe signs.

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use domain::order::{PaymentNotice, RefundState};

use super::*;

const ORDER: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);

fn webhooks() -> StripeWebhooks {
    StripeWebhooks::new(&StripeConfig {
        base_url: String::new(),
        secret_key: Secret::new("sk_test_x"),
        webhook_secrets: vec![Secret::new("whsec_x")],
        livemode: false,
    })
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn sign(body: &[u8]) -> String {
    let time = now().timestamp();
    let mut mac = Hmac::<Sha256>::new_from_slice(b"whsec_x").unwrap();
    mac.update(format!("{time}.").as_bytes());
    mac.update(body);
    format!("t={time},v1={}", hex::encode(mac.finalize().into_bytes()))
}

fn read(event: &Value) -> PaymentNews {
    let body = serde_json::to_vec_pretty(event).unwrap();
    webhooks().read(Some(&sign(&body)), &body, now()).unwrap()
}

fn event(kind: &str, session: &Value) -> Value {
    json!({"id": "evt_1", "object": "event", "type": kind, "livemode": false, "data": {"object": session}})
}

fn session() -> Value {
    json!({
        "id": "cs_test_1", "mode": "payment", "payment_status": "paid", "amount_total": 34_800, "currency": "eur",
        "client_reference_id": ORDER, "metadata": {"order_id": ORDER}, "payment_intent": "pi_1", "livemode": false,
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut session = session();
    session[field] = value;
    session
}

fn paid(news: PaymentNews) -> PaymentNotice {
    match news {
        PaymentNews::Session { order: ORDER, news: SessionNews { state: SessionState::Paid(payment), .. }, .. } => {
            payment
        }
        other => panic!("not paid: {other:?}"),
    }
}

fn state(news: PaymentNews) -> SessionState {
    match news {
        PaymentNews::Session { order: ORDER, news, .. } if news.session == "cs_test_1" => news.state,
        other => panic!("not about our session: {other:?}"),
    }
}

fn reason(news: &PaymentNews) -> &str {
    match news {
        PaymentNews::Noted { reason, .. } => reason,
        other => panic!("not merely noted: {other:?}"),
    }
}

#[test]
fn a_completed_and_paid_session_pays_its_order() {
    let news = read(&event("checkout.session.completed", &session()));
    let PaymentNews::Session { notice, .. } = &news else { panic!("{news:?}") };
    assert_eq!((notice.source, notice.message_id.as_str()), ("stripe", "evt_1"));
    let expected = PaymentNotice {
        session: "cs_test_1".into(),
        payment: Some("pi_1".into()),
        paid_cents: 34_800,
        currency: "eur".into(),
        livemode_expected: true,
        reference_matches: true,
    };
    assert_eq!(paid(news), expected);
}

#[test]
fn a_session_of_the_fewest_fields_still_pays() {
    let bare = json!({"id": "cs_1", "payment_status": "paid", "amount_total": 34_800, "currency": "eur",
        "client_reference_id": ORDER});
    assert_eq!(paid(read(&event("checkout.session.completed", &bare))).payment, None);
}

#[test]
fn a_delayed_method_waits_then_pays() {
    let waiting = with("payment_status", json!("unpaid"));
    let under_way = SessionState::UnderWay { payment: Some("pi_1".into()) };
    assert_eq!(state(read(&event("checkout.session.completed", &waiting))), under_way);
    assert_eq!(paid(read(&event("checkout.session.async_payment_succeeded", &session()))).paid_cents, 34_800);
    assert_eq!(state(read(&event("checkout.session.async_payment_failed", &waiting))), SessionState::Failed);
}

#[test]
fn nothing_to_pay_is_paid() {
    let free = with("payment_status", json!("no_payment_required"));
    assert!(paid(read(&event("checkout.session.completed", &free))).reference_matches);
}

#[test]
fn an_expired_session_ends_its_attempt() {
    let news = read(&event("checkout.session.expired", &with("payment_status", json!("unpaid"))));
    assert_eq!(state(news), SessionState::Expired);
}

#[test]
fn doubts_travel_with_the_payment() {
    let mut live = event("checkout.session.completed", &session());
    live["livemode"] = json!(true);
    assert!(!paid(read(&live)).livemode_expected);
    let torn = with("metadata", json!({"order_id": Uuid::from_u128(9)}));
    assert!(!paid(read(&event("checkout.session.completed", &torn))).reference_matches);
    let unknown_amount = with("amount_total", Value::Null);
    assert_eq!(paid(read(&event("checkout.session.completed", &unknown_amount))).paid_cents, 0);
}

#[test]
fn what_is_not_ours_is_noted() {
    let mut foreign = with("client_reference_id", json!("ord_0001"));
    foreign["metadata"] = json!({});
    assert!(reason(&read(&event("checkout.session.completed", &foreign))).contains("reference"));
    let subscription = with("mode", json!("subscription"));
    assert!(reason(&read(&event("checkout.session.completed", &subscription))).contains("single payment"));
    assert!(reason(&read(&event("charge.refunded", &json!({"id": "ch_1"})))).contains("no payment"));
    assert!(reason(&read(&event("charge.succeeded", &json!({"id": "ch_1"})))).contains("calls for nothing"));
}

#[test]
fn a_refund_and_a_dispute_are_read_by_their_own_ids() {
    let refund = json!({"id": "re_1", "amount": 100, "currency": "eur", "payment_intent": "pi_1", "status": "failed",
        "failure_reason": "lost_or_stolen_card", "metadata": {}});
    let PaymentNews::Refund { refund, .. } = read(&event("refund.failed", &refund)) else { panic!("no refund") };
    assert_eq!((refund.refund.as_str(), refund.payment.as_str(), refund.amount_cents), ("re_1", "pi_1", 100));
    assert_eq!(refund.state, RefundState::Failed("lost_or_stolen_card".into()));
    let charge = json!({"id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 100});
    assert!(
        matches!(read(&event("charge.refunded", &charge)), PaymentNews::Refunded { payment, .. } if payment == "pi_1")
    );
    let mut fight = json!({"id": "du_1", "amount": 100, "currency": "eur", "payment_intent": "pi_1",
        "reason": "fraudulent", "status": "needs_response"});
    let PaymentNews::Dispute { dispute, .. } = read(&event("charge.dispute.created", &fight)) else { panic!() };
    assert_eq!((dispute.dispute.as_str(), dispute.outcome), ("du_1", None));
    fight["status"] = json!("won");
    let PaymentNews::Dispute { dispute, .. } = read(&event("charge.dispute.closed", &fight)) else { panic!() };
    assert_eq!(dispute.outcome.as_deref(), Some("won"));
}

#[test]
fn an_authentic_body_that_cannot_be_read_is_kept_by_its_digest() {
    let body = b"not json";
    let news = webhooks().read(Some(&sign(body)), body, now()).unwrap();
    let PaymentNews::Noted { notice, .. } = news else { panic!("{news:?}") };
    assert!(notice.message_id.starts_with("sha256:"));
    assert_eq!((notice.kind.as_str(), notice.body.as_slice()), ("unreadable", &body[..]));
}

proptest! {
    #[test]
    fn a_body_changed_after_signing_is_refused(position in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut body = serde_json::to_vec_pretty(&event("checkout.session.completed", &session())).unwrap();
        let signature = sign(&body);
        let position = position.index(body.len());
        body[position] ^= 1 << bit;
        prop_assert_eq!(webhooks().read(Some(&signature), &body, now()), Err(WebhookRefusal::Signature));
    }

    #[test]
    fn no_header_makes_us_fall_and_none_is_believed(header in "([tv][01]?[=,]{0,2}[-0-9a-fA-F]{0,70},?){0,6}|\\PC{0,80}") {
        let body = serde_json::to_vec(&event("checkout.session.completed", &session())).unwrap();
        prop_assert!(webhooks().read(Some(&header), &body, now()).is_err());
    }

    #[test]
    fn no_body_makes_us_fall(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let noted = matches!(webhooks().reread(&body), PaymentNews::Noted { .. });
        prop_assert!(noted);
    }

    #[test]
    fn a_known_message_of_any_shape_is_kept_under_its_own_id(kind in known_kind(), field in known_field(), odd in odd_value()) {
        let mut object = session();
        object[field] = odd;
        let body = serde_json::to_vec(&event(kind, &object)).unwrap();
        let (PaymentNews::Session { notice, .. }
        | PaymentNews::Refund { notice, .. }
        | PaymentNews::Refunded { notice, .. }
        | PaymentNews::Dispute { notice, .. }
        | PaymentNews::Noted { notice, .. }) = webhooks().reread(&body);
        prop_assert_eq!((notice.kind.as_str(), notice.body), (kind, body));
    }
}

fn known_kind() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "checkout.session.completed",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "refund.updated",
        "charge.refunded",
        "charge.dispute.closed",
    ])
}

fn known_field() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "id",
        "mode",
        "status",
        "payment_status",
        "amount_total",
        "amount",
        "currency",
        "livemode",
        "expires_at",
        "client_reference_id",
        "metadata",
        "payment_intent",
        "reason",
    ])
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|truth| json!(truth)),
        "\\PC{0,20}".prop_map(|text| json!(text)),
        Just(json!([])),
        Just(json!({"id": 7})),
    ]
}
