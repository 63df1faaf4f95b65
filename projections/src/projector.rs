//! What a projector is: events in, rows out, inside the transaction that moves its checkpoint.

use std::future::Future;

use async_trait::async_trait;
use domain::log::Recorded;
use sqlx::PgConnection;

/// Where a projector that was never run before begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// At the first event of the log.
    First,
    /// After the last event: what happened before is none of its business.
    Head,
}

/// What happens to the events after one that cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poison {
    /// Later events of the same order are parked behind it, in their order; every other order goes on.
    BlockOrder,
    /// The shard stands still until somebody retries or discards the event: rows of one order depend on others.
    StopShard,
}

/// Turns events into rows (a read model) or into jobs (a policy).
///
/// `apply` sees every event once, in order. It may fail, and is then called again with fewer events; it must not look at
/// the clock, the network or anything outside the transaction. It names its tables without their schema: they are those
/// of `read`, or a second set that is being built beside them.
pub trait Projector: Send + Sync + 'static {
    /// The name of its checkpoint; frozen.
    const NAME: &'static str;
    /// Rows of a new version are built beside those of the old one, from the first event, and then take their place.
    const VERSION: i32;
    /// The tables in `read` that it alone writes, and what it may be rebuilt from nothing into. A policy has none: its
    /// jobs must not run twice, so it can never be rebuilt.
    const TABLES: &'static [&'static str] = &[];
    /// In how many parts processes may share the work, by order; fixed for a version.
    const SHARDS: i32 = 1;
    /// Read models begin with the log; a policy that is added later begins with the next event.
    const START: Start = if Self::TABLES.is_empty() { Start::Head } else { Start::First };
    const POISON: Poison = Poison::BlockOrder;

    /// Applies a batch, never empty, in the order of the log.
    ///
    /// # Errors
    /// Whatever keeps the batch from being applied as a whole; the transaction is then rolled back.
    fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// A [`Projector`] of any type, for lists.
#[async_trait]
pub trait DynProjector: Send + Sync {
    fn name(&self) -> &'static str;
    fn version(&self) -> i32;
    fn tables(&self) -> &'static [&'static str];
    fn shards(&self) -> i32;
    fn start(&self) -> Start;
    fn poison(&self) -> Poison;

    /// # Errors
    /// As [`Projector::apply`].
    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()>;

    /// Whether it writes nothing but rows, so that the log can make them again.
    fn is_rebuildable(&self) -> bool {
        !self.tables().is_empty()
    }
}

#[async_trait]
impl<P: Projector> DynProjector for P {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn version(&self) -> i32 {
        P::VERSION
    }

    fn tables(&self) -> &'static [&'static str] {
        P::TABLES
    }

    fn shards(&self) -> i32 {
        P::SHARDS
    }

    fn start(&self) -> Start {
        P::START
    }

    fn poison(&self) -> Poison {
        P::POISON
    }

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        Projector::apply(self, tx, batch).await
    }
}
