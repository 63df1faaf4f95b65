//! A stretch of the log recomputed, from one place in the chain to a later one.

use std::collections::VecDeque;

use futures::StreamExt as _;
use sqlx::PgPool;

use super::{Flaw, SEALS, SignedHead, Tip, Unverified, columns, links, pages};
use crate::event_store::chain;
use crate::event_store::leaf::Hash;

/// From a place that is verified to the end of a seal, in a log of so many positions.
pub(super) struct Stretch {
    pub from: Tip,
    pub to: i64,
    pub total: i64,
}

/// Recomputes the stretch and compares it with the signed heads in it, which are taken out of `heads`.
///
/// # Errors
/// The flaw at the lowest position, or the database's failure.
pub(super) async fn stretch(
    pool: &PgPool,
    way: Stretch,
    heads: &mut VecDeque<SignedHead>,
    progress: &(dyn Fn(i64, i64) + Sync),
) -> Result<Tip, Unverified> {
    let (from, to) = (way.from.position, way.to);
    let chain = async { outcome(recompute(pool, way, heads, progress).await) };
    // What the leaves do not cover is compared on the server meanwhile.
    let columns = async { outcome(columns::check(pool, from, to).await) };
    match tokio::try_join!(chain, columns)? {
        (Ok(tip), Ok(())) => Ok(tip),
        (Err(one), Err(other)) => Err(if other.position() < one.position() { other } else { one }.into()),
        (Err(flaw), Ok(())) | (Ok(_), Err(flaw)) => Err(flaw.into()),
    }
}

/// A flaw is an answer, a failure is none.
fn outcome<T>(result: Result<T, Unverified>) -> Result<Result<T, Flaw>, sqlx::Error> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Unverified::Flaw(flaw)) => Ok(Err(flaw)),
        Err(Unverified::Database(error)) => Err(error),
    }
}

async fn recompute(
    pool: &PgPool,
    Stretch { from, to, total }: Stretch,
    heads: &mut VecDeque<SignedHead>,
    progress: &(dyn Fn(i64, i64) + Sync),
) -> Result<Tip, Unverified> {
    let mut pages = std::pin::pin!(pages::stream(pool, from.position, to));
    let (mut tip, mut leaves, mut flaw) = (from, VecDeque::new(), None::<Flaw>);
    while tip.position < to {
        let page = links::after(pool, tip.seal_no, SEALS).await?;
        if page.is_empty() {
            break;
        }
        for seal in page.iter().take_while(|seal| seal.last_pos <= to) {
            super::check_place(seal, tip.seal_no, tip.position)?;
            let wanted = usize::try_from(seal.last_pos - tip.position).unwrap_or(usize::MAX);
            while leaves.len() < wanted {
                if let Some(flaw) = flaw.take() {
                    return Err(flaw.into());
                }
                let Some(page) = pages.next().await else { break };
                let page = page?;
                leaves.extend(page.leaves);
                flaw = page.flaw;
                progress(tip.position + i64::try_from(leaves.len()).unwrap_or_default(), total);
            }
            let batch: Vec<Hash> = leaves.drain(..wanted.min(leaves.len())).collect();
            tip = tip.step(seal, chain::root(&batch))?;
            while let Some(signed) = heads.pop_front_if(|signed| signed.position <= tip.position) {
                if !tip.bears(&signed) {
                    return Err(Flaw::HeadDiffers { position: signed.position }.into());
                }
            }
        }
        if page.iter().any(|seal| seal.last_pos > to) {
            break; // sealed after we began
        }
    }
    match tip.position == to {
        true => Ok(tip),
        false => Err(Flaw::ChainBroken { position: tip.position + 1, seal_no: tip.seal_no + 1 }.into()),
    }
}
