//! For tests of projections: a history told event by event, and a projector fed with it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::eligibility::EligibilityStatus;
use domain::log::{Event, Metadata, Recorded};
use domain::money::Price;
use domain::order::{OrderEvent, RecipientKind};
use domain::reconciliation::{Difference, DifferenceKind, ReconciliationEvent};
use domain::report::ReportEvent;
use sqlx::PgPool;
use uuid::Uuid;

use crate::Projector;
use crate::runtime::apply_to;

pub const ORDER: Uuid = Uuid::from_u128(0xa1);
pub const REPORT: Uuid = Uuid::from_u128(0xb1);

/// The events of one order and its report, one a minute.
#[derive(Default)]
pub struct History(pub Vec<Recorded>);

impl History {
    pub fn order(self, event: OrderEvent) -> Self {
        self.of(ORDER, ORDER, Event::Order(event))
    }

    pub fn report(self, event: ReportEvent) -> Self {
        self.of(REPORT, ORDER, Event::Report(event))
    }

    /// An event of any stream, about any order.
    pub fn of(mut self, stream: Uuid, order: Uuid, event: Event) -> Self {
        let position = i64::try_from(self.0.len()).unwrap() + 1;
        let metadata = Metadata {
            actor: "customer".to_owned(),
            correlation_id: order.to_string(),
            causation_id: (position > 1).then(|| format!("cause of {position}")),
            request_id: None,
            command_id: format!("command {position}"),
        };
        self.0.push(Recorded {
            position,
            event_id: Uuid::from_u128(u128::try_from(position).unwrap()),
            aggregate_id: stream,
            sequence: position,
            event,
            metadata,
            recorded_at: minute(position),
        });
        self
    }

    /// Starts again from nothing and applies the history in batches of `size`.
    pub async fn apply<P: Projector>(&self, pool: &PgPool, projector: &P, size: usize) -> anyhow::Result<()> {
        let tables: Vec<_> = P::TABLES.iter().map(|table| format!("read.{table}")).collect();
        sqlx::raw_sql(&format!("TRUNCATE {}", tables.join(", "))).execute(pool).await?;
        for batch in self.0.chunks(size) {
            let mut tx = crate::runtime::begin(pool).await?;
            apply_to(&mut tx, "read", projector, batch).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// The time of the event at a position.
pub fn minute(position: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(position)
}

pub fn placed(study: &str) -> OrderEvent {
    OrderEvent::OrderPlaced {
        customer: Uuid::from_u128(1),
        commune: "44109".to_owned(),
        study: study.to_owned(),
        eligibility: EligibilityStatus::Full,
        dropped_pages: vec![],
        price: Price::before_tax(29_000, 2_000, "EUR"),
        recipient: RecipientKind::Collectivite,
        consents: vec![],
    }
}

pub fn opened(session: &str, attempt: u32) -> OrderEvent {
    let url = format!("https://pay.test/{session}");
    OrderEvent::CheckoutOpened { session: session.to_owned(), url, attempt, expires_at: minute(99) }
}

pub fn paid(session: &str) -> OrderEvent {
    OrderEvent::OrderPaid { session: session.to_owned(), payment: None, paid_cents: 34_800, currency: "eur".to_owned() }
}

pub fn delivered() -> OrderEvent {
    OrderEvent::OrderDelivered { report: REPORT, version: 1 }
}

pub fn paid_with(session: &str, payment: &str) -> OrderEvent {
    OrderEvent::OrderPaid {
        session: session.to_owned(),
        payment: Some(payment.to_owned()),
        paid_cents: 34_800,
        currency: "eur".to_owned(),
    }
}

pub fn refunded(refund: &str, payment: &str, amount_cents: i64) -> OrderEvent {
    OrderEvent::OrderRefunded {
        refund: refund.to_owned(),
        request: None,
        payment: payment.to_owned(),
        amount_cents,
        currency: "eur".to_owned(),
    }
}

pub fn refund_failed(refund: &str, payment: &str, amount_cents: i64) -> OrderEvent {
    OrderEvent::RefundFailed {
        refund: Some(refund.to_owned()),
        request: None,
        payment: payment.to_owned(),
        amount_cents,
        currency: "eur".to_owned(),
        reason: "expired_or_canceled_card".to_owned(),
    }
}

pub fn difference(kind: DifferenceKind, session: &str, order: Option<Uuid>, repaired: bool) -> Difference {
    Difference { kind, session: session.to_owned(), order, repaired }
}

pub fn reconciled(sessions: u32, differences: Vec<Difference>) -> ReconciliationEvent {
    ReconciliationEvent::PaymentsReconciled { from: minute(0), to: minute(1), sessions, differences }
}
