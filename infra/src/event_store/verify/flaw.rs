//! What can be wrong with a log.

/// The first thing that does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("position {position}: the event was changed after it was sealed")]
    EventChanged { position: i64 },
    #[error("position {position}: there is no event, or no place for it")]
    EventMissing { position: i64 },
    #[error("position {position}: column {column} does not agree with the rest of the event")]
    ColumnChanged { position: i64, column: String },
    #[error("position {position}: seal {seal_no} does not match the events it covers")]
    RootDiffers { position: i64, seal_no: i64 },
    #[error("position {position}: seal {seal_no} does not follow from the one before")]
    ChainBroken { position: i64, seal_no: i64 },
    #[error("position {position} lies after the last seal")]
    AfterTheLastSeal { position: i64 },
    #[error("event {event_id} has neither a place nor a place in the queue: it did not come through the front door")]
    NeverQueued { event_id: uuid::Uuid },
    #[error("position {position}: the log is not what was signed there")]
    HeadDiffers { position: i64 },
    #[error("position {position}: the signed head was changed since, or never signed by the key that it names")]
    HeadForged { position: i64 },
    #[error(
        "position {position}: the head is signed by the key {key}, which is not trusted here: a former key belongs into \
         LOBSTER_AUDIT_FORMER_KEYS, and what a withdrawn one signed proves nothing"
    )]
    KeyUnknown { position: i64, key: String },
    #[error("position {position}: two different heads were signed there, so one of the two logs was made up")]
    HeadsDisagree { position: i64 },
    #[error("position {position}: the log ends before it, but once reached position {signed}")]
    TailMissing { position: i64, signed: i64 },
    #[error("position {position}: before this event, number {sequence} of {aggregate_type} {aggregate_id} is missing")]
    StreamGap { position: i64, aggregate_type: String, aggregate_id: String, sequence: i64 },
}

impl Flaw {
    /// The first bad position; `None` where the event has none.
    #[must_use]
    pub fn position(&self) -> Option<i64> {
        match self {
            Self::EventChanged { position }
            | Self::EventMissing { position }
            | Self::ColumnChanged { position, .. }
            | Self::RootDiffers { position, .. }
            | Self::ChainBroken { position, .. }
            | Self::AfterTheLastSeal { position }
            | Self::HeadDiffers { position }
            | Self::HeadForged { position }
            | Self::KeyUnknown { position, .. }
            | Self::HeadsDisagree { position }
            | Self::TailMissing { position, .. }
            | Self::StreamGap { position, .. } => Some(*position),
            Self::NeverQueued { .. } => None,
        }
    }
}

/// Why a log could not be called whole.
#[derive(Debug, thiserror::Error)]
pub enum Unverified {
    #[error(transparent)]
    Flaw(#[from] Flaw),
    #[error("the log could not be read: {0}")]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Unverified {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}
