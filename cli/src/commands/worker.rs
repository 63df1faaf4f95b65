//! `lobster worker`: jobs, read models and sealing without the API, beside a process that serves.

use std::sync::Arc;

use infra::{
    config::{Environment, Place},
    pools::{self, Role},
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    args,
    database::Database,
    outside::{Doubles, Outside},
    serve::{Background, ports, wait_for_signal},
};

pub async fn run(place: &Place, worker: args::Worker) -> anyhow::Result<()> {
    let stop = wait_for_signal()?;
    let faults = worker.vendors.faults(place.environment, worker.web.public_url.as_deref());
    anyhow::ensure!(faults.is_empty(), "the configuration cannot work:\n  - {}", faults.join("\n  - "));
    let database = Database::open(place).await?;
    super::migrate::bring_up(&database.url).await?;
    let pool = pools::connect(&database.url, Role::Worker, 8).await?;
    let projector = pools::connect(&database.url, Role::Projector, 8).await?;
    // The doubles run in the process that serves; we only need to know where.
    let doubles = worker
        .vendors
        .needs_sandbox(place.environment)
        .then_some(Doubles { http: worker.web.sandbox_http, s3: worker.web.sandbox_s3 });
    let outside = Outside::build(place, &worker.vendors, doubles, &pool)?;
    let appended = Arc::new(Notify::new());
    let public_url = worker.web.public_url.clone().unwrap_or_else(|| format!("http://{}", worker.web.listen));
    let production = place.environment == Environment::Production;
    let ports = ports(&outside, pool.clone(), Arc::clone(&appended), public_url, production);
    let stopping = CancellationToken::new();
    let url = database.url.clone();
    let concurrency = worker.concurrency.into();
    let mut background = Background::start(projector, url, appended, ports, concurrency, stopping);
    println!("Working. Ctrl-C stops after the jobs in hand.");
    let failed = tokio::select! {
        () = stop => None,
        error = background.failure() => Some(error),
    };
    background.stop().await;
    outside.printer.close().await;
    pool.close().await;
    database.close().await?;
    failed.map_or(Ok(()), Err)
}
