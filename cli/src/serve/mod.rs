//! `lobster serve`: the whole shop in one process.

mod auditor;
mod background;
mod model;
mod ready;
mod service;
mod snapshots;

use std::sync::Arc;

use infra::config::Place;

use crate::{args, demo};
pub use background::{Background, projectors};
pub use service::{Service, ports};

/// Serves until SIGINT or SIGTERM; with `--demo`, drives one order first.
pub async fn run(place: &Place, serve: args::Serve) -> anyhow::Result<()> {
    let stop = wait_for_signal()?;
    tokio::pin!(stop);
    let starting = Service::start(place, &serve.web, &serve.vendors, serve.concurrency.into());
    let service = tokio::select! {
        service = starting => Arc::new(service?),
        () = &mut stop => return Ok(()),
    };
    if let Some(out) = &serve.demo {
        tokio::select! {
            driven = demo::drive(&service, "44109", "LOG-01", out) => {
                if let Err(error) = driven {
                    eprintln!("error: the demonstration order: {error:#}");
                }
            }
            () = &mut stop => return finish(service).await,
        }
    }
    service.announce();
    tokio::select! {
        () = &mut stop => finish(service).await,
        failed = service.watch() => {
            finish(service).await?;
            Err(failed)
        }
    }
}

async fn finish(service: Arc<Service>) -> anyhow::Result<()> {
    println!("\nStopping…");
    match Arc::try_unwrap(service) {
        Ok(service) => service.stop().await,
        Err(_) => anyhow::bail!("the service is still in use and was not stopped cleanly"),
    }
}

/// Completes at the first SIGINT or SIGTERM.
pub fn wait_for_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
