//! Policies: events in, jobs out; each job acts once and ends with a command.

pub mod fulfilment;
mod ports;
mod run;

pub use ports::Ports;
pub use run::{Attempt, JobFailure, Task, run};
