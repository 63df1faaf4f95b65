//! A point in a history, as people write it.

use std::str::FromStr;

use chrono::{DateTime, Utc};

/// Up to where events count, the named one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// The n-th event of the stream: `5`.
    Sequence(i64),
    /// A place in the whole log: `@1200`.
    Position(i64),
    /// A time: `2026-11-22T10:15:00Z`.
    Time(DateTime<Utc>),
    /// Everything there is: `now`.
    Now,
}

/// What was written is no point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no point in a history: write the number of an event of the stream (5), a position in the log (@1200), a time \
     (2026-11-22T10:15:00Z) or now"
)]
pub struct NoPoint(String);

impl Point {
    /// Whether an event at this place is before the point or at it.
    #[must_use]
    pub fn covers(self, sequence: i64, position: Option<i64>, recorded_at: DateTime<Utc>) -> bool {
        match self {
            Self::Sequence(last) => sequence <= last,
            Self::Position(last) => position.is_some_and(|position| position <= last),
            Self::Time(last) => recorded_at <= last,
            Self::Now => true,
        }
    }
}

impl FromStr for Point {
    type Err = NoPoint;

    fn from_str(text: &str) -> Result<Self, NoPoint> {
        let refused = || NoPoint(text.to_owned());
        let number = |digits: &str| digits.parse().ok().filter(|number| *number >= 0).ok_or_else(refused);
        match text.strip_prefix('@') {
            Some(position) => number(position).map(Self::Position),
            None if text == "now" => Ok(Self::Now),
            None if text.bytes().all(|byte| byte.is_ascii_digit()) => number(text).map(Self::Sequence),
            None => DateTime::parse_from_rfc3339(text).map(|time| Self::Time(time.to_utc())).map_err(|_| refused()),
        }
    }
}
