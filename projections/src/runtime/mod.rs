//! The catch-up runtime: each projector follows the log at its own pace, in whichever process holds its lease.
//!
//! Rows and checkpoint change in one transaction, which first moves the checkpoint under the lease's fence: a process that
//! was paused, or cut off, can no longer write once somebody else has taken over. A batch that fails is halved until
//! the one event that cannot be applied is found; after five tries that event is parked in `es.dead_letter`.

mod lease;
mod rebuild;
mod runner;
mod settle;

use std::sync::Arc;

use domain::ports::{Clock, Log};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::DynProjector;

pub use lease::free_leases;
pub use rebuild::rebuild;
pub use settle::settle;

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
        let mut running = JoinSet::new();
        for projector in projectors {
            running.spawn(runner::Runner::new(Arc::clone(&runtime), projector).run(stop.clone()));
        }
        while let Some(ended) = running.join_next().await {
            // A panic in a projector is a defect: say so, and keep the others running.
            if let Err(error) = ended {
                tracing::error!(%error, "a projector ended abnormally");
            }
        }
    }
}
