//! Paris time, in which Brevo writes its dates.

use chrono::{DateTime, Datelike, Duration, TimeZone, Utc, Weekday};

/// `2026-11-22 07:00:01` in Paris.
pub fn written(utc: DateTime<Utc>) -> String {
    let hours = if summer(utc) { 2 } else { 1 };
    (utc + Duration::hours(hours)).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// Summer time runs from the last Sunday of March to the last Sunday of October, both at 01:00 UTC.
fn summer(utc: DateTime<Utc>) -> bool {
    let switch = |month: u32| {
        let mut last = (25..=31).filter_map(|day| Utc.with_ymd_and_hms(utc.year(), month, day, 1, 0, 0).single());
        last.rfind(|day| day.weekday() == Weekday::Sun)
    };
    match (switch(3), switch(10)) {
        (Some(begin), Some(end)) => begin <= utc && utc < end,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_in_paris_time_summer_and_winter() {
        let at = |text: &str| written(text.parse().unwrap());
        assert_eq!(at("2026-11-22T06:00:01Z"), "2026-11-22 07:00:01");
        assert_eq!(at("2026-07-14T22:30:00Z"), "2026-07-15 00:30:00");
        assert_eq!(at("2026-03-29T00:59:59Z"), "2026-03-29 01:59:59");
        assert_eq!(at("2026-03-29T01:00:00Z"), "2026-03-29 03:00:00");
    }
}
