//! The catch-up runtime: each projector follows the log at its own pace, in whichever process holds its lease.
//!
//! Rows and checkpoint change in one transaction, which first moves the checkpoint under the lease's fence: a process that
//! was paused, or cut off, can no longer write once somebody else has taken over. A batch that fails is halved until
//! the one event that cannot be applied is found; after five tries that event is parked in `es.dead_letter`, with what
//! comes later of its order. Processes share the shards of a projector evenly. [`rebuild`] makes the rows of a read model
//! again beside the living ones.

mod dead_letter;
mod enrol;
mod lease;
mod node;
mod pace;
mod place;
mod rebuild;
mod rollback;
mod runner;
mod settle;
mod shadow;
mod status;
mod take_over;

use std::sync::Arc;
use std::time::Duration;

use domain::ports::{Clock, Log};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::DynProjector;

pub use dead_letter::{DeadLetter, dead_letters, discard, retry};
pub use lease::free_leases;
pub use pace::Pace;
pub use place::apply_to;
#[cfg(test)]
pub(crate) use place::begin;
pub use rebuild::{Compared, Progress, Rebuilt, compare, rebuild};
pub use rollback::rollback;
pub use settle::{reached, settle};
pub use status::{Status, statuses, switch};

/// What projectors need to follow the log.
pub struct Runtime {
    /// Connections as `lobster_projector`; two projectors at a time keep one each.
    pub pool: PgPool,
    pub log: Arc<dyn Log>,
    /// The last sealed position, as the process hears of it; a wake-up, never a promise: readers look every second too.
    pub head: watch::Receiver<i64>,
    pub clock: Arc<dyn Clock>,
}

impl Runtime {
    /// Runs the projectors until `stop`; their leases are given back at the end.
    pub async fn run(self, projectors: Vec<Box<dyn DynProjector>>, stop: CancellationToken) {
        let runtime = Arc::new(self);
        let Some(node) = runtime.register(&stop).await else { return };
        let owner: Arc<str> = format!("node {node} (process {})", std::process::id()).into();
        let (alive, nodes) = watch::channel(1);
        let mut running = JoinSet::new();
        running.spawn(node::beat(runtime.pool.clone(), node, alive, stop.clone()));
        for projector in projectors {
            let (runtime, owner, nodes, stop) = (Arc::clone(&runtime), Arc::clone(&owner), nodes.clone(), stop.clone());
            running.spawn(async move { runtime.follow(projector.into(), owner, nodes, stop).await });
        }
        while let Some(ended) = running.join_next().await {
            // A panic in a projector is a defect: say so, and keep the others running.
            if let Err(error) = ended {
                tracing::error!(%error, "a projector ended abnormally");
            }
        }
    }

    async fn register(&self, stop: &CancellationToken) -> Option<i64> {
        while !stop.is_cancelled() {
            match node::register(&self.pool).await {
                Ok(node) => return Some(node),
                Err(error) => tracing::warn!(%error, "this process cannot say that it follows the log"),
            }
            pause(RETRY, stop).await;
        }
        None
    }

    /// Every shard of one projector, once it has its checkpoints.
    async fn follow(
        self: Arc<Self>,
        projector: Arc<dyn DynProjector>,
        owner: Arc<str>,
        nodes: watch::Receiver<i32>,
        stop: CancellationToken,
    ) {
        while !stop.is_cancelled() {
            match enrol::enrol(&self.pool, self.log.as_ref(), projector.as_ref()).await {
                Ok(()) => break,
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::warn!(projector = projector.name(), error, "a projector cannot begin");
                }
            }
            pause(RETRY, &stop).await;
        }
        let share = Arc::new(node::Share::new(projector.shards(), nodes));
        let mut running = JoinSet::new();
        for shard in 0..projector.shards() {
            let (runtime, projector) = (Arc::clone(&self), Arc::clone(&projector));
            let (share, owner) = (Arc::clone(&share), Arc::clone(&owner));
            running.spawn(runner::Runner { runtime, projector, shard, share, owner }.run(stop.clone()));
        }
        while let Some(ended) = running.join_next().await {
            if let Err(error) = ended {
                tracing::error!(projector = projector.name(), %error, "a shard ended abnormally");
            }
        }
    }
}

/// How long a start that failed is waited out.
const RETRY: Duration = Duration::from_secs(1);

async fn pause(duration: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(duration) => {}
        () = stop.cancelled() => {}
    }
}
