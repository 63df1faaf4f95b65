//! What the shop's process is made of, without its doors: sealer, policies, read models, queue. It can end without a goodbye.

use std::{sync::Arc, time::Duration};

use domain::ports::Commands;
use infra::{
    clock::SystemClock,
    event_store::{AuditKey, HeadKeeper, PgCommands, PgLog, Sealer, follow_head},
    http::Secret,
    jobs::{self, Handler, JobFailure, JobRun},
    pools::{self, Role},
};
use process_managers::{Attempt, Ports, Work, fulfilment::Fulfilment, payments::Payments, watchdog::Watchdog};
use projections::runtime::Runtime;
use sqlx::PgPool;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    mortal::{MortalCommands, MortalPolicy},
    points,
    sim::{leaflet, state::Shared},
};

/// A running process: a runtime of its own.
pub struct Process(Option<tokio::runtime::Runtime>);

impl Process {
    pub fn start(url: &str, world: &Shared) -> Self {
        Self::spawn(url, world, false)
    }

    /// With the watchdog, whose looks wait in the queue for an hour, and the keeper of signed heads.
    pub fn start_whole(url: &str, world: &Shared) -> Self {
        Self::spawn(url, world, true)
    }

    fn spawn(url: &str, world: &Shared, whole: bool) -> Self {
        let (url, world, inhabited) = (url.to_owned(), world.clone(), world.clone());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .on_thread_start(move || points::belong_to(&inhabited))
            .enable_all()
            .build()
            .unwrap();
        runtime.spawn(async move {
            if let Err(error) = work(&url, &world, whole).await {
                // A queue ends when its database is away; the real process begins it again, here the test does.
                tracing::warn!("a process ended: {error:#}");
                world.lock().died = true;
            }
        });
        Self(Some(runtime))
    }

    /// No goodbye: tasks and connections are gone.
    pub fn kill(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn work(url: &str, world: &Shared, whole: bool) -> anyhow::Result<()> {
    let projector = pools::connect(url, Role::Projector, 8).await?;
    let worker = pools::connect(url, Role::Worker, 4).await?;
    let (stop, appended) = (CancellationToken::new(), Arc::new(Notify::new()));
    let catching_up = Runtime {
        log: Arc::new(PgLog::new(projector.clone())),
        pool: projector.clone(),
        head: follow_head(projector.clone(), stop.clone()),
        clock: Arc::new(SystemClock),
    };
    let mut projectors = projections::all();
    projectors.push(Box::new(MortalPolicy { inner: Fulfilment, world: world.clone() }));
    projectors.push(Box::new(MortalPolicy { inner: Payments, world: world.clone() }));
    if whole {
        projectors.push(Box::new(MortalPolicy { inner: Watchdog, world: world.clone() }));
        tokio::spawn(keep_heads(projector.clone(), world.clone()));
    }
    let inner: Arc<dyn Commands> = Arc::new(PgCommands::new(worker.clone(), Arc::clone(&appended)));
    let handler = handler(ports(world, inner, worker), world.clone());
    tokio::spawn(Sealer::run(projector, appended, stop.clone()));
    tokio::spawn(catching_up.run(projectors, stop.clone()));
    Ok(jobs::run_worker(url, handler, &[], 2, stop).await?)
}

/// Signs the first head that there is, and copies it.
async fn keep_heads(pool: PgPool, world: Shared) -> anyhow::Result<()> {
    let key = AuditKey::new(&Secret::new("07".repeat(32)))?;
    let (storage, clock) = (Arc::new(world), Arc::new(SystemClock));
    let keeper = HeadKeeper { pool, key, storage, post: None, clock };
    loop {
        // A storage that is away is asked again.
        let _ = keeper.round().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn ports(world: &Shared, inner: Arc<dyn Commands>, data: PgPool) -> Ports {
    let port = || Arc::new(world.clone());
    Ports {
        commands: Arc::new(MortalCommands { inner, world: world.clone() }),
        payments: port(),
        payment_webhooks: port(),
        mail_webhooks: port(),
        notices: port(),
        orders: port(),
        storage: port(),
        writer: port(),
        printer: port(),
        signer: None,
        mailer: port(),
        contacts: port(),
        links: port(),
        certificates: port(),
        clock: port(),
        study: leaflet::find,
        data,
        public_url: "http://shop.test".to_owned(),
        production: false,
    }
}

fn handler(ports: Ports, world: Shared) -> Handler {
    let ports = Arc::new(ports);
    Arc::new(move |run: JobRun| {
        let (ports, world) = (Arc::clone(&ports), world.clone());
        Box::pin(async move {
            let attempt = Attempt { number: run.attempt.unsigned_abs(), of: run.max_attempts.unsigned_abs() };
            let work: Work = serde_json::from_value(run.payload).unwrap();
            // Its end is the acknowledgement: the queue hears of it afterwards.
            let done = world.around("job", process_managers::run(&ports, &work, attempt)).await;
            done.map_err(|error| JobFailure { reason: error.to_string() })
        })
    })
}
