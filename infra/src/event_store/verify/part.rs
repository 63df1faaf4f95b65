//! A long log recomputed part by part, by somebody who has little time at once.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::PgPool;
use tokio::time::Instant;

use super::{Against, Stretch, Tip, Unverified, Verified, stands, stretch};

/// Up to here everything is verified. Written `1200-` and the hash of the chain there, so that whoever goes on from it
/// goes on from exactly what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub position: i64,
    /// Hexadecimal.
    pub hash: String,
}

/// Something else than a place that was reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no place that a verification reached: take it from the answer before")]
pub struct BadReached(String);

impl fmt::Display for Reached {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.position, self.hash)
    }
}

impl FromStr for Reached {
    type Err = BadReached;

    fn from_str(text: &str) -> Result<Self, BadReached> {
        let bad = || BadReached(text.to_owned());
        let (position, hash) = text.split_once('-').ok_or_else(bad)?;
        let position = position.parse().ok().filter(|position| *position >= 0).ok_or_else(bad)?;
        let plain = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if plain { Ok(Self { position, hash: hash.to_owned() }) } else { Err(bad()) }
    }
}

impl From<Tip> for Reached {
    fn from(tip: Tip) -> Self {
        Self { position: tip.position, hash: hex::encode(tip.hash) }
    }
}

/// How much at once.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// No stretch begins that is not expected to end within it.
    pub limit: Duration,
    /// Events of the first stretch, about: it ends with a seal. Those after it are longer while they are quick.
    pub events: i64,
}

/// A stretch that took less is followed by one twice as long.
const QUICK: Duration = Duration::from_secs(1);

/// What was verified so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// From the first position on; `signed_heads` are those of this part alone.
    pub verified: Verified,
    /// Where to go on; `None` when everything is verified.
    pub next: Option<Reached>,
    /// The last sealed position.
    pub total: i64,
}

/// Recomputes the log from where an earlier part ended, one stretch at least, and says where it stopped. When the last
/// part is whole, and each went on from the one before, the log is.
///
/// # Errors
/// The flaw at the lowest position of this part, or the database's failure.
pub async fn verify_part(
    pool: &PgPool,
    against: &Against<'_>,
    from: Option<&Reached>,
    pace: Pace,
) -> Result<Part, Unverified> {
    let began = Instant::now();
    let mut heads = std::collections::VecDeque::from(super::genuine(against)?);
    let mut tip = match from {
        Some(from) => stands(pool, from.position, &from.hash).await?,
        None => Tip::START,
    };
    // Up to here they were compared by the parts before.
    while heads.pop_front_if(|head| head.position <= tip.position).is_some() {}
    let waiting = heads.len();
    let total = super::end(pool).await?;
    let (mut events, rested) = (pace.events.max(1), tip.position == total);
    while tip.position < total {
        let before = began.elapsed();
        let to = seal_end(pool, tip.position + events, total).await?;
        tip = stretch(pool, Stretch { from: tip, to, total }, &mut heads, against.progress).await?;
        let took = began.elapsed() - before;
        if began.elapsed() + 2 * took >= pace.limit {
            break;
        }
        if took < QUICK {
            events *= 2;
        }
    }
    let mut next = Some(Reached::from(tip));
    if tip.position == total {
        super::check_heads(tip, &heads)?;
        // This looks at every event once more: when time is up, it is left to the next request.
        if rested || began.elapsed() < pace.limit / 2 {
            super::check_rest(pool, total).await?;
            next = None;
        }
    }
    let verified = super::verified(tip, waiting - heads.len(), super::unsealed(pool).await?);
    Ok(Part { verified, next, total })
}

/// The end of the seal that covers `position`, or of the log.
async fn seal_end(pool: &PgPool, position: i64, total: i64) -> sqlx::Result<i64> {
    let end: Option<i64> = sqlx::query_scalar("SELECT min(last_pos) FROM es.seal WHERE last_pos >= $1")
        .bind(position)
        .fetch_one(pool)
        .await?;
    Ok(end.unwrap_or(total).min(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written_and_nothing_else_is() {
        let reached = Reached { position: 1_200, hash: "0a".repeat(32) };
        assert_eq!(reached.to_string().parse(), Ok(reached));
        let hash = "0a".repeat(32);
        for bad in ["", "1200", "1200-", "1200-0a", &format!("-1-{hash}"), &format!("x-{hash}"), &format!("1-{hash}0")]
        {
            assert!(bad.parse::<Reached>().is_err(), "{bad}");
        }
        assert!(format!("1-{}", "0A".repeat(32)).parse::<Reached>().is_err(), "written one way only");
    }
}
