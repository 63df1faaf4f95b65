//! How a rebuild shares the machine with those who are served meanwhile.

use std::time::Duration;

use domain::ports::Log;
use sqlx::PgPool;

use super::rebuild::{Progress, Rebuilt};
use super::shadow::Shadow;
use crate::DynProjector;

/// How fast rows are made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Large batches, each read while the one before is written: for when nobody else needs the machine.
    Full,
    /// Small batches, one thing at a time, with rests between: never more than one core, and that for a fifth of the time.
    Gentle,
}

/// Events per transaction at full speed.
const LARGE: i64 = 5_000;
/// Events of the first gentle batch, and of any at least: below, the round trips cost more than the events.
const SMALL: i64 = 50;
/// Events of any gentle batch at most: what is locked or half-read when somebody else wants the core.
const MEDIUM: i64 = 1_000;
/// How long one gentle batch should take.
const STINT: Duration = Duration::from_millis(5);
/// Rest after it, as a multiple of what it took.
const REST: u32 = 4;
/// A rest that is longer would not be one: the lease of the shadow tables lasts thirty seconds.
const LONGEST_REST: Duration = Duration::from_secs(2);

impl Pace {
    /// Gentle while any process follows the log here, else full.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn fitting(pool: &PgPool) -> sqlx::Result<Self> {
        let served: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM es.node WHERE seen_at > clock_timestamp() - interval '15 seconds')",
        )
        .fetch_one(pool)
        .await?;
        Ok(if served { Self::Gentle } else { Self::Full })
    }

    /// As [`super::rebuild`], at this pace.
    ///
    /// # Errors
    /// As [`super::rebuild`].
    pub async fn rebuild(
        self,
        pool: &PgPool,
        log: &dyn Log,
        projector: &dyn DynProjector,
        progress: impl FnMut(Progress) + Send,
    ) -> anyhow::Result<Rebuilt> {
        Shadow::run(pool, log, projector, self, progress, true).await
    }

    /// As [`super::compare`], at this pace.
    ///
    /// # Errors
    /// As [`super::compare`].
    pub async fn compare(
        self,
        pool: &PgPool,
        log: &dyn Log,
        projector: &dyn DynProjector,
        progress: impl FnMut(Progress) + Send,
    ) -> anyhow::Result<Rebuilt> {
        Shadow::run(pool, log, projector, self, progress, false).await
    }

    /// Events of the first batch.
    pub(super) fn first_batch(self) -> i64 {
        match self {
            Self::Full => LARGE,
            Self::Gentle => SMALL,
        }
    }

    /// Events of the next batch, and the rest before it, after `size` events took `took` by the clock on the wall: on a
    /// busy machine the same events take longer, so the batches shrink and the rests grow by themselves.
    pub(super) fn next(self, size: i64, took: Duration) -> (i64, Duration) {
        match self {
            Self::Full => (LARGE, Duration::ZERO),
            Self::Gentle => {
                let fits = i64::try_from(STINT.as_micros() * u128::from(size.unsigned_abs()) / took.as_micros().max(1));
                let size = fits.unwrap_or(MEDIUM).min(2 * size).clamp(SMALL, MEDIUM);
                (size, (took * REST).min(LONGEST_REST))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn full_speed_never_rests() {
        assert_eq!(Pace::Full.next(LARGE, ms(900)), (LARGE, Duration::ZERO));
    }

    #[test]
    fn a_gentle_rebuild_works_a_fifth_of_the_time() {
        let (size, rest) = Pace::Gentle.next(200, ms(5));
        assert_eq!((size, rest), (200, ms(20)));
    }

    #[test]
    fn batches_grow_to_what_fits_the_stint_and_at_most_double() {
        assert_eq!(Pace::Gentle.next(100, ms(4)).0, 125);
        assert_eq!(Pace::Gentle.next(100, Duration::from_micros(100)).0, 200);
        assert_eq!(Pace::Gentle.next(MEDIUM, Duration::ZERO).0, MEDIUM, "a clock that stands still");
    }

    #[test]
    fn on_a_busy_machine_batches_shrink_and_rests_grow() {
        let (calm, short) = Pace::Gentle.next(400, ms(5));
        let (busy, long) = Pace::Gentle.next(400, ms(20));
        assert_eq!((calm, busy), (400, 100));
        assert_eq!((short, long), (ms(20), ms(80)));
        assert_eq!(Pace::Gentle.next(400, ms(60_000)), (SMALL, LONGEST_REST));
    }
}
