//! How patiently we ask an outside service: time-outs, number of attempts, waits between them.

use std::time::Duration;

use domain::ports::PortError;
use rand::{TryRng, rngs::SysRng};
use tokio::time::{Instant, sleep};

/// The manners towards one service; its numbers come from the service's contract sheet.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The service's name in errors, logs and metrics.
    pub service: &'static str,
    /// Attempts in all, at least one.
    pub attempts: u32,
    /// For one attempt, connection and body included.
    pub timeout: Duration,
    /// For all attempts and the waits between them.
    pub patience: Duration,
    pub backoff: Backoff,
}

/// Waits that grow by a factor up to a cap, each drawn between zero and its size ("full jitter"), so that callers who
/// failed together do not come back together.
#[derive(Debug, Clone)]
pub struct Backoff {
    pub first: Duration,
    pub factor: u32,
    pub cap: Duration,
}

impl Backoff {
    /// The longest wait after the n-th failed attempt, n from 1.
    #[must_use]
    pub fn ceiling(&self, attempt: u32) -> Duration {
        let growth = self.factor.saturating_pow(attempt.saturating_sub(1));
        self.first.saturating_mul(growth).min(self.cap)
    }

    /// The wait after the n-th failed attempt, n from 1.
    #[must_use]
    pub fn wait(&self, attempt: u32) -> Duration {
        self.ceiling(attempt).mul_f64(fraction())
    }
}

/// A number in `0..=1`. Without entropy the whole wait is taken: slower, never wrong.
fn fraction() -> f64 {
    SysRng.try_next_u32().map_or(1.0, |drawn| f64::from(drawn) / f64::from(u32::MAX))
}

/// Why an attempt failed.
#[derive(Debug)]
pub enum Fault {
    /// May pass by itself; `after` is the wait the service asked for.
    Passing { message: String, after: Option<Duration> },
    /// Nobody was asked: the service is being left alone for so long.
    Away { message: String, after: Duration },
    /// Will not.
    Lasting(PortError),
}

impl Fault {
    /// A fault that may pass, with no wish of the service about when.
    #[must_use]
    pub fn passing(message: impl Into<String>) -> Self {
        Self::Passing { message: message.into(), after: None }
    }
}

impl Policy {
    /// Makes attempts until one succeeds, one fails for good, or attempts or patience are spent.
    ///
    /// A wait that the service asked for is obeyed exactly; when it exceeds our patience the caller gets it at once, to
    /// come back later instead of holding a worker.
    ///
    /// # Errors
    /// The lasting error, or `Transient` with the last message.
    pub async fn run<T, F, Fut>(&self, mut attempt: F) -> Result<T, PortError>
    where
        F: FnMut(u32) -> Fut,
        Fut: Future<Output = Result<T, Fault>>,
    {
        let deadline = Instant::now() + self.patience;
        let mut number = 1;
        loop {
            let (message, after) = match tokio::time::timeout_at(deadline, attempt(number)).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(Fault::Lasting(error))) => return Err(error),
                Ok(Err(Fault::Away { message, after })) => return Err(self.gave_up(number, &message, Some(after))),
                Ok(Err(Fault::Passing { message, after })) => (message, after),
                Err(_) => return Err(self.gave_up(number, "no answer in time", None)),
            };
            let wait = after.unwrap_or_else(|| self.backoff.wait(number));
            if number >= self.attempts || Instant::now() + wait >= deadline {
                return Err(self.gave_up(number, &message, after));
            }
            sleep(wait).await;
            number += 1;
        }
    }

    fn gave_up(&self, attempts: u32, message: &str, after: Option<Duration>) -> PortError {
        PortError::Transient {
            service: self.service,
            message: format!("{message} (attempt {attempts})"),
            retry_after: after.map(|wait| wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn policy() -> Policy {
        Policy {
            service: "test",
            attempts: 4,
            timeout: Duration::from_secs(1),
            patience: Duration::from_millis(500),
            backoff: Backoff { first: Duration::from_millis(1), factor: 2, cap: Duration::from_millis(16) },
        }
    }

    fn asked_for(milliseconds: u64) -> Fault {
        Fault::Passing { message: "429".into(), after: Some(Duration::from_millis(milliseconds)) }
    }

    #[test]
    fn waits_grow_up_to_their_cap() {
        let ceilings: Vec<_> = (1..=6).map(|n| policy().backoff.ceiling(n).as_millis()).collect();
        assert_eq!(ceilings, [1, 2, 4, 8, 16, 16]);
        assert_eq!(policy().backoff.ceiling(200), Duration::from_millis(16));
        assert!((0..100).all(|_| policy().backoff.wait(3) <= Duration::from_millis(4)));
    }

    #[tokio::test]
    async fn a_passing_fault_is_tried_again_until_the_attempts_are_spent() {
        let tries = Cell::new(0);
        let failing = |_| {
            tries.set(tries.get() + 1);
            async { Err::<(), _>(Fault::passing("503")) }
        };
        let error = policy().run(failing).await.unwrap_err();
        assert_eq!((tries.get(), error.is_transient()), (4, true));
    }

    #[tokio::test]
    async fn a_lasting_fault_is_not_tried_again() {
        let tries = Cell::new(0);
        let refused = |_| {
            tries.set(tries.get() + 1);
            async { Err::<(), _>(Fault::Lasting(PortError::Refused { service: "test", message: "400".into() })) }
        };
        assert!(!policy().run(refused).await.unwrap_err().is_transient());
        assert_eq!(tries.get(), 1);
    }

    #[tokio::test]
    async fn the_wait_that_the_service_asks_for_is_obeyed() {
        let started = Instant::now();
        let busy_once = |number| async move { if number == 1 { Err(asked_for(120)) } else { Ok(started.elapsed()) } };
        assert!(policy().run(busy_once).await.unwrap() >= Duration::from_millis(120));
    }

    #[tokio::test]
    async fn a_wait_beyond_our_patience_goes_back_to_the_caller() {
        let error = policy().run(|_| async { Err::<(), _>(asked_for(60_000)) }).await.unwrap_err();
        assert!(matches!(error, PortError::Transient { retry_after: Some(60), .. }), "{error}");
    }

    #[tokio::test]
    async fn a_service_that_is_left_alone_is_not_waited_for() {
        let away = |_| async { Err::<(), _>(Fault::Away { message: "open".into(), after: Duration::from_millis(20) }) };
        let error = policy().run(away).await.unwrap_err();
        assert!(matches!(error, PortError::Transient { retry_after: Some(1), .. }), "{error}");
    }

    #[tokio::test]
    async fn patience_ends_an_attempt_that_hangs() {
        let error = policy().run(|_| std::future::pending::<Result<(), Fault>>()).await.unwrap_err();
        assert!(error.is_transient());
    }
}
