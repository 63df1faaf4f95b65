//! What an outsider needs to check one order without the log: its events as they were hashed, their paths inside their
//! seals, and the links from those seals to a signed head.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;

use super::heads::SignedHead;
use super::leaf::Hash;
use super::verify::{Seal, Unverified};
use super::{PgLog, StoredEvent, proof};

/// An event in the form in which it was hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvenEvent {
    pub position: i64,
    pub aggregate_type: String,
    pub aggregate_id: String,
    pub sequence: i64,
    pub event_type: String,
    pub event_version: String,
    /// Microseconds since 1970-01-01 UTC.
    pub recorded_at_us: i64,
    /// Canonical JSON (RFC 8785), byte for byte what was hashed.
    pub payload: String,
    pub metadata: String,
    /// Hexadecimal.
    pub leaf: String,
}

/// Where an event stands in its seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inclusion {
    pub position: i64,
    pub seal_no: i64,
    /// Its number in the seal, from zero, and how many events the seal has.
    pub index: u64,
    pub size: u64,
    /// Hexadecimal, the lowest first.
    pub path: Vec<String>,
}

/// One seal of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    pub seal_no: i64,
    pub first_pos: i64,
    pub last_pos: i64,
    /// Hexadecimal.
    pub merkle_root: String,
}

impl From<&Seal> for Link {
    fn from(seal: &Seal) -> Self {
        let Seal { seal_no, first_pos, last_pos, .. } = *seal;
        Self { seal_no, first_pos, last_pos, merkle_root: hex::encode(&seal.merkle_root) }
    }
}

/// Consecutive seals up to a signed head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// The head before the first of them, hexadecimal.
    pub before: String,
    pub links: Vec<Link>,
    /// The end; `None` while no head is signed that late: the chain goes up to its present end.
    pub head: Option<SignedHead>,
}

/// Everything about one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub events: Vec<ProvenEvent>,
    pub inclusions: Vec<Inclusion>,
    pub segments: Vec<Segment>,
    /// Events that are not sealed yet: nothing is proved about them.
    pub unsealed: usize,
}

impl ProvenEvent {
    fn of(stored: &StoredEvent, position: i64) -> Result<Self, serde_json::Error> {
        let canonical = |value| serde_json_canonicalizer::to_string(value);
        Ok(Self {
            position,
            aggregate_type: stored.aggregate_type.clone(),
            aggregate_id: stored.aggregate_id.clone(),
            sequence: stored.sequence,
            event_type: stored.event_type.clone(),
            event_version: stored.event_version.clone(),
            recorded_at_us: stored.recorded_at.timestamp_micros(),
            payload: canonical(&stored.payload)?,
            metadata: canonical(&stored.metadata)?,
            leaf: stored.leaf.as_ref().map(hex::encode).unwrap_or_default(),
        })
    }
}

/// Gathers the evidence about an order; each seal is led to the first of `heads` (sorted by position) that covers it.
///
/// # Errors
/// When the database cannot answer. Whether the evidence holds is for [`super::verify_order`] to say.
pub async fn evidence(pool: &PgPool, order: Uuid, heads: &[SignedHead]) -> Result<Evidence, Unverified> {
    let stored = PgLog::new(pool.clone()).of_order(order).await?;
    let (mut events, mut unsealed) = (Vec::new(), 0);
    for event in &stored {
        match event.position {
            Some(position) => {
                events.push(ProvenEvent::of(event, position).map_err(|error| sqlx::Error::Decode(error.into()))?);
            }
            None => unsealed += 1,
        }
    }
    let seals = seals_of(pool, &events).await?;
    let leaves = leaves_of(pool, &seals).await?;
    let inclusions = events.iter().filter_map(|event| include(event.position, &seals, &leaves)).collect();
    let segments = segments(pool, &seals, heads).await?;
    Ok(Evidence { events, inclusions, segments, unsealed })
}

async fn seals_of(pool: &PgPool, events: &[ProvenEvent]) -> sqlx::Result<Vec<Seal>> {
    let positions: Vec<i64> = events.iter().map(|event| event.position).collect();
    sqlx::query_as(
        "SELECT DISTINCT s.seal_no, s.first_pos, s.last_pos, s.merkle_root, s.prev_hash, s.hash
         FROM unnest($1::bigint[]) AS p
         CROSS JOIN LATERAL (SELECT * FROM es.seal WHERE last_pos >= p ORDER BY last_pos LIMIT 1) AS s
         ORDER BY s.seal_no",
    )
    .bind(positions)
    .fetch_all(pool)
    .await
}

async fn leaves_of(pool: &PgPool, seals: &[Seal]) -> sqlx::Result<BTreeMap<i64, Hash>> {
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT o.position, o.leaf FROM unnest($1::bigint[], $2::bigint[]) AS s (first, last)
         JOIN es.event_order o ON o.position BETWEEN s.first AND s.last",
    )
    .bind(seals.iter().map(|seal| seal.first_pos).collect::<Vec<_>>())
    .bind(seals.iter().map(|seal| seal.last_pos).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().filter_map(|(position, leaf)| Some((position, leaf.try_into().ok()?))).collect())
}

fn include(position: i64, seals: &[Seal], leaves: &BTreeMap<i64, Hash>) -> Option<Inclusion> {
    let seal = seals.iter().find(|seal| (seal.first_pos..=seal.last_pos).contains(&position))?;
    let batch: Vec<Hash> = leaves.range(seal.first_pos..=seal.last_pos).map(|(_, leaf)| *leaf).collect();
    let index = usize::try_from(position - seal.first_pos).ok()?;
    let path = proof::path(&batch, index)?.iter().map(hex::encode).collect();
    Some(Inclusion { position, seal_no: seal.seal_no, index: index as u64, size: batch.len() as u64, path })
}

/// One segment per head that is needed, and one without a head for seals that none covers.
async fn segments(pool: &PgPool, seals: &[Seal], heads: &[SignedHead]) -> sqlx::Result<Vec<Segment>> {
    let mut starts: BTreeMap<i64, (&Seal, Option<&SignedHead>)> = BTreeMap::new();
    for seal in seals {
        let head = heads.iter().find(|head| head.position >= seal.last_pos);
        starts.entry(head.map_or(i64::MAX, |head| head.seal_no)).or_insert((seal, head));
    }
    let mut segments = Vec::new();
    for (last, (first, head)) in starts {
        let rows: Vec<Seal> = sqlx::query_as(
            "SELECT seal_no, first_pos, last_pos, merkle_root, prev_hash, hash FROM es.seal
             WHERE seal_no BETWEEN $1 AND $2 ORDER BY seal_no",
        )
        .bind(first.seal_no)
        .bind(last)
        .fetch_all(pool)
        .await?;
        let links = rows.iter().map(Link::from).collect();
        segments.push(Segment { before: hex::encode(&first.prev_hash), links, head: head.cloned() });
    }
    Ok(segments)
}
