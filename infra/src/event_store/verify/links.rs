//! Seals as links of the chain.

use sqlx::{FromRow, PgPool};

use super::{Flaw, Unverified};
use crate::event_store::chain;
use crate::event_store::heads::SignedHead;
use crate::event_store::leaf::Hash;

/// A seal as it is stored.
#[derive(Debug, Clone, FromRow)]
pub(in crate::event_store) struct Seal {
    pub seal_no: i64,
    pub first_pos: i64,
    pub last_pos: i64,
    pub merkle_root: Vec<u8>,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

impl Seal {
    /// The head after this seal, when root and link are what they should be.
    pub fn follows(&self, before: &Hash, root: Option<Hash>) -> Result<Hash, Flaw> {
        let Self { seal_no, first_pos: position, last_pos, .. } = *self;
        let root = root.filter(|root| self.merkle_root == root);
        let root = root.ok_or(Flaw::RootDiffers { position, seal_no })?;
        let hash = chain::link(before, &root, position, last_pos);
        if self.prev_hash == before && self.hash == hash {
            return Ok(hash);
        }
        Err(Flaw::ChainBroken { position, seal_no })
    }

    /// The stored root, when it has the right length.
    pub fn root(&self) -> Option<Hash> {
        self.merkle_root.as_slice().try_into().ok()
    }
}

/// A place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::event_store) struct Tip {
    pub position: i64,
    pub seal_no: i64,
    pub hash: Hash,
}

impl Tip {
    /// Before anything was sealed.
    pub const START: Self = Self { position: 0, seal_no: 0, hash: chain::GENESIS };

    /// The place after `seal`, when it follows from this one and its events have this root.
    pub fn step(&self, seal: &Seal, root: Option<Hash>) -> Result<Self, Flaw> {
        super::check_place(seal, self.seal_no, self.position)?;
        let hash = seal.follows(&self.hash, root)?;
        Ok(Self { position: seal.last_pos, seal_no: seal.seal_no, hash })
    }

    /// Whether `head` was signed exactly here.
    pub fn bears(&self, head: &SignedHead) -> bool {
        self.position == head.position && self.seal_no == head.seal_no && hex::encode(self.hash) == head.hash
    }
}

/// At most `limit` seals after number `seal_no`.
pub(in crate::event_store) async fn after(pool: &PgPool, seal_no: i64, limit: i64) -> sqlx::Result<Vec<Seal>> {
    sqlx::query_as(
        "SELECT seal_no, first_pos, last_pos, merkle_root, prev_hash, hash FROM es.seal
         WHERE seal_no > $1 ORDER BY seal_no LIMIT $2",
    )
    .bind(seal_no)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// The place in today's chain that ends at `position` with `hash`, the one that was seen or signed there.
///
/// # Errors
/// When the log ends before it, or says something else there.
pub(in crate::event_store) async fn stands(pool: &PgPool, position: i64, hash: &str) -> Result<Tip, Unverified> {
    if position == 0 && hash == hex::encode(chain::GENESIS) {
        return Ok(Tip::START);
    }
    let kept: Option<(i64, Vec<u8>)> = sqlx::query_as("SELECT seal_no, hash FROM es.seal WHERE last_pos = $1")
        .bind(position)
        .fetch_optional(pool)
        .await?;
    if let Some((seal_no, kept)) = kept
        && hex::encode(&kept) == hash
        && let Ok(hash) = kept.try_into()
    {
        return Ok(Tip { position, seal_no, hash });
    }
    let end: i64 = sqlx::query_scalar("SELECT coalesce(max(last_pos), 0) FROM es.seal").fetch_one(pool).await?;
    Err(match end < position {
        true => Flaw::TailMissing { position: end + 1, signed: position },
        false => Flaw::HeadDiffers { position },
    }
    .into())
}

/// Walks link by link from one place to the seal numbered `to`, or to the end; each seal is shown to `visit`.
///
/// # Errors
/// The first seal that does not follow from the one before.
pub(in crate::event_store) async fn walk(
    pool: &PgPool,
    from: Tip,
    to: Option<i64>,
    mut visit: impl FnMut(&Seal),
) -> Result<Tip, Unverified> {
    let mut at = from;
    loop {
        let left = to.map_or(super::SEALS, |to| super::SEALS.min(to - at.seal_no));
        let page = after(pool, at.seal_no, left).await?;
        if page.is_empty() {
            return Ok(at);
        }
        for seal in &page {
            at = at.step(seal, seal.root())?;
            visit(seal);
        }
    }
}

/// The end of the chain, reached link by link from the head signed last; `None` when that is the end.
pub(in crate::event_store) async fn tip_after(
    pool: &PgPool,
    last: Option<&SignedHead>,
) -> Result<Option<Tip>, Unverified> {
    let from = match last {
        Some(last) => stands(pool, last.position, &last.hash).await?,
        None => Tip::START,
    };
    let end = walk(pool, from, None, |_| ()).await?;
    Ok((end.seal_no > from.seal_no).then_some(end))
}
