//! *Payments*: money that nobody owed goes back, refunds that were asked for are made, pages that nobody may pay are closed.

mod jobs;
#[cfg(test)]
mod tests;

use domain::{
    log::{Event, Recorded},
    order::{HoldReason, OrderEvent},
};
use projections::{Projector, Start};
use sqlx::PgConnection;

pub use jobs::Job;

use crate::Task;

/// What an event makes us do next. Pure: every identifier is derived, so looking twice changes nothing.
#[must_use]
pub fn react(recorded: &Recorded) -> Option<Task> {
    Task::after(recorded, |_| next(&recorded.event).map(crate::Job::Payments))
}

fn next(event: &Event) -> Option<Job> {
    let Event::Order(event) = event else { return None };
    match event {
        // Any other hold waits for a person, who takes the money or gives it back.
        OrderEvent::PaymentHeld { session, payment: Some(payment), reason: HoldReason::AlreadySettled, .. } => {
            Some(Job::ReturnPayment { session: session.clone(), payment: payment.clone() })
        }
        OrderEvent::RefundRequested { refund, payment, amount_cents, reason, .. } => Some(Job::Refund {
            refund: *refund,
            payment: payment.clone(),
            amount_cents: *amount_cents,
            reason: *reason,
        }),
        OrderEvent::OrderCancelled { session: Some(session), .. } => {
            Some(Job::CloseCheckout { session: session.clone() })
        }
        _ => None,
    }
}

/// The policy as a reader of the log.
pub struct Payments;

impl Projector for Payments {
    const NAME: &'static str = "payments";
    const VERSION: i32 = 1;
    /// From the first event: each of its jobs looks first at what is known.
    const START: Start = Start::First;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        for task in batch.iter().filter_map(react) {
            task.enqueue(tx).await?;
        }
        Ok(())
    }
}
