//! What runs beside the API: the sealer, the read models, the policies, the worker.

use std::sync::Arc;

use infra::{
    event_store::{PgLog, Sealer, follow_head},
    jobs::{self, Handler, JobFailure, JobRun},
};
use process_managers::{Attempt, Ports, Task, fulfilment::Fulfilment};
use projections::runtime::Runtime;
use sqlx::PgPool;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// The tasks of this process beside the API.
pub struct Background {
    pub positions: watch::Receiver<i64>,
    tasks: JoinSet<anyhow::Result<()>>,
    stop: CancellationToken,
}

impl Background {
    /// Starts everything; `appended` is poked after each local append.
    pub fn start(
        projector: PgPool,
        url: String,
        appended: Arc<Notify>,
        ports: Ports,
        concurrency: usize,
        stop: CancellationToken,
    ) -> Self {
        let mut tasks = JoinSet::new();
        let positions = follow_head(projector.clone(), stop.clone());
        let sealer = Sealer::run(projector.clone(), appended, stop.clone());
        tasks.spawn(async move {
            sealer.await;
            Ok(())
        });
        let runtime = Runtime {
            log: Arc::new(PgLog::new(projector.clone())),
            pool: projector,
            head: positions.clone(),
            clock: Arc::clone(&ports.clock),
        };
        let mut projectors = projections::all();
        projectors.push(Box::new(Fulfilment));
        let following = runtime.run(projectors, stop.clone());
        tasks.spawn(async move {
            following.await;
            Ok(())
        });
        let worker_stop = stop.clone();
        tasks.spawn(async move { Ok(jobs::run_worker(&url, handler(ports), concurrency, worker_stop).await?) });
        Self { positions, tasks, stop }
    }

    /// Completes when one of the tasks ends by itself, which none should.
    pub async fn failure(&mut self) -> anyhow::Error {
        match self.tasks.join_next().await {
            Some(Ok(Err(error))) => error,
            Some(Err(error)) => anyhow::anyhow!("a background task panicked: {error}"),
            Some(Ok(Ok(()))) | None => anyhow::anyhow!("a background task ended by itself"),
        }
    }

    /// Stops everything and waits for it.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "a background task ended badly"),
                Err(error) => tracing::error!(%error, "a background task panicked"),
            }
        }
    }
}

/// Hands a job of the queue to its policy.
fn handler(ports: Ports) -> Handler {
    let ports = Arc::new(ports);
    Arc::new(move |run: JobRun| {
        let ports = Arc::clone(&ports);
        Box::pin(async move {
            let attempt = Attempt { number: run.attempt.unsigned_abs(), of: run.max_attempts.unsigned_abs() };
            let failed = |reason: String| JobFailure { reason };
            let task: Task = serde_json::from_value(run.payload)
                .map_err(|error| failed(format!("job {} cannot be read by this binary: {error}", run.job_id)))?;
            process_managers::run(&ports, &task, attempt).await.map_err(|error| failed(error.to_string()))
        })
    })
}
