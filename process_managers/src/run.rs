//! Running a job: one attempt, its failure told on the report's history, the last failure turned into an event.

use chrono::{DateTime, Utc};
use domain::{
    command::{Actor, CommandContext, CommandError},
    ports::PortError,
    report::{ErrorClass, ReportCommand, Step},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Ports, fulfilment::Job};

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
    /// The envelope of the n-th command of this job: the same for every attempt.
    #[must_use]
    pub fn context(&self, n: &str) -> CommandContext {
        CommandContext {
            command_id: format!("fulfilment:{}:{}:{n}", self.cause, self.job.name()),
            actor: Actor::System("fulfilment".to_owned()),
            correlation_id: self.order.to_string(),
            causation_id: Some(self.cause.to_string()),
            request_id: None,
        }
    }
}

/// Which try this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    pub number: u32,
    pub of: u32,
}

impl Attempt {
    fn is_last(self) -> bool {
        self.number >= self.of
    }
}

/// Why a job stopped before its end.
#[derive(Debug, thiserror::Error)]
pub enum JobFailure {
    #[error(transparent)]
    Port(#[from] PortError),
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error(transparent)]
    Study(#[from] studies::StudyError),
    #[error("{0}")]
    Broken(String),
}

impl JobFailure {
    /// What kind of failure this is, for the report's history.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Port(error) if error.is_transient() => ErrorClass::Transient,
            Self::Port(_) => ErrorClass::Refused,
            Self::Command(CommandError::Conflict { .. } | CommandError::Store(_)) => ErrorClass::Transient,
            Self::Command(_) | Self::Study(_) | Self::Broken(_) => ErrorClass::Internal,
        }
    }
}

/// Runs one attempt of a task.
///
/// # Errors
/// When the attempt failed and another is wanted; a failure for good is recorded as an event and is not an error.
pub async fn run(ports: &Ports, task: &Task, attempt: Attempt) -> Result<(), JobFailure> {
    let started = tokio::time::Instant::now();
    let result = task.job.act(ports, task).await;
    let name = task.job.name();
    metrics::histogram!("lobster_job_seconds", "job" => name).record(started.elapsed().as_secs_f64());
    let Err(failure) = result else {
        tracing::info!(job = name, order = %task.order, elapsed_ms = started.elapsed().as_millis(), "job {name} is done");
        return Ok(());
    };
    metrics::counter!("lobster_job_failures_total", "job" => name).increment(1);
    tracing::warn!(job = name, order = %task.order, attempt = attempt.number, of = attempt.of, error = %failure,
        "job {name} failed");
    let final_failure = attempt.is_last() || failure.class() == ErrorClass::Refused;
    if let Some((report, step)) = task.job.step() {
        let told = ReportCommand::RecordFailure { step, class: failure.class(), attempt: attempt.number };
        ports.commands.report(report, told, task.context(&format!("failed:{}", attempt.number))).await?;
        if final_failure {
            give_up(ports, task, report, step, failure.class()).await?;
            return Ok(());
        }
    }
    Err(failure)
}

/// The last attempt failed: the model is replaced by the rules, anything else fails the report.
async fn give_up(ports: &Ports, task: &Task, report: Uuid, step: Step, class: ErrorClass) -> Result<(), JobFailure> {
    if step == Step::Write {
        return crate::fulfilment::write_by_rules(ports, task, report).await;
    }
    ports.commands.report(report, ReportCommand::Fail { step, class }, task.context("gave-up")).await?;
    Ok(())
}
