//! *Watchdog*: a paid order has an hour. One that has not ended by then is a case for a person, whatever became of its jobs.

mod jobs;
#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::{
    log::{Event, Recorded},
    order::OrderEvent,
};
use projections::Projector;
use sqlx::PgConnection;

pub use jobs::Job;

use crate::Task;

/// From the payment to the report, at most. The longest way that needs nobody, with every attempt of every step and the rules
/// in the place of the model, takes half of it.
pub const PROMISED: Duration = Duration::from_secs(60 * 60);

/// What an event makes us do, later. Pure: every identifier is derived, so looking twice changes nothing.
#[must_use]
pub fn react(recorded: &Recorded) -> Option<Task> {
    Task::after(recorded, |_| next(&recorded.event).map(crate::Job::Watchdog))
}

fn next(event: &Event) -> Option<Job> {
    matches!(event, Event::Order(OrderEvent::OrderPaid { .. })).then_some(Job::LookAfter)
}

/// The policy as a reader of the log. It was added when orders had been sold for a while: those are none of its business.
pub struct Watchdog;

impl Projector for Watchdog {
    const NAME: &'static str = "watchdog";
    const VERSION: i32 = 1;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        for task in batch.iter().filter_map(react) {
            task.enqueue(tx).await?;
        }
        Ok(())
    }
}
