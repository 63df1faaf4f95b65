//! `lobster`: the one binary. It wires the crates together and does nothing else.

#[macro_use]
mod out;

mod args;
mod commands;
mod database;
mod demo;
mod desk;
mod logging;
mod outside;
mod serve;
mod witness;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Command, Lobster};

fn main() -> ExitCode {
    // Before any TLS client is built: with no provider installed, the first one panics (docs/adr/0010).
    let _ = rustls::crypto::ring::default_provider().install_default();
    let lobster = Lobster::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start the runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(lobster)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            commands::datasets::exit_code(&error)
        }
    }
}

async fn run(Lobster { place, command }: Lobster) -> anyhow::Result<()> {
    logging::start(&place, command.default_log())?;
    match command {
        Command::Serve(serve) => serve::run(&place, serve).await,
        Command::Demo(demo) => demo::run(&place, demo).await,
        Command::Worker(worker) => commands::worker::run(&place, worker).await,
        Command::Sandbox(sandbox) => commands::sandbox::run(&place, sandbox).await,
        Command::Migrate => commands::migrate::run(&place).await,
        Command::Datasets(datasets) => commands::datasets::run(&place, datasets).await,
        Command::Study(study) => commands::study::run(&place, study).await,
        Command::Payments(payments) => commands::payments::run(&place, payments).await,
        Command::Order(order) => commands::order::run(&place, order).await,
        Command::Cases(cases) => commands::cases::run(&place, cases).await,
        Command::Es(es) => commands::es::run(&place, es).await,
        Command::Projections(projections) => commands::projections::run(&place, projections).await,
        Command::Jobs(jobs) => commands::jobs::run(&place, jobs).await,
        Command::Report(report) => commands::report::run(&place, report).await,
        Command::Seed(seed) => commands::seed::run(&place, seed).await,
        Command::Doctor(vendors) => commands::doctor::run(&place, &vendors).await,
    }
}
