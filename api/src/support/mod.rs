//! An order as support and auditors see it: everything that happened, and what the order was at any point.

pub mod diff;
pub mod figures;
mod point;
pub mod state;
pub mod timeline;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::{history::Mark, ports::LogError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::problem::Problem;

/// An event, as far as it must be known to be found again.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventMark {
    /// Place in the log; `null` until it is sealed.
    #[schema(required = true)]
    position: Option<i64>,
    /// Place in the order's own stream.
    sequence: i64,
    event_id: Uuid,
    event_type: String,
    actor: String,
    at: DateTime<Utc>,
}

impl From<Mark> for EventMark {
    fn from(mark: Mark) -> Self {
        let Mark { position, sequence, event_id, event_type, actor, recorded_at } = mark;
        Self { position, sequence, event_id, event_type, actor, at: recorded_at }
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        match &error {
            LogError::Store(_) => {
                tracing::warn!(%error, "the log does not answer: {error}");
                Self::unavailable()
            }
            LogError::Unreadable { .. } | LogError::Malformed { .. } => Self::unexpected(&error),
        }
    }
}

fn order(id: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(id).map_err(|_| not_found())
}

fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "order.not_found", "Commande introuvable")
        .detail("Aucun événement ne porte ce numéro de commande\u{a0}: est-il complet\u{a0}?")
}
