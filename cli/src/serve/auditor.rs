//! `/api/audit`: the log as the event store verifies it, in the words of the API.

use std::time::Duration;

use api::{Auditor, Extension, FoundFlaw, Head, SignedHeads, Verdict};
use async_trait::async_trait;
use domain::ports::PortError;
use infra::event_store::{
    Against, Pace, PublicKey, Reached, SignedHead, Unverified, consistency, signed_heads, verify_order, verify_part,
};
use sqlx::PgPool;
use uuid::Uuid;

/// Events before the first look at the clock: a second's work on a slow machine.
const STRETCH: i64 = 4_000;

/// Reads as `lobster_api`.
pub struct LogAuditor {
    pub pool: PgPool,
    pub public_key: PublicKey,
    pub trusted: Vec<PublicKey>,
}

impl LogAuditor {
    async fn signed(&self) -> Result<Vec<SignedHead>, PortError> {
        signed_heads(&self.pool).await.map_err(|error| unread(&error))
    }

    fn shown(&self, head: SignedHead) -> Head {
        Head {
            message: head.message(),
            genuine: head.is_genuine(&self.trusted),
            position: head.position,
            seal_no: head.seal_no,
            hash: head.hash,
            signed_at: head.signed_at,
            public_key: head.public_key,
            signature: head.signature,
        }
    }

    fn against<'a>(&'a self, heads: &'a [SignedHead]) -> Against<'a> {
        Against { heads, trusted: &self.trusted, progress: &|_, _| {} }
    }
}

#[async_trait]
impl Auditor for LogAuditor {
    async fn heads(&self) -> Result<SignedHeads, PortError> {
        let heads = self.signed().await?.into_iter().map(|head| self.shown(head));
        Ok(SignedHeads { public_key: self.public_key.to_string(), heads: heads.collect() })
    }

    async fn verify_log(&self, from: Option<&str>, limit: Duration) -> Result<Option<Verdict>, PortError> {
        let Ok(from) = from.map(str::parse::<Reached>).transpose() else { return Ok(None) };
        let heads = self.signed().await?;
        let pace = Pace { limit, events: STRETCH };
        let found = verify_part(&self.pool, &self.against(&heads), from.as_ref(), pace).await;
        judged(found.map(|part| Verdict {
            whole: part.next.is_none(),
            events: part.verified.events,
            total: part.total,
            unsealed: part.verified.unsealed,
            signed_heads: part.verified.signed_heads,
            head: Some(part.verified.head),
            next: part.next.map(|reached| reached.to_string()),
            flaw: None,
        }))
        .map(Some)
    }

    async fn verify_order(&self, order: Uuid) -> Result<Verdict, PortError> {
        let heads = self.signed().await?;
        judged(verify_order(&self.pool, order, &self.against(&heads)).await.map(|verified| {
            let events = i64::try_from(verified.events).unwrap_or(i64::MAX);
            Verdict {
                whole: true,
                events,
                total: events,
                unsealed: i64::try_from(verified.unsealed).unwrap_or(i64::MAX),
                signed_heads: verified.signed_heads.len(),
                ..Verdict::default()
            }
        }))
    }

    async fn consistency(&self, one: i64, other: i64) -> Result<Option<Extension>, PortError> {
        let heads = self.signed().await?;
        let at = |position| heads.iter().find(|head| head.position == position).cloned();
        let (Some(older), Some(newer)) = (at(one.min(other)), at(one.max(other))) else { return Ok(None) };
        let proved = consistency(&self.pool, &older, &newer, &self.trusted).await;
        let (seals, flaw) = match proved {
            Ok(proved) => (proved.links.len(), None),
            Err(unverified) => (0, Some(flaw(unverified)?)),
        };
        let (older, newer) = (self.shown(older), self.shown(newer));
        Ok(Some(Extension { older, newer, extends: flaw.is_none(), seals, flaw }))
    }
}

fn judged(found: Result<Verdict, Unverified>) -> Result<Verdict, PortError> {
    found.or_else(|unverified| Ok(Verdict { flaw: Some(flaw(unverified)?), ..Verdict::default() }))
}

fn flaw(unverified: Unverified) -> Result<FoundFlaw, PortError> {
    match unverified {
        Unverified::Flaw(flaw) => {
            tracing::error!(%flaw, "the log is not whole: {flaw}");
            Ok(FoundFlaw { position: flaw.position(), message: flaw.to_string() })
        }
        Unverified::Database(error) => Err(unread(&error)),
    }
}

fn unread(error: &sqlx::Error) -> PortError {
    PortError::Transient { service: "event_store", message: error.to_string(), retry_after: None }
}
