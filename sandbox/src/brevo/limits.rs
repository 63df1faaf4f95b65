//! The rate limits, by kind of call, on the sandbox clock.

use std::collections::BTreeMap;

use axum::response::Response;

use super::refusal::Refusal;
use crate::call;

/// How many calls fit in how many seconds.
#[derive(Clone, Copy)]
pub struct Limit {
    name: &'static str,
    calls: u64,
    seconds: i64,
}

impl Limit {
    /// The limit of an operation: mails are many, polling is not wanted.
    pub fn of(operation: &str) -> Self {
        match operation {
            "smtp.email.send" => Self { name: "send", calls: 1_000, seconds: 1 },
            "smtp.emails.list" => Self { name: "list", calls: 2, seconds: 1 },
            _ => Self { name: "others", calls: 100, seconds: 3_600 },
        }
    }
}

/// What an answer says about its limit.
#[derive(Clone, Copy)]
pub struct Standing {
    limit: u64,
    remaining: u64,
    reset_s: i64,
}

impl Standing {
    /// After a failure that a test armed, which counts nothing.
    pub fn of_fault() -> Self {
        Self { limit: 1_000, remaining: 0, reset_s: 1 }
    }

    /// Writes the three headers.
    pub fn tell(self, response: &mut Response) {
        for (name, value) in [
            ("limit", self.limit.to_string()),
            ("remaining", self.remaining.to_string()),
            ("reset", self.reset_s.to_string()),
        ] {
            call::set_header(response, &format!("x-sib-ratelimit-{name}"), &value);
        }
    }
}

/// Calls counted since each window opened.
#[derive(Default)]
pub struct Windows(BTreeMap<&'static str, (i64, u64)>);

impl Windows {
    /// Counts a call at `now`, in seconds; refuses the one that is too many.
    pub fn count(&mut self, limit: Limit, now: i64) -> (Standing, Result<(), Refusal>) {
        let (opened, used) = self.0.entry(limit.name).or_insert((now, 0));
        if !(0..limit.seconds).contains(&(now - *opened)) {
            (*opened, *used) = (now, 0);
        }
        *used += 1;
        let reset_s = *opened + limit.seconds - now;
        let standing = Standing { limit: limit.calls, remaining: limit.calls.saturating_sub(*used), reset_s };
        (standing, if *used > limit.calls { Err(Refusal::too_many_requests()) } else { Ok(()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_look_of_a_second_is_refused_and_the_next_second_is_free() {
        let mut windows = Windows::default();
        let mut look = |now| {
            let (standing, allowed) = windows.count(Limit::of("smtp.emails.list"), now);
            (standing.remaining, standing.reset_s, allowed.is_ok())
        };
        assert_eq!([look(10), look(10), look(10)], [(1, 1, true), (0, 1, true), (0, 1, false)]);
        assert_eq!(look(11), (1, 1, true));
    }

    #[test]
    fn a_hundred_other_calls_an_hour() {
        let mut windows = Windows::default();
        let refused = (0..120).filter(|at| windows.count(Limit::of("account.get"), *at).1.is_err()).count();
        assert_eq!(refused, 20);
        let (standing, _) = windows.count(Limit::of("account.get"), 600);
        assert_eq!(standing.reset_s, 3_000);
        assert!(windows.count(Limit::of("account.get"), 3_600).1.is_ok());
    }
}
