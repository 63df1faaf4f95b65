//! The demonstration: one order from the click to the checked PDF, over HTTP like any customer.

mod journey;

use std::{path::Path, time::Duration};

use anyhow::Context as _;
use infra::config::Place;

use crate::{args, serve};
pub use journey::Journey;

/// `lobster demo`: serves, drives one order, waits for orders that an earlier run left unfinished, and stops.
pub async fn run(place: &Place, demo: args::Demo) -> anyhow::Result<()> {
    let service = serve::Service::start(place, &demo.web, &demo.vendors, 2).await?;
    let result = drive(&service, &demo.commune, &demo.study, &demo.out).await;
    let stopped = service.stop().await;
    result?;
    stopped
}

/// Drives one order through a running service.
pub async fn drive(service: &serve::Service, commune: &str, study: &str, out: &Path) -> anyhow::Result<()> {
    let sandbox = service.sandbox_url().context(
        "the demonstration pays on the sandbox's payment page: it needs the sandbox, so leave LOBSTER_STRIPE_KEY unset",
    )?;
    let unfinished = service.unfinished_orders().await?;
    if unfinished > 0 {
        println!("  {unfinished} commande(s) interrompue(s) reprennent d’elles-mêmes.");
    }
    let journey = Journey::new(service.local_url(), sandbox)?;
    let file = tokio::time::timeout(Duration::from_secs(180), journey.run(commune, study, out))
        .await
        .context("the order was not delivered within three minutes: read its story with `lobster es show order`")??;
    if unfinished > 0 {
        tokio::time::timeout(Duration::from_secs(90), service.all_delivered())
            .await
            .context("an interrupted order is still not delivered after 90 s")??;
        println!("  Toutes les commandes payées sont livrées.");
    }
    println!("PDF: {}", file.display());
    Ok(())
}
