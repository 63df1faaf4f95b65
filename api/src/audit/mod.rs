//! Whether the log is what was once recorded, for auditors: signed heads, and the log recomputed.

pub mod consistency;
pub mod heads;
pub mod order;
pub mod verify;

use std::time::Duration;

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

    /// Recomputes the log from where an earlier answer ended, for about `limit`, and compares it with the signed heads;
    /// `None` when `from` is nothing that an earlier answer said.
    ///
    /// # Errors
    /// When the database cannot answer; a flaw is an answer.
    async fn verify_log(&self, from: Option<&str>, limit: Duration) -> Result<Option<Verdict>, PortError>;

    /// Recomputes one order and compares it with the signed heads.
    ///
    /// # Errors
    /// When the database cannot answer; a flaw is an answer.
    async fn verify_order(&self, order: Uuid) -> Result<Verdict, PortError>;

    /// Proves that the later of two signed heads extends the earlier one; `None` when no head is signed at one of the
    /// positions.
    ///
    /// # Errors
    /// When the database cannot answer; a flaw is an answer.
    async fn consistency(&self, one: i64, other: i64) -> Result<Option<Extension>, PortError>;
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
    /// Everything fits, up to the end.
    pub whole: bool,
    /// Events that hold together, from the first one on; zero where a flaw ended it.
    pub events: i64,
    /// How many are sealed.
    pub total: i64,
    /// Events committed and not yet sealed: no statement is made about them.
    pub unsealed: i64,
    /// Signed heads that this answer compared.
    pub signed_heads: usize,
    /// Head of the chain after these events, hexadecimal; not for one order.
    #[schema(required = true)]
    pub head: Option<String>,
    /// Time was up: what to ask with, as `from`, to go on from here.
    #[schema(required = true)]
    pub next: Option<String>,
    /// The first thing that does not fit.
    #[schema(required = true)]
    pub flaw: Option<FoundFlaw>,
}

/// Whether the later of two signed heads extends the earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Extension {
    pub older: Head,
    pub newer: Head,
    /// Both are genuine, and the chain leads from one to the other.
    pub extends: bool,
    /// Seals between them that were recomputed.
    pub seals: usize,
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
