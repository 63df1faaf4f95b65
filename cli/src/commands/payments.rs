//! `lobster payments`: the upkeep of money, now instead of when the clock calls. Doing it twice changes nothing.

use std::{io::IsTerminal as _, sync::Arc};

use chrono::TimeDelta;
use domain::reconciliation::DifferenceKind;
use indicatif::{ProgressBar, ProgressStyle};
use infra::{
    config::{Environment, Place, Vendors, Web},
    pools::{self, Role},
};
use process_managers::{
    Ports,
    upkeep::{self, Looked, Reconciled},
};
use tokio::sync::Notify;

use crate::{
    args::Payments,
    database::Database,
    outside::{Doubles, Outside},
    serve::ports,
};

pub async fn run(place: &Place, command: Payments) -> anyhow::Result<()> {
    let (Payments::Check { web, vendors } | Payments::Reconcile { web, vendors, .. }) = &command;
    let faults = vendors.faults(place.environment, web.public_url.as_deref());
    anyhow::ensure!(faults.is_empty(), "the configuration cannot work:\n  - {}", faults.join("\n  - "));
    let database = Database::open(place).await?;
    super::migrate::bring_up(&database.url).await?;
    let pool = pools::connect(&database.url, Role::Worker, 4).await?;
    let outside = outside(place, web, vendors, &pool)?;
    let production = place.environment == Environment::Production;
    let ports = ports(&outside, pool.clone(), Arc::new(Notify::new()), String::new(), production);
    let result = match &command {
        Payments::Check { .. } => check(&ports).await,
        Payments::Reconcile { days, .. } => reconcile(&ports, *days).await,
    };
    pool.close().await;
    database.close().await?;
    result
}

/// The doubles, if any, run in the process that serves.
fn outside(place: &Place, web: &Web, vendors: &Vendors, pool: &sqlx::PgPool) -> anyhow::Result<Outside> {
    let at = Doubles { http: web.sandbox_http, s3: web.sandbox_s3 };
    Outside::build(place, vendors, vendors.needs_sandbox(place.environment).then_some(at), pool)
}

async fn check(ports: &Ports) -> anyhow::Result<()> {
    let looked = upkeep::look_at_pending(ports, &|Looked { order, session, state, changed }| {
        let news = if *changed { "recorded" } else { "known" };
        println!("{order}  {state:<9}  {news:<8}  {session}");
    })
    .await?;
    let changed = looked.iter().filter(|one| one.changed).count();
    println!("{} unpaid orders looked up at the payment vendor's, {changed} changed.", looked.len());
    Ok(())
}

async fn reconcile(ports: &Ports, days: u16) -> anyhow::Result<()> {
    let (from, to) = upkeep::window(ports.clock.now(), TimeDelta::days(days.into()));
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    bar.set_style(ProgressStyle::with_template("{spinner} {pos}/{len} sessions {wide_bar} {elapsed}")?);
    let compared = upkeep::reconcile(ports, from, to, &|done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    })
    .await;
    bar.finish_and_clear();
    tell(&compared?);
    Ok(())
}

fn tell(run: &Reconciled) {
    let Reconciled { from, to, sessions, differences } = run;
    println!("{sessions} sessions from {} to {} compared.", from.format("%F %T"), to.format("%F %T UTC"));
    if differences.is_empty() {
        println!("The payment vendor's books and the log agree.");
        return;
    }
    println!("{:<44}  {:<36}  {:<9}  session", "difference", "order", "repaired");
    for difference in differences {
        let order = difference.order.map_or_else(|| "—".to_owned(), |order| order.to_string());
        let repaired = if difference.repaired { "yes" } else { "no" };
        println!("{:<44}  {order:<36}  {repaired:<9}  {}", words(difference.kind), difference.session);
    }
    let left = differences.iter().filter(|difference| !difference.repaired).count();
    println!("{} differences, {left} of them for a person to look at.", differences.len());
}

fn words(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::PaymentUnrecorded => "paid at the vendor's, unknown here",
        DifferenceKind::PaymentUnderWayUnrecorded => "payment under way, unknown here",
        DifferenceKind::PaymentFailureUnrecorded => "payment failed, unknown here",
        DifferenceKind::ExpiryUnrecorded => "page expired, unknown here",
        DifferenceKind::RefundUnrecorded => "refunds differ",
        DifferenceKind::UnknownOrder => "money for an order that does not exist",
        DifferenceKind::SessionMissing => "our page is not at the vendor's",
        DifferenceKind::PaidHereOnly => "paid here, not at the vendor's",
    }
}
