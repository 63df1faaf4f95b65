//! Whether the log is what was once recorded, for auditors: signed heads, and the log recomputed.

pub mod heads;
pub mod order;
pub mod verify;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ports::PortError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Looks at the log with an auditor's eyes.
#[async_trait]
pub trait Auditor: Send + Sync {
    /// The public key, and every head that was signed.
    ///
    /// # Errors
    /// When the database cannot answer.
    async fn heads(&self) -> Result<SignedHeads, PortError>;

    /// Recomputes the whole log, or one order, and compares it with the signed heads.
    ///
    /// # Errors
    /// When the database cannot answer; a flaw is an answer.
    async fn verify(&self, order: Option<Uuid>) -> Result<Verdict, PortError>;
}

/// Signed heads of the log. Hashes, keys and signatures are hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignedHeads {
    /// Ed25519, today's key.
    pub public_key: String,
    /// The oldest first.
    pub heads: Vec<Head>,
}

/// The head of the chain at one position, under our signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Head {
    pub position: i64,
    pub seal_no: i64,
    pub hash: String,
    pub signed_at: DateTime<Utc>,
    pub public_key: String,
    pub signature: String,
    /// Exactly what is signed.
    pub message: String,
    /// Whether a trusted key signed it.
    pub genuine: bool,
}

/// What recomputing found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verdict {
    /// Everything fits.
    pub whole: bool,
    /// Events that were recomputed; zero where a flaw ended it.
    pub events: i64,
    /// Events committed and not yet sealed: no statement is made about them.
    pub unsealed: i64,
    /// Signed heads that were compared.
    pub signed_heads: usize,
    /// Head of the chain, hexadecimal; only for the whole log.
    #[schema(required = true)]
    pub head: Option<String>,
    /// The first thing that does not fit.
    #[schema(required = true)]
    pub flaw: Option<FoundFlaw>,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundFlaw {
    /// The first bad position of the log; none for an event that never got one.
    #[schema(required = true)]
    pub position: Option<i64>,
    /// English, for the report of the incident.
    pub message: String,
}
