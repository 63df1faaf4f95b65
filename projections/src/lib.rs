//! Read models: one folder each, and the runtime that keeps them behind the log.
//!
//! A read model is disposable: [`runtime::rebuild`] makes it again from the log, beside the one that is served. What it holds and how far it
//! has read change in one transaction, so nothing is ever applied twice or left out.

pub mod catalogue;
pub mod jobs;
pub mod order_payment;
pub mod order_summary;
pub mod order_timeline;
mod projector;
pub mod reconciliation;
pub mod report_status;
pub mod runtime;
pub mod support_case;
#[cfg(test)]
mod testing;

pub use projector::{DynProjector, Poison, Projector, Start};

/// Every read model, ready to be run or rebuilt.
#[must_use]
pub fn all() -> Vec<Box<dyn DynProjector>> {
    vec![
        Box::new(order_payment::OrderPayments),
        Box::new(order_summary::OrderSummaries),
        Box::new(order_timeline::OrderTimeline),
        Box::new(report_status::ReportStatuses),
        Box::new(catalogue::Catalogue),
        Box::new(support_case::SupportCases),
        Box::new(reconciliation::Reconciliations),
    ]
}
