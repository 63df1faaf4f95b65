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

/// The end of the chain.
pub(in crate::event_store) struct Tip {
    pub position: i64,
    pub seal_no: i64,
    pub hash: Hash,
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

/// The end of the chain, reached link by link from the head signed last; `None` when that is the end.
pub(in crate::event_store) async fn tip_after(
    pool: &PgPool,
    last: Option<&SignedHead>,
) -> Result<Option<Tip>, Unverified> {
    let (mut position, mut seal_no, mut hash) = (0, 0, chain::GENESIS);
    if let Some(last) = last {
        (position, seal_no) = (last.position, last.seal_no);
        let kept: Option<Vec<u8>> = sqlx::query_scalar("SELECT hash FROM es.seal WHERE seal_no = $1 AND last_pos = $2")
            .bind(seal_no)
            .bind(position)
            .fetch_optional(pool)
            .await?;
        let kept = kept.filter(|kept| hex::encode(kept) == last.hash).and_then(|kept| kept.try_into().ok());
        hash = kept.ok_or(Flaw::HeadDiffers { position })?;
    }
    let signed = seal_no;
    loop {
        let page = after(pool, seal_no, super::SEALS).await?;
        if page.is_empty() {
            break;
        }
        for seal in page {
            super::check_place(&seal, seal_no, position)?;
            hash = seal.follows(&hash, seal.root())?;
            (position, seal_no) = (seal.last_pos, seal.seal_no);
        }
    }
    Ok((seal_no > signed).then_some(Tip { position, seal_no, hash }))
}
