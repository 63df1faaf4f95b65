//! Policies: events in, jobs out; each job acts once and ends with a command. And the upkeep, which the clock calls for.

pub mod fulfilment;
pub mod payments;
mod ports;
mod run;
mod task;
pub mod upkeep;
pub mod watchdog;

pub use ports::Ports;
pub use run::{Attempt, JobFailure, run};
pub use task::{Job, Task, Work};
