//! The circuit breaker: a vendor that failed several times in a row is left alone for a while, then asked once.
//!
//! One breaker per service and address, shared by every client of that address in the process.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::Fault;

/// When a vendor is left alone, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Failed attempts in a row, at least one.
    pub failures: u32,
    /// Until one caller may look whether it is back.
    pub pause: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        Self { failures: 10, pause: Duration::from_secs(30) }
    }
}

/// The state of one vendor at one address.
pub(crate) struct Breaker {
    service: &'static str,
    terms: Terms,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed {
        failures: u32,
    },
    Open {
        until: Instant,
    },
    /// One caller is looking.
    Probing,
}

/// The right to ask once. Dropped without a verdict (the caller went away), it proves nothing.
pub(crate) struct Permit {
    breaker: Arc<Breaker>,
    probe: bool,
    judged: bool,
}

type Breakers = Mutex<HashMap<(&'static str, String), Arc<Breaker>>>;
static BREAKERS: LazyLock<Breakers> = LazyLock::new(Breakers::default);

impl Breaker {
    /// The breaker of a service at an address; the first client to ask sets its terms.
    pub(crate) fn of(service: &'static str, address: &str, terms: Terms) -> Arc<Self> {
        let mut breakers = BREAKERS.lock().unwrap_or_else(PoisonError::into_inner);
        let breaker = breakers.entry((service, address.to_owned())).or_insert_with(|| Self::new(service, terms));
        Arc::clone(breaker)
    }

    fn new(service: &'static str, terms: Terms) -> Arc<Self> {
        metrics::gauge!("lobster_vendor_left_alone", "service" => service).set(0.0);
        Arc::new(Self { service, terms, state: Mutex::new(State::Closed { failures: 0 }) })
    }

    /// Lets an attempt through, or says how long to stay away.
    pub(crate) fn admit(self: &Arc<Self>, now: Instant) -> Result<Permit, Fault> {
        let mut state = self.lock();
        let probe = match *state {
            State::Closed { .. } => false,
            State::Open { until } if until <= now => true,
            State::Open { until } => return Err(self.away(until - now)),
            State::Probing => return Err(self.away(Duration::from_secs(1))),
        };
        if probe {
            *state = State::Probing;
            tracing::info!(service = self.service, state = "probing", "{} is asked once again", self.service);
        }
        Ok(Permit { breaker: Arc::clone(self), probe, judged: false })
    }

    fn away(&self, wait: Duration) -> Fault {
        let seconds = (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1);
        let message = format!(
            "not asked: {} attempts in a row failed, the next one may be made in {seconds} s",
            self.terms.failures
        );
        Fault::Away { message, after: Duration::from_secs(seconds) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, state: &mut State, now: Instant) {
        *state = State::Open { until: now + self.terms.pause };
        self.tell("open", 1.0);
        let seconds = self.terms.pause.as_secs();
        tracing::error!(service = self.service, state = "open", seconds, "{} is left alone", self.service);
    }

    fn close(&self, state: &mut State) {
        if *state == State::Probing {
            self.tell("closed", 0.0);
            tracing::info!(service = self.service, state = "closed", "{} is back", self.service);
        }
        *state = State::Closed { failures: 0 };
    }

    fn tell(&self, state: &'static str, left_alone: f64) {
        metrics::gauge!("lobster_vendor_left_alone", "service" => self.service).set(left_alone);
        metrics::counter!("lobster_breaker_changes_total", "service" => self.service, "state" => state).increment(1);
    }
}

impl Permit {
    /// Any answer proves that the vendor is there, a refusal too; one that names its hour is busy, not down.
    pub(crate) fn judge(mut self, fault: Option<&Fault>, now: Instant) {
        self.judged = true;
        let mut state = self.breaker.lock();
        // The answer to a question of before says nothing of a vendor that has been left alone since.
        if !self.probe && !matches!(*state, State::Closed { .. }) {
            return;
        }
        match fault {
            None | Some(Fault::Lasting(_)) => self.breaker.close(&mut state),
            Some(Fault::Passing { after: Some(_), .. }) if self.probe => self.breaker.close(&mut state),
            Some(Fault::Passing { after: Some(_), .. } | Fault::Away { .. }) => {}
            Some(Fault::Passing { after: None, .. }) => match *state {
                State::Closed { failures } if failures + 1 < self.breaker.terms.failures => {
                    *state = State::Closed { failures: failures + 1 };
                }
                _ => self.breaker.open(&mut state, now),
            },
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.probe && !self.judged {
            *self.breaker.lock() = State::Open { until: Instant::now() };
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::ports::PortError;

    use super::*;

    const PAUSE: Duration = Duration::from_secs(60);

    fn breaker() -> Arc<Breaker> {
        Breaker::new("test", Terms { failures: 3, pause: PAUSE })
    }

    fn down() -> Fault {
        Fault::passing("503")
    }

    fn fail(breaker: &Arc<Breaker>, times: u32, now: Instant) {
        for _ in 0..times {
            breaker.admit(now).unwrap_or_else(|_| panic!("open already")).judge(Some(&down()), now);
        }
    }

    fn wait(breaker: &Arc<Breaker>, now: Instant) -> Option<u64> {
        match breaker.admit(now) {
            Err(Fault::Away { after, .. }) => Some(after.as_secs()),
            _ => None,
        }
    }

    #[test]
    fn failures_in_a_row_open_it_and_it_says_until_when() {
        let (breaker, now) = (breaker(), Instant::now());
        fail(&breaker, 2, now);
        breaker.admit(now).ok().unwrap().judge(None, now);
        fail(&breaker, 2, now);
        assert_eq!(wait(&breaker, now), None, "a success in between starts the count again");
        fail(&breaker, 1, now);
        assert_eq!(wait(&breaker, now), Some(60));
        assert_eq!(wait(&breaker, now + Duration::from_secs(59)), Some(1));
    }

    #[test]
    fn one_caller_looks_after_the_pause_and_decides_for_all() {
        let (breaker, now) = (breaker(), Instant::now());
        fail(&breaker, 3, now);
        let later = now + PAUSE;
        let probe = breaker.admit(later).ok().unwrap();
        assert_eq!(wait(&breaker, later), Some(1), "the others wait for the one");
        probe.judge(Some(&down()), later);
        assert_eq!(wait(&breaker, later), Some(60));
        let again = later + PAUSE;
        breaker.admit(again).ok().unwrap().judge(None, again);
        fail(&breaker, 2, again);
        assert_eq!(wait(&breaker, again), None, "closed, and counting from nothing");
    }

    #[test]
    fn a_caller_who_went_away_lets_the_next_one_look() {
        let (breaker, now) = (breaker(), Instant::now());
        fail(&breaker, 3, now);
        drop(breaker.admit(now + PAUSE).ok().unwrap());
        assert!(breaker.admit(Instant::now() + Duration::from_secs(1)).is_ok());
    }

    #[test]
    fn refusals_and_limits_are_answers() {
        let (breaker, now) = (breaker(), Instant::now());
        let refused = Fault::Lasting(PortError::Refused { service: "test", message: "400".into() });
        let busy = Fault::Passing { message: "429".into(), after: Some(PAUSE) };
        for fault in [&refused, &busy] {
            for _ in 0..10 {
                breaker.admit(now).ok().unwrap().judge(Some(fault), now);
            }
            assert_eq!(wait(&breaker, now), None);
        }
    }

    #[test]
    fn clients_of_one_address_share_one_breaker_and_another_address_has_its_own() {
        let of = |address: &str| Breaker::of("shared", address, Terms::default());
        assert!(Arc::ptr_eq(&of("http://a"), &of("http://a")));
        assert!(!Arc::ptr_eq(&of("http://a"), &of("http://b")));
    }
}
