//! One order: its leaves, their places in their seals, and the links to the heads that were signed.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Against, Flaw, Unverified};
use crate::event_store::evidence::{Evidence, Inclusion, ProvenEvent, Segment, evidence};
use crate::event_store::leaf::{Hash, Inputs};
use crate::event_store::{chain, proof};

/// An order whose events hold together with the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderVerified {
    pub events: usize,
    /// Those of them that are not sealed yet: no statement is made about them.
    pub unsealed: usize,
    pub first_position: Option<i64>,
    pub last_position: Option<i64>,
    /// Positions of the signed heads that cover its events.
    pub signed_heads: Vec<i64>,
    /// Whether a signed head covers every sealed event.
    pub covered: bool,
}

/// Verifies one order. An event that is gone together with its place shows as a gap in its stream; the last one of a
/// stream shows only when the whole log is verified.
///
/// # Errors
/// The flaw at the lowest position, or the database's failure.
pub async fn verify_order(pool: &PgPool, order: Uuid, against: &Against<'_>) -> Result<OrderVerified, Unverified> {
    let heads = super::genuine(against)?;
    let found = evidence(pool, order, &heads).await?;
    check(&found)?;
    let signed_heads: Vec<i64> = found.segments.iter().filter_map(|part| Some(part.head.as_ref()?.position)).collect();
    Ok(OrderVerified {
        events: found.events.len(),
        unsealed: found.unsealed,
        first_position: found.events.first().map(|event| event.position),
        last_position: found.events.last().map(|event| event.position),
        covered: signed_heads.len() == found.segments.len(),
        signed_heads,
    })
}

fn check(found: &Evidence) -> Result<(), Flaw> {
    check_streams(&found.events)?;
    let roots = roots(&found.segments)?;
    for event in &found.events {
        let position = event.position;
        let leaf = hash(event);
        if hex::encode(leaf) != event.leaf {
            return Err(Flaw::EventChanged { position });
        }
        let inclusion = found.inclusions.iter().find(|inclusion| inclusion.position == position);
        let inclusion = inclusion.ok_or(Flaw::EventMissing { position })?;
        let seal_no = inclusion.seal_no;
        if proved(leaf, inclusion).is_none_or(|root| roots.get(&seal_no) != Some(&root)) {
            return Err(Flaw::RootDiffers { position, seal_no });
        }
    }
    Ok(())
}

/// Every stream begins with number one and has no gap.
fn check_streams(events: &[ProvenEvent]) -> Result<(), Flaw> {
    let mut next: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for event in events {
        let sequence = next.entry((&event.aggregate_type, &event.aggregate_id)).or_insert(1);
        if event.sequence != *sequence {
            return Err(Flaw::StreamGap {
                position: event.position,
                aggregate_type: event.aggregate_type.clone(),
                aggregate_id: event.aggregate_id.clone(),
                sequence: *sequence,
            });
        }
        *sequence += 1;
    }
    Ok(())
}

/// The roots of the seals in the segments, once their links lead to the signed heads.
fn roots(segments: &[Segment]) -> Result<BTreeMap<i64, Hash>, Flaw> {
    let mut roots = BTreeMap::new();
    for segment in segments {
        let (mut head, mut before) = (digest(&segment.before), None);
        for link in &segment.links {
            let broken = Flaw::ChainBroken { position: link.first_pos, seal_no: link.seal_no };
            let follows =
                before.is_none_or(|(seal_no, last)| link.seal_no == seal_no + 1 && link.first_pos == last + 1);
            let (Some(hash), Some(root), true) = (head, digest(&link.merkle_root), follows) else { return Err(broken) };
            head = Some(chain::link(&hash, &root, link.first_pos, link.last_pos));
            roots.insert(link.seal_no, root);
            before = Some((link.seal_no, link.last_pos));
        }
        if let Some(signed) = &segment.head
            && (before != Some((signed.seal_no, signed.position))
                || head.map(hex::encode).as_ref() != Some(&signed.hash))
        {
            return Err(Flaw::HeadDiffers { position: signed.position });
        }
    }
    Ok(roots)
}

fn hash(event: &ProvenEvent) -> Hash {
    Inputs {
        aggregate_type: &event.aggregate_type,
        aggregate_id: &event.aggregate_id,
        sequence: event.sequence,
        event_type: &event.event_type,
        event_version: &event.event_version,
        recorded_at: event.recorded_at_us,
        payload: event.payload.as_bytes(),
        metadata: event.metadata.as_bytes(),
    }
    .hash()
}

fn proved(leaf: Hash, inclusion: &Inclusion) -> Option<Hash> {
    let path: Option<Vec<Hash>> = inclusion.path.iter().map(|text| digest(text)).collect();
    proof::root_of(leaf, inclusion.index, inclusion.size, &path?)
}

fn digest(text: &str) -> Option<Hash> {
    hex::decode(text).ok()?.try_into().ok()
}
