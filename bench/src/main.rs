//! The event store in ratios: each of ours beside what it could have been, in the same run, on the same table.
//!
//! Rates depend on the machine; ratios much less. Every round measures all of them once, so that a bad minute falls on
//! both sides. The result is one Markdown page.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod append;
mod figures;
mod lag;
mod machine;
mod replay;
mod server;
mod streams;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;

use crate::figures::Figures;
use crate::server::Server;

/// Measures the event store and writes the page of figures.
#[derive(Parser)]
struct Args {
    /// About three minutes instead of about twelve; the ranges are wider.
    #[arg(long)]
    quick: bool,
    /// Where the page is written; printed when left out.
    #[arg(long)]
    out: Option<PathBuf>,
    /// A folder for the throw-away database; its disk is what is measured.
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    folder: PathBuf,
}

/// How much of everything.
struct Size {
    rounds: u32,
    /// Seconds per rate.
    seconds: u64,
    /// Seconds with a bulk transaction open.
    bulk_seconds: u64,
    orders: i64,
}

#[tokio::main(flavor = "multi_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let size = match args.quick {
        true => Size { rounds: 3, seconds: 1, bulk_seconds: 15, orders: 3_000 },
        false => Size { rounds: 5, seconds: 2, bulk_seconds: 60, orders: 10_000 },
    };
    let folder = args.folder.join(format!("lobster-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let measured = measure(&folder, &size).await;
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    let page = measured?.page(if args.quick { "make bench-es QUICK=1" } else { "make bench-es" });
    match args.out {
        Some(path) => std::fs::write(&path, page).with_context(|| format!("cannot write {}", path.display())),
        None => {
            println!("{page}");
            Ok(())
        }
    }
}

async fn measure(folder: &std::path::Path, size: &Size) -> anyhow::Result<Figures> {
    let mut figures = Figures::new(machine::describe(folder)?);
    let server = Server::start(folder).await?;
    let measured = all(&server, size, &mut figures).await;
    figures.machine.push(machine::load()?);
    server.stop().await?;
    measured.map(|()| figures)
}

async fn all(server: &Server, size: &Size, figures: &mut Figures) -> anyhow::Result<()> {
    let history = replay::History::make(server, size.orders).await?;
    for round in 1..=size.rounds {
        eprintln!("round {round} of {}", size.rounds);
        append::round(server, size, u64::from(round), figures).await.context("append")?;
        streams::round(server, figures).await.context("streams")?;
        history.round(size, figures).await.context("replay")?;
    }
    history.close().await?;
    eprintln!("lag, with and without a bulk transaction");
    lag::measure(server, size, figures).await.context("lag")
}
