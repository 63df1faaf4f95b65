//! Recomputing the log: every leaf, every root, every link, from the first position to the last, against the heads that
//! were signed on the way.

mod columns;
mod flaw;
mod links;
mod order;
mod pages;
mod part;
mod stretch;

use std::collections::VecDeque;

use sqlx::PgPool;

use super::heads::SignedHead;
use super::signature::PublicKey;
use stretch::{Stretch, stretch};

pub use flaw::{Flaw, Unverified};
pub(super) use links::{Seal, Tip, stands, tip_after, walk};
pub use order::{OrderVerified, verify_order};
pub use part::{BadReached, Pace, Part, Reached, verify_part};

/// Seals looked at together.
const SEALS: i64 = 2_000;

/// A log that holds together.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    pub events: i64,
    pub seals: i64,
    /// The head of the chain, in hexadecimal.
    pub head: String,
    /// Events committed and not yet sealed: no statement is made about them.
    pub unsealed: i64,
    /// Signed heads that the chain was compared with; what follows the last of them rests on the chain alone.
    pub signed_heads: usize,
}

/// What a log is compared with.
pub struct Against<'a> {
    /// Heads that were signed once, from wherever they were kept.
    pub heads: &'a [SignedHead],
    /// Keys that could sign them.
    pub trusted: &'a [PublicKey],
    /// Told how many events are verified, of how many.
    pub progress: &'a (dyn Fn(i64, i64) + Sync),
}

impl Against<'_> {
    /// Nothing but the log itself.
    pub const NOTHING: Against<'static> = Against { heads: &[], trusted: &[], progress: &|_, _| {} };
}

/// Recomputes the whole log by itself. What was cut off its end together with its seals, and a chain that was computed
/// anew, show only in [`verify_against`] signed heads.
///
/// # Errors
/// The first flaw, or the database's failure.
pub async fn verify(pool: &PgPool) -> Result<Verified, Unverified> {
    verify_against(pool, &Against::NOTHING).await
}

/// Recomputes the whole log and compares it with signed heads.
///
/// # Errors
/// The flaw at the lowest position, or the database's failure.
pub async fn verify_against(pool: &PgPool, against: &Against<'_>) -> Result<Verified, Unverified> {
    let mut heads = VecDeque::from(genuine(against)?);
    let compared = heads.len();
    let total = end(pool).await?;
    let tip = stretch(pool, Stretch { from: Tip::START, to: total, total }, &mut heads, against.progress).await?;
    check_heads(tip, &heads)?;
    check_rest(pool, tip.position).await?;
    Ok(verified(tip, compared, unsealed(pool).await?))
}

/// The last sealed position.
async fn end(pool: &PgPool) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT coalesce(max(last_pos), 0) FROM es.seal").fetch_one(pool).await
}

async fn unsealed(pool: &PgPool) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM es.unsealed").fetch_one(pool).await
}

fn verified(tip: Tip, signed_heads: usize, unsealed: i64) -> Verified {
    Verified { events: tip.position, seals: tip.seal_no, head: hex::encode(tip.hash), unsealed, signed_heads }
}

/// The heads in their order, every one of them signed by a trusted key.
fn genuine(against: &Against<'_>) -> Result<Vec<SignedHead>, Flaw> {
    let mut heads = against.heads.to_vec();
    heads.sort_by(|one, other| one.position.cmp(&other.position).then_with(|| one.signature.cmp(&other.signature)));
    heads.dedup(); // the copies in storage
    heads.iter().try_for_each(|head| head.check(against.trusted))?;
    Ok(heads)
}

/// Seals are numbered without gaps and each begins where the one before ended.
fn check_place(seal: &Seal, before: i64, events: i64) -> Result<(), Flaw> {
    let Seal { seal_no, first_pos, last_pos, .. } = *seal;
    if seal_no == before + 1 && first_pos == events + 1 && last_pos >= first_pos {
        return Ok(());
    }
    Err(Flaw::ChainBroken { position: events + 1, seal_no })
}

/// No head was signed later than the end of the chain.
fn check_heads(end: Tip, left: &VecDeque<SignedHead>) -> Result<(), Flaw> {
    match left.front() {
        Some(signed) => Err(Flaw::TailMissing { position: end.position + 1, signed: signed.position }),
        None => Ok(()),
    }
}

/// Nothing beyond the seals, and no event that came in past the queue.
async fn check_rest(pool: &PgPool, events: i64) -> Result<(), Unverified> {
    let beyond: Option<i64> = sqlx::query_scalar(
        "SELECT min(position) FROM es.event_order
         WHERE position > $1 AND position > (SELECT coalesce(max(last_pos), 0) FROM es.seal)",
    )
    .bind(events)
    .fetch_one(pool)
    .await?;
    if let Some(position) = beyond {
        return Err(Flaw::AfterTheLastSeal { position }.into());
    }
    let stray: Option<uuid::Uuid> = sqlx::query_scalar(
        "SELECT e.event_id FROM es.events e
         WHERE NOT EXISTS (SELECT FROM es.event_order o WHERE o.insert_pos = e.insert_pos)
           AND NOT EXISTS (SELECT FROM es.unsealed u WHERE u.insert_pos = e.insert_pos)
         ORDER BY e.insert_pos LIMIT 1",
    )
    .fetch_optional(pool)
    .await?;
    match stray {
        Some(event_id) => Err(Flaw::NeverQueued { event_id }.into()),
        None => Ok(()),
    }
}
