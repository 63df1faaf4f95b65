//! Jobs that the clock calls for. The workers agree through the database on who asks, so each is asked for once.

use graphile_worker::{Cron, CronBuilder, Crontab, CrontabFill};
use serde_json::Value;

use super::{JobsError, Task};

/// Before every step of every order (theirs are above -100): it is one short job at a time, and its period is a promise.
const PRIORITY: i16 = -100;

/// How often, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    Minutes(u32),
    /// Made up for within the day when no worker ran at that time.
    Day {
        hour: u32,
        minute: u32,
    },
}

/// A job that is wanted again and again; one that still waits is not doubled, and none overlaps itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    pub name: &'static str,
    pub every: Every,
    /// An object; the handler meets it with the time of the call as `at`.
    pub payload: Value,
    /// The next call comes anyway: few are enough.
    pub max_attempts: u16,
}

impl Schedule {
    pub(super) fn crontab(&self) -> Result<Crontab, JobsError> {
        let timer = match self.every {
            Every::Minutes(1) => Ok(Cron::every_minute::<Task>()),
            Every::Minutes(step) => Cron::every_n_minutes(step),
            Every::Day { hour, minute } => {
                Cron::daily_at(hour, minute).map(|day: CronBuilder<Task>| day.fill(CrontabFill::hours(24)))
            }
        };
        let timer = timer.map_err(|error| JobsError::Schedule { name: self.name, reason: error.to_string() })?;
        let key = format!("schedule:{}", self.name);
        let named = timer.id(self.name).queue(&key).job_key(&key).priority(PRIORITY).max_attempts(self.max_attempts);
        Ok(named.payload_value(self.payload.clone()).build())
    }
}

/// The payload with the time of its call where the handler expects it; the queue has its own place for that.
pub(super) fn with_time(mut payload: Value) -> Value {
    if let Some(fields) = payload.as_object_mut()
        && let Some(mut called) = fields.remove("_cron")
    {
        fields.insert("at".to_owned(), called["ts"].take());
    }
    payload
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_time_of_the_call_is_where_the_handler_expects_it() {
        let called = json!({"do": "x", "_cron": {"ts": "2026-11-22T03:17:00+00:00", "backfilled": false}});
        assert_eq!(with_time(called), json!({"do": "x", "at": "2026-11-22T03:17:00+00:00"}));
        assert_eq!(with_time(json!({"do": "x"})), json!({"do": "x"}));
    }

    #[test]
    fn a_time_that_no_day_has_is_refused() {
        let schedule = |every| Schedule { name: "s", every, payload: json!({}), max_attempts: 1 }.crontab().map(|_| ());
        assert!(schedule(Every::Day { hour: 3, minute: 17 }).is_ok());
        assert!(schedule(Every::Minutes(10)).is_ok());
        assert!(matches!(schedule(Every::Day { hour: 24, minute: 0 }), Err(JobsError::Schedule { name: "s", .. })));
    }
}
