//! What a projector is: events in, rows out, inside the transaction that moves its checkpoint.

use std::future::Future;

use async_trait::async_trait;
use domain::log::Recorded;
use sqlx::PgConnection;

/// Turns events into rows (a read model) or into jobs (a policy).
///
/// `apply` sees every event once, in order. It may fail, and is then called again with fewer events; it must not look at
/// the clock, the network or anything outside the transaction.
pub trait Projector: Send + Sync + 'static {
    /// The name of its checkpoint; frozen.
    const NAME: &'static str;
    /// A new version has a checkpoint of its own and starts from the first event, with no rows.
    const VERSION: i32;
    /// A read model may be emptied and filled again. A policy keeps this default: its jobs must not run twice.
    const REBUILDABLE: bool = false;

    /// Applies a batch, never empty, in the order of the log.
    ///
    /// # Errors
    /// Whatever keeps the batch from being applied as a whole; the transaction is then rolled back.
    fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> impl Future<Output = anyhow::Result<()>> + Send;

    /// Empties the rows before a rebuild, where [`Self::REBUILDABLE`].
    ///
    /// # Errors
    /// When the rows cannot be emptied, or must not be.
    fn reset(&self, tx: &mut PgConnection) -> impl Future<Output = anyhow::Result<()>> + Send {
        let _ = tx;
        async { anyhow::bail!("{} acts on the world and cannot be rebuilt", Self::NAME) }
    }
}

/// A [`Projector`] of any type, for lists.
#[async_trait]
pub trait DynProjector: Send + Sync {
    fn name(&self) -> &'static str;
    fn version(&self) -> i32;
    fn is_rebuildable(&self) -> bool;

    /// # Errors
    /// As [`Projector::apply`].
    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()>;

    /// # Errors
    /// As [`Projector::reset`].
    async fn reset(&self, tx: &mut PgConnection) -> anyhow::Result<()>;
}

#[async_trait]
impl<P: Projector> DynProjector for P {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn version(&self) -> i32 {
        P::VERSION
    }

    fn is_rebuildable(&self) -> bool {
        P::REBUILDABLE
    }

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        Projector::apply(self, tx, batch).await
    }

    async fn reset(&self, tx: &mut PgConnection) -> anyhow::Result<()> {
        Projector::reset(self, tx).await
    }
}
