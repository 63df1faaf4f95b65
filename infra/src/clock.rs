//! The machine's clock: the only place that reads it.

use chrono::{DateTime, Utc};
use domain::ports::Clock;

/// The time of day, as the machine knows it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port's one real implementation")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
