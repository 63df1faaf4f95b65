//! Logs go to the standard error stream, as text for people or JSON for machines.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use infra::config::{LogFormat, Place};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Starts logging; `quiet` is what this command logs by itself.
pub fn start(place: &Place, quiet: &str) -> anyhow::Result<()> {
    let wanted = place.log.as_deref().unwrap_or(quiet);
    // Libraries that tell every heartbeat or long query as news are held back unless asked for by name.
    let directives = format!("chromiumoxide=off,graphile_worker=error,sqlx=error,{wanted}");
    let filter = EnvFilter::try_new(&directives)
        .with_context(|| format!("LOBSTER_LOG is {wanted:?}: write a level (info) or a list (warn,infra=debug)"))?;
    let registry = tracing_subscriber::registry().with(filter);
    let colour = std::io::stderr().is_terminal();
    match place.log_format {
        LogFormat::Text => registry.with(fmt::layer().with_ansi(colour).with_writer(std::io::stderr)).init(),
        LogFormat::Json => registry.with(fmt::layer().json().with_writer(std::io::stderr)).init(),
    }
    Ok(())
}
