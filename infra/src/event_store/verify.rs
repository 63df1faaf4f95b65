//! Recomputing the log: every leaf, every root, every link, from the first position to the last.

use sqlx::{FromRow, PgPool};

use super::chain;
use super::leaf::Hash;
use super::reader::{StoredEvent, stored_between};

/// Positions looked at together.
const PAGE: i64 = 5_000;

/// A log that holds together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub events: i64,
    pub seals: i64,
    /// The head of the chain, in hexadecimal.
    pub head: String,
    /// Events committed and not yet sealed: no statement is made about them.
    pub unsealed: i64,
}

/// The first thing that does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("position {position}: the event was changed after it was sealed")]
    EventChanged { position: i64 },
    #[error("position {position}: there is no event, or no place for it")]
    EventMissing { position: i64 },
    #[error("position {position}: seal {seal_no} does not match the events it covers")]
    RootDiffers { position: i64, seal_no: i64 },
    #[error("position {position}: seal {seal_no} does not follow from the one before")]
    ChainBroken { position: i64, seal_no: i64 },
    #[error("position {position} lies after the last seal")]
    AfterTheLastSeal { position: i64 },
    #[error("event {event_id} has neither a place nor a place in the queue: it did not come through the front door")]
    NeverQueued { event_id: uuid::Uuid },
}

/// Why a log could not be called whole.
#[derive(Debug, thiserror::Error)]
pub enum Unverified {
    #[error(transparent)]
    Flaw(#[from] Flaw),
    #[error("the log could not be read: {0}")]
    Database(#[from] sqlx::Error),
}

#[derive(FromRow)]
struct Seal {
    seal_no: i64,
    first_pos: i64,
    last_pos: i64,
    merkle_root: Vec<u8>,
    prev_hash: Vec<u8>,
    hash: Vec<u8>,
}

/// Recomputes the whole log. What was cut off its end together with its seals shows only against a head kept elsewhere:
/// compare [`Verified::head`] and [`Verified::events`] with it.
///
/// # Errors
/// The first flaw, or the database's failure.
pub async fn verify(pool: &PgPool) -> Result<Verified, Unverified> {
    let (mut head, mut seals, mut events) = (chain::GENESIS, 0, 0);
    loop {
        let page: Vec<Seal> = sqlx::query_as(
            "SELECT seal_no, first_pos, last_pos, merkle_root, prev_hash, hash FROM es.seal
             WHERE seal_no > $1 ORDER BY seal_no LIMIT 500",
        )
        .bind(seals)
        .fetch_all(pool)
        .await?;
        let Some(last) = page.last() else { break };
        let (to, mut stored) = (last.last_pos, Vec::new().into_iter());
        let mut read = events;
        for seal in &page {
            let mut leaves = Vec::new();
            check_place(seal, seals, events)?;
            for position in seal.first_pos..=seal.last_pos {
                if position > read {
                    let until = to.min(read + PAGE);
                    stored = stored_between(pool, read, until).await?.into_iter();
                    read = until;
                }
                leaves.push(check_event(stored.next(), position)?);
            }
            head = check_chain(seal, &head, &leaves)?;
            (seals, events) = (seal.seal_no, seal.last_pos);
        }
    }
    check_rest(pool, events).await?;
    let unsealed = sqlx::query_scalar("SELECT count(*) FROM es.unsealed").fetch_one(pool).await?;
    Ok(Verified { events, seals, head: hex::encode(head), unsealed })
}

/// Seals are numbered without gaps and each begins where the one before ended.
fn check_place(seal: &Seal, before: i64, events: i64) -> Result<(), Flaw> {
    let Seal { seal_no, first_pos, last_pos, .. } = *seal;
    if seal_no == before + 1 && first_pos == events + 1 && last_pos >= first_pos {
        return Ok(());
    }
    Err(Flaw::ChainBroken { position: events + 1, seal_no })
}

fn check_event(stored: Option<StoredEvent>, position: i64) -> Result<Hash, Flaw> {
    let stored = stored.filter(|stored| stored.position == Some(position)).ok_or(Flaw::EventMissing { position })?;
    match stored.hash() {
        Ok(hash) if stored.leaf.as_deref() == Some(hash.as_slice()) => Ok(hash),
        _ => Err(Flaw::EventChanged { position }),
    }
}

fn check_chain(seal: &Seal, before: &Hash, leaves: &[Hash]) -> Result<Hash, Flaw> {
    let Seal { seal_no, first_pos: position, last_pos, .. } = *seal;
    let root = chain::root(leaves).filter(|root| seal.merkle_root == root);
    let root = root.ok_or(Flaw::RootDiffers { position, seal_no })?;
    let hash = chain::link(before, &root, position, last_pos);
    if seal.prev_hash == before && seal.hash == hash {
        return Ok(hash);
    }
    Err(Flaw::ChainBroken { position, seal_no })
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
