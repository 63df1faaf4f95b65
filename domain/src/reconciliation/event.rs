//! What a reconciliation found. Names and fields are frozen once released; no personal data.

use chrono::{DateTime, Utc};
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How the vendor's books and the log disagreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// Paid at the vendor's, unknown here.
    PaymentUnrecorded,
    /// A payment that takes days began at the vendor's, unknown here.
    PaymentUnderWayUnrecorded,
    PaymentFailureUnrecorded,
    ExpiryUnrecorded,
    RefundUnrecorded,
    /// A session that names no order of ours.
    UnknownOrder,
    /// A session of ours that the vendor does not have.
    SessionMissing,
    /// Paid here, not at the vendor's.
    PaidHereOnly,
}

/// One disagreement, and whether it was put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub kind: DifferenceKind,
    pub session: String,
    pub order: Option<Uuid>,
    /// The log now says what the vendor says; otherwise a person looks.
    pub repaired: bool,
}

/// Events of a reconciliation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReconciliationEvent {
    /// The sessions that the vendor made in `[from, to)` were compared with the log, both ways.
    PaymentsReconciled { from: DateTime<Utc>, to: DateTime<Utc>, sessions: u32, differences: Vec<Difference> },
}

impl ReconciliationEvent {
    /// The stored type: the variant's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::PaymentsReconciled { .. } => "PaymentsReconciled",
        }
    }
}

impl DomainEvent for ReconciliationEvent {
    fn event_type(&self) -> String {
        self.name().to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}
