//! The account's spending limit: once the vendor says that it is reached, nobody is asked until the next day (UTC).

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use domain::ports::PortError;

use super::SERVICE;
use crate::http::alert;

/// Whether the model may be asked today.
#[derive(Default)]
pub(super) struct Spending {
    reached_on: Mutex<Option<NaiveDate>>,
}

impl Spending {
    /// The vendor said that the limit is reached.
    pub fn stop(&self, now: DateTime<Utc>, message: &str) {
        *self.reached_on.lock().unwrap_or_else(PoisonError::into_inner) = Some(now.date_naive());
        metrics::gauge!("lobster_model_spend_limit_reached").set(1.0);
        alert(SERVICE, "spend_limit", &format!("no more model calls today, rules write the reports: {message}"));
    }

    /// # Errors
    /// `Refused` on the day on which the limit was reached.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), PortError> {
        let mut reached_on = self.reached_on.lock().unwrap_or_else(PoisonError::into_inner);
        match *reached_on {
            Some(day) if day >= now.date_naive() => Err(PortError::Refused {
                service: SERVICE,
                message: format!(
                    "not asked: the account's spend limit was reached on {day}, the next call is tomorrow's"
                ),
            }),
            Some(_) => {
                *reached_on = None;
                metrics::gauge!("lobster_model_spend_limit_reached").set(0.0);
                Ok(())
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32, hour: u32) -> DateTime<Utc> {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(hour, 0, 0).unwrap().and_utc()
    }

    #[test]
    fn a_limit_holds_until_the_next_day() {
        let spending = Spending::default();
        assert!(spending.check(at(22, 9)).is_ok());
        spending.stop(at(22, 10), "429");
        assert!(spending.check(at(22, 23)).unwrap_err().to_string().contains("spend limit"));
        assert!(spending.check(at(23, 0)).is_ok());
        assert!(spending.check(at(22, 23)).is_ok(), "a new day forgets");
    }
}
