//! The sandbox's own clock: real time plus an offset that the control API moves.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// A clock that tests can push forward without waiting.
pub struct Clock {
    offset_ms: AtomicI64,
    moved: watch::Sender<u64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { offset_ms: AtomicI64::new(0), moved: watch::Sender::new(0) }
    }
}

impl Clock {
    /// Time as the doubles see it.
    pub fn now(&self) -> DateTime<Utc> {
        real_now() + TimeDelta::milliseconds(self.offset_ms.load(Ordering::SeqCst))
    }

    /// Seconds since 1970, as the vendors write them.
    pub fn timestamp(&self) -> i64 {
        self.now().timestamp()
    }

    /// Moves the clock by `seconds`, which may be negative.
    pub fn advance(&self, seconds: i64) {
        self.offset_ms.fetch_add(seconds.saturating_mul(1_000), Ordering::SeqCst);
        self.moved.send_modify(|turn| *turn += 1);
    }

    /// Sets the clock to `now`; it goes on running from there.
    pub fn set(&self, now: DateTime<Utc>) {
        self.offset_ms.store((now - real_now()).num_milliseconds(), Ordering::SeqCst);
        self.moved.send_modify(|turn| *turn += 1);
    }

    /// Waits until the clock shows `at`, by patience or because someone moved it.
    pub async fn until(&self, at: DateTime<Utc>) {
        let mut moved = self.moved.subscribe();
        loop {
            let Ok(left) = (at - self.now()).to_std() else { return };
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left.min(Duration::from_secs(3_600))) => {}
                _ = moved.changed() => {}
            }
        }
    }

    /// Waits until the clock is moved.
    pub async fn moves(&self) {
        // The sender lives as long as `self`: a closed channel cannot happen while we wait.
        let _ = self.moved.subscribe().changed().await;
    }
}

/// Wall-clock time, for signatures: the product compares them with its own clock, which nobody moves.
#[expect(clippy::disallowed_methods, reason = "the sandbox is a process of its own; this is where it reads the time")]
pub fn real_now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn moving_the_clock_ends_a_long_wait() {
        let clock = std::sync::Arc::new(Clock::default());
        let at = clock.now() + TimeDelta::hours(24);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(at).await }
        });
        tokio::task::yield_now().await;
        clock.advance(25 * 3_600);
        tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap();
    }
}
