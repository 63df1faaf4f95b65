//! Running a job: one attempt, its failure told where somebody looks, the last failure turned into an event.

use domain::{command::CommandError, ports::PortError, report::ErrorClass};

use crate::{Job, Ports, Task, Work};

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

    /// Nothing is tried any more; only the end is still to be written.
    fn is_spare(self) -> bool {
        self.number > self.of
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
    #[error("its tries are spent")]
    Spent,
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
            Self::Command(CommandError::Conflict { .. } | CommandError::Store(_)) | Self::Spent => {
                ErrorClass::Transient
            }
            Self::Command(_) | Self::Study(_) | Self::Broken(_) => ErrorClass::Internal,
        }
    }
}

/// Runs one attempt of an entry of the queue.
///
/// # Errors
/// When the attempt failed and another is wanted; a failure for good that became an event is not an error.
pub async fn run(ports: &Ports, work: &Work, attempt: Attempt) -> Result<(), JobFailure> {
    let started = tokio::time::Instant::now();
    let attempt = match work {
        Work::Event(task) => Attempt { of: attempt.of.min(task.tries()), ..attempt },
        Work::Clock(_) => attempt,
    };
    let result = match work {
        Work::Event(_) if attempt.is_spare() => Err(JobFailure::Spent),
        Work::Event(task) => act(ports, task).await,
        Work::Clock(round) => round.act(ports).await,
    };
    let (name, order) = match work {
        Work::Event(task) => (task.job.name(), Some(task.order)),
        Work::Clock(round) => (round.name(), None),
    };
    let order = order.map(tracing::field::display);
    metrics::histogram!("lobster_job_seconds", "job" => name).record(started.elapsed().as_secs_f64());
    let Err(failure) = result else {
        tracing::info!(job = name, order, elapsed_ms = started.elapsed().as_millis(), "job {name} is done");
        return Ok(());
    };
    metrics::counter!("lobster_job_failures_total", "job" => name).increment(1);
    tracing::warn!(job = name, order, attempt = attempt.number, of = attempt.of, error = %failure, "job {name} failed");
    if let Work::Event(task) = work
        && told(ports, task, &failure, attempt).await?
    {
        return Ok(());
    }
    if attempt.is_last() {
        metrics::counter!("lobster_jobs_dead_total", "job" => name).increment(1);
        tracing::error!(job = name, order, error = %failure, "job {name} is dead: its attempts are spent");
    }
    Err(failure)
}

async fn act(ports: &Ports, task: &Task) -> Result<(), JobFailure> {
    match &task.job {
        Job::Fulfilment(job) => job.act(ports, task).await,
        Job::Payments(job) => job.act(ports, task).await,
        Job::Watchdog(job) => job.act(ports, task).await,
    }
}

/// Tells a failure to whom it concerns; true when it was the last one and an event says so.
async fn told(ports: &Ports, task: &Task, failure: &JobFailure, attempt: Attempt) -> Result<bool, JobFailure> {
    let class = failure.class();
    match &task.job {
        Job::Fulfilment(job) => {
            if !attempt.is_spare() {
                job.tell(ports, task, class, attempt.number).await?;
            }
            let last = attempt.is_last() || (class == ErrorClass::Refused && job.step().is_some());
            if last { job.give_up(ports, task, class).await } else { Ok(false) }
        }
        Job::Payments(job) if attempt.is_last() => job.give_up(ports, task).await,
        Job::Payments(_) | Job::Watchdog(_) => Ok(false),
    }
}
