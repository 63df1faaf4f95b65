//! The payment vendor, in memory.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    order::{RefundNotice, RefundState},
    ports::{Checkout, CheckoutRequest, Payments, PortError, RefundRequest, SessionNews, SessionState},
};
use uuid::Uuid;

use super::state::{Shared, State, away};
use crate::till::{PRICE, payment};

impl State {
    pub fn refunded(&self, payment: &str) -> i64 {
        self.refunds.iter().filter(|made| made.payment == payment).map(|made| made.amount_cents).sum()
    }

    fn page(&self, session: &str) -> Result<SessionNews, PortError> {
        let missing = || PortError::Missing { service: "stripe", what: "such session".to_owned() };
        let mut page = self.pages.get(session).cloned().ok_or_else(missing)?;
        if let SessionState::Paid(paid) = &page.state {
            page.refunded_cents = paid.payment.as_deref().map(|payment| self.refunded(payment));
        }
        Ok(page)
    }
}

/// The first payment page of an order; asked for again, the same.
fn page_of(order: Uuid) -> String {
    format!("cs_{}", order.as_u128() & 0xffff)
}

/// Keys are forgotten at once, which is harder than the real vendor’s day.
#[async_trait]
impl Payments for Shared {
    async fn open_checkout(&self, request: &CheckoutRequest) -> Result<Checkout, PortError> {
        let (order, session) = (request.order, page_of(request.order));
        self.effect(
            "open",
            || away("stripe"),
            |state| {
                let open = SessionNews {
                    session: session.clone(),
                    order: Some(order),
                    state: SessionState::Open,
                    refunded_cents: None,
                };
                state.pages.entry(session.clone()).or_insert(open);
                let expires_at = state.time() + TimeDelta::days(1);
                Ok(Checkout { url: format!("https://pay.test/{session}"), session: session.clone(), expires_at })
            },
        )
        .await
    }

    async fn session(&self, session: &str) -> Result<SessionNews, PortError> {
        self.look("session", || away("stripe"), |state| state.page(session)).await
    }

    async fn close_checkout(&self, session: &str) -> Result<SessionNews, PortError> {
        self.effect(
            "close",
            || away("stripe"),
            |state| {
                let pays = state.chance.percent(state.pays_at_closing);
                if let Some(page) = state.pages.get_mut(session)
                    && page.state == SessionState::Open
                {
                    page.state = if pays { SessionState::Paid(payment(session, PRICE)) } else { SessionState::Expired };
                }
                state.page(session)
            },
        )
        .await
    }

    async fn sessions(&self, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<Vec<SessionNews>, PortError> {
        // All of a story's pages are made in its first minutes.
        let all = |state: &mut State| {
            let names: Vec<String> = state.pages.keys().cloned().collect();
            names.iter().map(|name| state.page(name)).collect()
        };
        self.look("sessions", || away("stripe"), all).await
    }

    async fn refund(&self, request: &RefundRequest) -> Result<RefundNotice, PortError> {
        self.effect(
            "refund",
            || away("stripe"),
            |state| {
                if state.refunded(&request.payment) + request.amount_cents > PRICE {
                    let message = "HTTP 400 type=invalid_request_error code=charge_already_refunded".to_owned();
                    return Err(PortError::Refused { service: "stripe", message });
                }
                let made = RefundNotice {
                    refund: format!("re_{}", state.refunds.len() + 1),
                    request: Some(request.refund),
                    payment: request.payment.clone(),
                    amount_cents: request.amount_cents,
                    currency: "eur".to_owned(),
                    state: RefundState::Going,
                };
                state.refunds.push(made.clone());
                Ok(made)
            },
        )
        .await
    }

    async fn refunds(&self, payment: &str) -> Result<Vec<RefundNotice>, PortError> {
        let of = |state: &mut State| state.refunds.iter().filter(|made| made.payment == payment).cloned().collect();
        self.look("refunds", || away("stripe"), |state| Ok(of(state))).await
    }
}
