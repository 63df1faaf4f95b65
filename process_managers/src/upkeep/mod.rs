//! *Upkeep*: what nobody tells us, we ask. Messages that waited for their order are read again, orders that stay unpaid are
//! looked up at the payment vendor's, and once a day the vendor's books are compared with the log.
//!
//! Every round may be cut off and repeated: its commands are named after what they record.

mod janitor;
mod notices;
mod orders;
mod reconcile;

use chrono::{DateTime, TimeDelta, Utc};
use domain::command::{Actor, CommandContext};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use janitor::{Looked, look_at_pending};
pub use notices::{Reread, reread};
pub use orders::{OrderPage, Orders, ReadModels};
pub use reconcile::{Reconciled, reconcile};

use crate::{JobFailure, Ports};

/// Messages about what is younger than this may still be under way.
const SETTLING: TimeDelta = TimeDelta::hours(1);
/// How far back the daily round looks.
const DAYS: TimeDelta = TimeDelta::days(3);

/// What the clock calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    RereadNotices,
    LookAtPending,
    Reconcile,
}

/// One round of the upkeep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    #[serde(rename = "do")]
    pub job: Job,
    /// When the clock called; the same for every attempt.
    pub at: DateTime<Utc>,
}

impl Round {
    /// The round's name in logs and metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.job {
            Job::RereadNotices => "reread_notices",
            Job::LookAtPending => "look_at_pending",
            Job::Reconcile => "reconcile",
        }
    }

    pub(crate) async fn act(&self, ports: &Ports) -> Result<(), JobFailure> {
        match self.job {
            Job::RereadNotices => reread(ports).await.map(|_| ()),
            Job::LookAtPending => look_at_pending(ports, &|_| {}).await.map(|_| ()),
            Job::Reconcile => {
                let (from, to) = window(self.at, DAYS);
                reconcile(ports, from, to, &|_, _| {}).await.map(|_| ())
            }
        }
    }
}

/// The window of a reconciliation at `now`: whole seconds, as the vendor counts, up to an hour ago.
#[must_use]
pub fn window(now: DateTime<Utc>, length: TimeDelta) -> (DateTime<Utc>, DateTime<Utc>) {
    let to = now - SETTLING;
    let to = DateTime::from_timestamp(to.timestamp(), 0).unwrap_or(to);
    (to - length, to)
}

/// The envelope of a command of the upkeep.
fn context(order: Uuid, command_id: String) -> CommandContext {
    CommandContext {
        command_id,
        actor: Actor::System("upkeep".to_owned()),
        correlation_id: order.to_string(),
        causation_id: None,
        request_id: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Work;

    #[test]
    fn a_round_is_read_as_the_clock_wrote_it() {
        let stored = json!({"on": "clock", "do": "reconcile", "at": "2026-11-22T03:17:00+00:00"});
        let Work::Clock(round) = serde_json::from_value(stored).unwrap() else { panic!("no round") };
        assert_eq!((round.job, round.at.timestamp()), (Job::Reconcile, 1_795_317_420));
    }

    #[test]
    fn a_window_ends_an_hour_ago_on_a_whole_second() {
        let now = DateTime::from_timestamp_millis(1_795_000_000_900).unwrap();
        let (from, to) = window(now, TimeDelta::days(3));
        assert_eq!((to.timestamp_millis(), to - from), (1_794_996_400_000, TimeDelta::days(3)));
    }
}
