//! The look that an order gets when its time is over.

use domain::order::OrderCommand;
use serde::{Deserialize, Serialize};

use super::PROMISED;
use crate::{JobFailure, Ports, Task};

/// One unit of work of this policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Job {
    /// An order that has ended by then refuses to be late: nothing has to be called off.
    LookAfter,
}

impl Job {
    /// The job's name in logs, metrics and command ids.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::LookAfter => "look_after",
        }
    }

    pub(crate) async fn act(&self, ports: &Ports, task: &Task) -> Result<(), JobFailure> {
        match self {
            Self::LookAfter => {
                let minutes = u32::try_from(PROMISED.as_secs() / 60).unwrap_or(u32::MAX);
                let delay = OrderCommand::RecordDelay { minutes };
                ports.commands.order(task.order, delay, task.context("late")).await?;
                Ok(())
            }
        }
    }
}
