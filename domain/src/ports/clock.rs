//! Time is a port, so that a test may stop it.

use chrono::{DateTime, Utc};

/// The time of day.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;
}
