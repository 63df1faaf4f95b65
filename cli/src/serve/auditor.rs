//! `/api/audit`: the log as the event store verifies it, in the words of the API.

use api::{Auditor, FoundFlaw, Head, SignedHeads, Verdict};
use async_trait::async_trait;
use domain::ports::PortError;
use infra::event_store::{Against, PublicKey, Unverified, signed_heads, verify_against, verify_order};
use sqlx::PgPool;
use uuid::Uuid;

/// Reads as `lobster_api`.
pub struct LogAuditor {
    pub pool: PgPool,
    pub public_key: PublicKey,
    pub trusted: Vec<PublicKey>,
}

#[async_trait]
impl Auditor for LogAuditor {
    async fn heads(&self) -> Result<SignedHeads, PortError> {
        let heads = signed_heads(&self.pool).await.map_err(|error| unread(&error))?;
        let heads = heads.into_iter().map(|head| Head {
            message: head.message(),
            genuine: head.is_genuine(&self.trusted),
            position: head.position,
            seal_no: head.seal_no,
            hash: head.hash,
            signed_at: head.signed_at,
            public_key: head.public_key,
            signature: head.signature,
        });
        Ok(SignedHeads { public_key: self.public_key.to_string(), heads: heads.collect() })
    }

    async fn verify(&self, order: Option<Uuid>) -> Result<Verdict, PortError> {
        let heads = signed_heads(&self.pool).await.map_err(|error| unread(&error))?;
        let against = Against { heads: &heads, trusted: &self.trusted, progress: &|_, _| {} };
        match order {
            None => judged(verify_against(&self.pool, &against).await.map(|verified| Verdict {
                whole: true,
                events: verified.events,
                unsealed: verified.unsealed,
                signed_heads: verified.signed_heads,
                head: Some(verified.head),
                flaw: None,
            })),
            Some(order) => judged(verify_order(&self.pool, order, &against).await.map(|verified| Verdict {
                whole: true,
                events: i64::try_from(verified.events).unwrap_or(i64::MAX),
                unsealed: i64::try_from(verified.unsealed).unwrap_or(i64::MAX),
                signed_heads: verified.signed_heads.len(),
                head: None,
                flaw: None,
            })),
        }
    }
}

fn judged(found: Result<Verdict, Unverified>) -> Result<Verdict, PortError> {
    match found {
        Ok(verdict) => Ok(verdict),
        Err(Unverified::Flaw(flaw)) => {
            tracing::error!(%flaw, "the log is not whole: {flaw}");
            let flaw = FoundFlaw { position: flaw.position(), message: flaw.to_string() };
            Ok(Verdict { flaw: Some(flaw), ..Verdict::default() })
        }
        Err(Unverified::Database(error)) => Err(unread(&error)),
    }
}

fn unread(error: &sqlx::Error) -> PortError {
    PortError::Transient { service: "event_store", message: error.to_string(), retry_after: None }
}
