//! Making a read model again beside the living one.

use domain::ports::Log;
use sqlx::{FromRow, PgPool};

use super::pace::Pace;
use crate::DynProjector;

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub position: i64,
    /// The last position of the log when the rebuild began.
    pub head: i64,
}

/// Living rows against rebuilt rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Compared {
    pub name: String,
    pub live_rows: i64,
    pub new_rows: i64,
    /// A hash that is the same for the same rows, whatever their order.
    pub live_sum: i64,
    pub new_sum: i64,
    /// Rows that the other side does not have, field for field; a rebuild looks for them when the sums differ only.
    pub only_live: i64,
    pub only_new: i64,
}

/// What a rebuild found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Everything up to here is in the new rows.
    pub position: i64,
    /// None when the living rows stand elsewhere in the log: then they cannot be compared.
    pub compared: Option<Vec<Compared>>,
    /// Whether [`super::rollback`] can bring the replaced rows back: there were some, of this version.
    pub reversible: bool,
}

impl Rebuilt {
    /// Whether living and rebuilt rows are the same; `None` when they could not be compared.
    #[must_use]
    pub fn is_same(&self) -> Option<bool> {
        let compared = self.compared.as_ref()?;
        Some(compared.iter().all(|table| table.only_live == 0 && table.only_new == 0))
    }
}

/// Builds the rows again from the first event while the living ones are served and kept up, then swaps them in one
/// transaction. The replaced rows are kept for [`super::rollback`]. A crash leaves the living rows as they are. It goes as
/// fast as it can: [`Pace`] knows another way.
///
/// # Errors
/// When the projector is a policy, another rebuild of it is under way, or an event cannot be applied.
pub async fn rebuild(
    pool: &PgPool,
    log: &dyn Log,
    projector: &dyn DynProjector,
    progress: impl FnMut(Progress) + Send,
) -> anyhow::Result<Rebuilt> {
    Pace::Full.rebuild(pool, log, projector, progress).await
}

/// Builds the rows again, compares them with the living ones and drops them.
///
/// # Errors
/// As [`rebuild`].
pub async fn compare(
    pool: &PgPool,
    log: &dyn Log,
    projector: &dyn DynProjector,
    progress: impl FnMut(Progress) + Send,
) -> anyhow::Result<Rebuilt> {
    Pace::Full.compare(pool, log, projector, progress).await
}
