//! That a newer signed head extends an older one: what was signed then is still what the log begins with.

use serde::Serialize;
use sqlx::PgPool;

use super::evidence::Link;
use super::heads::SignedHead;
use super::signature::PublicKey;
use super::verify::{Flaw, Unverified, stands, walk};

/// Two signed heads, and the seals that lead from one to the other. Whoever keeps the older head needs nothing else of
/// ours: hashing the links after it must give the newer one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consistency {
    pub older: SignedHead,
    pub newer: SignedHead,
    /// The seals after the older head, up to the newer one; none where both are the same.
    pub links: Vec<Link>,
}

/// Proves that the newer of two heads extends the older one; either may come from a copy kept outside. That the events
/// under the seals are the ones they were is for [`super::verify_against`] to say.
///
/// # Errors
/// A head that no trusted key signed, the first seal that does not fit, or the database's failure.
pub async fn consistency(
    pool: &PgPool,
    one: &SignedHead,
    other: &SignedHead,
    trusted: &[PublicKey],
) -> Result<Consistency, Unverified> {
    let (older, newer) = if one.position <= other.position { (one, other) } else { (other, one) };
    older.check(trusted)?;
    newer.check(trusted)?;
    if older.position == newer.position && older.hash != newer.hash {
        return Err(Flaw::HeadsDisagree { position: older.position }.into());
    }
    let from = stands(pool, older.position, &older.hash).await?;
    if !from.bears(older) {
        return Err(Flaw::HeadDiffers { position: older.position }.into());
    }
    let mut links = Vec::new();
    let end = walk(pool, from, Some(newer.seal_no), |seal| links.push(Link::from(seal))).await?;
    match end.bears(newer) {
        true => Ok(Consistency { older: older.clone(), newer: newer.clone(), links }),
        false if end.position < newer.position && end.seal_no < newer.seal_no => {
            Err(Flaw::TailMissing { position: end.position + 1, signed: newer.position }.into())
        }
        false => Err(Flaw::HeadDiffers { position: newer.position }.into()),
    }
}
