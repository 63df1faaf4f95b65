//! What the upkeep reads: the read models, folded from the log at every look, and the messages that wait.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    log::Event,
    order::{OrderEvent as O, RefundNotice},
    ports::{Notice, Notices, PaymentNews, PaymentWebhooks, PortError, Waiting, WebhookRefusal},
};
use process_managers::upkeep::{OrderPage, Orders};
use uuid::Uuid;

use super::state::{Shared, State, away};

/// An order as far as the upkeep asks.
struct Line {
    order: Uuid,
    session: Option<String>,
    placed_at: DateTime<Utc>,
    paid_at: Option<DateTime<Utc>>,
    may_be_paid: bool,
}

impl State {
    pub fn refund_made(&self, refund: &str) -> RefundNotice {
        self.refunds.iter().find(|made| made.refund == refund).expect("only refunds that were made are told of").clone()
    }

    pub fn order_of_payment(&self, wanted: &str) -> Option<Uuid> {
        self.log.iter().find_map(|recorded| match &recorded.event {
            Event::Order(O::OrderPaid { payment, .. } | O::PaymentHeld { payment, .. })
                if payment.as_deref() == Some(wanted) =>
            {
                Some(recorded.aggregate_id)
            }
            _ => None,
        })
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for recorded in &self.log {
            let Event::Order(event) = &recorded.event else { continue };
            if matches!(event, O::OrderPlaced { .. }) {
                let (order, placed_at) = (recorded.aggregate_id, recorded.recorded_at);
                lines.push(Line { order, session: None, placed_at, paid_at: None, may_be_paid: true });
            }
            let Some(line) = lines.iter_mut().find(|line| line.order == recorded.aggregate_id) else { continue };
            match event {
                O::CheckoutOpened { session, .. } => line.session = Some(session.clone()),
                O::OrderPaid { .. } => {
                    (line.paid_at, line.may_be_paid) = (Some(recorded.recorded_at), false);
                }
                O::PaymentHeld { .. } | O::CheckoutExpired { .. } | O::OrderCancelled { .. } => {
                    line.may_be_paid = false;
                }
                _ => {}
            }
        }
        lines
    }

    fn pages_of(&self, wanted: impl Fn(&Line) -> bool) -> Vec<OrderPage> {
        let lines = self.lines().into_iter().filter(wanted);
        lines.filter_map(|line| Some(OrderPage { order_id: line.order, session: line.session? })).collect()
    }
}

#[async_trait]
impl Orders for Shared {
    async fn unpaid(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<OrderPage>, PortError> {
        let wanted = move |line: &Line| line.may_be_paid && (from..to).contains(&line.placed_at);
        self.look("unpaid orders", || away("read models"), |state| Ok(state.pages_of(wanted))).await
    }

    async fn with_page(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<OrderPage>, PortError> {
        let within = move |at: DateTime<Utc>| (from..to).contains(&at);
        let wanted = move |line: &Line| within(line.placed_at) || line.paid_at.is_some_and(within);
        self.look("orders with a page", || away("read models"), |state| Ok(state.pages_of(wanted))).await
    }

    async fn by_payment(&self, payment: &str) -> Result<Option<Uuid>, PortError> {
        self.look("order of a payment", || away("read models"), |state| Ok(state.order_of_payment(payment))).await
    }

    async fn by_mail(&self, _: &str) -> Result<Option<Uuid>, PortError> {
        panic!("no message about a mail waits here")
    }
}

#[async_trait]
impl Notices for Shared {
    async fn waiting(&self, after: Option<&Waiting>, limit: u32) -> Result<Vec<Waiting>, PortError> {
        let place = |one: &Waiting| (one.since, one.notice.message_id.clone());
        let after = after.map(place);
        self.look(
            "waiting notices",
            || away("inbox"),
            |state| {
                let mut found: Vec<Waiting> = state.waiting.clone();
                found.sort_by_key(place);
                found.retain(|one| after.as_ref().is_none_or(|after| place(one) > *after));
                found.truncate(limit as usize);
                Ok(found)
            },
        )
        .await
    }

    async fn settle(&self, _: &str, message_id: &str, outcome: &str) -> Result<(), PortError> {
        self.effect(
            "settle notice",
            || away("inbox"),
            |state| {
                let before = state.waiting.len();
                state.waiting.retain(|one| one.notice.message_id != message_id);
                if before > state.waiting.len() {
                    state.settled.push(outcome.to_owned());
                }
                Ok(())
            },
        )
        .await
    }
}

impl PaymentWebhooks for Shared {
    fn read(&self, _: Option<&str>, _: &[u8], _: DateTime<Utc>) -> Result<PaymentNews, WebhookRefusal> {
        panic!("policies read no webhooks")
    }

    /// The body of a message about a refund is the refund's id; no other waits.
    fn reread(&self, body: &[u8]) -> PaymentNews {
        let refund = self.lock().refund_made(std::str::from_utf8(body).unwrap());
        let (message_id, kind) = (format!("evt_{}", refund.refund), "refund.created".to_owned());
        let notice = Notice { source: "stripe", message_id, kind, body: body.to_vec() };
        PaymentNews::Refund { notice, refund }
    }
}
