//! Recomputing the log: every leaf, every root, every link, from the first position to the last, against the heads that
//! were signed on the way.

mod columns;
mod flaw;
mod links;
mod order;
mod pages;

use std::collections::VecDeque;

use futures::StreamExt as _;
use sqlx::PgPool;

use super::chain;
use super::heads::SignedHead;
use super::leaf::Hash;
use super::signature::PublicKey;

pub use flaw::{Flaw, Unverified};
pub(super) use links::{Seal, tip_after};
pub use order::{OrderVerified, verify_order};

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
    let chain = async { Ok::<_, Unverified>(outcome(recompute(pool, against).await)?) };
    // What the leaves do not cover is compared on the server meanwhile.
    let columns = async { Ok::<_, Unverified>(outcome(columns::check(pool).await)?) };
    let verified = match tokio::try_join!(chain, columns)? {
        (Ok(verified), Ok(())) => verified,
        (Err(one), Err(other)) => return Err(if other.position() < one.position() { other } else { one }.into()),
        (Err(flaw), Ok(())) | (Ok(_), Err(flaw)) => return Err(flaw.into()),
    };
    check_rest(pool, verified.events).await?;
    Ok(verified)
}

/// A flaw is an answer, a failure is none.
fn outcome<T>(result: Result<T, Unverified>) -> Result<Result<T, Flaw>, sqlx::Error> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Unverified::Flaw(flaw)) => Ok(Err(flaw)),
        Err(Unverified::Database(error)) => Err(error),
    }
}

async fn recompute(pool: &PgPool, against: &Against<'_>) -> Result<Verified, Unverified> {
    let total: i64 = sqlx::query_scalar("SELECT coalesce(max(last_pos), 0) FROM es.seal").fetch_one(pool).await?;
    let mut heads = VecDeque::from(genuine(against)?);
    let signed_heads = heads.len();
    let mut pages = std::pin::pin!(pages::stream(pool, total));
    let (mut head, mut seals, mut events) = (chain::GENESIS, 0, 0);
    let (mut leaves, mut flaw) = (VecDeque::new(), None::<Flaw>);
    loop {
        let page = links::after(pool, seals, SEALS).await?;
        if page.is_empty() {
            break;
        }
        for seal in page {
            if seal.last_pos > total {
                break; // sealed after we began
            }
            check_place(&seal, seals, events)?;
            let wanted = usize::try_from(seal.last_pos - events).unwrap_or(usize::MAX);
            while leaves.len() < wanted {
                if let Some(flaw) = flaw.take() {
                    return Err(flaw.into());
                }
                let Some(page) = pages.next().await else { break };
                let page = page?;
                leaves.extend(page.leaves);
                flaw = page.flaw;
                (against.progress)(events + i64::try_from(leaves.len()).unwrap_or_default(), total);
            }
            let batch: Vec<Hash> = leaves.drain(..wanted.min(leaves.len())).collect();
            head = seal.follows(&head, chain::root(&batch))?;
            (seals, events) = (seal.seal_no, seal.last_pos);
            while let Some(signed) = heads.pop_front_if(|signed| signed.position <= events) {
                if signed.position != events || signed.seal_no != seals || signed.hash != hex::encode(head) {
                    return Err(Flaw::HeadDiffers { position: signed.position }.into());
                }
            }
        }
        if events == total {
            break;
        }
    }
    if let Some(signed) = heads.front() {
        return Err(Flaw::TailMissing { position: events + 1, signed: signed.position }.into());
    }
    let unsealed = sqlx::query_scalar("SELECT count(*) FROM es.unsealed").fetch_one(pool).await?;
    Ok(Verified { events, seals, head: hex::encode(head), unsealed, signed_heads })
}

/// The heads in their order, every one of them signed by a trusted key.
fn genuine(against: &Against<'_>) -> Result<Vec<SignedHead>, Flaw> {
    let mut heads = against.heads.to_vec();
    heads.sort_by(|one, other| one.position.cmp(&other.position).then_with(|| one.signature.cmp(&other.signature)));
    heads.dedup(); // the copies in storage
    match heads.iter().find(|head| !head.is_genuine(against.trusted)) {
        Some(forged) => Err(Flaw::HeadForged { position: forged.position }),
        None => Ok(heads),
    }
}

/// Seals are numbered without gaps and each begins where the one before ended.
fn check_place(seal: &Seal, before: i64, events: i64) -> Result<(), Flaw> {
    let Seal { seal_no, first_pos, last_pos, .. } = *seal;
    if seal_no == before + 1 && first_pos == events + 1 && last_pos >= first_pos {
        return Ok(());
    }
    Err(Flaw::ChainBroken { position: events + 1, seal_no })
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
