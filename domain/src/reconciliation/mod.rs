//! Reconciliation: what the payment vendor holds against what the log says, one stream per run. The result is a fact, so
//! that an auditor sees each run and what it found.

mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};

pub use command::ReconciliationCommand;
pub use error::ReconciliationError;
pub use event::{Difference, DifferenceKind, ReconciliationEvent};

/// One run, done or not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reconciliation {
    done: bool,
}

impl Reconciliation {
    fn decide(&self, command: ReconciliationCommand) -> Result<Vec<ReconciliationEvent>, ReconciliationError> {
        let ReconciliationCommand::Record { from, to, sessions, differences } = command;
        if from >= to {
            return Err(ReconciliationError::Window { from, to });
        }
        // The run was interrupted after it had been recorded: its first result stays.
        if self.done {
            return Ok(vec![]);
        }
        Ok(vec![ReconciliationEvent::PaymentsReconciled { from, to, sessions, differences }])
    }
}

impl Aggregate for Reconciliation {
    const TYPE: &'static str = "reconciliation";
    type Command = ReconciliationCommand;
    type Event = ReconciliationEvent;
    type Error = ReconciliationError;
    type Services = ();

    async fn handle(
        &mut self,
        command: ReconciliationCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), ReconciliationError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ReconciliationEvent) {
        let ReconciliationEvent::PaymentsReconciled { .. } = event;
        self.done = true;
    }
}
