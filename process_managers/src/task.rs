//! What the queue holds: a step that an event called for, or a round that the clock called for.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{
    command::{Actor, CommandContext},
    log::Recorded,
};
use projections::jobs::NewJob;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{fulfilment, payments, upkeep::Round, watchdog};

/// Attempts at writing the end down: a day and a half at least.
const SPARE: u32 = 10;

/// One entry of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum Work {
    Event(Task),
    Clock(Round),
}

/// A step of one of the policies that react to events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case")]
pub enum Job {
    Fulfilment(fulfilment::Job),
    Payments(payments::Job),
    Watchdog(watchdog::Job),
}

impl Job {
    /// The policy's name in command ids, actors and queue keys.
    #[must_use]
    pub fn policy(&self) -> &'static str {
        match self {
            Self::Fulfilment(_) => "fulfilment",
            Self::Payments(_) => "payments",
            Self::Watchdog(_) => "watchdog",
        }
    }

    /// The job's name in logs, metrics and command ids.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fulfilment(job) => job.name(),
            Self::Payments(job) => job.name(),
            Self::Watchdog(job) => job.name(),
        }
    }

    fn max_attempts(&self) -> i32 {
        match self {
            Self::Fulfilment(job) => job.max_attempts(),
            Self::Payments(job) => job.max_attempts(),
            Self::Watchdog(_) => 25,
        }
    }

    /// Whether giving up leaves an event.
    fn ends_in_event(&self) -> bool {
        match self {
            Self::Fulfilment(job) => job.ends_in_event(),
            Self::Payments(job) => matches!(job, payments::Job::Refund { .. }),
            Self::Watchdog(_) => false,
        }
    }

    /// What is nearer to its end goes first; money that goes back goes before everything.
    fn urgency(&self) -> i32 {
        match self {
            Self::Fulfilment(job) => job.urgency(),
            Self::Payments(_) | Self::Watchdog(_) => 10,
        }
    }

    /// How long after its event it is due.
    #[must_use]
    pub fn delay(&self) -> Duration {
        match self {
            Self::Fulfilment(_) | Self::Payments(_) => Duration::ZERO,
            Self::Watchdog(_) => watchdog::PROMISED,
        }
    }

    /// Whether it waits for the other jobs of its order. A step that hangs holds them all: whoever looks after the order
    /// must not.
    #[must_use]
    pub fn takes_turns(&self) -> bool {
        match self {
            Self::Fulfilment(_) | Self::Payments(_) => true,
            Self::Watchdog(_) => false,
        }
    }
}

/// A job with what caused it: enough to derive every identifier it will use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub job: Job,
    pub order: Uuid,
    /// The event that this job reacts to, and when it was recorded.
    pub cause: Uuid,
    pub at: DateTime<Utc>,
}

impl Task {
    /// The job that an event calls for; none when the event is about no order.
    pub(crate) fn after(recorded: &Recorded, job: impl FnOnce(Uuid) -> Option<Job>) -> Option<Self> {
        let order = recorded.metadata.correlation_id.parse().ok()?;
        Some(Self { job: job(order)?, order, cause: recorded.event_id, at: recorded.recorded_at })
    }

    /// The envelope of the n-th command of this job: the same for every attempt.
    #[must_use]
    pub fn context(&self, n: &str) -> CommandContext {
        let (policy, name) = (self.job.policy(), self.job.name());
        CommandContext {
            command_id: format!("{policy}:{}:{name}:{n}", self.cause),
            actor: Actor::System(policy.to_owned()),
            correlation_id: self.order.to_string(),
            causation_id: Some(self.cause.to_string()),
            request_id: None,
        }
    }

    /// How often the job acts before it gives up.
    pub(crate) fn tries(&self) -> u32 {
        self.job.max_attempts().unsigned_abs()
    }

    /// Attempts that the queue makes. A job whose end is an event has some to spare: a store that is away when it gives up
    /// must not end it in silence.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.tries() + if self.job.ends_in_event() { SPARE } else { 0 }
    }

    /// Hands the task to the workers, with the checkpoint of its event: one queue per order, so that the steps that take
    /// turns never overlap, whichever policy asks.
    pub(crate) async fn enqueue(self, tx: &mut PgConnection) -> anyhow::Result<()> {
        let new = NewJob {
            queue_name: self.job.takes_turns().then(|| format!("order:{}", self.order)),
            job_key: Some(format!("{}:{}", self.job.policy(), self.cause)),
            max_attempts: i32::try_from(self.attempts())?,
            urgency: self.job.urgency(),
            run_after: self.job.delay(),
            ..NewJob::new(serde_json::to_value(Work::Event(self))?)
        };
        projections::jobs::enqueue(tx, &new).await?;
        Ok(())
    }
}
