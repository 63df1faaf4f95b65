//! The sandbox's own clock: real time plus an offset that the control API moves.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use crate::journal::Table;
use crate::world::Shared;

/// The one row of the saved table.
const OFFSET: &str = "offset_ms";

/// A clock that tests can push forward without waiting.
pub struct Clock {
    offset_ms: AtomicI64,
    moved: watch::Sender<u64>,
    saved: Shared<Table<i64>>,
}

impl Clock {
    /// Opens the clock where the previous run left it: what expired stays expired.
    ///
    /// # Errors
    /// The state folder cannot be used.
    pub fn open(dir: Option<&Path>) -> anyhow::Result<Self> {
        let saved: Table<i64> = Table::open(dir, "clock")?;
        let offset = saved.get(OFFSET).copied().unwrap_or(0);
        Ok(Self { offset_ms: AtomicI64::new(offset), moved: watch::Sender::new(0), saved: Shared::new(saved) })
    }

    /// Time as the doubles see it.
    pub fn now(&self) -> DateTime<Utc> {
        real_now() + self.offset()
    }

    /// Seconds since 1970, as the vendors write them.
    pub fn timestamp(&self) -> i64 {
        self.now().timestamp()
    }

    /// Moves the clock by `seconds`, which may be negative.
    pub fn advance(&self, seconds: i64) {
        let by = seconds.saturating_mul(1_000);
        self.turn(self.offset_ms.fetch_add(by, Ordering::SeqCst).saturating_add(by));
    }

    /// Sets the clock to `now`; it goes on running from there.
    pub fn set(&self, now: DateTime<Utc>) {
        let offset = (now - real_now()).num_milliseconds();
        self.offset_ms.store(offset, Ordering::SeqCst);
        self.turn(offset);
    }

    /// Shows real time again.
    pub fn right(&self) {
        self.offset_ms.store(0, Ordering::SeqCst);
        self.turn(0);
    }

    /// How far the clock is from real time.
    pub fn offset(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.offset_ms.load(Ordering::SeqCst))
    }

    fn turn(&self, offset: i64) {
        self.saved.lock().put(OFFSET, offset);
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
        let clock = std::sync::Arc::new(Clock::open(None).unwrap());
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
