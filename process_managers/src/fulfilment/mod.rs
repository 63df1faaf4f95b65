//! *Fulfilment*: a paid order becomes a delivered report. One event, at most one job; every step leaves an event.

mod artefacts;
mod deliver;
mod jobs;
mod mail;
mod narrate;
mod page;
#[cfg(test)]
mod tests;

use domain::{
    identity,
    log::{Event, Recorded},
    order::OrderEvent,
    report::ReportEvent,
};
use projections::{Projector, Start};
use sqlx::PgConnection;
use uuid::Uuid;

pub use jobs::Job;
pub use page::{Made, Page, page};

use crate::Task;

/// What an event makes us do next. Pure: every identifier is derived, so looking twice changes nothing.
#[must_use]
pub fn react(recorded: &Recorded) -> Option<Task> {
    Task::after(recorded, |order| next(recorded, order).map(crate::Job::Fulfilment))
}

fn next(recorded: &Recorded, order: Uuid) -> Option<Job> {
    let job = match &recorded.event {
        Event::Order(event) => match event {
            OrderEvent::OrderPaid { .. } => Job::RequestReport { report: identity::report_id(order, 1), version: 1 },
            OrderEvent::OrderDelivered { report, .. } => Job::SendDelivery { report: *report },
            OrderEvent::OrderPlaced { .. }
            | OrderEvent::CheckoutOpened { .. }
            | OrderEvent::CheckoutExpired { .. }
            | OrderEvent::PaymentHeld { .. }
            | OrderEvent::DownloadLinkIssued { .. }
            | OrderEvent::DeliveryEmailSent { .. }
            | OrderEvent::DeliveryEmailBounced { .. }
            | OrderEvent::OrderFailed { .. }
            | OrderEvent::OrderOverdue { .. }
            | OrderEvent::PaymentInitiated { .. }
            | OrderEvent::PaymentFailed { .. }
            | OrderEvent::DeliveryEmailTracked { .. }
            | OrderEvent::DeliveryEmailFailed { .. }
            | OrderEvent::RefundRequested { .. }
            | OrderEvent::OrderRefunded { .. }
            | OrderEvent::RefundFailed { .. }
            | OrderEvent::DisputeOpened { .. }
            | OrderEvent::DisputeClosed { .. }
            | OrderEvent::OrderCancelled { .. }
            | OrderEvent::VendorCallRetried { .. }
            | OrderEvent::NoteAdded { .. } => return None,
        },
        Event::Report(event) => {
            let report = recorded.aggregate_id;
            match event {
                ReportEvent::ReportRequested { .. } => Job::CollectFacts { report },
                // A rejection that ends in the rules has its acceptance beside it: then there is nothing left to ask.
                ReportEvent::FactsCollected { .. } | ReportEvent::NarrativeRejected { .. } => Job::AskModel { report },
                ReportEvent::NarrativeReceived { .. } => Job::JudgeNarrative { report },
                ReportEvent::NarrativeAccepted { .. } => Job::PrintReport { report },
                ReportEvent::ReportStored { .. } => Job::DeliverOrder { report },
                ReportEvent::ReportFailed { step, .. } => Job::FailOrder { report, step: *step },
                ReportEvent::ReportRendered { .. } | ReportEvent::StepFailed { .. } => return None,
            }
        }
        Event::Reconciliation(_) => return None,
    };
    Some(job)
}

/// The policy as a reader of the log: jobs are enqueued in the transaction of its checkpoint.
pub struct Fulfilment;

impl Projector for Fulfilment {
    const NAME: &'static str = "fulfilment";
    const VERSION: i32 = 1;
    /// Nothing that was ever paid may be left out.
    const START: Start = Start::First;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        for task in batch.iter().filter_map(react) {
            task.enqueue(tx).await?;
        }
        Ok(())
    }
}
